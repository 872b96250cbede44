// One evaluation of a step: which cells and questions it read, in order, and what it wrote. Lists and records that are read are handed
// out as copies, since the fold changes them in place; what differs afterwards was written.
import { type Cells, copied } from './cells.ts';
import type { Liveness } from './liveness.ts';

/** A read: a cell, or `-1 - question`. */
export type Read = number;

export const questionRead = (question: number): Read => -1 - question;

/** What can be listed: how many entries are known of it. */
export interface Listing {
  readonly size: number;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Fields that the fold changes in place; every other value is replaced and may be shared. */
const CHANGES_IN_PLACE = / (groups|records|mappings|reserved)$/;

export class Tracker {
  readonly cells: Cells;
  readonly liveness: Liveness;
  /** In order of the first read, over all evaluations since `reset`. */
  reads: Read[] = [];
  /** What was listed, and how many entries were known then. */
  readonly listed = new Map<Listing, number>();
  readonly #seen = new Set<Read>();
  #working = new Map<number, unknown>();

  constructor(cells: Cells, liveness: Liveness) {
    this.cells = cells;
    this.liveness = liveness;
  }

  /** Forgets the reads: another step is evaluated. */
  reset(): void {
    this.reads = [];
    this.listed.clear();
    this.#seen.clear();
    this.#working.clear();
  }

  /** Forgets what was written: the same step is evaluated with other answers. */
  again(): void {
    this.#working.clear();
  }

  #note(read: Read): void {
    if (this.#seen.has(read)) return;
    this.#seen.add(read);
    this.reads.push(read);
  }

  read(cell: number): unknown {
    if (this.#working.has(cell)) return this.#working.get(cell);
    this.#note(cell);
    const value = this.cells.values[cell]![this.cells.current[cell]!];
    if (!isObject(value)) return value;
    const isStack = this.liveness.stacks(cell) !== undefined;
    if (!isStack && !CHANGES_IN_PLACE.test(this.cells.names[cell]!)) return value;
    const own = isStack ? this.liveness.watching.copyOf(value) : copied(value);
    this.#working.set(cell, own);
    return own;
  }

  /** Values are taken over: the caller does not keep them. */
  write(cell: number, value: unknown): void {
    this.#working.set(cell, value);
  }

  list(listing: Listing): void {
    if (!this.listed.has(listing)) this.listed.set(listing, listing.size);
  }

  ask(cell: number, name: string, answer: (value: unknown) => unknown): unknown {
    if (this.#working.has(cell)) return answer(this.#working.get(cell));
    const number = this.cells.question(cell, name, answer);
    this.#note(questionRead(number));
    const question = this.cells.questions[number]!;
    return question.texts[this.cells.answer(question, this.cells.current[cell]!)];
  }

  /**
   * What was written, with the number of the new value: cells whose value is another one now, and cells that nobody looked at. In another
   * world that remembers the same step the latter may hold something else.
   */
  written(): { cell: number; value: number }[] {
    const changes: { cell: number; value: number }[] = [];
    for (const [cell, working] of this.#working) {
      const before = this.cells.current[cell]!;
      if (this.#seen.has(cell) && working === this.cells.values[cell]![before]) continue;
      const number = this.liveness.stacks(cell)?.number(this.liveness.watching.whole(working)) ?? this.cells.number(cell, working);
      if (number !== before || !this.#seen.has(cell)) changes.push({ cell, value: number });
    }
    return changes;
  }
}
