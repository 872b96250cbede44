// A recording in sessions, each with its calls in one order and what was seen inside each. A session begins where nothing is left of the
// one before: where the program's log says that another part of its work begins.
import type { Event, EventOf } from '../core/events.ts';
import type { ProgramCall } from '../recordings/kernel/programCalls.ts';
import { isRequest } from '../recordings/kernel/requests.ts';
import { pidOf } from '../recordings/kernel/thread.ts';
import type { Observation } from './observation.ts';
import { Observed, shownBy } from './observed.ts';
import { type Told, type TypeChange, toldBefore, typeChangesIn, typesBefore } from './told.ts';

export interface ObservedCall {
  readonly call: ProgramCall;
  /** Thread, as the recording names it. */
  readonly task: string;
  readonly observations: readonly Observation[];
  /** When the kernel was last seen at work in it; of a call in which nothing was seen, its end; of a close, its start. */
  readonly moment: number;
}

export interface Session {
  readonly name: string;
  readonly calls: readonly ObservedCall[];
  /** Types of default domains that the recording shows to have been changed before, by group. */
  readonly types: ReadonlyMap<string, string>;
  readonly told: readonly Told[];
}

interface OpenCall {
  call: ProgramCall;
  readonly task: string;
  readonly observed: Observed;
  moment: number | null;
}

/** With these a descriptor's end begins to show. */
const leaving: ReadonlySet<string> = new Set([
  'vfio_iommu_type1_detach_group',
  'iommu_detach_group',
  'iommu_detach_group_handle',
  'iommu_group_release_dma_owner',
]);

/** What a process leaves behind is closed when it ends: nobody called, the kernel worked all the same. */
const exitOf = (pid: number, line: number, time: number): ProgramCall => ({
  ...{ line, start: time, end: time, pid, process: pid, phase: null, op: 'exit' },
  ...{ container: null, group: null, device: null, argument: '', result: 0, errno: null },
});

class Reader {
  readonly #waiting = new Map<number, ProgramCall[]>();
  readonly #groups = new Map<string, string>();
  readonly #current = new Map<string, OpenCall>();
  readonly #exits = new Map<string, OpenCall>();
  readonly done: OpenCall[] = [];
  readonly typeChanges: TypeChange[] = [];
  readonly marks: EventOf<'MarkRead'>[] = [];
  #time = 0;

  constructor(calls: readonly ProgramCall[]) {
    for (const call of calls.filter(({ op }) => isRequest(op))) this.#waiting.set(call.pid, [...(this.#waiting.get(call.pid) ?? []), call]);
  }

  take(event: Event): void {
    if (event.type === 'RunStarted') for (const { id, group } of Object.values(event.world.devices)) this.#groups.set(id, group);
    else if (event.type === 'DeviceAdded') this.#groups.set(event.device, event.group);
    else if (event.type === 'MarkRead') this.marks.push(event);
    else if (event.type === 'RequestStarted') this.#begin(event.task);
    else if (event.type === 'RequestEnded') this.#end(event.task);
    else if (event.type === 'FunctionEntered') this.#entered(event);
    else if (event.type === 'FunctionLeft') this.#left(event);
    else if (event.type === 'MappingAdded' || event.type === 'MappingRemoved') this.#ranged(event.task, event);
    else if (event.type === 'GroupParted' || event.type === 'BackendSet') this.#exits.get(event.task)?.observed.closes.add(event.container);
  }

  /** A range that the log leaves out and the trace shows. */
  #ranged(task: string, { iova, size }: { iova: number; size: number }): void {
    const open = this.#current.get(task);
    if (open && !open.call.argument.includes('iova='))
      open.call = { ...open.call, argument: `${open.call.argument} iova=0x${iova.toString(16)} size=0x${size.toString(16)}` };
  }

  #begin(task: string): void {
    const call = this.#waiting.get(pidOf(task))?.shift();
    if (call) this.#current.set(task, { call, task, observed: new Observed(), moment: null });
  }

  #end(task: string): void {
    const open = this.#current.get(task);
    this.#current.delete(task);
    if (open) this.done.push(open);
  }

  #openAt(task: string, name: string, line: number): OpenCall | undefined {
    const current = this.#current.get(task);
    if (current || !(name in shownBy)) return current;
    const exiting = this.#exits.get(task);
    if (exiting || !leaving.has(name)) return exiting;
    const made: OpenCall = { call: exitOf(pidOf(task), line, this.#time), task, observed: new Observed(), moment: null };
    this.#exits.set(task, made);
    this.done.push(made);
    return made;
  }

  #entered(event: Event & { type: 'FunctionEntered' }): void {
    this.#time = event.time;
    const { function: name, arguments: given, task, line, time } = event;
    if (name === 'iommu_setup_default_domain' && given['group'] !== undefined)
      this.typeChanges.push({ time, group: given['group'], type: typeNamed(given['type'] ?? '') });
    const open = this.#openAt(task, name, line);
    if (!open) return;
    open.moment = time;
    open.observed.entered(event, (device) => this.#groups.get(device) ?? null);
  }

  #left(event: Event & { type: 'FunctionLeft' }): void {
    const open = this.#current.get(event.task) ?? this.#exits.get(event.task);
    if (!open) return;
    // It returns once the container's lock is given back: others may have been at work since.
    const isUnlocked = event.function === 'vfio_container_attach_group' && open.observed.observations.length > 0;
    if (!isUnlocked) open.moment = event.time;
    open.observed.left(event);
  }
}

/** include/linux/iommu.h: IOMMU_DOMAIN_IDENTITY is 4, DMA 3, DMA_FQ 11; 0 asks the driver. */
const typeNamed = (type: string): string => (Number(type) === 4 ? 'identity' : Number(type) === 11 ? 'DMA-FQ' : 'DMA');

/** A descriptor that one holder has at a time is given back before the next one opens it: closed from the start, open at the end. */
const unseenMoment = ({ op, start, end }: ProgramCall): number => (op.startsWith('close_') ? start : end);

const observedCall = ({ call, task, observed, moment }: OpenCall): ObservedCall => {
  const [container] = observed.closes;
  const named = call.op === 'exit' && container !== undefined ? { ...call, container } : call;
  return { call: named, task, observations: observed.observations, moment: moment ?? unseenMoment(call) };
};

/** Calls that are no requests are kept in their place: they say which descriptors there are. */
const unobserved = (call: ProgramCall): ObservedCall => ({ call, task: '', observations: [], moment: unseenMoment(call) });

/** The part of the program's work that was going on at a time. */
const phaseAt = (calls: readonly ProgramCall[], time: number): string | null =>
  calls.findLast(({ start, phase }) => start <= time && phase !== null)?.phase ?? null;

export const sessionsOf = (events: readonly Event[], calls: readonly ProgramCall[]): Session[] => {
  const reader = new Reader(calls);
  for (const event of events) reader.take(event);
  const seen = reader.done.map(observedCall);
  const all = [...seen, ...calls.filter(({ op }) => !isRequest(op)).map(unobserved)];
  const placed = all.map((one) => ({ one, phase: one.call.phase ?? phaseAt(calls, one.call.start) }));
  const phases = [...new Set(calls.map(({ phase }) => phase))];
  const changes = [...reader.typeChanges, ...typeChangesIn(reader.marks)];
  let since = Number.NEGATIVE_INFINITY;
  return phases.map((phase) => {
    const own = placed.filter((found) => found.phase === phase).map(({ one }) => one);
    own.sort((a, b) => a.moment - b.moment || a.call.start - b.call.start);
    const from = Math.min(...own.map(({ call }) => call.start));
    const told = toldBefore(reader.marks, since, from);
    since = from;
    return { name: phase ?? 'all', calls: own, types: typesBefore(changes, from), told };
  });
};
