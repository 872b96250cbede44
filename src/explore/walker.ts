// The one current world of a search: a branch changes it in place, and leaving the branch undoes that. The stack of choices is the path.
import type { Cells } from './cells.ts';
import type { Branch } from './facts.ts';
import type { Symmetry } from './symmetry.ts';

const wider = (list: Int32Array): Int32Array<ArrayBuffer> => {
  const next = new Int32Array(list.length * 2);
  next.set(list);
  return next;
};

export class Walker {
  /** Fingerprint of the state that `preview` looked at: the least one of its symmetric states. */
  low = 0;
  high = 0;
  readonly #cells: Cells;
  readonly #symmetry: Symmetry | null;
  readonly #lanes: number;
  /** Fingerprints of the current world, one for each renaming; the first is its own. */
  readonly #lows: Int32Array;
  readonly #highs: Int32Array;
  /** Cell and value before each change, newest last. */
  #undo = new Int32Array(1 << 12);
  #top = 0;

  constructor(cells: Cells, symmetry: Symmetry | null) {
    this.#cells = cells;
    this.#symmetry = symmetry;
    this.#lanes = symmetry?.renamings ?? 1;
    this.#lows = new Int32Array(this.#lanes);
    this.#highs = new Int32Array(this.#lanes);
    this.restart();
  }

  /** Takes the cells as they are now as the current world. */
  restart(): void {
    this.#top = 0;
    for (let lane = 0; lane < this.#lanes; lane++) {
      let low = 0;
      let high = 0;
      for (let cell = 0; cell < this.#cells.names.length; cell++) {
        low ^= this.#lowOf(lane, cell, this.#cells.current[cell]!);
        high ^= this.#highOf(lane, cell, this.#cells.current[cell]!);
      }
      this.#lows[lane] = low;
      this.#highs[lane] = high;
    }
    this.#choose(this.#lows, this.#highs);
  }

  get mark(): number {
    return this.#top;
  }

  #lowOf(lane: number, cell: number, value: number): number {
    return lane === 0 ? this.#cells.low[cell]![value]! : this.#symmetry!.low(lane, cell, value);
  }

  #highOf(lane: number, cell: number, value: number): number {
    return lane === 0 ? this.#cells.high[cell]![value]! : this.#symmetry!.high(lane, cell, value);
  }

  /** The least fingerprint stands for all of a state's renamings. */
  #choose(lows: Int32Array, highs: Int32Array): void {
    let best = 0;
    for (let lane = 1; lane < this.#lanes; lane++) {
      if (lows[lane]! < lows[best]! || (lows[lane] === lows[best] && highs[lane]! < highs[best]!)) best = lane;
    }
    this.low = lows[best]!;
    this.high = highs[best]!;
  }

  /** Sets the fingerprint to that of the state behind the branch, without going there. */
  preview(branch: Branch): void {
    const { cells, values } = branch;
    const { low, high, current } = this.#cells;
    let nextLow = this.#lows[0]!;
    let nextHigh = this.#highs[0]!;
    for (let index = 0; index < cells.length; index++) {
      const cell = cells[index]!;
      const before = current[cell]!;
      const after = values[index]!;
      const lows = low[cell]!;
      const highs = high[cell]!;
      nextLow ^= lows[before]! ^ lows[after]!;
      nextHigh ^= highs[before]! ^ highs[after]!;
    }
    this.low = nextLow;
    this.high = nextHigh;
    if (this.#lanes > 1) this.#previewRenamed(branch);
  }

  #previewRenamed({ cells, values }: Branch): void {
    const symmetry = this.#symmetry!;
    const { current } = this.#cells;
    for (let lane = 1; lane < this.#lanes; lane++) {
      let low = this.#lows[lane]!;
      let high = this.#highs[lane]!;
      for (let index = 0; index < cells.length; index++) {
        const cell = cells[index]!;
        low ^= symmetry.low(lane, cell, current[cell]!) ^ symmetry.low(lane, cell, values[index]!);
        high ^= symmetry.high(lane, cell, current[cell]!) ^ symmetry.high(lane, cell, values[index]!);
      }
      if (low < this.low || (low === this.low && high < this.high)) {
        this.low = low;
        this.high = high;
      }
    }
  }

  /** Goes there. */
  enter({ cells, values }: Branch): void {
    const { current } = this.#cells;
    while (this.#top + cells.length * 2 > this.#undo.length) this.#undo = wider(this.#undo);
    for (let index = 0; index < cells.length; index++) {
      const cell = cells[index]!;
      const before = current[cell]!;
      this.#undo[this.#top++] = cell;
      this.#undo[this.#top++] = before;
      this.#move(cell, before, values[index]!);
    }
  }

  /** Back to the world that was current at the mark. */
  leave(mark: number): void {
    while (this.#top > mark) {
      const before = this.#undo[--this.#top]!;
      const cell = this.#undo[--this.#top]!;
      this.#move(cell, this.#cells.current[cell]!, before);
    }
  }

  #move(cell: number, before: number, after: number): void {
    this.#cells.current[cell] = after;
    this.#lows[0]! ^= this.#cells.low[cell]![before]! ^ this.#cells.low[cell]![after]!;
    this.#highs[0]! ^= this.#cells.high[cell]![before]! ^ this.#cells.high[cell]![after]!;
    for (let lane = 1; lane < this.#lanes; lane++) {
      this.#lows[lane]! ^= this.#symmetry!.low(lane, cell, before) ^ this.#symmetry!.low(lane, cell, after);
      this.#highs[lane]! ^= this.#symmetry!.high(lane, cell, before) ^ this.#symmetry!.high(lane, cell, after);
    }
  }
}
