// Where the rule by which a caller goes on or stops was read: by caller and kernel. Any other pair never was in one tree.
import type { Event } from '../core/events.ts';
import type { Evidence } from '../core/finding.ts';
import { searcherOf, startOf } from './history.ts';

const attach = 'vfio_iommu_type1.c: vfio_iommu_type1_attach_group';

const sources: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'vfio-type1': {
    '6.1.y': `${attach}:2381-2397 (linux 6.1.192)`,
    '6.12.y': `${attach}:2280-2296 (linux 6.12.117)`,
  },
  'vfio-type1-seed': { '6.1.y+seed-v6': 'patch series v6, 3/5 and 5/5, on linux 6.1.192' },
  'iommufd-auto': { '6.12.y': 'iommufd/device.c: iommufd_device_auto_get_domain:675-751 (linux 6.12.117)' },
};

/** Evidence for what a run's caller does with an errno. */
export const callerEvidence = (history: readonly Event[]): Evidence => {
  const { kernel } = startOf(history);
  const caller = searcherOf(history);
  const source = sources[caller]?.[kernel];
  return source === undefined ? { kind: 'model', source: `${caller} on ${kernel} was in no tree that was read` } : { kind: 'read', source };
};
