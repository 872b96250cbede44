// The answers of a detector's step, and records that change by being replaced.
import type { Hit } from '../core/finding.ts';

export interface Answer<State> {
  readonly state: State;
  readonly hits: readonly Hit[];
}

const none: readonly Hit[] = [];

export const quiet = <State>(state: State): Answer<State> => ({ state, hits: none });
export const sees = <State>(state: State, ...hits: readonly Hit[]): Answer<State> => ({ state, hits });

/** A state kept by name: an entry that says nothing is not kept, so that equal states are equal as JSON. */
export type Table<Entry> = { readonly [name: string]: Entry };

/** A table that keeps its entries elsewhere (the explorer's, each a part of the world) gives a changed one under this key. */
export const kept: unique symbol = Symbol('kept');

type Keep = (name: string, entry: unknown) => object;

const keeperOf = (table: object): Keep | undefined => (table as { readonly [kept]?: Keep })[kept];

export const withEntry = <Entry>(table: Table<Entry>, name: string, entry: Entry): Table<Entry> => {
  const keep = keeperOf(table);
  if (keep) return keep(name, entry) as Table<Entry>;
  const next = Object.entries({ ...table, [name]: entry });
  return Object.fromEntries(next.sort(([a], [b]) => (a < b ? -1 : 1)));
};

export const withoutEntry = <Entry>(table: Table<Entry>, name: string): Table<Entry> => {
  if (!(name in table)) return table;
  const keep = keeperOf(table);
  if (keep) return keep(name, undefined) as Table<Entry>;
  return Object.fromEntries(Object.entries(table).filter(([key]) => key !== name));
};
