// Kernel functions that take memory which belongs to a device: freed with it, or reachable by it; and those that map memory for it.
import type { KernelApi } from './api.ts';
import { row } from './row.ts';

const memory = (gfp: number | string) => ({ returns: 'pointer', class: 'transient-memory', takes: 'memory', gfp }) as const;
const device = { returns: 'errno', class: 'device' } as const;

const managed: readonly KernelApi[] = [
  row(memory(2), 'devm_kmalloc devm_kzalloc', 'drivers/base/devres.c: devm_kmalloc:825-844', '829-848'),
  row(
    memory(3),
    'devm_kcalloc devm_kmalloc_array',
    'include/linux/device.h: devm_kmalloc_array:212-221',
    'include/linux/device/devres.h: devm_kmalloc_array:54-62',
  ),
  row(memory(3), 'devm_krealloc', 'drivers/base/devres.c: devm_krealloc:863-946', '867-950'),
  row(memory(3), 'devm_kmemdup', 'drivers/base/devres.c: devm_kmemdup:1086-1095', '1090-1099'),
  row(memory(2), 'devm_kstrdup', 'drivers/base/devres.c: devm_kstrdup:959-972', '963-976'),
  row(memory(1), 'devm_kasprintf', 'drivers/base/devres.c: devm_kasprintf:1040-1050', '1044-1054'),
  row(memory(1), 'devm_get_free_pages', 'drivers/base/devres.c: devm_get_free_pages:1131-1154', '1135-1158'),
  row(memory(2), 'devm_bitmap_alloc devm_bitmap_zalloc', 'lib/bitmap.c: devm_bitmap_alloc:1425-1440', '756-771'),
  row(memory(2), 'devres_alloc devres_alloc_node', 'drivers/base/devres.c: __devres_alloc_node:159-169', '162-172'),
];

const reachable: readonly KernelApi[] = [
  row(memory('GFP_KERNEL'), 'cma_alloc', 'mm/cma.c: cma_alloc:420-520', '515-519'),
  row(memory(3), 'dma_alloc_coherent dma_alloc_attrs dma_alloc_wc', 'kernel/dma/mapping.c: dma_alloc_attrs:493-516', '592-633'),
  row(memory(3), 'dmam_alloc_coherent dmam_alloc_attrs', 'kernel/dma/mapping.c: dmam_alloc_attrs:85-109', '93-117'),
  row(memory(4), 'dma_alloc_pages dma_alloc_noncoherent', 'kernel/dma/mapping.c: dma_alloc_pages:564-572', '689-702'),
  row(memory(1), 'dma_pool_alloc dma_pool_zalloc', 'mm/dmapool.c: dma_pool_alloc:314-379', '404-438'),
  row(memory('GFP_KERNEL'), 'dma_pool_create', 'mm/dmapool.c: dma_pool_create:130-200', '224-297'),
  row(memory(2), 'dma_alloc_contiguous', 'kernel/dma/contiguous.c: dma_alloc_contiguous:303-333', '350-387'),
  row(memory(3), 'dma_alloc_from_pool', 'kernel/dma/pool.c: dma_alloc_from_pool:265-286'),
  row(memory('GFP_KERNEL'), 'dma_common_pages_remap', 'kernel/dma/remap.c: dma_common_pages_remap:22-32', '24-34'),
  row(memory('GFP_KERNEL'), 'dma_common_contiguous_remap', 'kernel/dma/remap.c: dma_common_contiguous_remap:38-55', '40-57'),
];

const mapping: readonly KernelApi[] = [
  // An address; dma_mapping_error() tells a failure.
  row({ returns: 'index' }, 'dma_map_single dma_map_single_attrs', 'include/linux/dma-mapping.h: dma_map_single_attrs:328-338', '377-387'),
  row({ returns: 'index' }, 'dma_map_page dma_map_page_attrs', 'kernel/dma/mapping.c: dma_map_page_attrs:143-164', '155-180'),
  row({ returns: 'index' }, 'dma_map_resource', 'kernel/dma/mapping.c: dma_map_resource:295-313', '321-342'),
  row({ returns: 'index' }, 'swiotlb_tbl_map_single', 'kernel/dma/swiotlb.c: swiotlb_tbl_map_single:790-843', '1392-1464'),
  row(
    { returns: 'errno', errnos: ['ENOMEM'], class: 'transient-memory' },
    'dma_mapping_error',
    'include/linux/dma-mapping.h: dma_mapping_error:95-102',
    '92-99',
  ),
  row(
    { returns: 'pointer', class: 'transient-memory' },
    'dma_map_sg dma_map_sg_attrs',
    'kernel/dma/mapping.c: dma_map_sg_attrs:227-236',
    '250-259',
  ),
  row(
    { ...device, errnos: ['EINVAL', 'ENOMEM', 'EIO', 'EREMOTEIO'], classes: { ENOMEM: 'transient-memory' } },
    'dma_map_sgtable',
    'kernel/dma/mapping.c: __dma_map_sg_attrs:182-208',
    '201-231',
  ),
  row(
    { ...device, errnos: ['EIO'] },
    'dma_set_mask dma_set_mask_and_coherent dma_coerce_mask_and_coherent',
    'kernel/dma/mapping.c: dma_set_mask:753-767',
    '878-894',
  ),
  row({ ...device, errnos: ['EIO'] }, 'dma_set_coherent_mask', 'kernel/dma/mapping.c: dma_set_coherent_mask:770-783', '897-910'),
  // No failure in 6.12: void there.
  row({ ...device, errnos: ['EIO'] }, 'dma_set_max_seg_size', 'include/linux/dma-mapping.h: dma_set_max_seg_size:487-494', '524-529'),
];

const registers: readonly KernelApi[] = [
  row(
    { returns: 'pointer', class: 'device' },
    'ioremap early_ioremap ioremap_wc ioremap_cache ioremap_np',
    'arch/x86/mm/ioremap.c: ioremap:338-352',
    '344-358',
  ),
  row({ returns: 'pointer', class: 'device' }, 'memremap', 'kernel/iomem.c: memremap:71-119', '68-116'),
  row({ returns: 'pointer', class: 'device' }, 'devm_ioremap', 'lib/devres.c: __devm_ioremap:26-59', '29-62'),
  row(
    { returns: 'pointer', class: 'busy' },
    'request_mem_region devm_request_mem_region',
    'kernel/resource.c: __request_region:1266-1289',
    '1308-1331',
  ),
];

export const apis: readonly KernelApi[] = [...managed, ...reachable, ...mapping, ...registers];
