// Judging groups only when nobody is at work on them: a state in passing is no bug. A group is judged once after it was touched.
import type { Event } from '../core/events.ts';
import type { Hit } from '../core/finding.ts';
import type { Group, World } from '../core/world.ts';
import { type Answer, quiet, sees } from './steps.ts';

/** Groups touched since they were last judged, sorted. */
export type Touched = readonly string[];

const touching: readonly Event['type'][] = ['GroupDomainRecorded', 'GroupClaimed', 'GroupReleased', 'DriverBound', 'DriverUnbound'];

const groupsOf = (event: Event, world: World): readonly string[] => {
  if (event.type === 'DeviceAttached' || event.type === 'DeviceLeft') return [world.devices[event.device]!.group];
  if (event.type === 'DomainFreed') return event.recordedBy.map(({ group }) => group);
  return touching.includes(event.type) && 'group' in event ? [event.group] : [];
};

/** Groups that some frame of a task speaks of. */
const groupsAtWork = (world: World): Set<string> => {
  const groups = new Set<string>();
  for (const { stack } of Object.values(world.tasks)) {
    for (const { registers } of stack) {
      const group = registers.group ?? world.devices[String(registers.device)]?.group;
      if (typeof group === 'string') groups.add(group);
    }
  }
  return groups;
};

const touch = (touched: Touched, groups: readonly string[]): Touched => {
  const fresh = groups.filter((group) => !touched.includes(group));
  return fresh.length === 0 ? touched : [...new Set([...touched, ...fresh])].sort();
};

/** One step of a detector that judges settled groups: at the end of a request or task, those that no frame speaks of. */
export const settle = (touched: Touched, event: Event, world: World, judge: (group: Group) => Hit | null): Answer<Touched> => {
  if (event.type !== 'RequestEnded' && event.type !== 'TaskEnded') return quiet(touch(touched, groupsOf(event, world)));
  if (touched.length === 0) return quiet(touched);
  const busy = groupsAtWork(world);
  const settled = touched.filter((group) => !busy.has(group));
  if (settled.length === 0) return quiet(touched);
  const hits = settled.flatMap((group) => judge(world.groups[group]!) ?? []);
  return sees(
    touched.filter((group) => busy.has(group)),
    ...hits,
  );
};
