// Reading: how many groups a container has, in VFIO as members, in iommufd as users of its page tables.
import type { Reading } from '../../core/claim.ts';

export const reading: Reading = {
  name: 'groups',
  takes: ['container'],
  arity: 1,
  words: 'groups of the container',
  read: (world, [id]) => {
    const container = world.containers[id!];
    if (!container) return 0;
    return new Set([...container.groups, ...container.records.flatMap((record) => record.groups)]).size;
  },
};
