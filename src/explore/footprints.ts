// What each task may still read and write from where it is. Learned from every evaluation, and so checked by every one: a search whose
// choices rested on a footprint that turns out too small proves nothing and is done anew.
import { BitSet } from './bitSet.ts';
import { type Cells, fieldName } from './cells.ts';
import type { Branch } from './facts.ts';
import type { Leaf } from './memo.ts';
import { type Footprint, newFootprint, Places } from './places.ts';

/** A task's place: its request and the states of its frames, whatever their registers hold. */
interface Where {
  readonly stack: number;
  readonly request: number;
}

/** Budgets only go down and are only compared with zero: failures of two tasks can change places (their number stays the same). */
const COMMUTES = /^budget /;

export class Footprints {
  readonly places: Places;
  readonly #cells: Cells;
  readonly #where: readonly Where[];
  /** By task, value of the request's cell, value of the stack's cell. */
  readonly #known: number[][][];
  readonly #leaves = new Map<Leaf, Footprint>();

  constructor(cells: Cells, tasks: readonly string[]) {
    this.#cells = cells;
    this.places = new Places(cells, tasks.length);
    this.#where = tasks.map((task) => ({
      stack: cells.cell(fieldName(`tasks/${task}`, 'stack')),
      request: cells.cell(fieldName(`tasks/${task}`, 'request')),
    }));
    this.#known = tasks.map(() => []);
  }

  /** The number of a task's place in the current world. */
  place(actor: number): number {
    const { stack, request } = this.#where[actor]!;
    return this.#placeOf(actor, this.#cells.current[request]!, this.#cells.current[stack]!);
  }

  #placeOf(actor: number, request: number, stack: number): number {
    this.#known[actor]![request] ??= [];
    const known = this.#known[actor]![request]!;
    known[stack] ??= this.#number(actor, request, stack);
    return known[stack];
  }

  #number(actor: number, request: number, stack: number): number {
    const { request: requestCell, stack: stackCell } = this.#where[actor]!;
    const frames = this.#cells.values[stackCell]![stack] as readonly { workflow: string; state: string; row?: number; refusal?: unknown }[];
    const spots = frames.map((frame) => `${frame.workflow}.${frame.state}${frame.row ?? ''}${frame.refusal ? '!' : ''}`);
    return this.places.number(actor, `${this.#cells.values[requestCell]![request]} ${spots.join(' ')}`);
  }

  /** Takes in what a step of the task in the current world touches. */
  learn(actor: number, leaf: Leaf): void {
    // The end of all is no task's step.
    if (actor >= this.#where.length) return;
    const grow = this.places.growing(actor, this.place(actor));
    const own = newFootprint();
    for (const read of leaf.reads) this.#read(own, read);
    for (const branch of leaf.branches) {
      const writes = this.#writes(leaf, branch);
      own.writes.join(writes);
      grow(branch.lock, own.reads, writes, this.#after(actor, branch));
    }
    if (leaf.branches.length === 0) grow(-1, own.reads, own.writes, -1);
    this.#leaves.set(leaf, own);
  }

  /** What one step touches. */
  of(leaf: Leaf): Footprint {
    return this.#leaves.get(leaf)!;
  }

  forget(): void {
    this.#leaves.clear();
  }

  /** Cells and questions share one range of numbers. */
  #read({ reads }: Footprint, read: number): void {
    if (read < 0 || !COMMUTES.test(this.#cells.names[read]!)) reads.add(read < 0 ? -read * 2 - 1 : read * 2);
  }

  #writes(leaf: Leaf, { cells, values }: Branch): BitSet {
    const writes = new BitSet();
    cells.forEach((cell, index) => {
      if (COMMUTES.test(this.#cells.names[cell]!)) return;
      writes.add(cell * 2);
      const isRead = leaf.reads.includes(cell);
      this.#cells.questions.forEach((question, number) => {
        if (question.cell !== cell) return;
        const before = this.#cells.answer(question, this.#cells.current[cell]!);
        if (!isRead || before !== this.#cells.answer(question, values[index]!)) writes.add((number + 1) * 2 - 1);
      });
    });
    return writes;
  }

  #after(actor: number, { cells, values }: Branch): number {
    const { stack, request } = this.#where[actor]!;
    const value = (cell: number): number => {
      const index = cells.indexOf(cell);
      return index < 0 ? this.#cells.current[cell]! : values[index]!;
    };
    return this.#placeOf(actor, value(request), value(stack));
  }
}
