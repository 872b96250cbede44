// What stands behind a duplicate domain: a recording where one shows it, the sources of the caller where they were read, else the model.
import type { Event } from '../core/events.ts';
import type { Evidence, Hit } from '../core/finding.ts';
import { callerEvidence } from './callerSources.ts';
import { refusalOfOlder } from './duplicateStory.ts';
import { failureBehind, searcherOf, startOf } from './history.ts';

const recorded: Evidence = {
  kind: 'recorded',
  source: '6.12custom-x86_64-intel-failnth, fn_second, n = 20 to 25: the existing domain gives -ENOMEM, the call returns 0',
};

/** The allocations whose failure the recording shows, each on the existing domain. */
const recordedRows = ['intel-instance-record-alloc', 'intel-cache-tag-alloc'];

const isRecorded = (history: readonly Event[], at: number, hit: Hit): boolean => {
  const refused = refusalOfOlder(history, at, hit);
  const failed = refused && failureBehind(history, refused)?.event.type === 'AllocationFailed';
  return (
    startOf(history).kernel === '6.12.y' &&
    searcherOf(history) === 'vfio-type1' &&
    failed === true &&
    recordedRows.includes(refused.event.row)
  );
};

export const duplicateEvidence = (history: readonly Event[], at: number, hit: Hit): Evidence =>
  isRecorded(history, at, hit) ? recorded : callerEvidence(history);
