// Reading: the phase of a group, as its machine names it.
import type { Reading } from '../../core/claim.ts';

export const reading: Reading = {
  name: 'phase',
  takes: ['group'],
  arity: 1,
  words: 'phase of the group: free, driven, owned, attached, ...',
  read: (world, [group]) => world.groups[group!]?.phase ?? null,
};
