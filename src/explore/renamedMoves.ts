// How far each branch of a leaf moves the fingerprint of a renamed world: constants of the branch, as src/explore/moves.ts has them for the
// world as it is. Found when a branch is first looked at.
import { CHANGE, END, FROM, MOVE, type Moves } from './moves.ts';
import type { Symmetry } from './symmetry.ts';
import { wide } from './wide.ts';

/** Words of one renaming: low, high, near. */
export const LANE = 3;

export class RenamedMoves {
  /** By branch: 1 if it is known, then the words of each renaming. */
  table = new Int32Array(1 << 10);
  readonly #moves: Moves;
  readonly #symmetry: Symmetry;
  readonly #width: number;

  constructor(moves: Moves, symmetry: Symmetry) {
    this.#moves = moves;
    this.#symmetry = symmetry;
    this.#width = 1 + symmetry.size * LANE;
  }

  /** Where in the table the words of the branch's renamings begin. */
  at(branch: number): number {
    const at = branch * this.#width;
    if (this.table[at] !== 1) this.#learn(branch, at);
    return at + 1;
  }

  #learn(branch: number, at: number): void {
    this.table = wide(this.table, at + this.#width);
    this.table[at] = 1;
    const { table, changes } = this.#moves;
    const end = table[branch * MOVE + END]!;
    for (let change = table[branch * MOVE + FROM]!; change < end; change += CHANGE) {
      this.#symmetry.add(this.table, at + 1, changes[change]!, changes[change + 1]!);
      this.#symmetry.add(this.table, at + 1, changes[change]!, changes[change + 2]!);
    }
  }
}
