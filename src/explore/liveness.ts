// Which registers of a frame a later state still reads: the others are dropped, so that states which differ in them only are one state.
// What each state reads is learned by watching every evaluation; a read that was not known yet makes the search start anew, knowing it.
import { type Frame, isPathFrame } from '../core/world.ts';
import type { Engine } from '../engine/engine.ts';
import { ABSENT } from './cells.ts';
import type { AnyFrame, Stacks } from './stacks.ts';
import { Watching, withRegisters } from './watching.ts';

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
  #keepsAll = true;
  readonly watching = new Watching((frame, name) => this.#use(frame, name));
  readonly #graphOf: (workflow: string) => StateGraph;
  readonly #uses: Uses;
  readonly #live = new Map<string, ReadonlySet<string>>();
  /** By cell. */
  readonly #stacks: (Stacks | undefined)[] = [];
  /** Frames as they are to be kept, below others and on top. */
  #settled = [new Map<AnyFrame, AnyFrame>(), new Map<AnyFrame, AnyFrame>()] as const;

  /** What is known already, from another search of the same model, is taken over and added to. */
  constructor(graphOf: (workflow: string) => StateGraph, uses: Uses = noUses()) {
    this.#graphOf = graphOf;
    this.#uses = uses;
  }

  get uses(): Uses {
    return this.#uses;
  }

  /** While it is still being learned what is read, every register stays. */
  get keepsAll(): boolean {
    return this.#keepsAll;
  }

  set keepsAll(keepsAll: boolean) {
    if (this.#keepsAll === keepsAll) return;
    this.#keepsAll = keepsAll;
    this.#forget();
  }

  addStack(cell: number, stacks: Stacks): void {
    this.#stacks[cell] = stacks;
  }

  /** What numbers the cell's values, if they are stacks. */
  stacks(cell: number): Stacks | undefined {
    return this.#stacks[cell];
  }

  #use(frame: Frame, name: string): void {
    const key = stateKey(frame.workflow, frame.state);
    const uses = this.#uses.registers.get(key);
    if (uses?.has(name)) return;
    if (uses) uses.add(name);
    else this.#uses.registers.set(key, new Set([name]));
    this.version += 1;
    // While every register stays, nothing is remembered that rests on uses.
    if (!this.#keepsAll) this.#forget();
  }

  #forget(): void {
    this.#live.clear();
    for (const stacks of this.#stacks) stacks?.kept.clear();
    this.#settled = [new Map(), new Map()];
  }

  /** The number of what is to be kept of a value: of a stack, frames with the registers that are still read. */
  kept(cell: number, value: number): number {
    const stacks = this.#stacks[cell];
    if (stacks === undefined || this.#keepsAll || value === ABSENT) return value;
    const known = stacks.kept.get(value);
    if (known !== undefined) return known;
    const kept = stacks.number(this.settled(stacks.frames(value)));
    stacks.kept.set(value, kept);
    return kept;
  }

  settled(frames: readonly AnyFrame[]): readonly AnyFrame[] {
    if (this.#keepsAll) return frames;
    return frames.map((frame, depth) => {
      if (isPathFrame(frame)) return frame;
      const isTop = depth === frames.length - 1;
      const known = this.#settled[isTop ? 1 : 0];
      const settled = known.get(frame) ?? this.#settledFrame(frame, isTop);
      known.set(frame, settled);
      return settled;
    });
  }

  #settledFrame(frame: Frame, isTop: boolean): Frame {
    const live = this.#liveAt(frame.workflow, frame.state, isTop);
    const stays = (name: string, value: unknown): boolean =>
      live.has(name) || named.has(name) || (typeof value === 'string' && namesPart.test(value));
    const { registers } = frame;
    return Object.keys(registers).every((name) => stays(name, registers[name])) ? frame : withRegisters(frame, registers, stays);
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
