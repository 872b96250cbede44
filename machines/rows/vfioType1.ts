// Rows of VFIO type1's backend and attach: records, the fresh domain, and the tries on existing ones.
import { all, has, lacks } from '../../src/core/conditions.ts';
import { alloc, both, call, check, everywhere, in61, in612, print } from '../../src/core/rowBuilders.ts';
import type { PerColumn, Row } from '../../src/core/rows.ts';
import { type1, type1Attach } from './cites.ts';
import { small } from './memory.ts';
import { rows as mappingRows } from './vfioType1Mappings.ts';
import { rows as windowRows } from './vfioType1Window.ts';

/** The seed series never attaches a fresh domain that it could have to go back to. */
const outsideSeed = <T>(old: T, recent: T): PerColumn<T> => ({ 'v6.1': old, 'v6.12': recent });

const noRemapping = print(
  'pr_warn',
  'vfio_iommu_type1_attach_group: No interrupt remapping support.  Use the module param "allow_unsafe_interrupts" to enable VFIO IOMMU support on this platform',
);

const open: readonly Row[] = [
  alloc({
    id: 'type1-open-alloc',
    words: 'the backend record of the container could not be allocated',
    ...small,
    cite: type1('vfio_iommu_type1_open:2645-2647', 'vfio_iommu_type1_open:2544-2546'),
    site: both('vfio_iommu_type1_open:2645', 'vfio_iommu_type1_open:2544'),
    what: 'backend record',
  }),
  check({
    id: 'type1-open-type',
    words: 'the type is the number of the unmap-all extension, which the backend affirms but cannot open',
    class: 'other',
    errno: everywhere('EINVAL'),
    cite: type1(
      'vfio_iommu_type1_open:2649-2660; vfio_iommu_type1.c: vfio_iommu_type1_check_extension:2748-2766',
      'vfio_iommu_type1_check_extension:2645-2663; vfio_iommu_type1.c: vfio_iommu_type1_open:2548-2559',
    ),
    refuses: has('user.unmapAllType'),
    note: 'A number that no backend affirms gives ENODEV instead.',
  }),
];

const before: readonly Row[] = [
  check({
    id: 'type1-vaddr-invalid',
    words: 'a mapping has an invalid user address: a live update is on its way',
    class: 'busy',
    errno: everywhere('EBUSY'),
    cite: type1Attach('2255-2261', '2156-2162'),
    refuses: has('container.vaddrInvalid'),
  }),
  check({
    id: 'type1-duplicate-group',
    words: 'the group is in this container already',
    class: 'other',
    errno: everywhere('EINVAL'),
    cite: type1Attach('2264-2266', '2165-2167'),
    refuses: has('user.listed'),
  }),
  alloc({
    id: 'type1-group-alloc',
    words: 'the group record could not be allocated',
    ...small,
    cite: type1Attach('2268-2271', '2169-2172'),
    site: both('vfio_iommu_type1_attach_group:2269', 'vfio_iommu_type1_attach_group:2170'),
    what: 'group record',
  }),
  alloc({
    id: 'type1-domain-record-alloc',
    words: 'the domain record could not be allocated',
    ...small,
    cite: type1Attach('2287-2290', '2188-2191'),
    site: both('vfio_iommu_type1_attach_group:2288', 'vfio_iommu_type1_attach_group:2189'),
    what: 'domain record',
    note: 'The seed series allocates it only when no existing domain fits, after the new one was attached.',
  }),
];

const fresh: readonly Row[] = [
  call({
    id: 'type1-fresh-domain-alloc',
    words: 'the fresh domain could not be allocated',
    class: 'transient-memory',
    errno: { ...in61('EIO'), ...in612(['ENOMEM', 'EOPNOTSUPP', 'ENODEV', 'driver-errno']) },
    cite: type1Attach('2297-2301', '2198-2203; iommu.c: iommu_paging_domain_alloc:2045-2048; iommu.c: __iommu_domain_alloc:1951-1966'),
    path: 'allocateDomain',
    note: '6.1 says EIO whatever the reason. Done on every attach, also when an existing domain will serve.',
  }),
  check({
    id: 'type1-nesting',
    words: 'the nesting type was asked for, and the driver refuses or lacks it',
    class: 'device',
    errno: everywhere(['EINVAL', 'driver-errno']),
    cite: type1Attach('2303-2307; iommu.c: iommu_enable_nesting:2576-2580', '2205-2209; iommu.c: iommu_enable_nesting:2733-2737'),
    refuses: has('user.nestingRefused'),
  }),
  call({
    id: 'type1-fresh-attach',
    words: 'the fresh domain could not be attached',
    class: 'other',
    errno: everywhere('attach-errno'),
    cite: type1Attach('2309-2311', '2211-2213'),
    path: 'attachGroup',
    note: 'A missing domain id or context fails here although an existing domain would need none. The seed series comes here only after every existing domain said incompatible.',
  }),
];

const existing: readonly Row[] = [
  check({
    id: 'type1-no-interrupt-remapping',
    words: 'interrupts are not isolated, and the override parameter is off',
    class: 'device',
    errno: everywhere('EPERM'),
    cite: type1Attach('2353-2362', '2255-2261'),
    prints: everywhere(noRemapping),
    refuses: all(lacks('user.isolated'), lacks('system.allowUnsafeInterrupts')),
    note: '6.1 is content with any one device of the group, or with a remapping interrupt domain anywhere; 6.12 wants every device isolated.',
  }),
  call({
    id: 'type1-existing-attach-failed',
    words: 'an existing domain could not be attached',
    class: 'other',
    errno: { 'v6.1': '0', 'seed-v6': ['EMEDIUMTYPE->next', 'attach-errno'], 'v6.12': '0' },
    cite: type1Attach('2381-2392', '2280-2291'),
    path: 'attachGroup',
    note: '6.1 and 6.12 do not even store the errno: back to the fresh domain, on with the scan. The seed series goes on after EMEDIUMTYPE only.',
  }),
  call({
    id: 'type1-fresh-reattach-failed',
    words: 'the way back to the fresh domain after a failed try failed',
    class: 'other',
    errno: outsideSeed('attach-errno', 'attach-errno'),
    cite: outsideSeed(
      'vfio_iommu_type1.c: vfio_iommu_type1_attach_group:2394-2397',
      'vfio_iommu_type1.c: vfio_iommu_type1_attach_group:2293-2296',
    ),
    path: 'attachGroup',
    note: 'The core leaves the group on blocking, the fresh domain is freed. 6.1: EBUSY where the detach before had failed with a warning.',
  }),
];

export const rows: readonly Row[] = [...open, ...before, ...fresh, ...windowRows, ...existing, ...mappingRows];
