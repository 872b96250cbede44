// A recording as a run: tokens of a trace and, where there is one, the program's own log become the events of a run, in one order.
import type { Event } from '../../core/events.ts';
import type { Topology } from '../../core/topology.ts';
import type { ProbeKernel, ProbeRole } from '../probeRow.ts';
import type { Token } from '../trace/token.ts';
import { refused } from './attempts.ts';
import type { Definitions } from './definitions.ts';
import { domainNamed } from './domainNames.ts';
import { Forgetting } from './forgetting.ts';
import { handlerOf } from './functions.ts';
import { isMark, markIn } from './marks.ts';
import { Pairing } from './pairing.ts';
import type { ProgramCall } from './programCalls.ts';
import { recordedWorld } from './recordedWorld.ts';
import { Recorder } from './recorder.ts';
import { Requests } from './requests.ts';
import type { Entered, Left, Noted, Result, Seen } from './seen.ts';
import type { Thread } from './thread.ts';

export interface RecordingFacts {
  /** Names the run: the recording's folder or file. */
  readonly name: string;
  /** The kernel's release; empty where nobody knows. */
  readonly release: string;
  /** The profile nearest to it. */
  readonly profile: string;
  readonly caller: string;
  readonly series: ProbeKernel;
  readonly definitions: Definitions;
  readonly topology?: Topology;
  readonly calls?: readonly ProgramCall[];
}

/** Traces print microseconds, cut off; a call's own times are nanoseconds. */
const microsecond = 1000;
const before = (time: number): number => Math.floor(time / microsecond) * microsecond;
const behind = (time: number): number => Math.ceil(time / microsecond) * microsecond;

/** `IOMMU: iova=0x... - 0x... paddr=0x... size=4096`: the second number is where the range ends. */
const noteMapped = (thread: Thread, text: string): void => {
  const [, from, to] = /iova=(0x[0-9a-f]+) - (0x[0-9a-f]+)/.exec(text) ?? [];
  if (from === undefined) return;
  const iova = Math.min(thread.mapped?.iova ?? Number(from), Number(from));
  const end = Math.max((thread.mapped?.iova ?? 0) + (thread.mapped?.size ?? 0), Number(to));
  thread.mapped = { iova, size: end - iova };
};

export class RecordedRun {
  readonly #recorder: Recorder;
  readonly #requests: Requests;
  readonly #pairing: Pairing;
  readonly #forgetting: Forgetting;
  readonly #calls: readonly ProgramCall[];
  #next = 0;
  readonly #going = new Set<ProgramCall>();

  constructor(facts: RecordingFacts, listen: (event: Event) => void) {
    const world = recordedWorld(facts.topology);
    const { name: scenario, profile: kernel, caller, release: recorded } = facts;
    listen({ type: 'RunStarted', scenario, kernel, caller, model: '', recorded, world: structuredClone(world) });
    this.#recorder = new Recorder(world, caller, listen);
    this.#requests = new Requests(this.#recorder, facts.calls !== undefined);
    this.#pairing = new Pairing({ definitions: facts.definitions, kernel: facts.series }, (seen) => this.#see(seen));
    this.#forgetting = new Forgetting(this.#recorder, this.#requests, this.#pairing);
    this.#calls = facts.calls ?? [];
  }

  take(token: Token): void {
    if (token.kind === 'line') this.#callsUntil(token.time);
    this.#pairing.take(token);
    this.#forgetting.count();
  }

  /** Something about the whole trace that makes verdicts uncertain. */
  gap(line: number, what: string, count: number, text: string): void {
    this.#recorder.gap({ line }, what, text, count);
  }

  finish(): void {
    this.#callsUntil(Number.POSITIVE_INFINITY);
    this.#pairing.finish();
    this.#requests.finish();
  }

  /** Calls that begin and end until then, in the order of these moments. */
  #callsUntil(time: number): void {
    for (;;) {
      const next = this.#calls[this.#next];
      const ending = this.#firstEnd();
      if (ending && behind(ending.end) < time && (!next || behind(ending.end) <= before(next.start))) this.#end(ending);
      else if (next && before(next.start) <= time) this.#begin(next);
      else return;
    }
  }

  #firstEnd(): ProgramCall | undefined {
    let first: ProgramCall | undefined;
    for (const call of this.#going) if (!first || call.end < first.end) first = call;
    return first;
  }

  #threadOf({ pid }: ProgramCall): Thread {
    return this.#recorder.thread({ pid, comm: 'thread' });
  }

  #begin(call: ProgramCall): void {
    this.#next += 1;
    this.#going.add(call);
    this.#requests.programBegins(this.#threadOf(call), call);
  }

  #end(call: ProgramCall): void {
    this.#going.delete(call);
    this.#requests.programEnds(this.#threadOf(call), call);
  }

  #see(seen: Seen): void {
    if (seen.kind === 'gap') this.#recorder.gap(seen, seen.what, seen.text, seen.count);
    else if (seen.kind === 'noted') this.#note(seen);
    else if (seen.kind === 'entered') this.#enter(seen);
    else this.#leave(seen);
  }

  #note({ name, text, place }: Noted): void {
    if (name === 'sys_ioctl') this.#requests.systemCall(this.#recorder.thread(place), text);
    if (name === 'map') noteMapped(this.#recorder.thread(place), text);
    const marked = isMark(name) ? markIn(text)?.mark : undefined;
    if (marked) this.#recorder.emit({ type: 'MarkRead', line: place.line, time: place.time, ...marked });
    const added = name === 'add_device_to_group' ? /groupID=(\d+) device=(\S+)/.exec(text) : null;
    if (added) this.#recorder.addDevice(added[1]!, added[2]!, place);
  }

  #enter(seen: Entered): void {
    const thread = this.#recorder.thread(seen.place);
    const { group, device } = seen.values;
    if (group !== undefined && device !== undefined) this.#recorder.addDevice(group, device, seen.place);
    Object.assign(thread, { refusal: null, made: null });
    this.#requests.entered(thread, seen.function, group);
    // What is freed has a name before, what is opened has one afterwards.
    const before = seen.values.domain === undefined ? {} : this.#named(thread, seen);
    handlerOf(seen.function)?.entered?.(this.#recorder, thread, seen);
    const named = { ...this.#named(thread, seen), ...before };
    if (named['device'] !== undefined && named['domain'] !== undefined) thread.onto = { device: named['device'], domain: named['domain'] };
    const { task } = thread;
    const { line, time } = seen.place;
    this.#recorder.emit({ type: 'FunctionEntered', task, function: seen.function, line, time, arguments: named });
  }

  #leave(seen: Left): void {
    const thread = this.#recorder.thread(seen.place);
    const { entered } = seen;
    this.#refuse(thread, seen);
    if (entered) handlerOf(seen.function)?.left?.(this.#recorder, thread, { ...seen, entered });
    const result = this.#resultText(seen.result);
    const { line, time } = seen.place;
    this.#recorder.emit({ type: 'FunctionLeft', task: thread.task, function: seen.function, line, time, result });
    this.#requests.left(thread, seen.function, result);
  }

  /** A function inside the driver that gave an errno is why the device is not moved, whatever else it is. */
  #refuse(thread: Thread, { function: name, result }: Left): void {
    if (result?.kind !== 'errno' || thread.onto === null) return;
    refused(this.#recorder, thread, { function: name, errno: result.errno, ...thread.onto });
  }

  #resultText(result: Result | null): string {
    if (result === null) return 'void';
    if (result.kind === 'errno') return result.errno;
    if (result.kind === 'pointer') return this.#recorder.domains.get(result.pointer) ?? 'OK';
    return result.value === 0 ? 'OK' : String(result.value);
  }

  /** What the arguments name; addresses of things without a name are left out, as they differ from boot to boot. */
  #named(thread: Thread, { values, place }: Entered): Record<string, string> {
    const recorder = this.#recorder;
    const named: Record<string, string> = {};
    const keep = (role: ProbeRole, value: string | null | undefined): void => {
      if (value !== undefined && value !== null) named[role] = value;
    };
    keep('group', values.group);
    keep('device', values.device ?? recorder.devices.get(values['bound-device'] ?? ''));
    const group = values.group ?? recorder.groupOf(values.device ?? '');
    if (values.domain !== undefined) keep('domain', domainNamed(recorder, thread, place, values.domain, group));
    const kinds = [
      ['vfio', values.container],
      ['type1', values.container],
      ['ioas', values['address-space']],
      ['iommufd', values.iommufd],
    ] as const;
    for (const [kind, address] of kinds) keep('container', recorder.containerAt(kind, address));
    keep('page-table', recorder.pageTables.get(values['page-table'] ?? ''));
    keep('type', values.type);
    keep('flags', values.flags);
    return named;
  }
}
