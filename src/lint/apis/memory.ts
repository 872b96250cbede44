// Kernel functions that take memory.
import type { KernelApi } from './api.ts';

const memory = { returns: 'pointer', class: 'transient-memory', takes: 'memory' } as const;

export const apis: readonly KernelApi[] = [
  {
    ...memory,
    names: [
      'kmalloc',
      'kzalloc',
      '__kmalloc',
      'kvzalloc',
      'kvmalloc',
      'vzalloc_gfp',
      'kmem_cache_alloc',
      'kmem_cache_zalloc',
      'dma_pool_alloc',
      'dma_pool_zalloc',
    ],
    gfp: 1,
  },
  { ...memory, names: ['kmalloc_array', 'kcalloc', 'kvcalloc', 'kvmalloc_array', 'kmalloc_node', 'kzalloc_node', 'kmemdup'], gfp: 2 },
  { ...memory, names: ['devm_kzalloc', 'devm_kmalloc'], gfp: 2 },
  { ...memory, names: ['devm_kcalloc', 'devm_kmalloc_array'], gfp: 3 },
  { ...memory, names: ['vzalloc', 'vmalloc'], gfp: 'GFP_KERNEL' },
  { ...memory, names: ['__get_free_page', 'get_zeroed_page', '__get_free_pages', 'alloc_page', 'alloc_pages'], gfp: 0 },
  { ...memory, names: ['alloc_pages_node', 'iommu_alloc_page_node', 'iommu_alloc_pages_node', 'alloc_pgtable_page'], gfp: 1 },
  { ...memory, names: ['iommu_alloc_page', 'iommu_alloc_pages'], gfp: 0 },
  { ...memory, names: ['dma_alloc_coherent', 'dmam_alloc_coherent', 'dma_alloc_attrs', 'dma_alloc_wc'], gfp: 3 },
  { ...memory, names: ['bitmap_zalloc', 'bitmap_alloc'], gfp: 1 },
  { ...memory, names: ['kstrdup', 'kasprintf'], gfp: 1 },
  { ...memory, names: ['alloc_io_pgtable_ops'] },
  { returns: 'errno', errnos: ['ENOMEM'], class: 'transient-memory', takes: 'memory', names: ['idr_preload', 'xa_reserve'] },
];
