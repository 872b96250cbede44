// What each type1 attach of a run came to, in the words of the recordings: read off the events and the world at the moment it ended.
import type { Event } from '../../src/core/events.ts';
import type { World } from '../../src/core/world.ts';
import type { AttachOutcome } from './sequence.ts';

interface Open {
  readonly group: string;
  readonly container: string;
  readonly refused: string[];
  ownRefused: boolean;
  joined: boolean;
}

const errnoOf = (outcome: string): string | undefined => (outcome.startsWith('errno.') ? outcome.slice('errno.'.length) : undefined);

const noteStep = (open: Open, { from, outcome, to }: Extract<Event, { type: 'StepTaken' }>): void => {
  const errno = errnoOf(outcome);
  if (errno && from === 'tryExisting') open.refused.push(errno);
  if (errno && (from === 'attachFresh' || from === 'reattach')) open.ownRefused = true;
  if (to === 'join') open.joined = true;
};

const ended = ({ group, container, refused, ownRefused, joined }: Open, outcome: string, world: World): AttachOutcome => {
  const records = world.containers[container]!.records;
  const errno = errnoOf(outcome);
  const index = records.findIndex(({ groups }) => groups.includes(group));
  return {
    group,
    outcome: errno ? 'failed' : joined ? 'joined' : 'kept',
    ...(errno ? { errno } : { at: records.length - 1 - index }),
    ...(refused.length > 0 ? { refused } : {}),
    ...(ownRefused ? { ownRefused } : {}),
    domains: records.length,
  };
};

/** Takes a run's events as they happen; `taken` gives the attaches that ended since it was asked last. */
export const watchAttaches = (): { listen: (event: Event, world: World) => void; taken: () => AttachOutcome[] } => {
  const open = new Map<string, Open>();
  const done: AttachOutcome[] = [];
  const listen = (event: Event, world: World): void => {
    if (event.type === 'FrameEntered' && event.frame.workflow === 'type1Attach') {
      const { group, container } = event.frame.registers as Record<string, string>;
      open.set(event.task, { group: group!, container: container!, refused: [], ownRefused: false, joined: false });
    } else if (event.type === 'StepTaken' && event.workflow === 'type1Attach') noteStep(open.get(event.task)!, event);
    else if (event.type === 'FrameLeft' && event.workflow === 'type1Attach') done.push(ended(open.get(event.task)!, event.outcome, world));
  };
  return { listen, taken: () => done.splice(0, done.length) };
};
