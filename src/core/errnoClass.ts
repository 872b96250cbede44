// What an errno says of itself, where no row is known that gave it: a recording shows what came out, not which check it was.
import type { Class } from './rows.ts';

/** Those that drivers of 6.1 and 6.12 give for "does not fit" are incompatible (facts: attach-facts.yaml, by class). */
const classes: Readonly<Record<string, Class>> = {
  EINVAL: 'incompatible',
  EMEDIUMTYPE: 'incompatible',
  ENXIO: 'incompatible',
  EXDEV: 'incompatible',
  EOPNOTSUPP: 'incompatible',
  ENOMEM: 'transient-memory',
  ENOSPC: 'transient-space',
  EBUSY: 'busy',
  ENODEV: 'device',
};

export const classOf = (errno: string): Class => classes[errno] ?? 'other';
