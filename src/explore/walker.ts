// The one current world of a search: a branch changes it in place, and leaving the branch undoes that. The stack of choices is the path.
import type { Cells } from './cells.ts';
import { CHANGE, END, FROM, HIGH, LOW, MOVE, type Moves, NEAR } from './moves.ts';
import { LANE, RenamedMoves } from './renamedMoves.ts';
import type { Symmetry } from './symmetry.ts';

/** Fingerprints under a preemption bound carry the last task and what is left of the bound. */
export const salted = (hash: number, last: number, left: number): number => hash ^ Math.imul((last + 2) * 131 + left + 1, 0x9e3779b1);

/** Knows the moves that are remembered when it is made: whoever has them forgotten makes another one. */
export class Walker {
  /** Fingerprint of the state that `preview` looked at: the least one of its symmetric states. */
  low = 0;
  high = 0;
  near = 0;
  readonly #cells: Cells;
  readonly #memo: { readonly moves: Moves };
  readonly #symmetry: Symmetry | null;
  readonly #renamed: RenamedMoves | null;
  /** Fingerprint of the current world. */
  #ownLow = 0;
  #ownHigh = 0;
  #ownNear = 0;
  /** The same under each renaming. */
  readonly #lanes: Int32Array;

  constructor(cells: Cells, memo: { readonly moves: Moves }, symmetry: Symmetry | null) {
    this.#cells = cells;
    this.#memo = memo;
    this.#symmetry = symmetry;
    this.#renamed = symmetry && new RenamedMoves(memo.moves, symmetry);
    this.#lanes = new Int32Array((symmetry?.size ?? 0) * LANE);
    this.restart();
  }

  /** Whether states are exchanged for symmetric ones. */
  get isSymmetric(): boolean {
    return this.#symmetry !== null;
  }

  /** Takes the cells as they are now as the current world. */
  restart(): void {
    [this.#ownLow, this.#ownHigh, this.#ownNear] = this.#cells.fingerprint();
    this.low = this.#ownLow;
    this.high = this.#ownHigh;
    this.near = this.#ownNear;
    const lanes = this.#lanes.fill(0);
    for (let cell = 0; cell < this.#cells.names.length; cell++) this.#symmetry?.add(lanes, 0, cell, this.#cells.current[cell]!);
    for (let lane = 0; lane < lanes.length; lane += LANE) this.#least(lanes[lane]!, lanes[lane + 1]!, lanes[lane + 2]!);
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
    if (this.#renamed !== null) this.#previewRenamed(this.#renamed, branch);
  }

  #previewRenamed(renamed: RenamedMoves, branch: number): void {
    const from = renamed.at(branch);
    const { table } = renamed;
    const lanes = this.#lanes;
    for (let lane = 0; lane < lanes.length; lane += LANE) {
      const at = from + lane;
      this.#least(lanes[lane]! ^ table[at]!, lanes[lane + 1]! ^ table[at + 1]!, lanes[lane + 2]! ^ table[at + 2]!);
    }
  }

  /** Goes there. */
  enter(branch: number): void {
    const { table, changes } = this.#memo.moves;
    const { current } = this.#cells;
    const move = branch * MOVE;
    const end = table[move + END]!;
    for (let at = table[move + FROM]!; at < end; at += CHANGE) current[changes[at]!] = changes[at + 2]!;
    this.#move(branch);
  }

  /** Back to the world in which the branch was entered, the last of those that are not left yet. */
  leave(branch: number): void {
    const { table, changes } = this.#memo.moves;
    const { current } = this.#cells;
    const move = branch * MOVE;
    const end = table[move + END]!;
    for (let at = table[move + FROM]!; at < end; at += CHANGE) current[changes[at]!] = changes[at + 1]!;
    this.#move(branch);
  }

  /** There and back move the fingerprint by the same. */
  #move(branch: number): void {
    const { table } = this.#memo.moves;
    const move = branch * MOVE;
    this.#ownLow ^= table[move + LOW]!;
    this.#ownHigh ^= table[move + HIGH]!;
    this.#ownNear ^= table[move + NEAR]!;
    if (this.#renamed !== null) this.#moveRenamed(this.#renamed, branch);
  }

  #moveRenamed(renamed: RenamedMoves, branch: number): void {
    const from = renamed.at(branch);
    const { table } = renamed;
    const lanes = this.#lanes;
    for (let at = 0; at < lanes.length; at++) lanes[at]! ^= table[from + at]!;
  }
}
