// Functions of the IOMMU core that drivers call: for a tree or a patch that holds only drivers, and where what is read leaves them out.
import type { KernelApi } from './api.ts';
import { row } from './row.ts';

const classes = { ENOMEM: 'transient-memory' } as const;
const errno = { returns: 'errno', class: 'device', classes, unlessDefined: true } as const;
const others = { ...errno, andOthers: true } as const;
const pointer = { returns: 'errorPointer', class: 'device', classes, andOthers: true, unlessDefined: true } as const;
const flag = { returns: 'flag', unlessDefined: true } as const;
const memory = { returns: 'pointer', class: 'transient-memory', takes: 'memory', unlessDefined: true } as const;

const registration: readonly KernelApi[] = [
  row(
    { ...others, errnos: ['EINVAL', 'EBUSY'] },
    'iommu_device_register',
    'drivers/iommu/iommu.c: iommu_device_register:208-239',
    '250-272',
  ),
  row({ ...others, errnos: ['ENOMEM'] }, 'iommu_device_sysfs_add', 'drivers/iommu/iommu-sysfs.c: iommu_device_sysfs_add:54-89'),
  row({ ...others, errnos: ['ENODEV'] }, 'iommu_device_link', 'drivers/iommu/iommu-sysfs.c: iommu_device_link:106-124', '106-121'),
  row(
    { ...errno, errnos: ['EPROBE_DEFER', 'EINVAL', 'ENOMEM'] },
    'iommu_fwspec_init',
    'drivers/iommu/iommu.c: iommu_fwspec_init:2678-2699',
    '2844-2867',
  ),
  row(
    { ...errno, errnos: ['EINVAL', 'ENOMEM'] },
    'iommu_fwspec_add_ids',
    'drivers/iommu/iommu.c: iommu_fwspec_add_ids:2714-2737',
    '2882-2905',
  ),
  row(
    { ...pointer, errnos: ['ENOMEM', 'ENOSPC'] },
    'iommu_group_alloc generic_device_group',
    'drivers/iommu/iommu.c: iommu_group_alloc:706-763',
    '963-1021',
  ),
  row(
    { ...pointer, errnos: ['EINVAL', 'ENOMEM', 'ENOSPC'] },
    'pci_device_group',
    'drivers/iommu/iommu.c: pci_device_group:1501-1562',
    '1515-1576',
  ),
  row({ ...memory, gfp: 4 }, 'iommu_alloc_resv_region', 'drivers/iommu/iommu.c: iommu_alloc_resv_region:2623-2640', '2789-2806'),
];

const faults: readonly KernelApi[] = [
  row(
    { ...errno, errnos: ['ENODEV', 'EBUSY', 'ENOMEM'], classes: { ...classes, EBUSY: 'busy' } },
    'iopf_queue_add_device',
    'drivers/iommu/io-pgfault.c: iopf_queue_add_device:332-363',
    '399-438',
  ),
  row(
    { ...errno, errnos: ['EINVAL'] },
    'iopf_queue_remove_device',
    'drivers/iommu/io-pgfault.c: iopf_queue_remove_device:375-405',
    '464-507',
  ),
  row({ ...memory, gfp: 'GFP_KERNEL' }, 'iopf_queue_alloc', 'drivers/iommu/io-pgfault.c: iopf_queue_alloc:414-438', '516-540'),
  row(
    { ...errno, errnos: ['EINVAL', 'EBUSY', 'ENOMEM'], classes: { ...classes, EBUSY: 'busy' } },
    'iommu_register_device_fault_handler',
    'drivers/iommu/iommu.c: iommu_register_device_fault_handler:1174-1207',
    null,
  ),
  row(
    { ...errno, errnos: ['EINVAL', 'EBUSY'] },
    'iommu_unregister_device_fault_handler',
    'drivers/iommu/iommu.c: iommu_unregister_device_fault_handler:1219-1245',
    null,
  ),
  row({ ...others, errnos: ['ENOSYS'] }, 'report_iommu_fault', 'drivers/iommu/iommu.c: report_iommu_fault:2544-2559', '2701-2716'),
];

const domains: readonly KernelApi[] = [
  row(flag, 'iommu_get_domain_for_dev', 'drivers/iommu/iommu.c: iommu_get_domain_for_dev:2045-2059', '2159-2168'),
  row(flag, 'iommu_group_get', 'drivers/iommu/iommu.c: iommu_group_get:1117-1125', '1321-1329'),
  row(
    { ...errno, errnos: ['EEXIST', 'ENOMEM', 'ENODEV'] },
    'iommu_get_dma_cookie',
    'drivers/iommu/dma-iommu.c: iommu_get_dma_cookie:308-319',
    '391-402',
  ),
  row(
    { ...errno, errnos: ['EINVAL', 'EEXIST', 'ENOMEM', 'ENODEV'] },
    'iommu_get_msi_cookie',
    'drivers/iommu/dma-iommu.c: iommu_get_msi_cookie:333-350',
    '416-433',
  ),
  row(
    { returns: 'errorPointer', class: 'other', errnos: ['EBUSY', 'EOVERFLOW', 'ENOMEM', 'ENOSPC'], classes, unlessDefined: true },
    'iommu_alloc_mm_data',
    null,
    'drivers/iommu/iommu-sva.c: iommu_alloc_mm_data:17-53',
  ),
  row(
    { returns: 'errno', class: 'other', errnos: ['EINVAL', 'EOVERFLOW', 'ENOMEM'], classes, unlessDefined: true },
    'iommu_sva_alloc_pasid',
    'drivers/iommu/iommu-sva-lib.c: iommu_sva_alloc_pasid:25-50',
    null,
  ),
];

export const apis: readonly KernelApi[] = [...registration, ...faults, ...domains];
