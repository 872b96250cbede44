// Functions of IOMMU drivers to probe: what attaches and detaches a device, and what makes a domain where that can fail.
import type { ProbeRow } from './probeRow.ts';
import { both, device, domain, flags, inner, instance, rowsOf, type, v61, v612 } from './probeWords.ts';

export const driverProbes: readonly ProbeRow[] = [
  ...rowsOf('intel', null, [
    { function: 'intel_iommu_domain_alloc', arguments: [type(1)], returns: 'pointer', kernels: both },
    { function: 'intel_iommu_domain_alloc_user', arguments: [device(1), flags(2)], returns: 'pointer', kernels: v612 },
    { function: 'intel_iommu_attach_device', arguments: [domain(1), device(2)], returns: 'errno', kernels: both },
    { function: 'intel_nested_attach_dev', arguments: [domain(1), device(2)], returns: 'errno', kernels: v612 },
    { function: 'identity_domain_attach_dev', arguments: [domain(1), device(2)], returns: 'errno', kernels: v612 },
    { function: 'blocking_domain_attach_dev', arguments: [domain(1), device(2)], returns: 'errno', kernels: v612 },
    { function: 'prepare_domain_attach_device', arguments: [domain(1), device(2)], returns: 'errno', kernels: both },
    { function: 'dmar_domain_attach_device', arguments: [inner(1), device(2)], returns: 'errno', kernels: v612 },
    { function: 'domain_add_dev_info', arguments: [inner(1), device(2)], returns: 'errno', kernels: v61 },
    { function: 'domain_attach_iommu', arguments: [inner(1), instance(2)], returns: 'errno', kernels: both },
    { function: 'domain_detach_iommu', arguments: [inner(1), instance(2)], returns: 'void', kernels: both },
    { function: 'dmar_remove_one_dev_info', arguments: [device(1)], returns: 'void', kernels: v61 },
    { function: 'device_block_translation', arguments: [device(1)], returns: 'void', kernels: both },
    { function: 'intel_iommu_enforce_cache_coherency', arguments: [domain(1)], returns: 'bool', kernels: both },
    { function: 'intel_iommu_domain_free', arguments: [domain(1)], returns: 'void', kernels: both },
  ]),
  ...rowsOf('virtio-iommu', 'virtio_iommu', [
    { function: 'viommu_domain_alloc', arguments: [type(1)], returns: 'pointer', kernels: both },
    { function: 'viommu_domain_finalise', arguments: [domain(2)], returns: 'errno', kernels: both },
    { function: 'viommu_attach_dev', arguments: [domain(1), device(2)], returns: 'errno', kernels: both },
    { function: 'viommu_detach_dev', arguments: [], returns: 'void', kernels: both },
    { function: 'viommu_domain_free', arguments: [domain(1)], returns: 'void', kernels: both },
  ]),
  ...rowsOf('arm-smmu-v3', 'arm_smmu_v3', [
    { function: 'arm_smmu_domain_alloc', arguments: [type(1)], returns: 'pointer', kernels: both, sharedWith: 'arm-smmu' },
    { function: 'arm_smmu_domain_alloc_paging', arguments: [device(1)], returns: 'pointer', kernels: v612, sharedWith: 'arm-smmu' },
    { function: 'arm_smmu_domain_alloc_user', arguments: [device(1), flags(2)], returns: 'pointer', kernels: v612 },
    { function: 'arm_smmu_domain_finalise', arguments: [domain(1)], returns: 'errno', kernels: v61 },
    { function: 'arm_smmu_domain_finalise', arguments: [inner(1), instance(2)], returns: 'errno', kernels: v612 },
    { function: 'arm_smmu_domain_finalise_s1', arguments: [inner(1)], returns: 'errno', kernels: v61 },
    { function: 'arm_smmu_domain_finalise_s1', arguments: [instance(1), inner(2)], returns: 'errno', kernels: v612 },
    { function: 'arm_smmu_domain_finalise_s2', arguments: [inner(1)], returns: 'errno', kernels: v61 },
    { function: 'arm_smmu_domain_finalise_s2', arguments: [instance(1), inner(2)], returns: 'errno', kernels: v612 },
    { function: 'arm_smmu_attach_dev', arguments: [domain(1), device(2)], returns: 'errno', kernels: both, sharedWith: 'arm-smmu' },
    {
      function: 'arm_smmu_attach_dev_identity',
      arguments: [domain(1), device(2)],
      returns: 'errno',
      kernels: v612,
      sharedWith: 'arm-smmu',
    },
    { function: 'arm_smmu_attach_dev_blocked', arguments: [domain(1), device(2)], returns: 'errno', kernels: v612, sharedWith: 'arm-smmu' },
    { function: 'arm_smmu_detach_dev', arguments: [], returns: 'void', kernels: both },
    { function: 'arm_smmu_domain_free', arguments: [domain(1)], returns: 'void', kernels: both, sharedWith: 'arm-smmu' },
    { function: 'arm_smmu_domain_free_paging', arguments: [domain(1)], returns: 'void', kernels: v612 },
  ]),
  ...rowsOf('amd', null, [
    { function: 'amd_iommu_domain_alloc', arguments: [type(1)], returns: 'pointer', kernels: both },
    { function: 'amd_iommu_domain_alloc_user', arguments: [device(1), flags(2)], returns: 'pointer', kernels: v612 },
    { function: 'do_iommu_domain_alloc', arguments: [type(1), device(2), flags(3)], returns: 'pointer', kernels: v612 },
    { function: 'amd_iommu_attach_device', arguments: [domain(1), device(2)], returns: 'errno', kernels: both },
    { function: 'amd_iommu_detach_device', arguments: [domain(1), device(2)], returns: 'void', kernels: v61 },
    { function: 'blocked_domain_attach_device', arguments: [domain(1), device(2)], returns: 'errno', kernels: v612 },
    { function: 'amd_iommu_enforce_cache_coherency', arguments: [domain(1)], returns: 'bool', kernels: both },
    { function: 'amd_iommu_domain_free', arguments: [domain(1)], returns: 'void', kernels: both },
  ]),
  ...rowsOf('apple-dart', 'apple_dart', [
    { function: 'apple_dart_attach_dev', arguments: [domain(1), device(2)], returns: 'errno', kernels: v61 },
    { function: 'apple_dart_attach_dev_paging', arguments: [domain(1), device(2)], returns: 'errno', kernels: v612 },
    { function: 'apple_dart_attach_dev_identity', arguments: [domain(1), device(2)], returns: 'errno', kernels: v612 },
    { function: 'apple_dart_attach_dev_blocked', arguments: [domain(1), device(2)], returns: 'errno', kernels: v612 },
  ]),
  ...rowsOf('qcom_iommu', null, [
    { function: 'qcom_iommu_attach_dev', arguments: [domain(1), device(2)], returns: 'errno', kernels: both },
    { function: 'qcom_iommu_identity_attach', arguments: [domain(1), device(2)], returns: 'errno', kernels: v612 },
  ]),
  ...rowsOf('ipmmu-vmsa', null, [
    { function: 'ipmmu_attach_device', arguments: [domain(1), device(2)], returns: 'errno', kernels: both },
    { function: 'ipmmu_iommu_identity_attach', arguments: [domain(1), device(2)], returns: 'errno', kernels: v612 },
  ]),
  ...rowsOf('omap', null, [
    { function: 'omap_iommu_attach_dev', arguments: [domain(1), device(2)], returns: 'errno', kernels: both },
    { function: 'omap_iommu_identity_attach', arguments: [domain(1), device(2)], returns: 'errno', kernels: v612 },
  ]),
  ...rowsOf('s390', null, [
    { function: 's390_iommu_attach_device', arguments: [domain(1), device(2)], returns: 'errno', kernels: both },
    { function: 'blocking_domain_attach_device', arguments: [domain(1), device(2)], returns: 'errno', kernels: v612 },
  ]),
  ...rowsOf('sprd', 'sprd_iommu', [
    { function: 'sprd_iommu_attach_device', arguments: [domain(1), device(2)], returns: 'errno', kernels: both },
  ]),
  ...rowsOf('tegra-gart', null, [{ function: 'gart_iommu_attach_dev', arguments: [domain(1), device(2)], returns: 'errno', kernels: v61 }]),
];
