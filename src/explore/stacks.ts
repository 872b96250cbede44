// The stacks of one task as values of its cell. From step to step most frames stay: text and hash of a stack are those of the frames below,
// which are known, and of what is new on top.
import { canonical, canonicalKnowing } from '../core/canonical.ts';
import { assert } from '../core/failure.ts';
import { type Frame, isPathFrame, type PathFrame } from '../core/world.ts';
import { begun, type Cells, ended, frozen, type Hash } from './cells.ts';
import type { StateGraph } from './liveness.ts';
import { type Neighbours, neighboursOf } from './neighbours.ts';

export type AnyFrame = Frame | PathFrame;

const joined = (depth: number, text: string): string => (depth === 0 ? text : `,${text}`);

/** How many fields a key speaks of. */
const FIELDS = 3;
const PATH_FIELDS = 8;

/** A stack, and those with one frame more by what tells that frame from others. */
export class StackNode {
  readonly frames: readonly AnyFrame[];
  /** -1: not yet a value. */
  number = -1;
  readonly #below: StackNode | null;
  readonly #text: () => string;
  #hash: Hash | null = null;
  /** Most stacks have nothing above them. */
  #above: Map<string, StackNode> | null = null;

  /** `text`: of its top, or what stands before all frames. */
  constructor(frames: readonly AnyFrame[], below: StackNode | null, text: () => string) {
    this.frames = frames;
    this.#below = below;
    this.#text = text;
  }

  /** The stack with a frame more. */
  above(key: string): StackNode | undefined {
    return this.#above?.get(key);
  }

  add(frame: AnyFrame, key: string, text: () => string): StackNode {
    const made = new StackNode([...this.frames, frame], this, text);
    this.#above ??= new Map();
    this.#above.set(key, made);
    return made;
  }

  /** Of most stacks nobody asks for it: only of those that others stand on. */
  get #begun(): Hash {
    this.#hash ??= this.#below === null ? begun(this.#text()) : begun(joined(this.frames.length - 1, this.#text()), this.#below.#begun);
    return this.#hash;
  }

  /** The hash of a stack that has one frame more, by that frame's text; without one, of itself if it is empty. */
  hashUnder(top: string | undefined): Hash {
    return ended(begun(top === undefined ? ']' : `${joined(this.frames.length, top)}]`, this.#begun));
  }
}

export class Stacks {
  /** The numbers of what is to be kept of values, as far as it was asked for; emptied as more is known. */
  readonly kept = new Map<number, number>();
  readonly #cells: Cells;
  readonly #cell: number;
  readonly #neighbours: Neighbours;
  readonly #empty: StackNode;
  /** Of the stack that was numbered last: the next one has most frames in common with it. */
  readonly #last: StackNode[] = [];
  /** Of frames that are kept; weak maps of as many entries cost more than all that they could let go. */
  readonly #keys = new Map<AnyFrame, string>();
  /** Of registers, and of what a path did: most steps leave them as they are. */
  readonly #known = new Map<object, string>();
  readonly #numbers = new Map<string, number>();

  constructor(cells: Cells, cell: number, neighbours: Neighbours) {
    this.#cells = cells;
    this.#cell = cell;
    this.#neighbours = neighbours;
    this.#empty = new StackNode([], null, () => `${cells.names[cell]}=[`);
  }

  /** The number of a stack, which is frozen when it is new. */
  number(stack: readonly AnyFrame[]): number {
    const last = this.#last;
    let same = 0;
    while (same < stack.length && same < last.length && last[same]!.frames[same] === stack[same]) same += 1;
    last.length = same;
    for (let depth = same; depth < stack.length; depth++) last.push(this.#above(last[depth - 1] ?? this.#empty, stack[depth]!));
    const node = last.at(-1) ?? this.#empty;
    if (node.number < 0) node.number = this.#add(node.frames, last.at(-2) ?? this.#empty);
    return node.number;
  }

  #add(frames: readonly AnyFrame[], below: StackNode): number {
    const top = frames.at(-1);
    const hash = below.hashUnder(top && canonicalKnowing(this.#neighbours.common(top), this.#known));
    return this.#cells.add(this.#cell, Object.freeze(frames), hash, this.#neighbours.near(frames));
  }

  frames(number: number): readonly AnyFrame[] {
    return this.#cells.values[this.#cell]![number] as readonly AnyFrame[];
  }

  /** Shorter than its text, and as good to tell it from others. */
  #key(frame: AnyFrame): string {
    const own = `${frame.workflow}.${frame.state} ${this.#number(frame.registers)}`;
    if (!isPathFrame(frame)) return own;
    const { path, driver, row, refusal, done } = frame;
    return `${own} ${path} ${driver} ${row} ${refusal} ${done.map((entry) => this.#number(entry)).join()}`;
  }

  /** Of registers, or of an entry of what a path did; equal for equal ones. */
  #number(object: object): number {
    const text = this.#known.get(object) ?? canonical(object);
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    this.#numbers.set(text, this.#numbers.size);
    return this.#numbers.size - 1;
  }

  /** What is part of a frame that is kept. */
  #keep(object: object): void {
    if (!this.#known.has(object)) this.#known.set(object, canonical(object));
  }

  #above(node: StackNode, frame: AnyFrame): StackNode {
    const key = this.#keys.get(frame) ?? this.#key(frame);
    const known = node.above(key);
    if (known !== undefined) return known;
    // Frames that differ in what no key speaks of would be taken for one.
    assert(Object.keys(frame).length === (isPathFrame(frame) ? PATH_FIELDS : FIELDS), `a frame with fields that no key speaks of`);
    this.#keys.set(frozen(frame) as AnyFrame, key);
    this.#keep(frame.registers);
    if (isPathFrame(frame)) for (const entry of frame.done) this.#keep(entry);
    return node.add(frame, key, () => canonicalKnowing(frame, this.#known));
  }
}

/** Of each task, by the cell of its stack. */
export const stacksOf = (cells: Cells, list: readonly number[], graphOf: (workflow: string) => StateGraph): Stacks[] =>
  neighboursOf(graphOf, list.length).map((neighbours, task) => {
    cells.neighbours[list[task]!] = neighbours;
    return new Stacks(cells, list[task]!, neighbours);
  });
