// Attempts to attach: which candidates a caller tried, what refused them, and what became of its own new domain.
import type { Class } from '../../core/rows.ts';
import type { Recorder, Refusal, Thread } from './recorder.ts';

/** What an errno says of itself: a recording knows no row. Those that drivers of 6.1 and 6.12 give for "does not fit" are incompatible. */
const classes: Readonly<Record<string, Class>> = {
  EINVAL: 'incompatible',
  EMEDIUMTYPE: 'incompatible',
  ENXIO: 'incompatible',
  EXDEV: 'incompatible',
  EOPNOTSUPP: 'incompatible',
  ENOMEM: 'transient-memory',
  ENOSPC: 'transient-space',
  EBUSY: 'busy',
  ENODEV: 'device',
};

export const classOf = (errno: string): Class => classes[errno] ?? 'other';

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
  const { container, group } = attempt;
  recorder.emit({ type: 'CandidateConsidered', task, container, group, domain, tried: true, because: 'recorded' });
};

/** What came of the try; a group that a candidate refused for good is remembered by the group until it is tried there again. */
export const tried = (recorder: Recorder, thread: Thread, errno: string | null): void => {
  const { attempt, task } = thread;
  if (!attempt || attempt.trying === null) return;
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
};
