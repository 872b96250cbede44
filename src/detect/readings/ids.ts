// Reading: how many of a numbered kind an IOMMU instance, or the whole system, has left.
import type { Reading } from '../../core/claim.ts';

export const reading: Reading = {
  name: 'ids',
  takes: ['iommu', 'pool'],
  arity: 2,
  words: 'ids left in a pool of the instance, e.g. ids(dmar0, domainIdsFree)',
  read: (world, [iommu, pool]) => (iommu === 'system' ? world.system.attributes[pool!] : world.iommus[iommu!]?.attributes[pool!]) ?? null,
};
