// The schedule of a counterexample after one more edit: what it may be, so that a plain run can tell whether the edit leaves it standing.
import type { Scenario } from '../core/scenario.ts';
import type { Deviation } from '../core/schedule.ts';
import type { Edit } from './edits.ts';

type Schedule = readonly Deviation[];
type Dropped<Kind extends Edit['drop']> = Extract<Edit, { drop: Kind }>;

/** Other places that are tried for a failure; a search finds those that are farther. */
const NEAR = 3;

/** With a device less, what is done for each device is done less often. */
const withoutDevice = (schedule: Schedule): Schedule[] => [
  schedule,
  ...schedule.flatMap((deviation, at) =>
    Array.from({ length: Math.min(NEAR, deviation.nth - 1) }, (_, less) =>
      schedule.with(at, { ...deviation, nth: deviation.nth - 1 - less }),
    ),
  ),
];

const withoutTask = (schedule: Schedule, { task }: Dropped<'task'>): Schedule[] => [
  schedule.filter((deviation) => deviation.task !== task && !(deviation.kind === 'switch' && deviation.to === task)),
];

/** What failed in the request may fail in another one of the task as well, an earlier one first. */
const withoutRequest = (schedule: Schedule, task: string, gone: number): Schedule[] => {
  const moved = schedule.flatMap((deviation): Deviation[] => {
    if (deviation.task !== task || deviation.request < gone) return [deviation];
    return deviation.request === gone ? [] : [{ ...deviation, request: deviation.request - 1 }];
  });
  const lost = schedule.find((deviation) => deviation.task === task && deviation.request === gone && deviation.kind !== 'switch');
  if (!lost) return [moved];
  const others = Array.from({ length: NEAR }, (_, far) => gone - 1 - far).filter((request) => request >= 0);
  return [moved, ...[...others, gone].map((request) => [...moved, { ...lost, request }])];
};

/** `schedule` is one of what `edits` leave of the scenario; the likeliest first. */
export const shifted = (scenario: Scenario, edits: readonly Edit[], edit: Edit, schedule: Schedule): Schedule[] => {
  if (edit.drop === 'device') return withoutDevice(schedule);
  if (edit.drop === 'task') return withoutTask(schedule, edit);
  const dropped = edits.filter((other) => other.drop === 'request' && other.task === edit.task && other.request < edit.request).length;
  const before = (scenario.before?.[0]?.tasks ?? []).filter(({ id }) => id === edit.task).flatMap(({ requests }) => requests).length;
  return withoutRequest(schedule, edit.task, before + edit.request - dropped);
};
