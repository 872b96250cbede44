// How the rows of kernel functions are written: names in one string, and a citation whose second tree says only what differs.
import type { KernelApi } from './api.ts';

type Cite = NonNullable<KernelApi['cite']>;

/** `lines` alone stand for the same function in the same file; null: the tree does not have it. */
const citation = (old: string | null, now: string | null): Cite => ({
  ...(old === null ? {} : { 'v6.1': old }),
  ...(now === null ? {} : { 'v6.12': /^[\d,-]+$/.test(now) && old !== null ? old.replace(/[\d,-]+$/, now) : now }),
});

/** Names are separated by blanks. Without `now`, 6.12.117 has it on the lines of 6.1.192. */
export const row = (
  of: Omit<KernelApi, 'names' | 'cite'>,
  names: string,
  old?: string | null,
  now: string | null = old ?? null,
): KernelApi => ({
  ...of,
  names: names.split(' '),
  ...(old === undefined ? {} : { cite: citation(old, now) }),
});
