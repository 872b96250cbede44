// Attempts to attach: which candidates a caller tried, what refused them, and what became of its own new domain.
import { classOf } from '../../core/errnoClass.ts';
import type { Frame } from '../../core/world.ts';
import type { Recorder } from './recorder.ts';
import type { Refusal, Thread } from './thread.ts';

/** A caller's attach begins. One of the same thread that is still there is over: its return was lost. */
export const begins = (recorder: Recorder, { task }: Thread, frame: Frame): void => {
  for (const { workflow } of recorder.world.tasks[task]!.stack.toReversed())
    recorder.emit({ type: 'FrameLeft', task, workflow, outcome: 'lost' });
  recorder.emit({ type: 'FrameEntered', task, frame });
};

/** The innermost function that gave an errno is the cause; those around it only hand it on. */
export const refused = (recorder: Recorder, thread: Thread, refusal: Refusal): void => {
  if (thread.refusal?.errno === refusal.errno) return;
  thread.refusal = refusal;
  const { function: row, errno, device, domain } = refusal;
  recorder.emit({ type: 'CheckRefused', task: thread.task, row, device, domain, errno, class: classOf(errno), values: {} });
};

/** A domain that others of the container are on already is tried; nothing is said of the caller's own. */
export const tries = (recorder: Recorder, thread: Thread, domain: string | null): void => {
  const { attempt, task } = thread;
  if (!attempt || domain === null || domain === attempt.fresh) return;
  attempt.trying = domain;
  attempt.tried.push(domain);
  const { container, group } = attempt;
  recorder.emit({ type: 'CandidateConsidered', task, container, group, domain, tried: true, because: 'recorded' });
};

/** Domains of the container that were passed over: of another kind, with another flag, or user space's own. */
export const skips = (recorder: Recorder, { attempt, task }: Thread): void => {
  if (!attempt) return;
  const { container, group, tried: known, fresh } = attempt;
  const others = recorder.world.containers[container]!.records.filter(({ domain }) => domain !== fresh && !known.includes(domain));
  for (const { domain } of others)
    recorder.emit({ type: 'CandidateConsidered', task, container, group, domain, tried: false, because: 'the recording shows no try' });
};

/** What came of the try; a group that a candidate refused for good is remembered by the group until it is tried there again. */
export const tried = (recorder: Recorder, thread: Thread, errno: string | null): void => {
  const { attempt, task } = thread;
  if (!attempt || attempt.trying === null || !recorder.world.groups[attempt.group]) return;
  const { trying, group } = attempt;
  attempt.trying = null;
  recorder.emit({
    type: 'AttributeChanged',
    task,
    row: 'recorded',
    part: 'group',
    id: group,
    attribute: `tried ${trying}`,
    key: null,
    value: errno ?? 'OK',
  });
  if (errno === null) attempt.joined = trying;
  else goesOn(recorder, thread, errno);
};

/** What each caller goes on at: type1 at anything, iommufd at -EINVAL alone (iommufd_device_auto_get_domain() in 6.12). */
const isNext = (workflow: string, errno: string): boolean => workflow === 'type1Attach' || errno === 'EINVAL';

const goesOn = (recorder: Recorder, { task, attempt }: Thread, errno: string): void => {
  const workflow = recorder.world.tasks[task]!.stack.at(-1)?.workflow;
  if (workflow === undefined || !attempt) return;
  const scanned = isNext(workflow, errno) ? 'next' : 'stop';
  recorder.emit({ type: 'StepTaken', task, workflow, from: 'recorded', outcome: `errno.${errno}`, to: 'recorded', scanned });
};
