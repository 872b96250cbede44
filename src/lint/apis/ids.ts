// Kernel functions that take an id from a pool or store under one. What only a kernel bug trips (an internal entry, a negative start) is
// left out: no caller that stores pointers can meet it.
import type { KernelApi } from './api.ts';
import { row } from './row.ts';

const id = { returns: 'errno', class: 'transient-space', classes: { ENOMEM: 'transient-memory' }, takes: 'id' } as const;
const space = { ...id, counts: true, errnos: ['ENOSPC', 'ENOMEM'] } as const;
const entry = { returns: 'entry', errnos: ['ENOMEM'], class: 'transient-memory', takes: 'memory' } as const;
const bit = { returns: 'index', class: 'transient-space', takes: 'id' } as const;

export const apis: readonly KernelApi[] = [
  row({ ...space, gfp: 1 }, 'ida_alloc', 'lib/idr.c: ida_alloc_range:382-478'),
  row({ ...space, gfp: 2 }, 'ida_alloc_max ida_alloc_min', 'lib/idr.c: ida_alloc_range:382-478'),
  row({ ...space, gfp: 3 }, 'ida_alloc_range ida_simple_get', 'lib/idr.c: ida_alloc_range:382-478'),
  row({ ...space, gfp: 4 }, 'idr_alloc idr_alloc_u32', 'lib/idr.c: idr_alloc_u32:33-58'),
  row({ ...space, gfp: 4 }, 'idr_alloc_cyclic', 'lib/idr.c: idr_alloc_cyclic:119-137'),
  // Exhaustion is EBUSY.
  row(
    { ...id, errnos: ['EBUSY', 'ENOMEM'], gfp: 4 },
    'xa_alloc xa_alloc_irq xa_alloc_bh __xa_alloc',
    'lib/xarray.c: __xa_alloc:1828-1853',
    '1845-1870',
  ),
  row(
    { ...id, errnos: ['EBUSY', 'ENOMEM'], gfp: 5 },
    'xa_alloc_cyclic xa_alloc_cyclic_irq __xa_alloc_cyclic',
    'lib/xarray.c: __xa_alloc_cyclic:1877-1903',
    '1897-1923',
  ),
  // The index is in use: nothing is exhausted.
  row(
    { ...id, class: 'busy', errnos: ['EBUSY', 'ENOMEM'], takes: 'memory', gfp: 3 },
    'xa_insert xa_insert_irq __xa_insert',
    'lib/xarray.c: __xa_insert:1646-1668',
    '1660-1682',
  ),
  row({ ...entry, gfp: 3 }, 'xa_store xa_store_irq xa_store_bh __xa_store', 'lib/xarray.c: __xa_store:1543-1560', '1557-1574'),
  row({ ...entry, gfp: 4 }, 'xa_cmpxchg xa_cmpxchg_irq xa_cmpxchg_bh __xa_cmpxchg', 'lib/xarray.c: __xa_cmpxchg:1608-1627', '1622-1641'),
  row(
    { ...entry, errnos: ['ENOMEM', 'EINVAL'], classes: { EINVAL: 'other' }, gfp: 4 },
    'xa_store_range',
    'lib/xarray.c: xa_store_range:1721-1754',
    '1735-1768',
  ),
  // The entry that was there before; a failure stays in the state.
  row({ returns: 'flag' }, 'xas_store', 'lib/xarray.c: xas_store:777-848', '776-847'),
  // The state keeps the errno of the last operation, or what xas_set_err() put there.
  row(
    { returns: 'errno', errnos: ['ENOMEM'], andOthers: true, class: 'transient-memory' },
    'xas_error',
    'include/linux/xarray.h: xas_error:1407-1410',
    '1429-1432',
  ),
  row({ returns: 'flag', takes: 'memory', gfp: 1 }, 'xas_nomem', 'lib/xarray.c: xas_nomem:300-315', '299-314'),
  // A limit or more: none is free.
  row(bit, 'find_first_zero_bit', 'include/linux/find.h: find_first_zero_bit:293-302', '385-394'),
  row(bit, 'find_next_zero_bit', 'include/linux/find.h: find_next_zero_bit:138-152', '175-189'),
  row(bit, 'bitmap_find_next_zero_area bitmap_find_next_zero_area_off', 'lib/bitmap.c: bitmap_find_next_zero_area_off:417-440', '413-436'),
  // No memory is taken, although the errno says so.
  row(
    { ...id, errnos: ['ENOMEM'], classes: {} },
    'bitmap_find_free_region',
    'lib/bitmap.c: bitmap_find_free_region:1313-1324',
    'include/linux/bitmap.h: bitmap_find_free_region:695-704',
  ),
  // Zero: the address space has gone, or too many are pinned.
  row(
    { returns: 'pointer', class: 'transient-space', takes: 'id' },
    'arm64_mm_context_get',
    'arch/arm64/mm/context.c: arm64_mm_context_get:273-316',
  ),
  row(
    { ...bit, gfp: 'GFP_KERNEL', unlessDefined: true },
    'iommu_alloc_global_pasid',
    null,
    'drivers/iommu/iommu.c: iommu_alloc_global_pasid:3462-3477',
  ),
  row({ ...bit, gfp: 'GFP_ATOMIC', unlessDefined: true }, 'ioasid_alloc', 'drivers/iommu/ioasid.c: ioasid_alloc:304-345', null),
];
