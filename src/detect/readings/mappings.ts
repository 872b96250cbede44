// Reading: how many mappings a container holds.
import type { Reading } from '../../core/claim.ts';

export const reading: Reading = {
  name: 'mappings',
  takes: ['container'],
  arity: 1,
  words: 'mappings of the container',
  read: (world, [container]) => world.containers[container!]?.mappings.length ?? 0,
};
