// Rows of VFIO type1 that map: the probe and the replay into a new domain, its MSI window, and the user's own requests.
import { has, lacks } from '../../src/core/conditions.ts';
import { alloc, both, call, check, everywhere } from '../../src/core/rowBuilders.ts';
import type { Row } from '../../src/core/rows.ts';
import { type1, type1Attach } from './cites.ts';
import { small, tolerated } from './memory.ts';

const probe: readonly Row[] = [
  alloc({
    id: 'type1-fgsp-probe',
    words: 'the probe of super pages got no two contiguous pages',
    ...tolerated,
    gfp: everywhere('GFP_KERNEL|__GFP_ZERO'),
    cite: type1('vfio_test_domain_fgsp:1924-1926', 'vfio_test_domain_fgsp:1830-1832'),
    site: both('vfio_test_domain_fgsp:1924', 'vfio_test_domain_fgsp:1830'),
    what: 'two contiguous pages',
    note: 'Only for a domain that joins the list; it then counts as one that does not split super pages by itself.',
  }),
  call({
    id: 'type1-fgsp-probe/map',
    entry: 'type1-fgsp-probe',
    words: 'the two pages could not be mapped into the new domain',
    class: 'transient-memory',
    errno: everywhere('0'),
    cite: type1('vfio_test_domain_fgsp:1933-1942', 'vfio_test_domain_fgsp:1839-1849'),
    path: 'map',
    failure: 'ignored',
  }),
];

const replay: readonly Row[] = [
  alloc({
    id: 'type1-replay-batch-page',
    words: 'the page for batches of pinned pages could not be allocated',
    ...tolerated,
    cite: type1(
      'vfio_iommu_replay:1777; vfio_iommu_type1.c: vfio_batch_init:488-490,495-497',
      'vfio_iommu_replay:1682; vfio_iommu_type1.c: vfio_batch_init:483-492',
    ),
    site: both('vfio_batch_init:488 (vfio_iommu_replay)', 'vfio_batch_init:483 (vfio_iommu_replay)'),
    what: 'one page, also when there is nothing to replay',
    note: 'One page at a time goes as well.',
  }),
  call({
    id: 'type1-replay',
    words: "the container's mappings could not be mapped into the new domain",
    class: 'transient-memory',
    errno: everywhere(['ENOMEM', 'EINVAL', 'driver-errno']),
    cite: type1Attach(
      '2403-2406; vfio_iommu_type1.c: vfio_iommu_replay:1768-1770,1796-1799,1838-1849',
      '2302-2305; vfio_iommu_type1.c: vfio_iommu_replay:1701-1704,1743-1755',
    ),
    path: 'mapDomain',
    note: 'EINVAL is a warning: mapped, but no domain holds it. The wait of 6.1 for valid addresses cannot wait here: they were counted under the same lock.',
  }),
  call({
    id: 'type1-replay/pin',
    entry: 'type1-replay',
    words: 'user pages could not be pinned for the new domain',
    class: 'transient-memory',
    errno: everywhere(['ENOMEM', 'EFAULT', 'ENODEV']),
    cite: type1('vfio_iommu_replay:1824-1832', 'vfio_iommu_replay:1729-1737'),
    when: lacks('container.records'),
    note: 'ENOMEM is the limit of locked memory, EFAULT an address without memory, ENODEV a process that is gone. Pages are pinned only while no domain of the container holds them.',
  }),
  alloc({
    id: 'type1-msi-cookie',
    words: 'the software MSI window of the new domain could not be prepared; a missing support is no failure',
    ...small,
    errno: everywhere(['ENOMEM', 'EINVAL', 'EEXIST']),
    cite: type1Attach('2408-2412; dma-iommu.c: iommu_get_msi_cookie:337-345', '2307-2311; dma-iommu.c: iommu_get_msi_cookie:420-428'),
    site: both('cookie_alloc (iommu_get_msi_cookie:343)', 'cookie_alloc (iommu_get_msi_cookie:426)'),
    what: 'MSI cookie, where the group has a software MSI region and no hardware one',
  }),
];

const requests: readonly Row[] = [
  check({
    id: 'type1-map-no-backend',
    words: 'the container has no backend to map with',
    class: 'other',
    errno: everywhere('EINVAL'),
    cite: both('container.c: vfio_fops_unl_ioctl:339,354-359', 'container.c: vfio_fops_unl_ioctl:333,348-353'),
    refuses: lacks('container.backend'),
  }),
  check({
    id: 'type1-map-unaligned',
    words: 'the range is empty, or does not begin and end with a page',
    class: 'other',
    errno: everywhere('EINVAL'),
    cite: type1('vfio_dma_do_map:1668-1671', 'vfio_dma_do_map:1578-1581'),
    refuses: has('user.unaligned'),
  }),
  check({
    id: 'type1-map-exists',
    words: 'the range overlaps a mapping',
    class: 'other',
    errno: everywhere('EEXIST'),
    cite: type1('vfio_dma_do_map:1696-1699', 'vfio_dma_do_map:1605-1608'),
    refuses: has('user.overlapping'),
  }),
  check({
    id: 'type1-map-outside',
    words: 'the range is not wholly in the list of valid addresses',
    class: 'other',
    errno: everywhere('EINVAL'),
    cite: type1('vfio_dma_do_map:1706-1709', 'vfio_dma_do_map:1615-1618'),
    refuses: has('user.outside'),
  }),
];

export const rows: readonly Row[] = [...probe, ...replay, ...requests];
