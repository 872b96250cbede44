// What rows of the core have in common: the file they cite, and how an array node is allocated.

import { both, in612 } from '../core/rowBuilders.ts';
import type { PerColumn, Plausible } from '../core/rows.ts';

export const core = (old: string, recent: string): PerColumn<string> => both(`iommu.c: ${old}`, `iommu.c: ${recent}`);
export const core612 = (recent: string): PerColumn<string> => in612(`iommu.c: ${recent}`);

/** Array nodes are tried without waiting first and once more with the caller's flags. */
export const arrayNode = {
  class: 'transient-memory',
  errno: in612('ENOMEM'),
  gfp: in612('GFP_KERNEL'),
  plausible: in612<Plausible>('id-or-xarray'),
  tries: 2,
} as const;
