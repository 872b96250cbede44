// Which registers of a frame a later state still reads: the others are dropped, so that states which differ in them only are one state.
// What each state reads is learned by watching every evaluation; a read that was not known yet makes the search start anew, knowing it.

import { type Frame, isPathFrame, type PathFrame, type Registers } from '../core/world.ts';
import type { Engine } from '../engine/engine.ts';

type AnyFrame = Frame | PathFrame;

/** A workflow's states with where each can go, and which registers an end state hands back. */
export type StateGraph = ReadonlyMap<string, readonly string[]>;

/** The states of a workflow's machine and where each can go. */
export const graphsOf = (engine: Engine): ((workflow: string) => StateGraph) => {
  const graphs = new Map<string, StateGraph>();
  return (workflow) => {
    const known = graphs.get(workflow) ?? engine.machine(workflow)?.graph ?? new Map();
    graphs.set(workflow, known);
    return known;
  };
};

const stateKey = (workflow: string, state: string): string => `${workflow}.${state}`;

/** Registers that name parts: other tasks ask for them (src/core/inHand.ts, detect/settling.ts), so they stay. */
const namesPart = /\.([dp]\d+|default|blocking)$/;
const named = new Set(['group', 'device', 'container', 'context', 'target']);

/** What searches of one engine learned, for the next one to take over and to add to. */
export interface Uses {
  /** Registers by the state that reads them, `workflow.state`. */
  readonly registers: Map<string, Set<string>>;
  /** Entries that came to be, by the record or kind of parts that they are in: who lists those looks for them from the start. */
  readonly entries: Map<string, Set<string>>;
}

const noUses = (): Uses => ({ registers: new Map(), entries: new Map() });

export class Liveness {
  /** Grows whenever something is learned; whoever dropped registers before that starts anew. */
  version = 0;
  /** While it is still being learned what is read, every register stays. */
  keepsAll = true;
  readonly #graphOf: (workflow: string) => StateGraph;
  readonly #uses: Uses;
  readonly #live = new Map<string, ReadonlySet<string>>();
  readonly #stacks = new Set<number>();
  /** What is behind a watched frame's registers, to be looked at without noting it. */
  readonly #unwatched = new WeakMap<Registers, Registers>();

  /** What is known already, from another search of the same model, is taken over and added to. */
  constructor(graphOf: (workflow: string) => StateGraph, uses: Uses = noUses()) {
    this.#graphOf = graphOf;
    this.#uses = uses;
  }

  get uses(): Uses {
    return this.#uses;
  }

  addStack(cell: number): void {
    this.#stacks.add(cell);
  }

  isStack(cell: number): boolean {
    return this.#stacks.has(cell);
  }

  /** A copy of a stack whose registers note who reads them. */
  watched(stack: unknown): AnyFrame[] {
    return (stack as readonly AnyFrame[]).map((frame) => {
      if (isPathFrame(frame)) return { ...frame, registers: { ...frame.registers }, done: [...frame.done] };
      const own: AnyFrame = { ...frame, registers: {} };
      own.registers = this.#watch(own, { ...frame.registers });
      return own;
    });
  }

  #watch(frame: Frame, registers: Registers): Registers {
    const watched = new Proxy(registers, {
      get: (target, name) => {
        if (typeof name === 'string') this.#use(frame, name);
        return Reflect.get(target, name);
      },
    });
    this.#unwatched.set(watched, registers);
    return watched;
  }

  #use(frame: Frame, name: string): void {
    const key = stateKey(frame.workflow, frame.state);
    const uses = this.#uses.registers.get(key);
    if (uses?.has(name)) return;
    if (uses) uses.add(name);
    else this.#uses.registers.set(key, new Set([name]));
    this.#live.clear();
    this.version += 1;
  }

  /** The stack to keep: frames with the registers that are still read. */
  settled(stack: unknown): AnyFrame[] {
    const frames = stack as readonly AnyFrame[];
    return frames.map((frame, depth) => {
      if (isPathFrame(frame)) return frame;
      return { ...frame, registers: this.#kept(frame, depth === frames.length - 1) };
    });
  }

  #kept(frame: Frame, isTop: boolean): Registers {
    const live = this.#liveAt(frame.workflow, frame.state, isTop);
    const registers = this.#unwatched.get(frame.registers) ?? frame.registers;
    const kept: Registers = {};
    for (const name of Object.keys(registers).sort()) {
      const value = registers[name];
      if (value === null || value === undefined) continue;
      if (this.keepsAll || live.has(name) || named.has(name) || (typeof value === 'string' && namesPart.test(value))) kept[name] = value;
    }
    return kept;
  }

  /** A frame that waits for what it called goes on after its state; the top one is still in it. */
  #liveAt(workflow: string, state: string, isTop: boolean): ReadonlySet<string> {
    const key = `${stateKey(workflow, state)}${isTop ? '' : '+'}`;
    const known = this.#live.get(key);
    if (known) return known;
    const graph = this.#graphOf(workflow);
    const from = isTop ? [state] : (graph.get(state) ?? []);
    const live = new Set<string>();
    for (const reached of closure(graph, from))
      for (const name of this.#uses.registers.get(stateKey(workflow, reached)) ?? []) live.add(name);
    // Where a call returns, the state's own outcome may still be looked at in it.
    if (!isTop) for (const name of this.#uses.registers.get(stateKey(workflow, state)) ?? []) live.add(name);
    this.#live.set(key, live);
    return live;
  }
}

const closure = (graph: StateGraph, from: readonly string[]): Set<string> => {
  const reached = new Set(from);
  for (const state of reached) for (const next of graph.get(state) ?? []) reached.add(next);
  return reached;
};
