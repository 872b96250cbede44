// Renesas IPMMU (ipmmu-vmsa.c): the first attach binds a domain to one instance, a hardware context and a page table.
import { all, differ, equal, has, lacks, value } from '../core/conditions.ts';
import { alloc, both, call, check, each, effect, everywhere, in61, in612, print, take } from '../core/rowBuilders.ts';
import type { Driver, Row } from '../core/rows.ts';
import { missingTables, type TableGeometry, withTables } from './pageTables.ts';

const domainType = check({
  id: 'ipmmu-vmsa/domain-type',
  words: 'another type than unmanaged or dma is asked for',
  class: 'other',
  errno: in61('NULL'),
  cite: in61('ipmmu_domain_alloc:574-575'),
  refuses: equal('domain.type', value('identity')),
});

const domainRecord = alloc({
  id: 'ipmmu-vmsa/domain-record',
  words: 'the domain record could not be allocated',
  class: 'transient-memory',
  errno: each('NULL', 'NULL', 'ENOMEM'),
  cite: both('ipmmu_domain_alloc:577-579', 'ipmmu_domain_alloc_paging:569-571'),
  site: both('ipmmu_domain_alloc:577', 'ipmmu_domain_alloc_paging:569'),
  what: 'domain record',
  gfp: everywhere('GFP_KERNEL'),
  plausible: everywhere('small-sleeping'),
});

const noIpmmu = check({
  id: 'ipmmu-no-mmu',
  words: 'no IPMMU instance is recorded for the device',
  class: 'device',
  errno: everywhere('ENXIO'),
  cite: both('ipmmu_attach_device:608-611', 'ipmmu_attach_device:600-603'),
  prints: everywhere(print('dev_err', 'Cannot attach to IPMMU')),
  refuses: lacks('device.iommu'),
});

const unused = lacks('domain.iommu');
const initFailed = everywhere(print('dev_err', 'Unable to initialize IPMMU context'));

/** First attach of a domain. `domain.iommu` is set last: the kernel sets it first and clears it when a step fails. */
const initialise: readonly Row[] = [
  effect({
    id: 'ipmmu-vmsa/geometry',
    words: 'the domain spans 32 bits',
    cite: both('ipmmu_domain_init_context:437-443', 'ipmmu_domain_init_context:432-438'),
    when: unused,
    changes: [
      { set: 'domain.apertureStart', to: 0 },
      { set: 'domain.apertureEnd', to: 2 ** 32 - 1 },
      { set: 'domain.pageSize', to: 4096 },
    ],
    undo: 'none',
  }),
  take({
    id: 'ipmmu-contexts-exhausted',
    words: 'the domain has no IPMMU yet and every hardware context of the root IPMMU is in use',
    class: 'transient-space',
    errno: everywhere('EBUSY'),
    cite: both(
      'ipmmu_domain_allocate_context:344-349; ipmmu_domain_init_context:454-456; ipmmu_attach_device:618-621',
      'ipmmu_domain_allocate_context:339-344; ipmmu_domain_init_context:449-451; ipmmu_attach_device:610-613',
    ),
    prints: initFailed,
    when: unused,
    pool: 'iommu.contextsFree',
    undo: 'reverse',
    note: 'Exhaustion reads as EBUSY, not ENOSPC. Instances under one root share its contexts; the model counts them per instance.',
  }),
  alloc({
    id: 'ipmmu-pgtable-alloc',
    words: 'the domain has no IPMMU yet and its page table could not be created',
    class: 'transient-memory',
    errno: everywhere('EINVAL'),
    cite: both(
      'ipmmu_domain_init_context:460-466; ipmmu_attach_device:618-621',
      'ipmmu_domain_init_context:455-461; ipmmu_attach_device:610-613',
    ),
    prints: initFailed,
    when: unused,
    site: both('arm_lpae_alloc_pgtable:798', 'arm_lpae_alloc_pgtable:914'),
    what: 'page-table object',
    gfp: everywhere('GFP_KERNEL'),
    plausible: everywhere('small-sleeping'),
    note: 'A shortage of memory reads as EINVAL in every column. It only hits unused domains, so it makes no duplicate by itself.',
  }),
  alloc({
    id: 'ipmmu-pgtable-alloc/top-level',
    entry: 'ipmmu-pgtable-alloc',
    words: 'the domain has no IPMMU yet and its top-level table could not be allocated',
    class: 'transient-memory',
    errno: everywhere('EINVAL'),
    cite: both(
      'io-pgtable-arm.c: arm_64_lpae_alloc_pgtable_s1:910-913; ipmmu_domain_init_context:462-466',
      'io-pgtable-arm.c: arm_64_lpae_alloc_pgtable_s1:1026-1029; ipmmu_domain_init_context:457-461',
    ),
    prints: initFailed,
    when: unused,
    site: both('arm_64_lpae_alloc_pgtable_s1:910', 'arm_64_lpae_alloc_pgtable_s1:1026'),
    what: 'top-level table',
    gfp: everywhere('GFP_KERNEL'),
    plausible: everywhere('small-sleeping'),
  }),
  effect({
    id: 'ipmmu-vmsa/bind',
    words: 'the domain belongs to the instance of its first device',
    cite: both('ipmmu_attach_device:615-624', 'ipmmu_attach_device:607-616'),
    when: unused,
    changes: [{ set: 'domain.iommu', to: 'iommu.id' }],
    undo: 'none',
  }),
];

const foreignIpmmu = check({
  id: 'ipmmu-foreign-mmu',
  words: 'the domain is bound to a different IPMMU instance',
  class: 'incompatible',
  errno: each('EINVAL', 'EMEDIUMTYPE', 'EINVAL'),
  cite: both('ipmmu_attach_device:626-633', 'ipmmu_attach_device:618-623'),
  prints: { 'v6.1': print('dev_err', "Can't attach IPMMU <device mmu> to domain on IPMMU <domain mmu>") },
  refuses: all(has('domain.iommu'), differ('domain.iommu', 'device.iommu')),
});

const leaveOld = call({
  id: 'ipmmu-vmsa/leave',
  words: "the device's micro-TLBs are disabled; the old domain keeps its context",
  class: 'other',
  errno: {},
  cite: in612('ipmmu_iommu_identity_attach:646-656'),
  path: 'leave',
});

const free: readonly Row[] = [
  effect({
    id: 'ipmmu-vmsa/free-context',
    words: 'the hardware context is given back',
    cite: both('ipmmu_domain_destroy_context:474-485', 'ipmmu_domain_destroy_context:469-480'),
    when: has('domain.iommu'),
    changes: [{ give: 'iommu.contextsFree' }],
    undo: 'none',
  }),
];

const threeLevels: TableGeometry = { levels: 3, bitsPerLevel: 9, pageBits: 12 };

const map: readonly Row[] = [
  alloc({
    id: 'ipmmu-vmsa/map-table',
    words: 'a page table for the mapping could not be allocated',
    class: 'transient-memory',
    errno: everywhere('ENOMEM'),
    cite: both('io-pgtable-arm.c: __arm_lpae_map:388-390', 'io-pgtable-arm.c: __arm_lpae_map:421-423'),
    site: both('__arm_lpae_map:388', '__arm_lpae_map:421'),
    what: 'page table',
    gfp: both('GFP_KERNEL', 'GFP_KERNEL_ACCOUNT'),
    plausible: both('small-sleeping', 'accounted'),
    times: missingTables(threeLevels),
  }),
  effect({
    id: 'ipmmu-vmsa/map-tables',
    words: 'the domain has the tables of the mapping',
    cite: both('io-pgtable-arm.c: __arm_lpae_map:392', 'io-pgtable-arm.c: __arm_lpae_map:425'),
    changes: [{ set: 'domain.tables', to: withTables(threeLevels) }],
    undo: 'none',
  }),
];

const attach: readonly Row[] = [noIpmmu, ...initialise, foreignIpmmu];

export const driver: Driver = {
  name: 'ipmmu-vmsa',
  files: everywhere('drivers/iommu/ipmmu-vmsa.c'),
  operations: both(['ipmmu_attach_device()'], ['ipmmu_attach_device()', 'ipmmu_iommu_identity_attach()']),
  attributes: {
    iommu: { contextsFree: { default: 8, words: 'hardware contexts left (R-Car Gen3: 8, Gen2: 1, Gen4: 16)', alternatives: [1] } },
    domain: {
      iommu: { default: null, words: 'instance of the first attach' },
      superpages: { default: true, words: 'aligned memory is contiguous, so that one entry maps a large block', alternatives: [false] },
      tables: { default: null, words: 'page tables below the top level' },
    },
  },
  blocking: everywhere('stand-in'),
  enforcesCoherency: false,
  msi: 'hardware',
  paths: {
    allocate: both([domainType, domainRecord], [domainRecord]),
    attach: everywhere(attach),
    attachIdentity: in612([leaveOld]),
    free: everywhere(free),
    map: everywhere(map),
  },
  sharing: 'One IPMMU instance per domain.',
  note:
    'A successful attach tells in the kernel log whether the domain is shared: "Using IPMMU context <n>" for a fresh one, ' +
    '"Reusing IPMMU context <n>" for one in use. The old domain is not removed by attach.',
};
