// Reading: who owns a group's DMA.
import type { Reading } from '../../core/claim.ts';

export const reading: Reading = {
  name: 'owner',
  takes: ['group'],
  arity: 1,
  words: 'container or context that owns the group, or none',
  read: (world, [group]) => world.groups[group!]?.owner ?? null,
};
