// What evaluations came to, for good: with stacks as whole as they were, so that it stays right whatever registers a search drops. What a
// search steps by is made of it, with the stacks that the search keeps.
import type { Plausible } from '../core/rows.ts';
import type { AskedCell, Cells } from './cells.ts';
import type { Listing, Read } from './tracker.ts';

/** One way that a step can go: which values change, by which answers to the step's questions, and what detectors and claims saw. */
export interface Branch {
  readonly cells: readonly number[];
  readonly values: readonly number[];
  /** Answers to the questions of the step, in order; trailing zeros are left out. */
  readonly answers: readonly number[];
  /** Allocations that fail in it. */
  readonly failed: readonly Plausible[];
  /** Findings and claims decided here, by number; null: none. */
  readonly labels: readonly number[] | null;
  /** The lock taken, as its holder's cell, or -1: no other task takes it while it is held. */
  readonly lock: number;
}

export interface Evaluated {
  readonly reads: readonly Read[];
  readonly branches: readonly Branch[];
  readonly listed: readonly (readonly [Listing, known: number])[];
  /** A register was missing that had been dropped too early: it proves nothing. */
  readonly failed: boolean;
}

/** Whether it looked at all that can be looked at by now. */
const isWhole = ({ listed }: Evaluated): boolean => listed.every(([listing, known]) => listing.size === known);

/** Everything that one step can do where these values hold; no branches: the task cannot step. */
export interface Fact {
  readonly actor: number;
  readonly branches: readonly Branch[];
  readonly reads: readonly Read[];
  /** Cells that were read with their values, and questions with their answers, in the order of the reads. */
  readonly cells: readonly number[];
  readonly values: readonly number[];
  /** Which of the cells are stacks. */
  readonly stacks: readonly number[];
  readonly questions: readonly AskedCell[];
  readonly answers: readonly number[];
  /** Cells that are written although nobody read them. */
  readonly unread: readonly number[];
}

/** What a search takes of facts. */
export interface Taken {
  /** The number of what is to be kept of a cell's value. */
  readonly kept: (cell: number, value: number) => number;
  readonly mayFail: (plausible: Plausible) => boolean;
}

/** Stands for the stack where a step read none. */
const NONE = -1;

/** Everything that was evaluated, found by the stack that the actor has. */
export class Facts {
  readonly #cells: Cells;
  /** By actor: the cell of its stack. Whoever has none is no task. */
  readonly #stacks: readonly number[];
  readonly #kept: Taken['kept'];
  #all: { readonly fact: Fact; readonly evaluated: Evaluated }[] = [];
  /** By actor and number of the stack that is kept; null: to be made when somebody asks. */
  #index: Map<number, Fact[]>[] | null = null;

  constructor(cells: Cells, stacks: readonly number[], kept: Taken['kept']) {
    this.#cells = cells;
    this.#stacks = stacks;
    this.#kept = kept;
  }

  add(fact: Fact, evaluated: Evaluated): void {
    if (evaluated.failed) return;
    this.#all.push({ fact, evaluated });
    if (this.#index !== null) this.#put(this.#index, fact);
  }

  /** Other registers are dropped from now on. */
  clear(): void {
    this.#index = null;
  }

  /** What holds in the current world. */
  find(actor: number): Fact | undefined {
    this.#index ??= this.#indexed();
    const known = this.#index[actor]!;
    const stack = this.#stacks[actor];
    const found = stack === undefined ? undefined : known.get(this.#cells.current[stack]!)?.find((fact) => this.#holds(fact));
    return found ?? known.get(NONE)?.find((fact) => this.#holds(fact));
  }

  #indexed(): Map<number, Fact[]>[] {
    this.#all = this.#all.filter(({ evaluated }) => isWhole(evaluated));
    const index: Map<number, Fact[]>[] = [...this.#stacks, NONE].map(() => new Map());
    for (const { fact } of this.#all) this.#put(index, fact);
    return index;
  }

  #put(index: readonly Map<number, Fact[]>[], fact: Fact): void {
    const at = fact.cells.indexOf(this.#stacks[fact.actor] ?? NONE);
    const key = at < 0 ? NONE : this.#kept(fact.cells[at]!, fact.values[at]!);
    const known = index[fact.actor]!.get(key);
    if (known) known.push(fact);
    else index[fact.actor]!.set(key, [fact]);
  }

  #holds({ cells, values, questions, answers }: Fact): boolean {
    const { current } = this.#cells;
    for (let index = 0; index < cells.length; index++) {
      const cell = cells[index]!;
      const value = values[index]!;
      if (current[cell] !== value && current[cell] !== this.#kept(cell, value)) return false;
    }
    return questions.every((question, index) => this.#cells.answer(question, current[question.cell]!) === answers[index]);
  }
}

const unreadOf = (cells: readonly number[], branches: readonly Branch[]): number[] => {
  const unread: number[] = [];
  for (const branch of branches) for (const cell of branch.cells) if (!cells.includes(cell) && !unread.includes(cell)) unread.push(cell);
  return unread;
};

/** What an evaluation in the current world came to. */
export const factOf = (all: Cells, actor: number, { reads, branches }: Evaluated): Fact => {
  const { current } = all;
  const cells: number[] = [];
  const values: number[] = [];
  const stacks: number[] = [];
  const questions: AskedCell[] = [];
  for (const one of reads) {
    if (one < 0) questions.push(all.questions[-1 - one]!);
    else {
      if (all.neighbours[one] !== undefined) stacks.push(cells.length);
      cells.push(one);
      values.push(current[one]!);
    }
  }
  const answers = questions.map((question) => all.answer(question, current[question.cell]!));
  return { actor, branches, reads, cells, values, stacks, questions, answers, unread: unreadOf(cells, branches) };
};

/** The fact as it is where only what is to be kept of each value is there, and only what may fail fails. */
export const takenFact = (fact: Fact, taken: Taken): Fact => {
  const values = keptValues(fact, taken);
  const branches = keptBranches(fact, values, taken);
  return values === fact.values && branches === fact.branches ? fact : { ...fact, values, branches };
};

const keptValues = ({ cells, values, stacks }: Fact, { kept }: Taken): readonly number[] => {
  let all: number[] | null = null;
  for (const index of stacks) {
    const value = kept(cells[index]!, values[index]!);
    if (value === values[index]) continue;
    all ??= values.slice();
    all[index] = value;
  }
  return all ?? values;
};

const keptBranches = ({ cells, branches }: Fact, values: readonly number[], { kept, mayFail }: Taken): readonly Branch[] => {
  const all: Branch[] = [];
  let isWhole = true;
  for (const branch of branches) {
    const own = branch.failed.every(mayFail) ? keptBranch(branch, cells, values, kept) : null;
    if (own !== null) all.push(own);
    isWhole &&= own === branch;
  }
  return isWhole ? branches : all;
};

/**
 * The fact with the cells that its branches write among those that must hold, as they are in the current world: each branch changes the
 * same in every world where it holds. Its reads stay what they are.
 */
export const lookingAtWrites = (fact: Fact, { current }: Cells): Fact => {
  if (fact.unread.length === 0) return fact;
  const unread = unreadOf(fact.cells, fact.branches);
  if (unread.length === 0) return fact;
  return { ...fact, cells: [...fact.cells, ...unread], values: [...fact.values, ...unread.map((cell) => current[cell]!)] };
};

/** A stack of which the step changed only what is dropped was not changed. */
const keptBranch = (branch: Branch, read: readonly number[], before: readonly number[], kept: Taken['kept']): Branch => {
  const { cells, values } = branch;
  let isWhole = true;
  for (let index = 0; index < cells.length; index++) isWhole &&= kept(cells[index]!, values[index]!) === values[index];
  if (isWhole) return branch;
  const all = values.map((value, index) => kept(cells[index]!, value));
  const isChanged = (_: number, index: number): boolean => before[read.indexOf(cells[index]!)] !== all[index];
  return { ...branch, cells: cells.filter(isChanged), values: all.filter(isChanged) };
};
