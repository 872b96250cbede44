// Kernel functions that take memory, but for memory that belongs to a device (deviceMemory.ts).
import type { KernelApi } from './api.ts';
import { row } from './row.ts';

const memory = (gfp: number | string) => ({ returns: 'pointer', class: 'transient-memory', takes: 'memory', gfp }) as const;
const errno = { returns: 'errno', class: 'transient-memory', takes: 'memory' } as const;

const refused = { EINVAL: 'device', EOPNOTSUPP: 'device', EOVERFLOW: 'device' } as const;

const slab: readonly KernelApi[] = [
  row(memory(1), 'kmalloc kzalloc __kmalloc', 'mm/slab_common.c: __kmalloc:947-950', 'mm/slub.c: __kmalloc_noprof:4376-4379'),
  row(
    memory(1),
    'kmalloc_node kzalloc_node __kmalloc_node',
    'mm/slab_common.c: __kmalloc_node:941-944',
    'mm/slub.c: __kmalloc_node_noprof:4370-4373',
  ),
  row(
    memory(2),
    'kmalloc_array kcalloc',
    'include/linux/slab.h: kmalloc_array:607-616',
    'include/linux/slab.h: kmalloc_array_noprof:1030-1039',
  ),
  row(
    memory(2),
    'kmalloc_array_node kcalloc_node',
    'include/linux/slab.h: kmalloc_array_node:667-677',
    'include/linux/slab.h: kmalloc_array_node_noprof:1101-1111',
  ),
  row(memory(2), 'krealloc', 'mm/slab_common.c: krealloc:1360-1374', 'mm/slab_common.c: krealloc_noprof:1317-1331'),
  row(memory(3), 'krealloc_array', 'include/linux/slab.h: krealloc_array:625-636', 'include/linux/slab.h: krealloc_array_noprof:1059-1070'),
  row(memory(2), 'kmemdup', 'mm/util.c: kmemdup:125-133', 'mm/util.c: kmemdup_noprof:129-137'),
  row(memory(3), 'kmemdup_array', null, 'mm/util.c: kmemdup_array:151-154'),
  row(memory(2), 'kmemdup_nul', 'mm/util.c: kmemdup_nul:145-158', '187-200'),
  row(memory(1), 'kstrdup', 'mm/util.c: kstrdup:52-65', '55-68'),
  row(memory(2), 'kstrndup', 'mm/util.c: kstrndup:98-113', '101-116'),
  row(memory(0), 'kasprintf kvasprintf', 'lib/kasprintf.c: kvasprintf:15-34'),
  row(memory(1), 'kmem_cache_alloc', 'mm/slub.c: kmem_cache_alloc:3388-3391', 'mm/slub.c: kmem_cache_alloc_noprof:4236-4244'),
  row(memory(1), 'kmem_cache_zalloc', 'include/linux/slab.h: kmem_cache_zalloc:687-690', '1120'),
  row(
    memory(1),
    'kmem_cache_alloc_node',
    'mm/slub.c: kmem_cache_alloc_node:3409-3416',
    'mm/slub.c: kmem_cache_alloc_node_noprof:4281-4288',
  ),
  row(memory(1), 'mempool_alloc', 'mm/mempool.c: mempool_alloc:394-460', 'mm/mempool.c: mempool_alloc_noprof:404-470'),
  row(
    memory('GFP_KERNEL'),
    'kmem_cache_create KMEM_CACHE',
    'mm/slab_common.c: kmem_cache_create_usercopy:274-358',
    'mm/slab_common.c: __kmem_cache_create_args:297-380',
  ),
  // Linux 7.0 and later; the flags may be left out, which means GFP_KERNEL.
  row(memory(1), 'kmalloc_obj kzalloc_obj kvmalloc_obj kvzalloc_obj'),
  row(memory(2), 'kmalloc_objs kzalloc_objs kvmalloc_objs kvzalloc_objs'),
  row(memory(3), 'kmalloc_flex kzalloc_flex kvmalloc_flex kvzalloc_flex'),
];

const virtual: readonly KernelApi[] = [
  row(
    memory(1),
    'kvmalloc kvzalloc kvmalloc_node kvzalloc_node',
    'mm/util.c: kvmalloc_node:559-609',
    'mm/util.c: __kvmalloc_node_noprof:650-683',
  ),
  row(
    memory(2),
    'kvmalloc_array kvcalloc',
    'include/linux/slab.h: kvmalloc_array:727-735',
    'include/linux/slab.h: kvmalloc_array_node_noprof:1148-1156',
  ),
  row(memory('GFP_KERNEL'), 'vmalloc', 'mm/vmalloc.c: vmalloc:3396-3400', 'mm/vmalloc.c: vmalloc_noprof:4007-4011'),
  row(memory('GFP_KERNEL'), 'vzalloc', 'mm/vmalloc.c: vzalloc:3436-3440', 'mm/vmalloc.c: vzalloc_noprof:4047-4051'),
  row(memory('GFP_KERNEL'), 'vmap', 'mm/vmalloc.c: vmap:2900-2936', '3496-3535'),
  row(memory(1), '__vmalloc', 'mm/vmalloc.c: __vmalloc:3377-3381', 'mm/vmalloc.c: __vmalloc_noprof:3988-3992'),
];

const pages: readonly KernelApi[] = [
  row(
    memory(0),
    '__get_free_page __get_free_pages',
    'mm/page_alloc.c: __get_free_pages:5704-5712',
    'mm/page_alloc.c: get_free_pages_noprof:4899-4907',
  ),
  row(memory(0), 'get_zeroed_page', 'mm/page_alloc.c: get_zeroed_page:5715-5718', 'mm/page_alloc.c: get_zeroed_page_noprof:4910-4913'),
  row(
    memory(0),
    'alloc_page alloc_pages __alloc_pages folio_alloc',
    'mm/page_alloc.c: __alloc_pages:5622-5684',
    'mm/page_alloc.c: __alloc_pages_noprof:4820-4882',
  ),
  row(
    memory(1),
    'alloc_pages_node',
    'include/linux/gfp.h: alloc_pages_node:254-261',
    'include/linux/gfp.h: alloc_pages_node_noprof:294-301',
  ),
  row(
    memory(1),
    'alloc_pages_exact',
    'mm/page_alloc.c: alloc_pages_exact:5925-5935',
    'mm/page_alloc.c: alloc_pages_exact_noprof:5134-5144',
  ),
  // Part of drivers/iommu: said here because the flags are the caller's, two functions up.
  row(memory(0), 'iommu_alloc_pages iommu_alloc_page', null, 'drivers/iommu/iommu-pages.h: __iommu_alloc_pages:56-67'),
  row(memory(1), 'iommu_alloc_pages_node iommu_alloc_page_node', null, 'drivers/iommu/iommu-pages.h: iommu_alloc_pages_node:92-102'),
  // Linux 6.16 and later.
  row(memory(0), 'iommu_alloc_pages_sz'),
  row(memory(1), 'iommu_alloc_pages_node_sz'),
  // Linux 6.19 and later, named by macros in drivers/iommu/generic_pt/iommu_pt.h: EINVAL, EOPNOTSUPP and EOVERFLOW refuse a configuration.
  row(
    { ...errno, errnos: ['ENOMEM', 'EINVAL', 'EOPNOTSUPP', 'EOVERFLOW'], andOthers: true, classes: refused, gfp: 2 },
    'pt_iommu_amdv1_init pt_iommu_x86_64_init pt_iommu_vtdss_init pt_iommu_riscv_64_init',
  ),
  // Null for an unknown format, for a configuration that the format refuses, and for want of memory: a caller cannot tell which.
  row(
    { returns: 'pointer', class: 'transient-memory', takes: 'memory' },
    'alloc_io_pgtable_ops',
    'drivers/iommu/io-pgtable.c: alloc_io_pgtable_ops:37-60',
    '57-83',
  ),
];

const tables: readonly KernelApi[] = [
  row(memory(1), 'bitmap_alloc bitmap_zalloc bitmap_alloc_node bitmap_zalloc_node', 'lib/bitmap.c: bitmap_alloc:1386-1390', '717-721'),
  row(memory('GFP_KERNEL'), 'alloc_percpu __alloc_percpu', 'mm/percpu.c: pcpu_alloc:1722-1918', 'mm/percpu.c: pcpu_alloc_noprof:1744-1940'),
  row(memory(1), 'alloc_percpu_gfp', 'include/linux/percpu.h: alloc_percpu_gfp:137-139', '150-152'),
  row(memory('GFP_KERNEL'), 'alloc_workqueue alloc_ordered_workqueue', 'kernel/workqueue.c: alloc_workqueue:4296-4390', '5829-5845'),
  row({ ...errno, errnos: ['ENOMEM'], gfp: 2 }, 'xa_reserve', 'include/linux/xarray.h: xa_reserve:1058-1061', '1080-1083'),
  row(
    { ...errno, errnos: ['ENOMEM', 'EINVAL'], classes: { EINVAL: 'other' }, gfp: 2 },
    'sg_alloc_table',
    'lib/scatterlist.c: __sg_alloc_table:282-357',
    '286-361',
  ),
  row(
    { ...errno, errnos: ['ENOMEM', 'EINVAL'], classes: { EINVAL: 'other' }, gfp: 5 },
    'sg_alloc_table_from_pages',
    'lib/scatterlist.c: sg_alloc_append_table_from_pages:442-539',
    '455-553',
  ),
  row(
    { returns: 'pointer', class: 'transient-memory', takes: 'memory' },
    'gen_pool_alloc gen_pool_dma_alloc',
    'lib/genalloc.c: gen_pool_alloc_algo_owner:277-325',
  ),
];

export const apis: readonly KernelApi[] = [...slab, ...virtual, ...pages, ...tables];
