// The one current world of a search: a branch changes it in place, and leaving the branch undoes that. The stack of choices is the path.
import type { Cells } from './cells.ts';
import { CHANGE, END, FROM, HIGH, LOW, MOVE, type Moves, NEAR } from './moves.ts';
import type { Symmetry } from './symmetry.ts';

/** Fingerprints under a preemption bound carry the last task and what is left of the bound. */
export const salted = (hash: number, last: number, left: number): number => hash ^ Math.imul((last + 2) * 131 + left + 1, 0x9e3779b1);

export class Walker {
  /** Fingerprint of the state that `preview` looked at: the least one of its symmetric states. */
  low = 0;
  high = 0;
  near = 0;
  readonly #cells: Cells;
  readonly #memo: { readonly moves: Moves };
  readonly #symmetry: Symmetry | null;
  readonly #lanes: number;
  /** Fingerprint of the current world. */
  #ownLow = 0;
  #ownHigh = 0;
  #ownNear = 0;
  /** The same for each renaming; the first is the one that changes nothing, and not kept up to date. */
  readonly #lows: Int32Array;
  readonly #highs: Int32Array;
  readonly #nears: Int32Array;

  constructor(cells: Cells, memo: { readonly moves: Moves }, symmetry: Symmetry | null) {
    this.#cells = cells;
    this.#memo = memo;
    this.#symmetry = symmetry;
    this.#lanes = symmetry?.renamings ?? 1;
    this.#lows = new Int32Array(this.#lanes);
    this.#highs = new Int32Array(this.#lanes);
    this.#nears = new Int32Array(this.#lanes);
    this.restart();
  }

  /** Takes the cells as they are now as the current world. */
  restart(): void {
    [this.#ownLow, this.#ownHigh, this.#ownNear] = this.#cells.fingerprint();
    this.low = this.#ownLow;
    this.high = this.#ownHigh;
    this.near = this.#ownNear;
    this.#lows.fill(0);
    this.#highs.fill(0);
    this.#nears.fill(0);
    for (let cell = 0; cell < this.#cells.names.length; cell++) this.#rename(cell, 0, this.#cells.current[cell]!);
    for (let lane = 1; lane < this.#lanes; lane++) this.#least(this.#lows[lane]!, this.#highs[lane]!, this.#nears[lane]!);
  }

  /** The least fingerprint stands for all of a state's renamings. */
  #least(low: number, high: number, near: number): void {
    if (low > this.low || (low === this.low && (high > this.high || (high === this.high && near >= this.near)))) return;
    this.low = low;
    this.high = high;
    this.near = near;
  }

  /** Sets the fingerprint to that of the state behind the branch, without going there. */
  preview(branch: number): void {
    const { table } = this.#memo.moves;
    const at = branch * MOVE;
    this.low = this.#ownLow ^ table[at + LOW]!;
    this.high = this.#ownHigh ^ table[at + HIGH]!;
    this.near = this.#ownNear ^ table[at + NEAR]!;
    if (this.#lanes > 1) this.#previewRenamed(table[at + FROM]!, table[at + END]!);
  }

  #previewRenamed(from: number, end: number): void {
    const { changes } = this.#memo.moves;
    const symmetry = this.#symmetry!;
    for (let lane = 1; lane < this.#lanes; lane++) {
      let low = this.#lows[lane]!;
      let high = this.#highs[lane]!;
      let near = this.#nears[lane]!;
      for (let at = from; at < end; at += CHANGE) {
        const [cell, before, after] = [changes[at]!, changes[at + 1]!, changes[at + 2]!];
        low ^= symmetry.low(lane, cell, before) ^ symmetry.low(lane, cell, after);
        high ^= symmetry.high(lane, cell, before) ^ symmetry.high(lane, cell, after);
        near ^= symmetry.near(lane, cell, before) ^ symmetry.near(lane, cell, after);
      }
      this.#least(low, high, near);
    }
  }

  /** Goes there. */
  enter(branch: number): void {
    const { table, changes } = this.#memo.moves;
    const { current } = this.#cells;
    const move = branch * MOVE;
    const end = table[move + END]!;
    for (let at = table[move + FROM]!; at < end; at += CHANGE) current[changes[at]!] = changes[at + 2]!;
    this.#move(move);
  }

  /** Back to the world in which the branch was entered, the last of those that are not left yet. */
  leave(branch: number): void {
    const { table, changes } = this.#memo.moves;
    const { current } = this.#cells;
    const move = branch * MOVE;
    const end = table[move + END]!;
    for (let at = table[move + FROM]!; at < end; at += CHANGE) current[changes[at]!] = changes[at + 1]!;
    this.#move(move);
  }

  /** There and back move the fingerprint by the same. */
  #move(move: number): void {
    const { table } = this.#memo.moves;
    this.#ownLow ^= table[move + LOW]!;
    this.#ownHigh ^= table[move + HIGH]!;
    this.#ownNear ^= table[move + NEAR]!;
    if (this.#lanes > 1) this.#moveRenamed(table[move + FROM]!, table[move + END]!);
  }

  #moveRenamed(from: number, end: number): void {
    const { changes } = this.#memo.moves;
    for (let at = from; at < end; at += CHANGE) this.#rename(changes[at]!, changes[at + 1]!, changes[at + 2]!);
  }

  #rename(cell: number, before: number, after: number): void {
    for (let lane = 1; lane < this.#lanes; lane++) {
      this.#lows[lane]! ^= this.#symmetry!.low(lane, cell, before) ^ this.#symmetry!.low(lane, cell, after);
      this.#highs[lane]! ^= this.#symmetry!.high(lane, cell, before) ^ this.#symmetry!.high(lane, cell, after);
      this.#nears[lane]! ^= this.#symmetry!.near(lane, cell, before) ^ this.#symmetry!.near(lane, cell, after);
    }
  }
}
