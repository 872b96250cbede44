// Judging groups only when nobody is at work on them: a state in passing is no bug. A group is judged once after it was touched.
import { ask } from '../core/ask.ts';
import type { Event } from '../core/events.ts';
import type { Hit } from '../core/finding.ts';
import type { Group, Task, World } from '../core/world.ts';
import { type Answer, quiet, sees, type Table, withEntry, withoutEntry } from './steps.ts';

/** Groups that each task touched since they were last judged, sorted. */
export type Touched = Table<readonly string[]>;

const touching: readonly Event['type'][] = ['GroupDomainRecorded', 'GroupClaimed', 'GroupReleased', 'DriverBound', 'DriverUnbound'];

/** What a detector of settled groups hears. */
export const settling: readonly Event['type'][] = [
  ...touching,
  ...(['DeviceAttached', 'DeviceLeft', 'DomainFreed', 'TaskForgotten', 'RequestEnded', 'TaskEnded'] as const),
];

const groupsOf = (event: Event, world: World): readonly string[] => {
  if (event.type === 'DeviceAttached' || event.type === 'DeviceLeft') return [world.devices[event.device]!.group];
  if (event.type === 'DomainFreed') return event.recordedBy.map(({ group }) => group);
  return touching.includes(event.type) && 'group' in event ? [event.group] : [];
};

/** Some frame of a task speaks of the group, or of a device of it. */
const isAtWork = (world: World, { id, devices }: Group): boolean => {
  const names = [id, ...devices];
  const question = `speaks of ${names.join(' ')}`;
  const speaks = (stack: Task['stack']): boolean =>
    stack.some(({ registers }) => registers.group === id || (registers.group == null && names.includes(String(registers.device))));
  return Object.values(world.tasks).some((task) => ask(task, 'stack', question, speaks));
};

const touch = (touched: Touched, task: string, groups: readonly string[]): Touched => {
  if (groups.length === 0) return touched;
  const known = touched[task] ?? [];
  return groups.every((group) => known.includes(group)) ? touched : withEntry(touched, task, [...new Set([...known, ...groups])].sort());
};

const without = (touched: Touched, task: string, judged: readonly string[]): Touched => {
  const mine = touched[task] ?? [];
  const left = mine.filter((id) => !judged.includes(id));
  if (left.length === mine.length) return touched;
  return left.length === 0 ? withoutEntry(touched, task) : withEntry(touched, task, left);
};

/**
 * One step of a detector that judges settled groups: at the end of a request those that its task touched, at the end of a task all, but
 * for those that a frame speaks of.
 */
export const settle = (touched: Touched, event: Event, world: World, judge: (group: Group) => Hit | null): Answer<Touched> => {
  if (!('task' in event)) return quiet(touched);
  if (event.type === 'TaskForgotten') return quiet(withoutEntry(touched, event.task));
  if (event.type !== 'RequestEnded' && event.type !== 'TaskEnded') return quiet(touch(touched, event.task, groupsOf(event, world)));
  const tasks = event.type === 'TaskEnded' ? Object.keys(touched) : [event.task];
  const candidates = [...new Set(tasks.flatMap((task) => touched[task] ?? []))].sort();
  const settled = candidates.filter((id) => !isAtWork(world, world.groups[id]!));
  const hits = settled.flatMap((id) => judge(world.groups[id]!) ?? []);
  return sees(
    tasks.reduce((left, task) => without(left, task, settled), touched),
    ...hits,
  );
};
