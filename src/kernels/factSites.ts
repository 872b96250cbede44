// The sites of the facts: every place where an attach, a claim or a domain's allocation takes memory or an id, by who has it.
// Alternatives stand apart; entries that mean "as another list" are left out.

const list = (text: string): readonly string[] => text.trim().split(/\s*\|\s*/);

export const factSites: { readonly [owner: string]: readonly string[] } = {
  amd: list(`
    protection_domain_alloc:2087 | protection_domain_init_v1:2041 | protection_domain_init_v1:2047 | protection_domain_alloc:2539 |
    protection_domain_alloc:2543 | v1_alloc_pgtable:567 | pdom_attach_iommu:2273 | pdom_attach_iommu:2282 | setup_gcr3_table:1982 |
    setup_gcr3_table:1984 | __get_gcr3_pte:2015 | iopf_queue_add_device:417`),
  'apple-dart': list(`
    apple_dart_domain_alloc:606 | dart_alloc_pgtable:380 | apple_dart_alloc_pgtable:421 | apple_dart_domain_alloc_paging:755 |
    dart_alloc_pgtable:375 | apple_dart_alloc_pgtable:416`),
  'arm-smmu-v3': list(`
    arm_smmu_domain_alloc:2070 | arm_lpae_alloc_pgtable:798 | arm_64_lpae_alloc_pgtable_s1:910 | arm_64_lpae_alloc_pgtable_s2:1012 |
    arm_smmu_domain_finalise_s1:2140 | arm_smmu_alloc_cd_tables:1168 | arm_smmu_alloc_cd_tables:1177 |
    arm_smmu_alloc_cd_leaf_table:1020 | arm_smmu_domain_finalise_s2:2194 | arm_smmu_domain_alloc:2328 | arm_lpae_alloc_pgtable:914 |
    arm_64_lpae_alloc_pgtable_s1:1026 | arm_64_lpae_alloc_pgtable_s2:1128 | arm_smmu_domain_finalise_s1:2396 |
    arm_smmu_domain_finalise_s2:2410 | arm_smmu_alloc_cd_tables:1452 | arm_smmu_alloc_cd_tables:1442 | arm_smmu_alloc_cd_tables:1459 |
    arm_smmu_alloc_cd_ptr:1291 | arm_smmu_attach_prepare:2736`),
  'arm-smmu': list(`
    arm_smmu_domain_alloc:868 | arm_smmu_init_domain_context:729 | arm_lpae_alloc_pgtable:798 | arm_64_lpae_alloc_pgtable_s1:910 |
    arm_64_lpae_alloc_pgtable_s2:1012 | arm_smmu_init_domain_context:800 | arm_smmu_domain_alloc_paging:918 |
    arm_smmu_init_domain_context:777 | arm_lpae_alloc_pgtable:914 | arm_64_lpae_alloc_pgtable_s1:1026 |
    arm_64_lpae_alloc_pgtable_s2:1128 | arm_smmu_init_domain_context:849 | arm_smmu_init_domain_context:855`),
  qcom_iommu: list(`
    qcom_iommu_domain_alloc:340 | arm_lpae_alloc_pgtable:798 | arm_64_lpae_alloc_pgtable_s1:910 | scm_legacy_call:151 |
    qcom_iommu_domain_alloc_paging:333 | arm_lpae_alloc_pgtable:914 | arm_64_lpae_alloc_pgtable_s1:1026`),
  intel: list(`
    alloc_domain:1813 | md_domain_init:4227 | domain_attach_iommu:1835 | domain_attach_iommu:1849 | domain_attach_iommu:1859 |
    intel_pasid_get_entry:204 | iommu_context_addr:651 | alloc_domain:1480 | md_domain_init:3471 | paging_domain_alloc:3510 |
    paging_domain_alloc:3554 | domain_attach_iommu:1506 | domain_attach_iommu:1520 | domain_attach_iommu:1530 |
    iommu_context_addr:521 | intel_pasid_get_entry:151 | domain_qi_batch_alloc:118 | cache_tag_assign:52`),
  'intel-nested': list(`
    intel_nested_domain_alloc:159 | domain_attach_iommu:1506 | domain_attach_iommu:1530 | domain_qi_batch_alloc:118 |
    cache_tag_assign:52 | intel_pasid_get_entry:151`),
  'ipmmu-vmsa': list(`
    ipmmu_domain_alloc:577 | ipmmu_domain_init_context:454 | arm_lpae_alloc_pgtable:798 | arm_64_lpae_alloc_pgtable_s1:910 |
    ipmmu_domain_alloc_paging:569 | ipmmu_domain_init_context:449 | arm_lpae_alloc_pgtable:914 | arm_64_lpae_alloc_pgtable_s1:1026`),
  omap: list(`
    omap_iommu_domain_alloc:1576 | omap_iommu_attach_init:1419 | omap_iommu_attach_init:1426 | omap_iommu_domain_alloc_paging:1582 |
    omap_iommu_attach_init:1413 | omap_iommu_attach_init:1420`),
  s390: list(`
    s390_domain_alloc:61 | dma_alloc_cpu_table:34 (arch/s390/pci/pci_dma.c) | s390_iommu_attach_device:124 |
    s390_domain_alloc_paging:337 | dma_alloc_cpu_table:164`),
  sprd: list(`
    sprd_iommu_domain_alloc:142 | sprd_iommu_attach_device:261 | sprd_iommu_domain_alloc_paging:140 | sprd_iommu_attach_device:260`),
  'tegra-gart': list(`
    gart_iommu_domain_alloc:151`),
  'virtio-iommu': list(`
    viommu_domain_alloc:649 | viommu_domain_finalise:676 | viommu_domain_finalise:676 (ida_alloc_range 420, 447, xarray node) |
    viommu_add_mapping:319 | __viommu_add_req:233 | alloc_indirect_split:482 |
    viommu_replay_mappings:454 (__viommu_add_req 233, alloc_indirect_split 482)`),
  core: list(`
    __iommu_group_alloc_blocking_domain:3183 | __iommu_group_alloc_blocking_domain:3189 | __iommu_group_set_domain:2171 |
    iommu_attach_group_handle:3542 | iommu_replace_group_handle:3600 | __iommu_group_alloc_blocking_domain:3170 |
    __iommu_group_alloc_blocking_domain:3176 | __iommu_group_set_domain_internal:2330`),
  'vfio-container': list(`
    iommu_group_claim_dma_owner:3220 | iommu_group_claim_dma_owner:3224 | vfio_container_attach_group:455 |
    __iommu_group_alloc_blocking_domain:3170 | __iommu_take_dma_ownership:3196 | vfio_container_attach_group:444`),
  'vfio-type1': list(`
    vfio_iommu_type1_open:2645 | vfio_iommu_type1_attach_group:2269 | vfio_iommu_type1_attach_group:2288 |
    vfio_iommu_domain_alloc:2240 | vfio_iommu_type1_attach_group:2309 | iommu_get_group_resv_regions:598 |
    iommu_insert_resv_region:519 | vfio_iommu_iova_insert:2021 (vfio_iommu_iova_get_copy) |
    vfio_iommu_iova_insert:2021 (vfio_iommu_aper_resize) | vfio_iommu_iova_insert:2021 (vfio_iommu_resv_exclude) |
    vfio_iommu_type1_attach_group:2385-2396 | vfio_test_domain_fgsp:1924 | vfio_test_domain_fgsp:1933 |
    vfio_batch_init:488 (vfio_iommu_replay) | vfio_iommu_replay:1838 | cookie_alloc (iommu_get_msi_cookie:343) |
    vfio_iommu_type1_open:2544 | vfio_iommu_type1_attach_group:2170 | vfio_iommu_type1_attach_group:2189 |
    vfio_iommu_domain_alloc:2141 | vfio_iommu_type1_attach_group:2211 | iommu_get_group_resv_regions:857 |
    iommu_insert_resv_region:778 | vfio_iommu_iova_insert:1928 (vfio_iommu_iova_get_copy) |
    vfio_iommu_iova_insert:1928 (vfio_iommu_aper_resize) | vfio_iommu_iova_insert:1928 (vfio_iommu_resv_exclude) |
    vfio_iommu_type1_attach_group:2284-2295 | vfio_test_domain_fgsp:1830 | vfio_test_domain_fgsp:1839 |
    vfio_batch_init:483 (vfio_iommu_replay) | vfio_iommu_replay:1743 | cookie_alloc (iommu_get_msi_cookie:426)`),
  iommufd: list(`
    iommufd_get_group:85 | iommufd_get_group:111 | iommu_device_claim_dma_owner (iommufd_device_bind:200) | _iommufd_object_alloc:40 |
    _iommufd_object_alloc:55 | iommufd_hwpt_paging_alloc:143-152 | iopt_table_enforce_dev_resv_regions:1412 | iopt_reserve_iova:814 |
    cookie_alloc (iommu_get_msi_cookie:426) | iommufd_hwpt_attach_device:378 | iommu_attach_group_handle:3542 |
    iommu_attach_group_handle:3546 | iopt_reserve_iova:814 (iopt_table_add_domain) | iopt_table_add_domain:1093 |
    temp_kmalloc:88 (__batch_init:321) | temp_kmalloc:88 (pfn_reader_user_pin:754) | iopt_area_fill_domain:1373 |
    iommufd_hwpt_replace_device:448 | iommu_replace_group_handle:3606`),
  'vhost-vdpa': list(`
    vhost_vdpa_alloc_domain:1166 | vhost_vdpa_alloc_domain:1170 | vhost_vdpa_alloc_domain:1393 | vhost_vdpa_alloc_domain:1400`),
};
