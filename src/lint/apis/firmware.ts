// Kernel functions that ask firmware, a hypervisor or a host: Qualcomm's secure world, s390's PCI instructions, Hyper-V, SEV-SNP, ACPI,
// virtio.
import type { KernelApi } from './api.ts';
import { row } from './row.ts';

const errno = { returns: 'errno', class: 'device' } as const;
const others = { ...errno, andOthers: true } as const;
const status = { returns: 'status', class: 'device' } as const;
const flag = { returns: 'flag' } as const;

/** Codes that qcom_scm_remap_error() knows; EINVAL stands for those that it does not know. */
const secureErrnos = ['EIO', 'EINVAL', 'EOPNOTSUPP', 'ENOMEM', 'EBUSY'] as const;

const secureWorld: readonly KernelApi[] = [
  // Besides an errno, the positive word that firmware answered.
  row(
    { ...errno, errnos: secureErrnos },
    'qcom_scm_restore_sec_cfg',
    'drivers/firmware/qcom_scm.c: qcom_scm_restore_sec_cfg:771-787',
    'drivers/firmware/qcom/qcom_scm.c: qcom_scm_restore_sec_cfg:901-917',
  ),
  row(
    { ...errno, errnos: secureErrnos },
    'qcom_scm_iommu_secure_ptbl_size',
    'drivers/firmware/qcom_scm.c: qcom_scm_iommu_secure_ptbl_size:790-808',
    'drivers/firmware/qcom/qcom_scm.c: qcom_scm_iommu_secure_ptbl_size:920-938',
  ),
  row(
    { ...errno, errnos: secureErrnos },
    'qcom_scm_iommu_secure_ptbl_init',
    'drivers/firmware/qcom_scm.c: qcom_scm_iommu_secure_ptbl_init:811-832',
    'drivers/firmware/qcom/qcom_scm.c: qcom_scm_iommu_secure_ptbl_init:941-962',
  ),
  row(
    { ...errno, errnos: secureErrnos },
    'qcom_scm_iommu_set_cp_pool_size',
    'drivers/firmware/qcom_scm.c: qcom_scm_iommu_set_cp_pool_size:835-847',
    'drivers/firmware/qcom/qcom_scm.c: qcom_scm_iommu_set_cp_pool_size:965-977',
  ),
  row(
    { ...errno, errnos: secureErrnos },
    'qcom_scm_assign_mem',
    'drivers/firmware/qcom_scm.c: qcom_scm_assign_mem:913-978',
    'drivers/firmware/qcom/qcom_scm.c: qcom_scm_assign_mem:1043-1111',
  ),
  // Atomic: on old firmware its code comes back as it is.
  row(
    { ...others, errnos: secureErrnos },
    'qcom_scm_qsmmu500_wait_safe_toggle',
    'drivers/firmware/qcom_scm.c: qcom_scm_qsmmu500_wait_safe_toggle:1232-1245',
    'drivers/firmware/qcom/qcom_scm.c: qcom_scm_qsmmu500_wait_safe_toggle:1354-1367',
  ),
  row(
    { ...others, errnos: secureErrnos },
    'qcom_scm_io_readl',
    'drivers/firmware/qcom_scm.c: qcom_scm_io_readl:722-740',
    'drivers/firmware/qcom/qcom_scm.c: qcom_scm_io_readl:852-870',
  ),
  row(
    { ...others, errnos: secureErrnos },
    'qcom_scm_io_writel',
    'drivers/firmware/qcom_scm.c: qcom_scm_io_writel:743-755',
    'drivers/firmware/qcom/qcom_scm.c: qcom_scm_io_writel:873-885',
  ),
  row(
    flag,
    'qcom_scm_is_available',
    'drivers/firmware/qcom_scm.c: qcom_scm_is_available:1335-1338',
    'drivers/firmware/qcom/qcom_scm.c: qcom_scm_is_available:1853-1857',
  ),
  // The answer is in the last argument.
  row({ returns: 'nothing' }, 'arm_smccc_smc arm_smccc_hvc', 'include/linux/arm-smccc.h: arm_smccc_smc:368', '459'),
  row(
    { returns: 'nothing' },
    'arm_smccc_1_1_invoke arm_smccc_1_1_smc arm_smccc_1_1_hvc',
    'include/linux/arm-smccc.h: arm_smccc_1_1_invoke:540-555',
    '625-640',
  ),
];

const s390: readonly KernelApi[] = [
  // Condition codes.
  row(status, 'zpci_register_ioat', 'arch/s390/pci/pci.c: zpci_register_ioat:118-134', '130-149'),
  row(status, 'zpci_unregister_ioat', 'arch/s390/pci/pci.c: zpci_unregister_ioat:138-150', '153-165'),
  row(status, 'zpci_mod_fc', 'arch/s390/pci/pci_insn.c: zpci_mod_fc:72-94'),
  row({ ...others, errnos: ['EIO'] }, 'zpci_enable_device', 'arch/s390/pci/pci.c: zpci_enable_device:718-728', '698-708'),
  row({ ...others, errnos: ['EIO'] }, 'zpci_reenable_device', null, 'arch/s390/pci/pci.c: zpci_reenable_device:711-725'),
  row({ ...others, errnos: ['EIO'] }, 'zpci_hot_reset_device', 'arch/s390/pci/pci.c: zpci_hot_reset_device:778-812', '775-798'),
  // ENOMEM: the hypervisor has no more pages or translations to give.
  row(
    { ...errno, errnos: ['ENOMEM', 'EIO'], classes: { ENOMEM: 'transient-space' } },
    'zpci_refresh_trans',
    'arch/s390/pci/pci_insn.c: zpci_refresh_trans:114-139',
  ),
  row(
    { ...errno, errnos: ['ENOMEM', 'EIO'], classes: { ENOMEM: 'transient-memory' }, takes: 'memory' },
    'zpci_dma_init_device',
    'arch/s390/pci/pci_dma.c: zpci_dma_init_device:559-628',
    null,
  ),
];

const hypervisors: readonly KernelApi[] = [
  // Out of tree (protected KVM on arm64) and after 6.12.
  row(errno, 'kvm_call_hyp_nvhe kvm_call_hyp_nvhe_mc hv_result_to_errno hv_call_deposit_pages'),
  row(
    status,
    'hv_do_hypercall hv_do_fast_hypercall8 hv_do_fast_hypercall16',
    'arch/x86/include/asm/mshyperv.h: hv_do_hypercall:39-75',
    '70-119',
  ),
  row(status, 'hv_do_rep_hypercall', 'include/asm-generic/mshyperv.h: hv_do_rep_hypercall:81-105', '106-130'),
  row(status, 'hv_result', 'include/asm-generic/mshyperv.h: hv_result:60-63', '85-88'),
  row(flag, 'hv_result_success', 'include/asm-generic/mshyperv.h: hv_result_success:65-68', '90-93'),
  row(status, 'hv_map_ioapic_interrupt', 'arch/x86/hyperv/irqdomain.c: hv_map_ioapic_interrupt:351-361'),
  row(status, 'hv_unmap_ioapic_interrupt', 'arch/x86/hyperv/irqdomain.c: hv_unmap_ioapic_interrupt:339-348'),
  row({ ...others, errnos: ['ENODEV', 'EINVAL'] }, 'psmash', null, 'arch/x86/virt/svm/sev.c: psmash:390-408'),
  row({ ...errno, errnos: ['ENOSYS'] }, 'snp_rmptable_init', null, 'arch/x86/virt/svm/sev.c: snp_rmptable_init:192-264'),
  row({ ...errno, errnos: ['EINVAL'] }, 'arch_rmrr_sanity_check', 'arch/x86/include/asm/iommu.h: arch_rmrr_sanity_check:24-37', '25-38'),
  row({ ...others, errnos: ['ENODEV'] }, 'rmp_make_shared', null, 'arch/x86/virt/svm/sev.c: rmp_make_shared:548-556'),
  row({ ...others, errnos: ['ENODEV'] }, 'snp_lookup_rmpentry', null, 'arch/x86/virt/svm/sev.c: snp_lookup_rmpentry:299-309'),
];

const acpi: readonly KernelApi[] = [
  row(status, 'acpi_get_table', 'drivers/acpi/acpica/tbxface.c: acpi_get_table:297-340'),
  row(status, 'acpi_get_handle acpi_walk_namespace acpi_evaluate_integer acpi_evaluate_object'),
  row(others, 'acpi_dev_get_resources', 'drivers/acpi/resource.c: __acpi_dev_get_resources:886-913', '939-966'),
  row(
    { returns: 'pointer', class: 'device' },
    'acpi_evaluate_dsm_typed',
    'include/acpi/acpi_bus.h: acpi_evaluate_dsm_typed:57-70',
    '64-77',
  ),
  row(flag, 'acpi_check_dsm', 'drivers/acpi/utils.c: acpi_check_dsm:739-768', '822-851'),
];

const virtio: readonly KernelApi[] = [
  // ENOSPC: the ring is full. EIO: the device is marked broken; packed ring: a buffer could not be mapped.
  row(
    { ...errno, errnos: ['ENOSPC', 'ENOMEM', 'EIO'], classes: { ENOSPC: 'transient-space', ENOMEM: 'transient-memory' } },
    'virtqueue_add_sgs virtqueue_add_inbuf virtqueue_add_outbuf virtqueue_add_inbuf_ctx virtqueue_add_outbuf_ctx',
    'drivers/virtio/virtio_ring.c: virtqueue_add_split:520-701',
    '544-732',
  ),
  row(flag, 'virtqueue_kick', 'drivers/virtio/virtio_ring.c: virtqueue_kick:2279-2284', '2405-2410'),
  row(flag, 'virtqueue_notify virtqueue_kick_prepare', 'drivers/virtio/virtio_ring.c: virtqueue_notify:2251-2264', '2377-2390'),
  row(flag, 'virtqueue_enable_cb', 'drivers/virtio/virtio_ring.c: virtqueue_enable_cb:2396-2401', '2522-2527'),
  row(flag, 'virtqueue_get_buf virtqueue_get_buf_ctx', 'drivers/virtio/virtio_ring.c: virtqueue_get_buf:2314-2317', '2440-2443'),
  row(errno, 'virtio_find_vqs virtio_find_single_vq', 'include/linux/virtio_config.h: virtio_find_vqs:222-228', '221-227'),
];

export const apis: readonly KernelApi[] = [...secureWorld, ...s390, ...hypervisors, ...acpi, ...virtio];
