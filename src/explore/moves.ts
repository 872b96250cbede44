// What a search steps by, in flat arrays: the branches of every leaf by number, what each changes, and how far it moves the fingerprint.
import type { Cells } from './cells.ts';
import type { Branch, Fact } from './facts.ts';
import { wide } from './wide.ts';

/** Words of one branch, and what they are: how far it moves the fingerprint, whose it is, and where its changes begin and end. */
export const MOVE = 8;
export const LOW = 0;
export const HIGH = 1;
export const NEAR = 2;
const ACTOR = 3;
export const FROM = 4;
export const END = 5;
/** 1: it has labels. */
export const LABELLED = 6;

/**
 * Words of one leaf: the number of its first branch, where the values that it holds for begin, where the bits of the cells that it looks at
 * begin, and 1 if it holds for answers, too.
 */
const LEAF = 4;

/** Words of one change: cell, value before, value after. */
export const CHANGE = 3;

export interface Move extends Branch {
  readonly number: number;
  /** Among those of its leaf. */
  readonly index: number;
}

export class Moves {
  /** By leaf; what the next leaf begins with is its end. */
  #leaf = new Int32Array(LEAF << 8);
  /** Cells and values in turns. */
  #values = new Int32Array(1 << 12);
  /** By branch. */
  table = new Int32Array(MOVE << 8);
  changes = new Int32Array(CHANGE << 10);
  readonly all: Move[] = [];
  /** The cells that each leaf looks at, one bit each. */
  #looked = new Int32Array(1 << 12);
  readonly #cells: Cells;
  #leaves = 0;
  #wanted = 0;
  #bits = 0;
  #words = 0;

  constructor(cells: Cells) {
    this.#cells = cells;
  }

  actor(branch: number): number {
    return this.table[branch * MOVE + ACTOR]!;
  }

  first(leaf: number): number {
    return this.#leaf[leaf * LEAF]!;
  }

  isEmpty(leaf: number): boolean {
    return this.first(leaf) === this.first(leaf + 1);
  }

  /** Whether it changes what the leaf looks at. */
  meets(branch: number, leaf: number): boolean {
    const { table, changes } = this;
    const bits = this.#leaf[leaf * LEAF + 2]! * 32;
    const most = this.#leaf[(leaf + 1) * LEAF + 2]! * 32;
    const end = table[branch * MOVE + END]!;
    for (let at = table[branch * MOVE + FROM]!; at < end; at += CHANGE) {
      const bit = bits + changes[at]!;
      if (bit < most && ((this.#looked[bit >>> 5]! >>> (bit & 31)) & 1) === 1) return true;
    }
    return false;
  }

  isAsking(leaf: number): boolean {
    return this.#leaf[leaf * LEAF + 3] === 1;
  }

  /** Whether the cells have the values that the leaf holds for. */
  holds(leaf: number): boolean {
    const values = this.#values;
    const { current } = this.#cells;
    const end = this.#leaf[(leaf + 1) * LEAF + 1]!;
    for (let at = this.#leaf[leaf * LEAF + 1]!; at < end; at += 2) if (current[values[at]!] !== values[at + 1]) return false;
    return true;
  }

  /** Takes in the next leaf. Its branches write only what it looks at. */
  add(fact: Fact): readonly Move[] {
    const { cells, values, questions } = fact;
    this.#values = wide(this.#values, this.#wanted + cells.length * 2);
    for (let index = 0; index < cells.length; index++) {
      this.#values[this.#wanted++] = cells[index]!;
      this.#values[this.#wanted++] = values[index]!;
    }
    this.#look(cells, questions);
    const moves = fact.branches.map((branch, index) => this.#branch(fact, branch, index));
    this.#leaf = wide(this.#leaf, (this.#leaves + 2) * LEAF);
    this.#leaf[this.#leaves * LEAF + 3] = Math.min(questions.length, 1);
    this.#leaves += 1;
    this.#leaf[this.#leaves * LEAF] = this.all.length;
    this.#leaf[this.#leaves * LEAF + 1] = this.#wanted;
    this.#leaf[this.#leaves * LEAF + 2] = this.#bits;
    return moves;
  }

  #look(cells: readonly number[], questions: Fact['questions']): void {
    const from = this.#bits;
    for (let index = 0; index < cells.length; index++) this.#mark(from, cells[index]!);
    for (const { cell } of questions) this.#mark(from, cell);
  }

  #mark(from: number, cell: number): void {
    const word = from + (cell >>> 5);
    if (word >= this.#bits) {
      this.#bits = word + 1;
      this.#looked = wide(this.#looked, this.#bits);
    }
    this.#looked[word]! |= 1 << (cell & 31);
  }

  #branch(fact: Fact, branch: Branch, index: number): Move {
    const number = this.all.length;
    const { answers, failed, labels, lock } = branch;
    const move = { cells: branch.cells, values: branch.values, answers, failed, labels, lock, number, index };
    this.all.push(move);
    this.table = wide(this.table, this.all.length * MOVE);
    const at = number * MOVE;
    this.table[at + ACTOR] = fact.actor;
    this.table[at + LABELLED] = Number(labels !== null);
    this.table[at + FROM] = this.#words;
    for (let written = 0; written < branch.cells.length; written++) {
      const cell = branch.cells[written]!;
      this.#change(at, cell, fact.values[fact.cells.indexOf(cell)]!, branch.values[written]!);
    }
    this.table[at + END] = this.#words;
    return move;
  }

  #change(at: number, cell: number, before: number, after: number): void {
    if (before === after) return;
    this.changes = wide(this.changes, this.#words + CHANGE);
    this.changes[this.#words++] = cell;
    this.changes[this.#words++] = before;
    this.changes[this.#words++] = after;
    const { low, high, near } = this.#cells;
    this.table[at + LOW]! ^= low[cell]![before]! ^ low[cell]![after]!;
    this.table[at + HIGH]! ^= high[cell]![before]! ^ high[cell]![after]!;
    this.table[at + NEAR]! ^= near[cell]![before]! ^ near[cell]![after]!;
  }
}
