// What stands behind a duplicate domain: a recording where one shows it, the sources of the caller where they were read, else the model.
import type { Event } from '../core/events.ts';
import type { Evidence, Hit } from '../core/finding.ts';
import { refusalOfOlder } from './duplicateStory.ts';
import { failureBehind, startOf } from './history.ts';

const recorded: Evidence = {
  kind: 'recorded',
  source: 'recording 6.12custom-x86_64-intel-failnth, fn_second, n = 20 to 25: ENOMEM of the existing domain, call returns 0',
};

const attach = 'vfio_iommu_type1.c: vfio_iommu_type1_attach_group';
const search = 'iommufd/device.c: iommufd_device_auto_get_domain:675-751 (linux 6.12.117)';

/** Where the caller's rule was read, by caller and kernel. Any other pair never was in one tree. */
const sources: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'vfio-type1': {
    '6.1.y': `${attach}:2381-2397 (linux 6.1.192)`,
    '6.12.y': `${attach}:2280-2296 (linux 6.12.117)`,
  },
  'vfio-type1-seed': { '6.1.y+seed-v6': 'patch series v6, 3/5 and 5/5, on linux 6.1.192' },
  'iommufd-auto': { '6.12.y': search },
};

/** The allocations whose failure the recording shows, each on the existing domain. */
const recordedRows = ['intel-instance-record-alloc', 'intel-cache-tag-alloc'];

const isRecorded = (history: readonly Event[], at: number, hit: Hit): boolean => {
  const { kernel, caller } = startOf(history);
  const refused = refusalOfOlder(history, at, hit);
  const failed = refused && failureBehind(history, refused)?.event.type === 'AllocationFailed';
  return kernel === '6.12.y' && caller === 'vfio-type1' && failed === true && recordedRows.includes(refused.event.row);
};

export const duplicateEvidence = (history: readonly Event[], at: number, hit: Hit): Evidence => {
  if (isRecorded(history, at, hit)) return recorded;
  const { kernel, caller } = startOf(history);
  const source = sources[caller]?.[kernel];
  if (source !== undefined) return { kind: 'read', source };
  return { kind: 'model', source: `${caller} on ${kernel} was in no tree that was read` };
};
