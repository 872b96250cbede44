// The stacks of one task as values of its cell. From step to step most frames stay: text and hash of a stack are those of the frames below,
// which are known, and of what is new on top.
import { canonical } from '../core/canonical.ts';
import type { Frame, PathFrame } from '../core/world.ts';
import { begun, type Cells, ended, frozen, type Hash } from './cells.ts';

export type AnyFrame = Frame | PathFrame;

/** A stack, and those with one frame more by that frame's text. */
interface Node {
  readonly frames: readonly AnyFrame[];
  readonly hash: Hash;
  readonly above: Map<string, Node>;
  /** -1: not yet a value. */
  number: number;
}

export class Stacks {
  /** The numbers of what is to be kept of values, as far as it was asked for; emptied as more is known. */
  readonly kept = new Map<number, number>();
  readonly #cells: Cells;
  readonly #cell: number;
  readonly #empty: Node;
  readonly #texts = new WeakMap<AnyFrame, string>();

  constructor(cells: Cells, cell: number) {
    this.#cells = cells;
    this.#cell = cell;
    this.#empty = { frames: [], hash: begun(`${cells.names[cell]}=[`), above: new Map(), number: -1 };
  }

  /** The number of a stack, which is frozen when it is new. */
  number(stack: readonly AnyFrame[]): number {
    let node = this.#empty;
    for (const frame of stack) node = this.#above(node, frame);
    if (node.number < 0) node.number = this.#cells.add(this.#cell, Object.freeze(node.frames), ended(begun(']', node.hash)));
    return node.number;
  }

  frames(number: number): readonly AnyFrame[] {
    return this.#cells.values[this.#cell]![number] as readonly AnyFrame[];
  }

  #above(node: Node, frame: AnyFrame): Node {
    const text = this.#texts.get(frame) ?? canonical(frame);
    const known = node.above.get(text);
    if (known !== undefined) return known;
    this.#texts.set(frozen(frame) as AnyFrame, text);
    const hash = begun(node.frames.length === 0 ? text : `,${text}`, node.hash);
    const made = { frames: [...node.frames, frame], hash, above: new Map(), number: -1 };
    node.above.set(text, made);
    return made;
  }
}
