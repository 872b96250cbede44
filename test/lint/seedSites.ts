// The sixteen return sites that patch 1 of the seed series changes, as linux 6.1.192 has them.

export interface SeedSite {
  readonly driver: string;
  readonly errno: string;
  readonly condition: string;
}

/** The hunks of these do not apply to 6.1.192. */
export const notApplying: readonly string[] = ['amd', 's390'];

export const seedSites: readonly SeedSite[] = [
  {
    driver: 'amd',
    errno: 'EINVAL',
    condition: '(amd_iommu_pgtable == AMD_IOMMU_V1) && def_domain->type != IOMMU_DOMAIN_IDENTITY',
  },
  {
    driver: 'apple-dart',
    errno: 'EINVAL',
    condition: 'cfg->stream_maps[0].dart->force_bypass && domain->type != IOMMU_DOMAIN_IDENTITY',
  },
  {
    driver: 'apple-dart',
    errno: 'EINVAL',
    condition: '!cfg->stream_maps[0].dart->supports_bypass && domain->type == IOMMU_DOMAIN_IDENTITY',
  },
  { driver: 'arm-smmu', errno: 'EINVAL', condition: 'smmu_domain->smmu != smmu' },
  { driver: 'arm-smmu-v3', errno: 'ENXIO', condition: 'smmu_domain->smmu != smmu' },
  {
    driver: 'arm-smmu-v3',
    errno: 'EINVAL',
    condition: 'smmu_domain->stage == ARM_SMMU_DOMAIN_S1 && master->ssid_bits != smmu_domain->s1_cfg.s1cdmax',
  },
  {
    driver: 'arm-smmu-v3',
    errno: 'EINVAL',
    condition: 'smmu_domain->stage == ARM_SMMU_DOMAIN_S1 && smmu_domain->stall_enabled != master->stall_enabled',
  },
  { driver: 'intel', errno: 'EOPNOTSUPP', condition: 'dmar_domain->force_snooping && !ecap_sc_support(iommu->ecap)' },
  { driver: 'intel', errno: 'EFAULT', condition: 'dmar_domain->max_addr > (1LL << addr_width)' },
  { driver: 'ipmmu-vmsa', errno: 'EINVAL', condition: 'domain->mmu != mmu' },
  { driver: 'omap', errno: 'EBUSY', condition: 'omap_domain->dev' },
  { driver: 'qcom_iommu', errno: 'EINVAL', condition: 'qcom_domain->iommu != qcom_iommu' },
  {
    driver: 's390',
    errno: 'EINVAL',
    condition: 'domain->geometry.aperture_start != zdev->start_dma || domain->geometry.aperture_end != zdev->end_dma',
  },
  { driver: 'sprd', errno: 'EINVAL', condition: 'dom->sdev' },
  { driver: 'tegra-gart', errno: 'EBUSY', condition: 'gart->active_domain && gart->active_domain != domain' },
  { driver: 'virtio-iommu', errno: 'EXDEV', condition: 'vdomain->viommu != vdev->viommu' },
];
