// Kernel functions that find, request and allocate interrupts.
import type { KernelApi } from './api.ts';
import { row } from './row.ts';

const others = { returns: 'errno', class: 'device', andOthers: true, classes: { ENOMEM: 'transient-memory' } } as const;
const requestErrnos = ['ENOTCONN', 'EINVAL', 'ENOMEM', 'ENOSYS', 'ENODEV', 'EBUSY'] as const;
const request = { ...others, errnos: requestErrnos, takes: 'memory', gfp: 'GFP_KERNEL' } as const;
const found = { ...others, counts: true, errnos: ['ENXIO', 'EINVAL', 'EPROBE_DEFER'] } as const;
const flag = { returns: 'flag' } as const;

export const apis: readonly KernelApi[] = [
  row(request, 'request_irq request_threaded_irq', 'kernel/irq/manage.c: request_threaded_irq:2138-2226', '2161-2249'),
  row(request, 'devm_request_irq devm_request_threaded_irq', 'kernel/irq/devres.c: devm_request_threaded_irq:51-79', '52-80'),
  row({ ...others, errnos: ['EINVAL'] }, 'irq_set_affinity', 'kernel/irq/manage.c: __irq_set_affinity:450-464', '457-471'),
  row(found, 'platform_get_irq', 'drivers/base/platform.c: platform_get_irq:259-269', '260-270'),
  row(found, 'platform_get_irq_optional', 'drivers/base/platform.c: platform_get_irq_optional:171-239', '171-240'),
  row(
    found,
    'platform_get_irq_byname platform_get_irq_byname_optional',
    'drivers/base/platform.c: __platform_get_irq_byname:438-458',
    '439-457',
  ),
  row({ ...others, errnos: ['EPROBE_DEFER'] }, 'platform_irq_count', 'drivers/base/platform.c: platform_irq_count:278-289', '279-290'),
  row({ ...others, errnos: ['EINVAL'] }, 'fwnode_irq_get', 'drivers/base/property.c: fwnode_irq_get:1003-1013', '999-1009'),
  row({ ...others, errnos: ['EPROBE_DEFER'] }, 'of_irq_get', 'drivers/of/irq.c: of_irq_get:459-480', '458-479'),
  row({ returns: 'pointer', class: 'device' }, 'irq_of_parse_and_map', 'drivers/of/irq.c: irq_of_parse_and_map:39-51'),
  // The bare -1 of a missing domain reads as EPERM.
  row({ ...others, errnos: ['EPERM', 'EINVAL'] }, 'dmar_alloc_hwirq', 'arch/x86/kernel/apic/msi.c: dmar_alloc_hwirq:322-337', '364-379'),
  row({ ...others, errnos: ['EINVAL'] }, 'irq_domain_alloc_irqs', 'kernel/irq/irqdomain.c: __irq_domain_alloc_irqs:1554-1572', '1674-1692'),
  row(
    { ...others, errnos: ['ENOSYS'] },
    'irq_domain_alloc_irqs_parent',
    'kernel/irq/irqdomain.c: irq_domain_alloc_irqs_parent:1781-1790',
    '1911-1920',
  ),
  row(
    { ...others, errnos: ['ENOMEM', 'EINVAL'] },
    'platform_msi_domain_alloc_irqs',
    'drivers/base/platform-msi.c: platform_msi_domain_alloc_irqs:207-221',
    null,
  ),
  row(
    { ...others, errnos: ['EINVAL', 'ENODEV'] },
    'platform_device_msi_init_and_alloc_irqs',
    null,
    'drivers/base/platform-msi.c: platform_device_msi_init_and_alloc_irqs:69-88',
  ),
  row(
    { returns: 'pointer', class: 'device' },
    'irq_domain_create_hierarchy',
    'kernel/irq/irqdomain.c: irq_domain_create_hierarchy:1149-1171',
    '1270-1293',
  ),
  row(
    { returns: 'pointer', class: 'device' },
    'irq_domain_create_tree irq_domain_create_linear irq_domain_add_linear arch_create_remap_msi_irq_domain',
  ),
  row(
    { returns: 'pointer', class: 'transient-memory' },
    'irq_domain_alloc_named_fwnode irq_domain_alloc_named_id_fwnode',
    'kernel/irq/irqdomain.c: __irq_domain_alloc_fwnode:76-108',
    '77-109',
  ),
  row(flag, 'irq_domain_get_irq_data irq_data_get_irq_handler_data irq_get_handler_data irqd_cfg irq_data_get_effective_affinity_mask'),
  row(
    flag,
    'arch_get_ir_parent_domain dev_get_msi_domain msi_device_has_isolated_msi pci_dev_has_special_msi_domain pci_dev_has_default_msi_parent_domain',
  ),
  row(flag, 'x86_fwspec_is_ioapic x86_fwspec_is_hpet posted_msi_supported'),
  row({ returns: 'status' }, 'msi_get_virq mpc_ioapic_id mp_find_ioapic IRQ_RETVAL'),
  row({ returns: 'nothing' }, 'msi_desc_to_dev msi_desc_to_pci_dev'),
];
