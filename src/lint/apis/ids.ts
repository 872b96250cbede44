// Kernel functions that take an id from a pool.
import type { KernelApi } from './api.ts';

const id = { returns: 'errno', class: 'transient-space', classes: { ENOMEM: 'transient-memory' }, takes: 'id' } as const;

export const apis: readonly KernelApi[] = [
  { ...id, names: ['ida_alloc', 'ida_simple_get'], errnos: ['ENOMEM', 'ENOSPC'], gfp: 1 },
  { ...id, names: ['ida_alloc_max', 'ida_alloc_min'], errnos: ['ENOMEM', 'ENOSPC'], gfp: 2 },
  { ...id, names: ['ida_alloc_range'], errnos: ['ENOMEM', 'ENOSPC'], gfp: 3 },
  { ...id, names: ['idr_alloc', 'idr_alloc_cyclic'], errnos: ['ENOMEM', 'ENOSPC'], gfp: 4 },
  { ...id, names: ['xa_alloc', 'xa_alloc_cyclic'], errnos: ['ENOMEM', 'EBUSY'], gfp: 4 },
  { ...id, names: ['xa_insert'], errnos: ['ENOMEM', 'EBUSY'], gfp: 3 },
  { names: ['xa_store', 'xa_cmpxchg'], returns: 'entry', errnos: ['ENOMEM'], class: 'transient-memory', takes: 'memory', gfp: 3 },
];
