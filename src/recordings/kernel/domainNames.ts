// Which domain an address is: one whose allocation was seen, a group's blocking or default domain, or one that began before the recording.
import type { Recorder } from './recorder.ts';
import type { Place } from './seen.ts';
import type { Attempt, Thread } from './thread.ts';

const isNull = (pointer: string): boolean => Number(pointer) === 0;

/** The blocking domain of a driver may be a constant, shared by all groups; each group has its own name for it. */
const blockingOf = (recorder: Recorder, thread: Thread, group: string, pointer: string): string => {
  const id = `g${group}.blocking`;
  recorder.blocking.set(group, pointer);
  if (!(id in recorder.world.domains)) recorder.allocate(thread, id, { type: 'blocking', static: true, phase: 'used' });
  if (recorder.world.groups[group]!.blocking !== id) recorder.emit({ type: 'BlockingDomainKept', task: thread.task, group, domain: id });
  return id;
};

/** A group's default domain keeps its name when the kernel makes it anew. */
const defaultOf = (recorder: Recorder, thread: Thread, group: string, pointer: string): string => {
  const id = `g${group}.default`;
  if (!(id in recorder.world.domains)) recorder.allocate(thread, id, { type: 'dma', phase: 'used' });
  recorder.domains.set(pointer, id);
  return id;
};

/** Type1 attaches the domain that it has just made before any other. */
const isMadeUnseen = (recorder: Recorder, { attempt, task }: Thread): boolean =>
  !recorder.seesMaking &&
  attempt !== null &&
  attempt.fresh === null &&
  recorder.world.tasks[task]!.stack.at(-1)?.workflow === 'type1Attach';

const madeIn = (recorder: Recorder, thread: Thread, attempt: Attempt, pointer: string): string => {
  const id = recorder.freeDomain(attempt.container);
  recorder.allocate(thread, id, {});
  recorder.domains.set(pointer, id);
  attempt.fresh ??= id;
  return id;
};

const begunBefore = (recorder: Recorder, thread: Thread, place: Place, pointer: string): string => {
  const owner = thread.attempt?.container ?? 'x';
  const id = recorder.freeDomain(owner);
  if (!recorder.unplaced.delete(pointer))
    recorder.gap(place, 'begun-before', `domain ${pointer} was made before the recording: it is called ${id}`);
  recorder.allocate(thread, id, { phase: 'used' });
  recorder.domains.set(pointer, id);
  if (thread.attempt) {
    const record = { domain: id, groups: [], coherent: false, automatic: true, id, users: 1 };
    recorder.emit({ type: 'RecordListed', task: thread.task, container: owner, record, at: 'tail' });
  }
  return id;
};

/** Where no caller attaches and nobody owns the group, the core puts it on its default domain. */
const isCores = (recorder: Recorder, thread: Thread, group: string): boolean => {
  if ([thread.leaving, thread.claiming, thread.defaulting].includes(group)) return true;
  return thread.attempt === null && !thread.attachesForUser && recorder.world.groups[group]!.owner === null;
};

/** `group` where the function says which group goes there; null for NULL, and without a group for what cannot be told. */
export const domainNamed = (recorder: Recorder, thread: Thread, place: Place, pointer: string, group: string | null): string | null => {
  if (isNull(pointer)) return null;
  if (group !== null && recorder.world.groups[group] && recorder.blocking.get(group) === pointer) return `g${group}.blocking`;
  const live = recorder.domains.get(pointer);
  // A claim that is refused goes back to where the group was: another domain than the one it blocks with.
  const isClaimed = thread.claiming === group && group !== null && !recorder.blocking.has(group);
  // A trace that begins within a claim took what the group left for its default domain: no claim goes there, and no new domain is one.
  if (live?.endsWith('.default') && (isClaimed || isMadeUnseen(recorder, thread))) recorder.domains.delete(pointer);
  else if (live !== undefined) return live;
  if (group === null || !recorder.world.groups[group]) return null;
  const isShared = [...recorder.blocking.values()].includes(pointer);
  if (isShared || isClaimed) return blockingOf(recorder, thread, group, pointer);
  if (isMadeUnseen(recorder, thread)) return madeIn(recorder, thread, thread.attempt!, pointer);
  if (isCores(recorder, thread, group)) return defaultOf(recorder, thread, group, pointer);
  return begunBefore(recorder, thread, place, pointer);
};

/** An address that a function gave back as a new domain: the same one comes out of the functions around it, once more. */
export const domainMade = (recorder: Recorder, thread: Thread, place: Place, pointer: string): void => {
  if (thread.made === pointer) return;
  thread.made = pointer;
  if (thread.attempt) recorder.seesMaking = true;
  const old = recorder.domains.get(pointer);
  if (old !== undefined && !old.endsWith('.default')) {
    recorder.gap(place, 'free-not-seen', `${old} was freed unseen: its address is given to another domain`);
    recorder.freed(thread, old);
  }
  const { attempt, claiming, defaulting } = thread;
  if (claiming !== null) {
    if (recorder.world.groups[claiming]) blockingOf(recorder, thread, claiming, pointer);
    return;
  }
  if (defaulting !== null) {
    defaultOf(recorder, thread, defaulting, pointer);
    return;
  }
  // Whose it is shows when a group comes to it.
  if (!attempt) return void recorder.unplaced.add(pointer);
  madeIn(recorder, thread, attempt, pointer);
};
