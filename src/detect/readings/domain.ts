// Reading: the domain that the core records for a group; it may have been freed.
import type { Reading } from '../../core/claim.ts';

export const reading: Reading = {
  name: 'domain',
  takes: ['group'],
  arity: 1,
  words: 'domain that the core records for the group',
  read: (world, [group]) => world.groups[group!]?.domain ?? null,
};
