// The ids of the facts: every check and allocation that reading the sources found, by who has it. Coverage is counted against them.

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

export const factIds: { readonly [owner: string]: readonly string[] } = {
  amd: words(`
    amd-no-iommu-for-device amd-rlookup-null amd-device-still-attached amd-v2-domain-default-not-identity
    amd-v2-ats-pri-pasid-enable-failed amd-dirty-tracking-unsupported amd-instance-record-alloc amd-instance-array-store
    amd-gcr3-too-deep amd-gcr3-already-present amd-gcr3-root-alloc amd-gcr3-level-alloc`),
  'apple-dart': words(`
    apple-dart-force-bypass-needs-identity apple-dart-identity-needs-bypass apple-dart-pgsize-too-large apple-dart-pgtable-alloc
    apple-dart-stream-map-mismatch`),
  'arm-smmu-v3': words(`
    arm-smmu-v3-no-fwspec arm-smmu-v3-sva-enabled arm-smmu-v3-bad-stage arm-smmu-v3-pgtable-alloc arm-smmu-v3-s1-asid-exhausted
    arm-smmu-v3-s1-asid-alloc arm-smmu-v3-cd-l1-alloc arm-smmu-v3-cd-table-alloc arm-smmu-v3-cd-ssid-range arm-smmu-v3-cd-leaf-alloc
    arm-smmu-v3-s2-vmid-exhausted arm-smmu-v3-s2-vmid-alloc arm-smmu-v3-foreign-smmu arm-smmu-v3-ssid-bits-mismatch
    arm-smmu-v3-stall-mismatch arm-smmu-v3-ssids-in-use arm-smmu-v3-master-domain-alloc`),
  'arm-smmu': words(`
    arm-smmu-not-my-device arm-smmu-no-master-cfg arm-smmu-runtime-pm arm-smmu-no-context-format arm-smmu-bad-stage
    arm-smmu-context-bank-exhausted arm-smmu-pgtable-alloc arm-smmu-foreign-smmu`),
  qcom_iommu: words(`
    qcom-iommu-no-iommu qcom-iommu-pgtable-alloc qcom-iommu-secure-init-errno qcom-iommu-secure-init-positive qcom-iommu-foreign-iommu
    qcom-iommu-identity-unbound-old`),
  intel: words(`
    intel-rmrr-unmanaged intel-prepare-no-iommu intel-force-snooping-unsupported intel-dirty-tracking-unsupported
    intel-address-width-insufficient intel-copied-context-alloc intel-add-dev-no-iommu intel-instance-record-alloc
    intel-domain-ids-exhausted intel-instance-array-store intel-sm-passthrough-no-entry intel-sm-passthrough-present
    intel-fl-missing-level intel-fl-level-unsupported intel-fl-not-supported intel-fl-5level-unsupported intel-fl-no-entry
    intel-fl-entry-present intel-sl-not-supported intel-sl-page-table-too-deep intel-sl-no-entry intel-sl-entry-present
    intel-context-no-iommu intel-context-table-alloc intel-context-missing-level intel-qi-batch-alloc intel-cache-tag-alloc
    intel-cache-tag-devtlb-alloc`),
  'intel-nested': words(`
    intel-nested-agaw intel-nested-parent-incompatible intel-nested-instance-attach intel-nested-cache-tags
    intel-nested-fl5-unsupported intel-nested-bad-address-width intel-nested-no-supervisor intel-nested-no-extended-access
    intel-nested-no-entry intel-nested-entry-present`),
  'ipmmu-vmsa': words(`
    ipmmu-no-mmu ipmmu-contexts-exhausted ipmmu-pgtable-alloc ipmmu-foreign-mmu`),
  omap: words(`
    omap-no-iommu omap-domain-in-use omap-zero-iommus omap-iommus-array-alloc omap-pgtable-alloc omap-pgtable-misaligned omap-dma-map
    omap-runtime-pm`),
  s390: words(`
    s390-no-zdev s390-link-alloc s390-ioat-register s390-dma-range-mismatch`),
  sprd: words(`
    sprd-domain-in-use sprd-pgtable-alloc`),
  'tegra-gart': words(`
    tegra-gart-other-domain-active`),
  'virtio-iommu': words(`
    virtio-granule-too-large virtio-domain-ids-exhausted virtio-domain-id-alloc virtio-identity-map virtio-foreign-viommu
    virtio-request-malformed virtio-request-alloc virtio-queue-add virtio-attach-request-status virtio-replay-mappings`),
  core: words(`
    core-alloc-no-ops core-alloc-unsupported-type core-alloc-driver-failed core-alloc-dma-cookie core-attach-device-no-group
    core-attach-device-not-singleton core-attach-group-busy core-owner-gate core-no-attach-op core-require-direct-blocked
    core-set-null-domain core-rollback-failed core-claim-group-owned core-claim-not-default core-claim-blocking-alloc
    core-claim-blocking-attach core-claim-null-owner core-claim-device-no-group core-attach-handle-insert core-replace-null-domain
    core-replace-handle-reserve core-attach-handle-present`),
  'vfio-container': words(`
    vfio-set-container-bad-pointer vfio-set-container-bad-fd vfio-set-container-already vfio-set-container-group-gone
    vfio-set-container-iommufd-compat vfio-set-container-not-a-container vfio-container-noiommu-cap vfio-container-mixed-noiommu
    vfio-container-claim-owner vfio-container-attach vfio-set-iommu-state vfio-set-iommu-no-backend`),
  'vfio-type1': words(`
    type1-open-alloc type1-open-type type1-vaddr-invalid type1-duplicate-group type1-group-alloc type1-domain-record-alloc
    type1-fresh-domain-alloc type1-nesting type1-fresh-attach type1-aperture-conflict type1-resv-driver-list-alloc type1-resv-regions
    type1-resv-conflict type1-iova-copy-alloc type1-iova-resize type1-iova-exclude type1-no-interrupt-remapping
    type1-existing-attach-failed type1-fresh-reattach-failed type1-fgsp-probe type1-replay-batch-page type1-replay type1-msi-cookie`),
  iommufd: words(`
    iommufd-bind-not-coherent iommufd-bind-unsafe-msi iommufd-bind-no-group iommufd-bind-group-alloc iommufd-bind-claim-owner
    iommufd-bind-object-alloc iommufd-attach-pt-args iommufd-unknown-object iommufd-wrong-object-type iommufd-object-being-destroyed
    iommufd-group-on-other-hwpt iommufd-resv-fault-injection iommufd-resv-driver-list-alloc iommufd-resv-in-use iommufd-resv-alloc
    iommufd-resv-insane-msi iommufd-msi-cookie iommufd-handle-alloc iommufd-fault-capable-vf iommufd-fault-enable iommufd-core-attach
    iommufd-hwpt-flags iommufd-hwpt-object-alloc iommufd-hwpt-domain-alloc iommufd-hwpt-enforce-cc iommufd-fresh-attach
    iommufd-add-domain-duplicate iommufd-add-domain-page-size iommufd-add-domain-alignment iommufd-add-domain-aperture
    iommufd-add-domain-array iommufd-add-domain-fill iommufd-replace-not-attached iommufd-replace-resv iommufd-replace-handle-alloc
    iommufd-replace-core iommufd-attach-pt-writeback`),
  'vhost-vdpa': words(`
    vdpa-no-bus vdpa-not-coherent vdpa-domain-alloc vdpa-attach`),
  kapi: words(`
    pm-runtime-resume ida-alloc-range xa-alloc xa-cmpxchg alloc-io-pgtable-ops qcom-scm-restore-sec-cfg clk-enable pci-ats
    virtqueue-add-sgs regmap-update-bits`),
};
