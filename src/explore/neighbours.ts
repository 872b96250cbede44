// Which states are neighbours: those that differ only in how far some tasks are within a few consecutive places of the function or path
// that each is in. Neighbours share a fingerprint and lie side by side in the table of states seen, where most steps lead to a neighbour.
import { isPathFrame } from '../core/world.ts';
import type { StateGraph } from './liveness.ts';
import type { AnyFrame } from './stacks.ts';

/** Bits that tell neighbours apart: so many states share a fingerprint at most. */
export const NEAR_BITS = 6;

/** Of one task's stacks. */
export class Neighbours {
  readonly #graphOf: (workflow: string) => StateGraph;
  readonly #bits: number;
  readonly #shift: number;
  readonly #orders = new Map<string, ReadonlyMap<string, number>>();

  /** Of the bits, those that are this task's. */
  constructor(graphOf: (workflow: string) => StateGraph, bits: number, shift: number) {
    this.#graphOf = graphOf;
    this.#bits = bits;
    this.#shift = shift;
  }

  /** Its place in its workflow or path; negative: it has none. */
  #place(frame: AnyFrame): number {
    if (isPathFrame(frame)) return frame.row;
    const known = this.#orders.get(frame.workflow);
    const order = known ?? new Map([...this.#graphOf(frame.workflow).keys()].map((state, place) => [state, place]));
    if (known === undefined) this.#orders.set(frame.workflow, order);
    return order.get(frame.state) ?? -1;
  }

  /** The bits that tell a stack from its neighbours. */
  near(stack: readonly AnyFrame[]): number {
    const top = stack.at(-1);
    const place = top === undefined ? -1 : this.#place(top);
    return place < 0 ? 0 : (place & ((1 << this.#bits) - 1)) << this.#shift;
  }

  /** What the top frames of a stack and of its neighbours have in common. No state has this name; a number is nothing that can change its name. */
  common(frame: AnyFrame): AnyFrame & { readonly row?: number } {
    const place = this.#place(frame);
    if (place < 0) return frame;
    return { ...frame, state: '#', row: place >> this.#bits };
  }
}

/** The bits shared out among so many tasks; those beyond the sixth have none. */
export const neighboursOf = (graphOf: (workflow: string) => StateGraph, tasks: number): Neighbours[] => {
  let shift = 0;
  return Array.from({ length: tasks }, (_, task) => {
    const bits = Math.floor(NEAR_BITS / tasks) + (task < NEAR_BITS % tasks ? 1 : 0);
    shift += bits;
    return new Neighbours(graphOf, bits, shift - bits);
  });
};
