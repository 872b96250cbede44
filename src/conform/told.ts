// What marks in a trace tell of the machine before a session: read, so it holds for the session, and nothing else is tried for it.
import type { EventOf } from '../core/events.ts';
import type { Assumption } from './assumptions.ts';

/** Taken like an assumption, but not counted as one. */
export interface Told extends Assumption {
  /** Of the trace. */
  readonly line: number;
}

/** A default domain's type from a moment on; null: the machine's own. */
export interface TypeChange {
  readonly time: number;
  readonly group: string;
  readonly type: string | null;
}

export const typeChangesIn = (marks: readonly EventOf<'MarkRead'>[]): TypeChange[] =>
  marks.flatMap(({ part, attribute, value, time }) =>
    part.startsWith('group/') && attribute === 'type'
      ? [{ time, group: part.slice('group/'.length), type: value === null ? null : String(value) }]
      : [],
  );

/** By group, what the last change before the time made of it. */
export const typesBefore = (changes: readonly TypeChange[], time: number): Map<string, string> => {
  const types = new Map<string, string>();
  for (const change of [...changes].sort((a, b) => a.time - b.time)) {
    if (change.time >= time) break;
    if (change.type === null) types.delete(change.group);
    else types.set(change.group, change.type);
  }
  return types;
};

/**
 * A driver that was given a device has it in the session that follows; later somebody may have taken the device from it again. A parameter
 * stays as it was written.
 */
export const toldBefore = (marks: readonly EventOf<'MarkRead'>[], since: number, time: number): Told[] => {
  const told = new Map<string, Told>();
  for (const { part, attribute, value, line, time: at } of marks) {
    const holds = at < time && (part === 'system' || (part.startsWith('device/') && at >= since));
    if (holds) told.set(`${part} ${attribute}`, { part, attribute, value, line, why: `line ${line} of the trace` });
  }
  return [...told.values()];
};
