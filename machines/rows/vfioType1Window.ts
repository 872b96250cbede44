// Rows of VFIO type1 that keep the list of valid addresses: the domain's aperture and the group's reserved regions.
import { has, lacks } from '../../src/core/conditions.ts';
import { alloc, both, check, everywhere } from '../../src/core/rowBuilders.ts';
import type { Row } from '../../src/core/rows.ts';
import { type1, type1Attach } from './cites.ts';
import { small, tolerated } from './memory.ts';

/** All entries of the list come from one function; the caller tells them apart. */
const insertedBy = (caller: string) => both(`vfio_iommu_iova_insert:2021 (${caller})`, `vfio_iommu_iova_insert:1928 (${caller})`);
const insert = both('vfio_iommu_type1.c: vfio_iommu_iova_insert:2021-2023', 'vfio_iommu_type1.c: vfio_iommu_iova_insert:1928-1930');
const attachAndInsert = (old: string, recent: string) => type1Attach(`${old}; ${insert['v6.1']}`, `${recent}; ${insert['v6.12']}`);

const regions: readonly Row[] = [
  check({
    id: 'type1-aperture-conflict',
    words: "existing mappings do not fit the fresh domain's aperture, or the apertures do not meet",
    class: 'incompatible',
    errno: everywhere('EINVAL'),
    cite: type1Attach('2313-2319', '2215-2221'),
    refuses: has('user.apertureConflict'),
  }),
  alloc({
    id: 'type1-resv-driver-list-alloc',
    words: "the driver could not allocate an entry of a device's list of reserved regions; the region is simply missing",
    ...tolerated,
    cite: both(
      'intel/iommu.c: intel_iommu_get_resv_regions:4668-4672,4693-4697',
      'intel/iommu.c: intel_iommu_get_resv_regions:4080-4084,4105-4109; iommu.c: iommu_get_group_resv_regions:846-862',
    ),
    site: both('intel_iommu_get_resv_regions:4693', 'intel_iommu_get_resv_regions:4105'),
    what: "driver's own entry, per device and region",
    note: 'The list of valid addresses then offers some that do not work (Intel: the MSI window). Every driver is like this; Intel is cited.',
  }),
  alloc({
    id: 'type1-resv-regions',
    words: "a reserved region of a device could not be copied into the group's list",
    ...small,
    errno: everywhere(['ENOMEM', 'driver-errno']),
    cite: type1Attach('2321-2323; iommu.c: iommu_insert_resv_region:519-522', '2223-2225; iommu.c: iommu_insert_resv_region:778-781'),
    site: both('iommu_insert_resv_region:519', 'iommu_insert_resv_region:778'),
    what: "group's copy, per device and region, after that device's own entries",
  }),
  check({
    id: 'type1-resv-conflict',
    words: 'an existing mapping overlaps a reserved region of the group',
    class: 'device',
    errno: everywhere('EINVAL'),
    cite: type1Attach('2325-2328', '2227-2230'),
    refuses: has('user.reservedConflict'),
  }),
];

const valid: readonly Row[] = [
  alloc({
    id: 'type1-iova-copy-alloc',
    words: 'the list of valid addresses could not be copied',
    ...small,
    cite: type1Attach(
      `2335-2337; vfio_iommu_type1.c: vfio_iommu_iova_get_copy:2207-2217; ${insert['v6.1']}`,
      `2237-2239; vfio_iommu_type1.c: vfio_iommu_iova_get_copy:2114-2124; ${insert['v6.12']}`,
    ),
    site: insertedBy('vfio_iommu_iova_get_copy'),
    what: 'copy of each entry of the list; none for the first group',
  }),
  alloc({
    id: 'type1-iova-resize',
    words: 'the copied list could not be narrowed to the aperture',
    ...small,
    cite: attachAndInsert('2339-2342', '2241-2244'),
    site: insertedBy('vfio_iommu_aper_resize'),
    what: 'one entry for the whole aperture, for the first group of the container',
    when: lacks('container.valid'),
  }),
  alloc({
    id: 'type1-iova-exclude',
    words: 'a reserved region could not be cut out of the copied list',
    ...small,
    cite: type1Attach(
      `2344-2346; vfio_iommu_type1.c: vfio_iommu_resv_exclude:2174-2175; ${insert['v6.1']}`,
      `2246-2248; vfio_iommu_type1.c: vfio_iommu_resv_exclude:2081-2082; ${insert['v6.12']}`,
    ),
    site: insertedBy('vfio_iommu_resv_exclude'),
    what: 'one entry per piece that a cut leaves: none to two, none when it was cut out before',
  }),
  check({
    id: 'type1-iova-exclude/empty',
    entry: 'type1-iova-exclude',
    words: 'no valid address is left once the reserved regions are cut out',
    class: 'device',
    errno: everywhere('EINVAL'),
    cite: type1('vfio_iommu_resv_exclude:2174-2175', 'vfio_iommu_resv_exclude:2081-2082'),
    refuses: has('user.noIovaLeft'),
  }),
];

/** A detach returns nothing: its failures only leave the list narrower than it could be. */
const detach: readonly Row[] = [
  alloc({
    id: 'type1-detach-copy',
    words: 'a detach could not copy the list of valid addresses',
    ...tolerated,
    cite: type1('vfio_iommu_type1_detach_group:2586', 'vfio_iommu_type1_detach_group:2485'),
    site: insertedBy('vfio_iommu_iova_get_copy'),
    what: 'copy of each entry of the list',
  }),
  alloc({
    id: 'type1-detach-unmap',
    words: 'the record of a range that is unmapped with the last domain could not be allocated; it is unmapped alone',
    ...tolerated,
    cite: type1('unmap_unpin_fast:1067-1080', 'unmap_unpin_fast:978-991'),
    site: both('unmap_unpin_fast:1067', 'unmap_unpin_fast:978'),
    what: 'record of an unmapped range',
    note: 'One per piece of contiguous memory; the model takes a mapping as one piece.',
  }),
  alloc({
    id: 'type1-detach-regions',
    words: 'a reserved region of a group that remains could not be copied; the old list stays',
    ...tolerated,
    cite: type1('vfio_iommu_resv_refresh:2528-2535', 'vfio_iommu_resv_refresh:2427-2434'),
    site: both('iommu_insert_resv_region:519', 'iommu_insert_resv_region:778'),
    what: "group's copy, per device and region",
  }),
  alloc({
    id: 'type1-detach-refresh',
    words: 'a detach could not rebuild the list from the groups that remain; the old one stays',
    ...tolerated,
    cite: type1('vfio_iommu_resv_refresh:2515-2553', 'vfio_iommu_resv_refresh:2414-2452'),
    site: insertedBy('vfio_iommu_aper_resize'),
    what: 'the list anew: one entry for the whole aperture',
    note: 'Addresses that only the departed group reserved stay forbidden.',
  }),
  alloc({
    id: 'type1-detach-exclude',
    words: 'a reserved region of a group that remains could not be cut out of the new list; the old one stays',
    ...tolerated,
    cite: type1('vfio_iommu_resv_refresh:2549-2550', 'vfio_iommu_resv_refresh:2448-2449'),
    site: insertedBy('vfio_iommu_resv_exclude'),
    what: 'one entry per piece that a cut leaves',
  }),
];

export const rows: readonly Row[] = [...regions, ...valid, ...detach];
