// AMD IOMMUs (amd/iommu.c): one domain may span any number of instances; domain ids are a pool of the whole machine.
import { all, computed, equal, has, lacks, plain, type Read, value } from '../core/conditions.ts';
import { alloc, both, each, effect, everywhere, in61, in612, take } from '../core/rowBuilders.ts';
import type { Driver, PerColumn, Row } from '../core/rows.ts';
import { attach61, attach612, attachDevice612, leave } from './amdAttach.ts';
import { leave612 } from './amdInstances.ts';
import { map } from './amdTables.ts';

const identity = equal('domain.type', value('identity'));
const userSpace = equal('domain.type', value('unmanaged'));
const version2 = equal('system.amdPgtableMode', value('v2'));
const noMemory = { class: 'transient-memory', errno: each('NULL', 'NULL', 'ENOMEM') } as const;

const begin: readonly Row[] = [
  alloc({
    ...noMemory,
    id: 'amd/domain-record',
    words: 'the domain record could not be allocated',
    cite: both('protection_domain_alloc:2087-2089', 'protection_domain_alloc:2539-2541'),
    site: both('protection_domain_alloc:2087', 'protection_domain_alloc:2539'),
    what: 'domain record',
    gfp: everywhere('GFP_KERNEL'),
    plausible: everywhere('small-sleeping'),
  }),
  take({
    id: 'amd/domain-id',
    words: 'every domain id of the machine is in use',
    class: 'transient-space',
    errno: each('NULL', 'NULL', 'ENOMEM'),
    cite: both('protection_domain_init_v1:2041-2043', 'protection_domain_alloc:2543-2545'),
    pool: 'system.amdDomainIdsFree',
    undo: 'reverse',
    note: 'To the caller it looks like a shortage of memory: EIO of type1 in 6.1, ENOMEM in 6.12, never ENOSPC.',
  }),
  effect({
    id: 'amd/version-2',
    words: 'in a version 2 system the domains of the kernel itself use guest page tables',
    cite: both('protection_domain_alloc:2095-2109', 'protection_domain_alloc:2558-2583'),
    when: both(all(version2, { not: identity }, { not: userSpace }), all(version2, equal('domain.type', value('dma')))),
    changes: [{ set: 'domain.iommuV2', to: true }],
    undo: 'none',
  }),
];

const root = alloc({
  ...noMemory,
  id: 'amd/root-table',
  words: 'the root page table of a domain that translates could not be allocated',
  cite: both('protection_domain_init_v1:2047-2051', 'io_pgtable.c: v1_alloc_pgtable:567-569'),
  when: all({ not: identity }, lacks('domain.iommuV2')),
  site: both('protection_domain_init_v1:2047', 'v1_alloc_pgtable:567'),
  what: 'root page table page (paging domains)',
  gfp: everywhere('GFP_KERNEL'),
  plausible: everywhere('small-sleeping'),
});

const guestRoot = alloc({
  id: 'amd/guest-root',
  words: 'the guest CR3 page of a version 2 domain could not be allocated, without sleeping',
  class: 'transient-memory',
  errno: in61('NULL'),
  cite: in61('domain_enable_v2:2541-2543'),
  when: has('domain.iommuV2'),
  site: in61('domain_enable_v2:2541'),
  what: 'guest CR3 root page of the domain',
  gfp: in61('GFP_ATOMIC'),
  plausible: in61('atomic'),
});

const rootVersion2 = alloc({
  ...noMemory,
  id: 'amd/root-table-v2',
  words: 'the root page table of a version 2 domain could not be allocated',
  cite: both('io_pgtable_v2.c: v2_alloc_pgtable:387-389', 'io_pgtable_v2.c: v2_alloc_pgtable:349-351'),
  when: has('domain.iommuV2'),
  site: both('v2_alloc_pgtable:387', 'v2_alloc_pgtable:349'),
  what: 'root page table page, version 2',
  gfp: everywhere('GFP_KERNEL'),
  plausible: everywhere('small-sleeping'),
});

/** The end depends on the mode of the system, not on the domain's own format. */
const lastAddress = (version2Bits: (read: Read) => number) => (read: Read) =>
  2 ** (read('system.amdPgtableMode') === 'v2' ? version2Bits(read) : 64) - 1;
const reads = ['system.amdPgtableMode', 'system.amdGuestLevels'];
const geometry = (cite: PerColumn<string>, version2Bits: (read: Read) => number): Row =>
  effect({
    id: 'amd/geometry',
    words: 'the domain spans what the page-table mode of the system allows',
    cite,
    changes: [
      { set: 'domain.apertureStart', to: 0 },
      { set: 'domain.apertureEnd', to: computed('last address of the mode', reads, lastAddress(version2Bits)) },
      { set: 'domain.pageSize', to: 4096 },
      { set: 'domain.levels', to: 3 },
    ],
    undo: 'none',
  });

const free = effect({
  id: 'amd/free-id',
  words: 'the domain id is given back',
  cite: both('protection_domain_free:2027-2028', 'protection_domain_free:2529'),
  changes: [{ give: 'system.amdDomainIdsFree' }],
  undo: 'none',
});

export const driver: Driver = {
  name: 'amd',
  files: everywhere('drivers/iommu/amd/iommu.c'),
  operations: both(['amd_iommu_attach_device()'], ['amd_iommu_attach_device()', 'blocked_domain_attach_device()']),
  attributes: {
    device: {
      isPci: { default: true, words: 'a PCI device' },
      requesterId: { default: null, words: '6.1: its id in the firmware tables; false: none can be derived' },
      iommuV2Capable: { default: false, words: '6.1: has ATS, PRI and PASID', alternatives: [true] },
      atsSupported: { default: false, words: 'ATS is usable', alternatives: [true] },
      priEnabled: { default: false, words: '6.12: page requests got enabled', alternatives: [true] },
      maxPasids: { default: 0, words: '6.12: PASIDs that device and IOMMU can do', alternatives: [65536] },
      gcr3Table: { default: false, words: '6.12: has a guest CR3 table' },
      ownDomainId: { default: false, words: '6.12: holds a domain id for its guest table' },
    },
    iommu: {
      index: { default: 0, words: 'number in the order of the firmware tables' },
      lastRequesterId: { default: 0xffff, words: '6.1: last id of its PCI segment' },
      hdSupport: { default: false, words: '6.12: keeps dirty bits', alternatives: [true] },
    },
    domain: {
      iommuV2: { default: false, words: 'uses guest (version 2) page tables' },
      dirtyTracking: { default: false, words: '6.12: user space asked for dirty tracking at the allocation', alternatives: [true] },
      instances: { default: null, words: '6.12: devices by instance' },
      indexedInstances: { default: 0, words: '6.12: instances above index 0' },
      levels: { default: 3, words: 'levels of the page table' },
      tables: { default: null, words: 'page tables below the root' },
      superpages: { default: true, words: 'aligned memory is contiguous, so that one entry maps a large block', alternatives: [false] },
    },
    system: {
      amdPgtableMode: { default: 'v1', words: 'page-table mode of the system: v1 or v2', alternatives: ['v2'] },
      amdGuestLevels: { default: 4, words: '6.12: levels of guest page tables', alternatives: [5] },
      amdMaxGlx: { default: 2, words: '6.12: levels below the root that every IOMMU walks in guest CR3 tables', alternatives: [0] },
      amdDomainIdsFree: { default: 2 ** 16 - 1, words: 'domain ids left' },
    },
  },
  blocking: each('own', 'own', 'static'),
  tracksDirty: has('iommu.hdSupport'),
  enforcesCoherency: plain('always: every entry forces it', [], () => true),
  msi: 'hardware',
  regions: both(
    { site: 'amd_iommu_get_resv_regions:2391', gfp: 'GFP_KERNEL' },
    { site: 'amd_iommu_get_resv_regions:2980', gfp: 'GFP_KERNEL' },
  ),
  paths: {
    allocate: both(
      [...begin, root, guestRoot, rootVersion2, geometry(in61('amd_iommu_domain_alloc:2152-2154'), () => 48)],
      [
        ...begin,
        root,
        rootVersion2,
        geometry(in612('do_iommu_domain_alloc:2648-2650'), (read) => 11 + 9 * Number(read('system.amdGuestLevels'))),
      ],
    ),
    attach: both(attach61, attach612),
    attachDevice: in612(attachDevice612),
    attachBlocking: in612([leave]),
    leave: in612(leave612),
    free: everywhere([free]),
    map: everywhere(map),
    release: in612([leave]),
  },
  sharing: 'Any number of instances: a domain keeps a record for each, and a device of another instance is never refused for that.',
  note:
    'The group’s MSI window and the HyperTransport range are both allocated in the list of regions, at two lines; the model names the ' +
    'first. Freeing a domain in 6.1 detaches devices that are still on it, which the model leaves to the core.',
};
