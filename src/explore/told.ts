// Footprints by the names of their cells and questions, for workers and processes whose numbers are others.
import { BitSet } from './bitSet.ts';
import type { Cells } from './cells.ts';

/** A cell, or a cell and a question about it. */
export type FieldNamed = readonly [cell: string, question?: string];

/** One step of one task at one place. */
export interface Told {
  readonly actor: number;
  readonly place: string;
  readonly lock: string | null;
  readonly reads: readonly FieldNamed[];
  readonly writes: readonly FieldNamed[];
  readonly next: readonly string[];
}

/** What one pass's choices rested on: at this place, while others held these locks, the task touches nothing that meets these fields. */
export interface Rested {
  readonly actor: number;
  readonly place: string;
  readonly held: readonly string[];
  readonly reads: readonly FieldNamed[];
  readonly writes: readonly FieldNamed[];
}

/** Between names and the numbers of footprints, where a cell is twice its number and a question, from 1 on, one less than that. */
export class FieldNames {
  readonly #cells: Cells;

  constructor(cells: Cells) {
    this.#cells = cells;
  }

  cell(number: number): string | null {
    return number < 0 ? null : this.#cells.names[number]!;
  }

  number(name: string | null): number {
    return name === null ? -1 : this.#cells.cell(name);
  }

  of(set: BitSet): FieldNamed[] {
    const { names, questions } = this.#cells;
    return set.numbers.map((number) => {
      if (number % 2 === 0) return [names[number / 2]!];
      const { cell, name } = questions[(number + 1) / 2 - 1]!;
      return [names[cell]!, name];
    });
  }

  /** Questions were asked before: whoever tells them knows no more than whoever hears them. */
  set(fields: readonly FieldNamed[]): BitSet {
    const set = new BitSet();
    for (const [cell, question] of fields) {
      const number = this.#cells.cell(cell);
      set.add(question === undefined ? number * 2 : (this.#cells.questionNumber(number, question) + 1) * 2 - 1);
    }
    return set;
  }
}
