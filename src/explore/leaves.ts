// The leaf of each task at each depth of a search: most are those of a depth before.
import type { Memo } from './memo.ts';
import { wide } from './wide.ts';

/** Stands for the branch that leads to the first state. */
export const START = -1;

/** Stands for a leaf that is not looked up yet. */
const UNKNOWN = -1;

export class Leaves {
  readonly #memo: Memo;
  readonly #tasks: number;
  #leaves: Int32Array<ArrayBuffer>;

  constructor(memo: Memo, tasks: number) {
    this.#memo = memo;
    this.#tasks = tasks;
    this.#leaves = new Int32Array(1024 * tasks);
  }

  /** Every task has the leaf that it had a depth before, unless the branch changed what that one looks at. */
  inherit(at: number, branch: number): void {
    const tasks = this.#tasks;
    const own = at * tasks;
    if (own + tasks > this.#leaves.length) this.#leaves = wide(this.#leaves, own + tasks);
    const leaves = this.#leaves;
    const { moves } = this.#memo;
    for (let task = 0; task < tasks; task++) {
      const known = branch === START ? UNKNOWN : leaves[own - tasks + task]!;
      leaves[own + task] = known === UNKNOWN || moves.meets(branch, known) ? UNKNOWN : known;
    }
  }

  isKnown(at: number, task: number): boolean {
    return this.#leaves[at * this.#tasks + task] !== UNKNOWN;
  }

  /** The number of the task's leaf; the world is that of the depth, where it is not known yet. */
  of(at: number, task: number): number {
    const own = at * this.#tasks + task;
    const known = this.#leaves[own]!;
    if (known !== UNKNOWN) return known;
    const number = this.#memo.number(task);
    this.#leaves[own] = number;
    return number;
  }
}
