// Reading: how many domains a container or I/O address space lists.
import type { Reading } from '../../core/claim.ts';

export const reading: Reading = {
  name: 'domains',
  takes: ['container'],
  arity: 1,
  words: 'domains that the container lists',
  read: (world, [container]) => world.containers[container!]?.records.length ?? 0,
};
