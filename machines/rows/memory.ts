// What allocation rows of callers have in common: errno, flags and how likely a failure is. Lines and sites are each row's own.
import { everywhere, in612 } from '../../src/core/rowBuilders.ts';
import type { Errno, PerColumn, Plausible } from '../../src/core/rows.ts';

type Spread = <T>(one: T) => PerColumn<T>;

const memory = (spread: Spread, errno: Errno, gfp: string, plausible: Plausible) => ({
  class: 'transient-memory' as const,
  errno: spread(errno),
  gfp: spread(gfp),
  plausible: spread(plausible),
});

/** A small object; the caller may sleep. */
export const small = memory(everywhere, 'ENOMEM', 'GFP_KERNEL', 'small-sleeping');
/** The same, where the kernel goes on without it. */
export const tolerated = { ...memory(everywhere, '0', 'GFP_KERNEL', 'small-sleeping'), failure: 'ignored' as const };
export const small612 = memory(in612, 'ENOMEM', 'GFP_KERNEL', 'small-sleeping');
/** Charged to the memory cgroup of the caller. */
export const accounted612 = memory(in612, 'ENOMEM', 'GFP_KERNEL_ACCOUNT', 'accounted');
/** A temporary buffer that falls back to one page. */
export const buffer612 = {
  ...memory(in612, 'ENOMEM', 'GFP_KERNEL|__GFP_NOWARN|__GFP_NORETRY up to 64 KiB, then one page with GFP_KERNEL', 'small-sleeping'),
  tries: 2 as const,
};
