// What the facts list and no row of the model performs, each with the reason: checks that no workflow makes, and sites that only
// stand for allocations which are counted elsewhere.

/** Entries, by id. */
export const notModelled: { readonly [id: string]: string } = {
  'core-alloc-dma-cookie': 'no run makes a default domain: groups start on theirs',
  'core-no-attach-op': 'every driver of the model attaches domains',
  'core-set-null-domain': 'every group of a topology has a default domain, so none is ever moved to no domain',
  'vfio-set-container-iommufd-compat':
    'iommufd-compat has the address space that is made there as compat-ioas-alloc; no-IOMMU mode is not modelled',
};

/** Entries that the model has, but not as a row that a state performs. */
export const modelledOtherwise: { readonly [id: string]: string } = {
  'iommufd-object-being-destroyed': 'the search passes over a page table without users, and says so in an event',
};

const allocates = "stands for the driver's allocation of a domain, walked as its path";
const attaches = "stands for the driver's attach, walked as its path for each device";
const maps = "stands for the driver's page-table pages, taken by its map path";
const regions = "stands for the driver's own region entries, taken at the site that the driver names";
const backend = 'stands for the list of vfio-type1';

const sites = (reason: string, ...names: readonly string[]): { [site: string]: string } =>
  Object.fromEntries(names.map((name) => [name, reason]));

/** Sites, as the facts write them. */
export const notAllocating: { readonly [site: string]: string } = {
  ...sites(
    allocates,
    '__iommu_group_alloc_blocking_domain:3183',
    '__iommu_group_alloc_blocking_domain:3189',
    '__iommu_group_alloc_blocking_domain:3170',
    '__iommu_group_alloc_blocking_domain:3176',
    'iommu_group_claim_dma_owner:3220',
    'vfio_iommu_domain_alloc:2240',
    'vfio_iommu_domain_alloc:2141',
    'iommu_device_claim_dma_owner (iommufd_device_bind:200)',
    'iommufd_hwpt_paging_alloc:143-152',
    'vhost_vdpa_alloc_domain:1166',
    'vhost_vdpa_alloc_domain:1393',
  ),
  ...sites(
    attaches,
    '__iommu_group_set_domain:2171',
    '__iommu_group_set_domain_internal:2330',
    'iommu_group_claim_dma_owner:3224',
    '__iommu_take_dma_ownership:3196',
    'vfio_iommu_type1_attach_group:2309',
    'vfio_iommu_type1_attach_group:2385-2396',
    'vfio_iommu_type1_attach_group:2211',
    'vfio_iommu_type1_attach_group:2284-2295',
    'iommu_attach_group_handle:3546',
    'iommu_replace_group_handle:3606',
    'vhost_vdpa_alloc_domain:1170',
    'vhost_vdpa_alloc_domain:1400',
  ),
  ...sites(
    maps,
    'vfio_test_domain_fgsp:1933',
    'vfio_test_domain_fgsp:1839',
    'vfio_iommu_replay:1838',
    'vfio_iommu_replay:1743',
    'iopt_area_fill_domain:1373',
  ),
  ...sites(regions, 'iommu_get_group_resv_regions:598', 'iommu_get_group_resv_regions:857', 'iopt_table_enforce_dev_resv_regions:1412'),
  ...sites(backend, 'vfio_container_attach_group:455', 'vfio_container_attach_group:444'),
};
