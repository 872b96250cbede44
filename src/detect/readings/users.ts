// Reading: how many devices use a page table of iommufd.
import type { Reading } from '../../core/claim.ts';

export const reading: Reading = {
  name: 'users',
  takes: ['pageTable'],
  arity: 1,
  words: 'users of the page table',
  read: (world, [pageTable]) => {
    const records = Object.values(world.containers).flatMap((container) => container.records);
    return records.find((record) => record.id === pageTable)?.users ?? 0;
  },
};
