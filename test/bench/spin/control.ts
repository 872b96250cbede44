// Where a task stands, as one control location of its process: request and stack of frames. The state tables say where an outcome leads;
// registers that no later state reads are dropped, as a modeller would write it.
import { type Frame, isPathFrame, type PathFrame, type Region, type Registers } from '../../../src/core/world.ts';
import type { Engine } from '../../../src/engine/engine.ts';
import type { ClosedMachine } from '../../../src/engine/machines.ts';
import { Impossible, type Transition } from './variables.ts';

export type AnyFrame = Frame | PathFrame;

export interface Place {
  readonly request: number;
  readonly stack: readonly AnyFrame[];
}

/** What no run of the scenario changes: devices of groups, their regions, and how full pools are at the start. */
export interface Machine {
  readonly groups: readonly string[];
  readonly devices: readonly string[];
  readonly devicesOf: (group: string) => readonly string[];
  readonly groupOf: (device: string) => string;
  readonly regionsOf: (device: string) => readonly Region[];
  readonly mostIds: (pool: string) => number;
}

/** What a path does when a path that it walked comes back. */
export type Return = (control: Control, frame: PathFrame, outcome: string) => void;

/** Which states read which registers, found while the states are translated. */
export class Uses {
  version = 0;
  readonly #engine: Engine;
  readonly #uses = new Map<string, Set<string>>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  note({ workflow, state }: Frame, register: string): void {
    const key = `${workflow}.${state}`;
    const known = this.#uses.get(key) ?? new Set();
    if (known.has(register)) return;
    this.#uses.set(key, known.add(register));
    this.version += 1;
  }

  /** Registers that the frame's later states read; a frame that waits for a call has read its own already. */
  later({ workflow, state }: Frame, isTop: boolean): Set<string> {
    const graph = this.#engine.machine(workflow)!.graph;
    const reached = new Set(isTop ? [state] : graph.get(state));
    for (const at of reached) for (const next of graph.get(at) ?? []) reached.add(next);
    reached.add(state);
    return new Set([...reached].flatMap((at) => [...(this.#uses.get(`${workflow}.${at}`) ?? [])]));
  }
}

/** Names of parts stay in hand as long as the frame does: a name that somebody holds is not given again. */
const kept = new Set(['group', 'device', 'container', 'context', 'target']);
const partName = /\.([dp]\d+|default|blocking)$/;

export class Control {
  readonly engine: Engine;
  readonly machine: Machine;
  readonly task: string;
  readonly world: Transition;
  readonly stack: AnyFrame[];
  request: number;
  readonly #uses: Uses;
  readonly #returned: Return;

  constructor(engine: Engine, machine: Machine, uses: Uses, task: string, place: Place, world: Transition, returned: Return) {
    this.engine = engine;
    this.machine = machine;
    this.#uses = uses;
    this.task = task;
    this.world = world;
    this.request = place.request;
    this.stack = structuredClone(place.stack) as AnyFrame[];
    this.#returned = returned;
  }

  get place(): Place {
    return { request: this.request, stack: this.stack.map((frame, depth) => this.#trimmed(frame, depth === this.stack.length - 1)) };
  }

  #trimmed(frame: AnyFrame, isTop: boolean): AnyFrame {
    if (isPathFrame(frame)) return frame;
    const later = this.#uses.later(frame, isTop);
    const stays = ([name, value]: [string, unknown]): boolean =>
      value !== null && value !== undefined && (later.has(name) || kept.has(name) || (typeof value === 'string' && partName.test(value)));
    return { ...frame, registers: Object.fromEntries(Object.entries(frame.registers).filter(stays)) };
  }

  get top(): AnyFrame {
    return this.stack.at(-1)!;
  }

  register(name: string): string | number | boolean | null {
    this.#uses.note(this.top, name);
    return this.top.registers[name] ?? null;
  }

  text(name: string): string {
    const found = this.register(name);
    if (found === null) throw new Impossible(`register ${name} is not set`);
    return String(found);
  }

  allRegisters(): void {
    for (const name of Object.keys(this.top.registers)) this.register(name);
  }

  #workflow(name: string): ClosedMachine {
    return this.engine.machine(name)!;
  }

  call(workflow: string, registers: Registers): void {
    this.stack.push({ workflow, state: this.#workflow(workflow).initial, registers: { ...registers } });
  }

  /** The top frame's operation is over: on to the state that its outcome leads to, and out of the workflow where that is an end. */
  settle(given: string, registers: Registers = {}): void {
    const frame = this.top;
    const machine = this.#workflow(frame.workflow);
    const { scan = false, drops = false } = machine.states.get(frame.state)!.facts;
    const errno = given.startsWith('errno.') ? given.slice('errno.'.length) : null;
    const { scan: rule } = this.engine.operationModel;
    const isNext = errno !== null && scan && (rule === 'any' || rule.includes(errno));
    const to = machine.next(frame.state, isNext ? 'NEXT' : given);
    if (to === null) throw new Impossible(`${frame.workflow}.${frame.state} does not accept ${given}`);
    frame.state = to;
    Object.assign(frame.registers, registers, errno !== null && !isNext && (!drops || scan) ? { errno } : {});
    const { final, facts } = machine.states.get(to)!;
    if (!final) return;
    const result = facts.result === 'errno' ? `errno.${String(this.register('errno') ?? 'EINVAL')}` : (facts.result ?? 'OK');
    const returned = Object.fromEntries((facts.returns ?? []).map((name) => [name, this.register(name)]));
    this.leave(result, returned);
  }

  /** The top frame is left with an outcome; after the last one the request is over. */
  leave(outcome: string, returned: Registers = {}): void {
    this.stack.pop();
    const below = this.stack.at(-1);
    if (!below) this.request += 1;
    else if (isPathFrame(below)) this.#returned(this, below, outcome);
    else this.settle(outcome, returned);
  }
}
