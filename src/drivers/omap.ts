// OMAP IOMMU (omap-iommu.c): a domain serves one client device, and an attach powers up every IOMMU of that device under spinlocks.
import { all, computed, computedValue, differ, equal, has, value } from '../core/conditions.ts';
import { alloc, both, call, check, each, effect, everywhere, in61, in612 } from '../core/rowBuilders.ts';
import type { Driver, Row } from '../core/rows.ts';
import { attachRows } from './omapRows.ts';
import { missingTables, type TableGeometry, withTables } from './pageTables.ts';

const domainRecord = alloc({
  id: 'omap/domain-record',
  words: 'the domain record could not be allocated',
  class: 'transient-memory',
  errno: each('NULL', 'NULL', 'ENOMEM'),
  cite: both('omap_iommu_domain_alloc:1576-1578', 'omap_iommu_domain_alloc_paging:1582-1584'),
  site: both('omap_iommu_domain_alloc:1576', 'omap_iommu_domain_alloc_paging:1582'),
  what: 'domain record',
  gfp: everywhere('GFP_KERNEL'),
  plausible: everywhere('small-sleeping'),
});

const domainType = check({
  id: 'omap/domain-type',
  words: 'another type than unmanaged is asked for',
  class: 'other',
  errno: in61('NULL'),
  cite: in61('omap_iommu_domain_alloc:1573-1574'),
  refuses: all(has('domain.type'), differ('domain.type', value('unmanaged'))),
  note: 'So a group has no default domain in 6.1.',
});

const geometry = effect({
  id: 'omap/geometry',
  words: 'the domain spans 32 bits',
  cite: both('omap_iommu_domain_alloc:1582-1584', 'omap_iommu_domain_alloc_paging:1588-1590'),
  changes: [
    { set: 'domain.apertureStart', to: 0 },
    { set: 'domain.apertureEnd', to: 2 ** 32 - 1 },
    { set: 'domain.pageSize', to: 4096 },
  ],
  undo: 'none',
});

const leave: readonly Row[] = [
  effect({
    id: 'omap/detach',
    words: 'IOMMUs are disabled, tables freed, the client device forgotten',
    cite: both('_omap_iommu_detach_dev:1539-1556', '_omap_iommu_detach_dev:1533-1550'),
    when: equal('domain.attachedDevice', 'device.id'),
    changes: [
      { set: 'domain.attachedDevice', to: null },
      { set: 'domain.tables', to: null },
      { set: 'iommu.table', to: null },
    ],
    undo: 'none',
  }),
];

/** Second-level tables span 1 MiB; aligned 1 MiB sections and 16 MiB supersections need none. */
const secondLevel: TableGeometry = { levels: 2, bitsPerLevel: 8, pageBits: 12 };
const missing = missingTables(secondLevel);

const map: readonly Row[] = [
  alloc({
    id: 'omap/map-table',
    words: 'a second-level table could not be allocated',
    class: 'transient-memory',
    errno: everywhere('ENOMEM'),
    cite: everywhere('iopte_alloc:484-503'),
    site: everywhere('iopte_alloc:498'),
    what: 'second-level table, one per IOMMU of the device',
    gfp: everywhere('GFP_KERNEL'),
    plausible: everywhere('small-sleeping'),
    times: computed(
      'second-level tables missing, once per IOMMU',
      [...missing.reads, 'domain.iommuCount'],
      (read) => Number(computedValue(missing, read)) * Number(read('domain.iommuCount') ?? 1),
    ),
  }),
  effect({
    id: 'omap/map-tables',
    words: 'the domain has the tables of the mapping',
    cite: everywhere('iopte_alloc:525'),
    changes: [{ set: 'domain.tables', to: withTables(secondLevel) }],
    undo: 'none',
  }),
];

/** The static identity domain of 6.12 is nothing but the absence of another one. */
const attachIdentity: readonly Row[] = [
  call({
    id: 'omap/leave',
    words: 'the old domain is removed',
    class: 'other',
    errno: {},
    cite: in612('omap_iommu_identity_attach:1556-1566'),
    path: 'leave',
  }),
];

export const driver: Driver = {
  name: 'omap',
  files: everywhere('drivers/iommu/omap-iommu.c'),
  operations: both(['omap_iommu_attach_dev()'], ['omap_iommu_attach_dev()', 'omap_iommu_identity_attach()']),
  attributes: {
    device: {
      masterCfg: { default: true, words: 'the device has OMAP IOMMU data' },
      iommuCount: { default: 1, words: 'IOMMUs that serve the device', alternatives: [2] },
    },
    iommu: { table: { default: null, words: 'domain whose table the IOMMU points at' } },
    domain: {
      attachedDevice: { default: null, words: 'the one client device' },
      iommuCount: { default: 1, words: 'IOMMUs of the client device: each has tables of its own' },
      superpages: { default: true, words: 'aligned memory is contiguous, so that one entry maps a large block', alternatives: [false] },
      tables: { default: null, words: 'second-level tables' },
    },
    system: { allocator: { default: 'aligned', words: 'how tables come out of the allocator' } },
  },
  blocking: everywhere('stand-in'),
  enforcesCoherency: false,
  msi: 'hardware',
  paths: {
    allocate: both([domainType, domainRecord, geometry], [domainRecord, geometry]),
    attach: everywhere(attachRows),
    attachIdentity: in612(attachIdentity),
    leave: everywhere(leave),
    map: everywhere(map),
  },
  sharing: 'A domain serves exactly one client device.',
  note:
    "The domain's spinlock is held while runtime PM resumes. The old domain is not removed by attach, so it still records the device: " +
    'attaching it again is refused. Freeing such a domain disables the IOMMUs of its device whatever they serve by then (not modelled).',
};
