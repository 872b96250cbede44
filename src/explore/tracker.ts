// One evaluation of a step: which cells and questions it read, in order, and what it wrote. Lists and records that are read are handed
// out as copies, since the fold changes them in place; what differs afterwards was written.
import { type Cells, copied } from './cells.ts';
import type { Liveness } from './liveness.ts';
import { wide } from './wide.ts';

/** A read: a cell, or `-1 - question`. */
export type Read = number;

const questionRead = (question: number): Read => -1 - question;

/** Cells with the numbers of their new values. */
export interface Written {
  readonly cells: readonly number[];
  readonly values: readonly number[];
}

/** What can be listed: how many entries are known of it. */
export interface Listing {
  readonly size: number;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Fields that the fold changes in place; every other value is replaced and may be shared. */
const CHANGES_IN_PLACE = / (groups|records|mappings|reserved)$/;

/** What reading a cell's value takes. */
const UNKNOWN = 0;
const SHARED = 1;
const STACK = 2;
const COPIED = 3;

/** Members of a set that is emptied often: those whose mark is the current one. */
class Marks {
  #marks = new Int32Array(256);
  #current = 1;

  has(member: number): boolean {
    return member < this.#marks.length && this.#marks[member] === this.#current;
  }

  add(member: number): void {
    if (member >= this.#marks.length) this.#marks = wide(this.#marks, member + 1);
    this.#marks[member] = this.#current;
  }

  clear(): void {
    this.#current += 1;
  }
}

export class Tracker {
  readonly cells: Cells;
  readonly liveness: Liveness;
  /** In order of the first read, over all evaluations since `reset`. */
  reads: Read[] = [];
  /** What was listed, and how many entries were known then. */
  readonly listed = new Map<Listing, number>();
  readonly #seen = new Marks();
  readonly #asked = new Marks();
  readonly #worked = new Marks();
  /** By cell, of those worked on; and these in order. */
  readonly #values: unknown[] = [];
  #working: number[] = [];
  #kinds = new Uint8Array(256);

  constructor(cells: Cells, liveness: Liveness) {
    this.cells = cells;
    this.liveness = liveness;
  }

  /** Forgets the reads: another step is evaluated. */
  reset(): void {
    this.reads = [];
    if (this.listed.size > 0) this.listed.clear();
    this.#seen.clear();
    this.#asked.clear();
    this.again();
  }

  /** Forgets what was written: the same step is evaluated with other answers. */
  again(): void {
    this.#worked.clear();
    this.#working = [];
    this.liveness.watching.forget();
  }

  #note(cell: number): void {
    if (this.#seen.has(cell)) return;
    this.#seen.add(cell);
    this.reads.push(cell);
  }

  read(cell: number): unknown {
    if (this.#worked.has(cell)) return this.#values[cell];
    this.#note(cell);
    const value = this.cells.values[cell]![this.cells.current[cell]!];
    if (!isObject(value)) return value;
    const kind = this.#kind(cell);
    if (kind === SHARED) return value;
    const own = kind === STACK ? this.liveness.watching.copyOf(value) : copied(value);
    this.write(cell, own);
    return own;
  }

  #kind(cell: number): number {
    if (cell >= this.#kinds.length) this.#kinds = wide(this.#kinds, cell + 1);
    if (this.#kinds[cell] === UNKNOWN) {
      const ifNone = CHANGES_IN_PLACE.test(this.cells.names[cell]!) ? COPIED : SHARED;
      this.#kinds[cell] = this.liveness.stacks(cell) === undefined ? ifNone : STACK;
    }
    return this.#kinds[cell]!;
  }

  /** Values are taken over: the caller does not keep them. */
  write(cell: number, value: unknown): void {
    if (!this.#worked.has(cell)) {
      this.#worked.add(cell);
      for (let index = this.#values.length; index < cell; index++) this.#values.push(undefined);
      this.#working.push(cell);
    }
    this.#values[cell] = value;
  }

  list(listing: Listing): void {
    if (!this.listed.has(listing)) this.listed.set(listing, listing.size);
  }

  ask(cell: number, name: string, answer: (value: unknown) => unknown): unknown {
    if (this.#worked.has(cell)) return answer(this.#values[cell]);
    const number = this.cells.question(cell, name, answer);
    if (!this.#asked.has(number)) {
      this.#asked.add(number);
      this.reads.push(questionRead(number));
    }
    const question = this.cells.questions[number]!;
    return question.texts[this.cells.answer(question, this.cells.current[cell]!)];
  }

  /**
   * What was written, with the number of the new value: cells whose value is another one now, and cells that nobody looked at. In another
   * world that remembers the same step the latter may hold something else.
   */
  written(): Written {
    const written = { cells: [] as number[], values: [] as number[] };
    for (const cell of this.#working) {
      const working = this.#values[cell];
      const before = this.cells.current[cell]!;
      if (this.#seen.has(cell) && working === this.cells.values[cell]![before]) continue;
      const number = this.liveness.stacks(cell)?.number(this.liveness.watching.whole(working)) ?? this.cells.number(cell, working);
      if (number === before && this.#seen.has(cell)) continue;
      written.cells.push(cell);
      written.values.push(number);
    }
    return written;
  }

  /** Makes what was written part of a world, by cell, and forgets it. */
  settle(world: Int32Array): void {
    const { cells, values } = this.written();
    for (let index = 0; index < cells.length; index++) world[cells[index]!] = values[index]!;
    this.reset();
  }
}
