// What the first attach of a virtio-iommu domain does before anything is asked of the host: id, geometry, identity mappings.
import { all, below, equal, has, lacks, value } from '../core/conditions.ts';
import { alloc, both, check, each, effect, everywhere, print, take } from '../core/rowBuilders.ts';
import type { Row } from '../core/rows.ts';

const identity = equal('domain.type', value('identity'));
const withoutBypass = all(identity, lacks('iommu.bypassConfig'));

/** First attach of a domain. A failure here gives the id back; once this path is through, a failing attach keeps it. */
export const finalise: readonly Row[] = [
  check({
    id: 'virtio-granule-too-large',
    words: "the smallest page size of the virtio-iommu is larger than the kernel's",
    class: 'device',
    errno: each('EINVAL', 'EINVAL', 'ENODEV'),
    cite: everywhere('viommu_domain_finalise:668-674'),
    prints: everywhere(print('dev_err', 'granule 0x<hex> larger than system page size 0x<hex>')),
    refuses: below('system.pageSize', 'iommu.pgsize'),
  }),
  take({
    id: 'virtio-domain-ids-exhausted',
    words: 'no id is free in the range that the device advertises, or the first id has its top bit set',
    class: 'transient-space',
    errno: everywhere('ENOSPC'),
    cite: everywhere('viommu_domain_finalise:676-679'),
    pool: 'iommu.domainIdsFree',
    undo: 'reverse',
  }),
  alloc({
    id: 'virtio-domain-id-alloc',
    words: 'the id allocator could not grow',
    class: 'transient-memory',
    errno: everywhere('ENOMEM'),
    cite: everywhere('viommu_domain_finalise:676-679'),
    when: has('iommu.domainIdNode'),
    site: everywhere('viommu_domain_finalise:676 (ida_alloc_range 420, 447, xarray node)'),
    what: 'id bitmap or tree node',
    gfp: everywhere('GFP_KERNEL'),
    plausible: everywhere('id-or-xarray'),
    tries: 2,
  }),
  alloc({
    id: 'virtio-identity-map',
    words: 'an identity domain without bypass: the list of identity mappings could not be built',
    class: 'transient-memory',
    errno: each('EOPNOTSUPP', 'EOPNOTSUPP', 'ENOMEM'),
    cite: both('viommu_domain_finalise:696-701', 'viommu_domain_finalise:696-701; viommu_add_mapping:319-321'),
    when: withoutBypass,
    site: everywhere('viommu_add_mapping:319'),
    what: 'identity mapping record (atomic; one per gap between reserved regions)',
    gfp: everywhere('GFP_ATOMIC'),
    plausible: everywhere('atomic'),
    times: 'device.identityRanges',
  }),
  effect({
    id: 'virtio-iommu/bind',
    words: 'the domain belongs to the instance and takes its geometry',
    cite: everywhere('viommu_domain_finalise:681-687'),
    changes: [
      { set: 'domain.iommu', to: 'iommu.id' },
      { set: 'domain.apertureStart', to: 'iommu.inputStart' },
      { set: 'domain.apertureEnd', to: 'iommu.inputEnd' },
      { set: 'domain.pageSize', to: 'iommu.pgsize' },
      { set: 'domain.indirectDescriptors', to: 'iommu.indirectDescriptors' },
    ],
    undo: 'none',
  }),
  effect({
    id: 'virtio-iommu/bypass',
    words: 'the identity domain is a bypass of the host',
    cite: everywhere('viommu_domain_finalise:689-694'),
    when: all(identity, has('iommu.bypassConfig')),
    changes: [{ set: 'domain.bypass', to: true }],
    undo: 'none',
  }),
  effect({
    id: 'virtio-iommu/identity-mappings',
    words: 'the identity domain has a mapping for each gap',
    cite: everywhere('viommu_domain_map_identity:394-419'),
    when: withoutBypass,
    changes: [{ set: 'domain.identityMappings', to: 'device.identityRanges' }],
    undo: 'none',
  }),
];
