// Interchangeable devices, groups and tasks: renamings of the scenario that map its machine, scripts, claims and start onto themselves.
// They touch only the fingerprint: of states that are equal up to a renaming one is explored, as it is.

import { canonical } from '../core/canonical.ts';
import type { Cells } from './cells.ts';
import { hashOf } from './cells.ts';

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

  constructor(cells: Cells, list: readonly Renaming[]) {
    this.#cells = cells;
    this.#list = list;
    this.renamings = list.length + 1;
    this.#low = list.map(() => []);
    this.#high = list.map(() => []);
  }

  low(lane: number, cell: number, value: number): number {
    return this.#low[lane - 1]![cell]?.[value] ?? this.#learn(lane, cell, value)[0];
  }

  high(lane: number, cell: number, value: number): number {
    return this.#high[lane - 1]![cell]?.[value] ?? this.#learn(lane, cell, value)[1];
  }

  #learn(lane: number, cell: number, value: number): readonly [number, number] {
    this.#low[lane - 1]![cell] ??= [];
    this.#high[lane - 1]![cell] ??= [];
    const lows = this.#low[lane - 1]![cell]!;
    const highs = this.#high[lane - 1]![cell]!;
    for (let index = lows.length; index <= value; index++) {
      const [low, high] = index === 0 ? [0, 0] : this.#hash(this.#list[lane - 1]!, cell, index);
      lows.push(low);
      highs.push(high);
    }
    return [lows[value]!, highs[value]!];
  }

  #hash(renaming: Renaming, cell: number, value: number): readonly [number, number] {
    const text = canonical(renamed(this.#cells.values[cell]![value], renaming));
    return hashOf(`${renamedText(this.#cells.names[cell]!, renaming)}=${text}`);
  }
}
