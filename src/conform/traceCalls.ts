// Calls as a trace alone shows them: where nobody kept a log of them, a request's functions say what it was, for which group and container.
import type { Event } from '../core/events.ts';
import type { ProgramCall } from '../recordings/kernel/programCalls.ts';
import { pidOf } from '../recordings/kernel/thread.ts';

interface OpenCall {
  readonly op: string;
  readonly phase: string;
  readonly pid: number;
  container: string | null;
  group: string | null;
  readonly start: number;
  end: number;
  line: number;
  argument: string;
}

/** include/uapi/linux/vfio.h; where the trace does not show what was asked for it is version 2, as programs do. */
const types: Readonly<Record<number, string>> = { 1: 'TYPE1', 3: 'TYPE1v2', 6: 'TYPE1_NESTING' };

const newCall = (op: string, task: string, now: number, phase: string): OpenCall => ({
  ...{ op, phase, pid: pidOf(task), container: null, group: null, start: now, end: now, line: 0 },
  argument: op === 'VFIO_SET_IOMMU' ? 'TYPE1v2' : '',
});

const note = (open: OpenCall, event: Event, containerOf: ReadonlyMap<string, string>): void => {
  if (event.type === 'FunctionEntered' || event.type === 'FunctionLeft') {
    open.end = event.time;
    if (open.line === 0) open.line = event.line;
  }
  if (event.type === 'FunctionEntered') {
    open.group ??= event.arguments['group'] ?? null;
    open.container ??= event.arguments['container'] ?? null;
    const type = event.function === 'vfio_iommu_type1_open' ? types[Number(event.arguments['type'])] : undefined;
    if (type !== undefined) open.argument = type;
  }
  if (event.type === 'GroupJoined' || event.type === 'RecordGroupRemoved' || event.type === 'GroupParted')
    open.container ??= event.container;
  if (event.type === 'MappingAdded') open.argument = `iova=0x${event.iova.toString(16)} size=0x${event.size.toString(16)}`;
  if (open.op === 'VFIO_GROUP_UNSET_CONTAINER' && open.group !== null) open.container ??= containerOf.get(open.group) ?? null;
};

const finished = (open: OpenCall, result: string): ProgramCall => ({
  ...open,
  ...{ process: open.pid, device: null, result: 0 },
  errno: /^E[A-Z0-9]+$/.test(result) ? result : null,
});

/** Nanoseconds after which a call in which nothing more is seen counts as ended: its process was killed in it. */
const ALIVE = 2e8;

/** Parts of a trace between which nobody owns a group: nothing of one is left in the next. */
class Parts {
  readonly #owned = new Map<string, number>();
  #number = 1;
  #isUsed = false;

  take(event: Event, isQuiet: boolean): void {
    if (event.type === 'GroupClaimed' || event.type === 'GroupReleased') this.#owned.set(event.group, event.count);
    if (event.type === 'CallStarted') this.#isUsed = true;
    if (!isQuiet || !this.#isUsed || [...this.#owned.values()].some((count) => count > 0)) return;
    this.#number += 1;
    this.#isUsed = false;
  }

  get name(): string {
    return `part ${this.#number}`;
  }
}

/** In the order of their starts: of each, when something of the kernel was last seen before it. */
export const callsOfTrace = (events: readonly Event[]): ProgramCall[] => {
  const open = new Map<string, OpenCall>();
  const containerOf = new Map<string, string>();
  const calls: ProgramCall[] = [];
  const parts = new Parts();
  let now = 0;
  for (const event of events) {
    if (event.type === 'GroupJoined') containerOf.set(event.group, event.container);
    parts.take(event, ![...open.values()].some(({ op, end }) => op !== 'VFIO_GROUP_UNSET_CONTAINER' && now - end < ALIVE));
    if (!('task' in event)) continue;
    if (event.type === 'FunctionEntered' || event.type === 'FunctionLeft') now = event.time;
    if (event.type === 'CallStarted') open.set(event.task, newCall(event.call, event.task, now, parts.name));
    const current = open.get(event.task);
    if (!current) continue;
    note(current, event, containerOf);
    if (event.type !== 'RequestEnded') continue;
    open.delete(event.task);
    calls.push(finished({ ...current, group: event.target ?? current.group }, event.result));
  }
  return calls.sort((a, b) => a.start - b.start);
};
