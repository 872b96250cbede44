// Kernel functions that do not fail: tests, lookups whose null is an answer, numbers, conversions, and values that are handed on.
import type { KernelApi } from './api.ts';
import { row } from './row.ts';

const flag = { returns: 'flag' } as const;
const number = { returns: 'status' } as const;
const nothing = { returns: 'nothing' } as const;
const argument = (which: number) => ({ returns: 'argument', argument: which }) as const;

const tests: readonly KernelApi[] = [
  row(flag, 'list_empty list_is_singular list_is_first list_is_last hlist_empty llist_empty llist_add RB_EMPTY_ROOT RB_EMPTY_NODE'),
  row(
    flag,
    'test_bit test_and_set_bit test_and_clear_bit __test_and_set_bit __test_and_clear_bit bitmap_empty bitmap_full cpumask_subset cpumask_empty',
  ),
  row(
    flag,
    'refcount_dec_and_test refcount_inc_not_zero refcount_dec_if_one refcount_sub_and_test refcount_dec_not_one kref_get_unless_zero kref_put kobject_get_unless_zero',
  ),
  row(
    flag,
    'atomic_dec_and_test atomic_inc_not_zero atomic_long_try_cmpxchg atomic_try_cmpxchg try_cmpxchg try_cmpxchg64 try_cmpxchg128 try_cmpxchg64_local cmpxchg_double read_seqcount_retry',
  ),
  row(
    flag,
    'strncmp strcmp strcasecmp memcmp sysfs_streq is_power_of_2 IS_ALIGNED check_add_overflow check_sub_overflow check_mul_overflow overflows_type __same_type',
  ),
  row(flag, 'xa_empty xa_is_value xa_is_zero xas_retry'),
  row(
    flag,
    'dev_is_pci dev_is_platform dev_is_fsl_mc dev_is_dma_coherent device_iommu_mapped pci_is_root_bus pci_is_pcie pci_is_bridge dmi_get_system_info cpu_feature_enabled boot_cpu_has',
  ),
  row(
    flag,
    'cc_platform_has cpus_have_cap arm64_kernel_unmapped_at_el0 x2apic_supported x2apic_enabled is_kdump_kernel hypervisor_is_type tboot_enabled node_online static_branch_unlikely static_branch_likely',
  ),
  row(
    flag,
    'virtio_has_feature gfpflags_allow_blocking iommu_is_dma_domain iommu_iotlb_gather_queued iommu_iotlb_gather_is_disjoint pasid_valid __ratelimit lockdep_is_held is_module_address should_fail signal_pending',
  ),
  row(
    flag,
    'is_swiotlb_buffer is_swiotlb_active sg_dma_is_bus_address sg_is_dma_bus_address sg_dma_is_swiotlb is_pci_p2pdma_page PageHighMem PageCompound dma_kmalloc_needs_bounce dma_kmalloc_safe dma_kmalloc_size_aligned dma_free_from_pool arch_pgtable_dma_compat',
  ),
  row(
    flag,
    'queue_work queue_delayed_work schedule_work schedule_delayed_work cancel_work_sync cancel_delayed_work_sync mod_timer del_timer del_timer_sync timer_delete_sync dev_WARN_ONCE',
  ),
];

/** Null where there is nothing. */
const lookups: readonly KernelApi[] = [
  row(
    flag,
    'dev_iommu_priv_get dev_iommu_fwspec_get dev_get_drvdata platform_get_drvdata pci_get_drvdata dev_get_platdata dev_to_iommu_device fsl_mc_cont_dev',
  ),
  row(flag, 'xa_load xa_erase xas_load xas_next xas_find xa_find xa_find_after idr_find idr_remove radix_tree_lookup radix_tree_delete'),
  row(
    flag,
    'list_first_entry_or_null hlist_entry_safe rb_first rb_last rb_next rb_prev rb_find rb_find_add interval_tree_iter_first interval_tree_iter_next',
  ),
  row(
    flag,
    'iopt_area_iter_first iopt_area_iter_next iopt_allowed_iter_first iopt_allowed_iter_next iopt_reserved_iter_first iopt_reserved_iter_next interval_tree_span_iter_done',
  ),
  row(
    flag,
    'strchr strrchr strstr strsep memchr sg_next dma_common_find_pages debugfs_lookup pci_find_host_bridge tboot_get_dmar_table dma_mmap_from_dev_coherent dmar_rcu_check get_cpu_mask current_user per_cpu_ptr raw_cpu_ptr this_cpu_ptr',
  ),
  row(flag, 'kmap_local_page vmalloc_to_page virt_to_page pfn_to_page sg_page'),
];

const numbers: readonly KernelApi[] = [
  row(
    number,
    'readb readw readl readq readl_relaxed readq_relaxed readw_relaxed hi_lo_readq_relaxed lo_hi_readq ioread32 in_be32 in_le32 mfspr read_sysreg read_cr0 get_cycles read_sanitised_ftr_reg',
  ),
  row(
    number,
    'read_pci_config read_pci_config_byte read_pci_config_16 cpuid_feature_extract_unsigned_field id_aa64mmfr0_parange_to_phys_shift cpu_physical_id apic_from_smp_config',
  ),
  row(
    number,
    'atomic_read atomic64_read atomic_long_read atomic_inc_return atomic_dec_return atomic_fetch_add atomic_fetch_inc_relaxed atomic_fetch_andnot_release atomic_fetch_andnot_relaxed refcount_read local64_read',
  ),
  row(
    number,
    'atomic_cmpxchg_relaxed atomic_xchg local64_xchg xchg cmpxchg cmpxchg64 cmpxchg_relaxed cmpxchg64_relaxed cmpxchg64_local read_seqcount_begin smp_load_acquire',
  ),
  row(
    number,
    'get_order get_count_order order_base_2 ilog2 __ffs __ffs64 ffs fls fls64 fls_long __fls ffz hweight8 hweight32 hweight64 bitmap_weight find_first_bit find_next_bit find_last_bit roundup_pow_of_two __roundup_pow_of_two rounddown_pow_of_two bits_per',
  ),
  row(
    number,
    'min max min3 max3 min_t max_t clamp clamp_t min_not_zero round_up round_down roundup rounddown div_u64 do_div DIV_ROUND_UP ALIGN ALIGN_DOWN PAGE_ALIGN offset_in_page iommu_num_pages type_max list_count_nodes',
  ),
  row(
    number,
    'array_size array3_size struct_size struct_size_t flex_array_size size_add size_mul size_sub offsetofend sizeof_field ARRAY_SIZE BITS_TO_LONGS BITS_TO_U32 BITS_PER_TYPE BUILD_BUG_ON_ZERO',
  ),
  row(
    number,
    'upper_32_bits lower_32_bits cpu_to_le16 cpu_to_le32 cpu_to_le64 cpu_to_be32 le16_to_cpu le32_to_cpu le64_to_cpu be32_to_cpu be32_to_cpup FIELD_PREP FIELD_GET BIT BIT_ULL BIT_MASK BIT_WORD pci_p2pdma_map_segment GENMASK GENMASK_ULL DMA_BIT_MASK',
  ),
  row(
    number,
    'virt_to_phys page_to_phys page_to_pfn vmalloc_to_pfn sg_phys sg_dma_address sg_dma_len __pa __sme_clr __sme_set PFN_PHYS PHYS_PFN u64_to_user_ptr dma_get_mask dma_get_seg_boundary dma_get_max_seg_size dma_get_min_align_mask swiotlb_max_mapping_size',
  ),
  row(
    number,
    'dma_range_map_min dma_range_map_max dma_pgprot resource_size resource_type vma_pages pci_domain_nr pci_dev_id pci_pcie_type PCI_BUS_NUM PCI_SLOT PCI_FUNC PCI_DEVID PCI_DEVFN pxm_to_node dev_to_node cpu_to_node',
  ),
  row(
    number,
    'iova_pfn iova_align iova_align_down iova_shift iova_offset iova_mask MTK_M4U_TO_LARB MTK_M4U_TO_PORT MTK_SMI_MMU_EN _IOC_NR',
  ),
  row(number, 'num_possible_cpus num_online_cpus smp_processor_id raw_smp_processor_id cpumask_first cpumask_first_and cache_line_size'),
  row(
    number,
    'ktime_get ktime_to_ns ktime_add_us ktime_compare msecs_to_jiffies jiffies_to_msecs task_rlimit page_ref_count mm_get_enqcmd_pasid xa_to_value strlen strnlen strcspn hash_long',
  ),
  row(number, 'sprintf snprintf scnprintf sysfs_emit sysfs_emit_at sscanf simple_read_from_buffer'),
];

/** Never null: there is nothing to test. */
const conversions: readonly KernelApi[] = [
  row(
    nothing,
    'container_of container_of_const list_entry list_first_entry list_last_entry rb_entry from_timer to_pci_dev to_platform_device pci_physfn pci_real_dma_dev to_zpci_dev dev_to_virtio kobj_to_dev io_pgtable_ops_to_pgtable pci_bus_to_host',
  ),
  row(
    nothing,
    'dev_name pci_name kobject_name virtio_bus_name dev_bus_name acpi_format_exception __stringify __builtin_return_address phys_to_virt page_address xa_mk_value',
  ),
  row(nothing, 'of_match_ptr pm_ptr pm_sleep_ptr WARN_TAINT XA_LIMIT'),
];

const handedOn: readonly KernelApi[] = [
  row(argument(1), 'dev_err_probe', 'drivers/base/core.c: dev_err_probe:5133-5145', '5193-5205'),
  row(argument(0), 'get_device pci_dev_get of_node_get fwnode_handle_get kobject_get get_file get_uid get_task_struct'),
  row(argument(0), 'rcu_dereference rcu_dereference_check rcu_dereference_protected rcu_dereference_raw rcu_access_pointer'),
  row(argument(0), 'array_index_nospec'),
];

export const apis: readonly KernelApi[] = [...tests, ...lookups, ...numbers, ...conversions, ...handedOn];
