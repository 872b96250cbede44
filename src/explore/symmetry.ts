// Interchangeable devices, groups and tasks: renamings of the scenario that map its machine, scripts, claims and start onto themselves.
// They touch only the fingerprint: of states that are equal up to a renaming one is explored, as it is.

import { canonical } from '../core/canonical.ts';
import type { Cells } from './cells.ts';
import { hashOf } from './cells.ts';
import type { AnyFrame } from './stacks.ts';

/** Names to other names, both ways complete. */
export type Renaming = ReadonlyMap<string, string>;

const NAME = /[A-Za-z0-9_:.-]+/g;

const ownerIn = (owner: string, renaming: Renaming): string | undefined => {
  const group = owner.startsWith('g') ? renaming.get(owner.slice(1)) : undefined;
  return renaming.get(owner) ?? (group === undefined ? undefined : `g${group}`);
};

/** `c0.d1.attributes.tables` is c0's, `gGROUP.default` a group's; names of devices have dots themselves, so the longest owner counts. */
const renamedWord = (word: string, renaming: Renaming): string => {
  for (let end = word.length; end > 0; end = word.lastIndexOf('.', end - 1)) {
    const owner = ownerIn(word.slice(0, end), renaming);
    if (owner !== undefined) return `${owner}${word.slice(end)}`;
  }
  return word;
};

const renamedText = (text: string, renaming: Renaming): string => text.replace(NAME, (word) => renamedWord(word, renaming));

/** A value with every name in it exchanged; keys of records too. Lists that are sets by name stay sorted. */
export const renamed = (value: unknown, renaming: Renaming): unknown => {
  if (typeof value === 'string') return renamedText(value, renaming);
  if (Array.isArray(value)) return value.map((inner) => renamed(inner, renaming));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [renamedText(key, renaming), renamed(inner, renaming)]));
};

export class Symmetry {
  /** How many renamings, the one that changes nothing among them. */
  readonly renamings: number;
  readonly #cells: Cells;
  readonly #list: readonly Renaming[];
  readonly #low: number[][][];
  readonly #high: number[][][];
  readonly #near: number[][][];

  constructor(cells: Cells, list: readonly Renaming[]) {
    this.#cells = cells;
    this.#list = list;
    this.renamings = list.length + 1;
    this.#low = list.map(() => []);
    this.#high = list.map(() => []);
    this.#near = list.map(() => []);
  }

  low(lane: number, cell: number, value: number): number {
    return this.#low[lane - 1]![cell]?.[value] ?? this.#learn(this.#low, lane, cell, value);
  }

  high(lane: number, cell: number, value: number): number {
    return this.#high[lane - 1]![cell]?.[value] ?? this.#learn(this.#high, lane, cell, value);
  }

  near(lane: number, cell: number, value: number): number {
    return this.#near[lane - 1]![cell]?.[value] ?? this.#learn(this.#near, lane, cell, value);
  }

  #learn(wanted: readonly number[][][], lane: number, cell: number, value: number): number {
    const [lows, highs, nears] = [this.#low, this.#high, this.#near].map((list) => {
      list[lane - 1]![cell] ??= [];
      return list[lane - 1]![cell]!;
    }) as [number[], number[], number[]];
    for (let index = lows.length; index <= value; index++) {
      const [low, high, near] = index === 0 ? [0, 0, 0] : this.#fingerprint(this.#list[lane - 1]!, cell, index);
      lows.push(low);
      highs.push(high);
      nears.push(near);
    }
    return wanted[lane - 1]![cell]![value]!;
  }

  #fingerprint(renaming: Renaming, cell: number, value: number): readonly [number, number, number] {
    const { names, values, neighbours } = this.#cells;
    const name = renamedText(names[cell]!, renaming);
    const own = values[cell]![value];
    if (neighbours[cell] === undefined) return [...hashOf(`${name}=${canonical(renamed(own, renaming))}`), 0];
    const other = neighbours[this.#cells.cell(name)]!;
    const stack = own as readonly AnyFrame[];
    return [...hashOf(`${name}=${canonical(renamed(other.commonOf(stack), renaming))}`), other.near(stack)];
  }
}
