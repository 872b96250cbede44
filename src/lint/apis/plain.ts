// Kernel functions that fail with no errno: what they return is read as a flag, a number or a pointer that a caller need not doubt.
import type { KernelApi } from './api.ts';

export const apis: readonly KernelApi[] = [
  { names: ['dev_err_probe'], returns: 'argument', argument: 1 },
  { names: ['test_bit', 'test_and_set_bit', 'test_and_clear_bit', 'list_empty', 'refcount_dec_and_test', 'atomic_read'], returns: 'flag' },
  { names: ['find_first_zero_bit', 'find_next_zero_bit', 'ffz'], returns: 'index', class: 'transient-space', takes: 'id' },
  { names: ['dma_mapping_error'], returns: 'flag', class: 'transient-memory' },
  { names: ['pci_for_each_dma_alias'], returns: 'callback', argument: 1 },
];
