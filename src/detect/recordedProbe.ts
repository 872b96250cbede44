// Answers about a recording, which knows no rows: whether a group would be refused on a domain is what the recording itself last showed.
import { classOf } from '../core/errnoClass.ts';
import type { Probe } from '../core/finding.ts';

/** A pair that was never tried counts as refused: nothing is said of what was not seen. */
const unseen = { row: 'never tried', errno: 'unknown' };

export const recordedProbe: Probe = {
  refusal: (world, group, domain) => {
    const seen = world.groups[group]?.attributes[`tried ${domain}`];
    if (typeof seen !== 'string') return unseen;
    return seen !== 'OK' && classOf(seen) === 'incompatible' ? { row: 'recorded', errno: seen } : null;
  },
  citation: (row) => `${row}, as recorded`,
};
