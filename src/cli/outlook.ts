// What may be left of a search: the guesses that it made itself of late, from the least to the most.
import type { Progress } from '../explore/exploreOptions.ts';

/** States that may be left. */
export interface Left {
  readonly least: number;
  readonly most: number;
}

/** Guesses that count, one a second. */
const GUESSES = 10;
/** Fewer say nothing of their spread. */
const FEWEST = 3;

export const outlookNote = 'left: guessed from what finished choices brought (Knuth); range of 10 s';

export class Outlook {
  #guesses: number[] = [];
  #variant = -1;
  #states = 0;

  /** Null: there is nothing to guess from yet. */
  left({ states, variant, left }: Progress): Left | null {
    // Each start is a tree of its own, and a search that learned something begins anew.
    if (variant !== this.#variant || states < this.#states) this.#guesses = [];
    this.#variant = variant;
    this.#states = states;
    if (left !== undefined) this.#guesses = [...this.#guesses, left()].slice(-GUESSES);
    return this.#guesses.length < FEWEST ? null : { least: Math.min(...this.#guesses), most: Math.max(...this.#guesses) };
  }
}

const units = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const;

const rounded = (states: number): string => {
  const [size, unit] = units.find(([least]) => states >= least) ?? [1, ''];
  return `${Number((states / size).toPrecision(2))}${unit}`;
};

export const leftWords = (left: Left | null): string => (left === null ? '' : `, left ${rounded(left.least)}-${rounded(left.most)}`);
