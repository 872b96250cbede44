// Records whose entries are cells: the fields of a part, its attributes, and tables that are kept beside the world.
import { type Cells, fieldName } from './cells.ts';
import type { Tracker } from './tracker.ts';

export type Plain = Record<string, unknown>;

/** What proxies say of every property: it can be changed and listed. */
export const property = { configurable: true, enumerable: true, writable: true, value: undefined };

/** Where the cells are, who notes reads and writes, and the count of what earlier evaluations could not have looked at. */
export interface Home {
  readonly cells: Cells;
  readonly tracker: Tracker;
  /** Entries that came to be in this search or an earlier one, by record. */
  readonly entries: Map<string, Set<string>>;
  grown: number;
}

/** The entries that are known of a record, to be added to. */
export const entriesOf = (entries: Home['entries'], record: string): Set<string> => {
  const known = entries.get(record) ?? new Set();
  entries.set(record, known);
  return known;
};

/** A record whose entries are cells, made as their names appear. */
export class Fields {
  readonly proxy: Plain;
  readonly #prefix: string;
  readonly #home: Home;
  readonly #cells = new Map<string, number>();
  readonly #entries: Set<string>;
  #isListed = false;

  /** `has` for records of one shape: an entry is one of the shape, whatever its value. */
  constructor(home: Home, prefix: string, extras: Plain = {}, has: (name: string) => boolean = (name) => this.read(name) !== undefined) {
    this.#home = home;
    this.#prefix = prefix;
    this.proxy = new Proxy<Plain>(extras, {
      get: (own, name) => (typeof name === 'symbol' || name in own ? own[name as string] : this.read(name)),
      set: (_, name, value) => this.write(String(name), value),
      deleteProperty: (_, name) => this.write(String(name), undefined),
      has: (own, name) => name in own || (typeof name === 'string' && has(name)),
      ownKeys: (own) => [...Object.keys(own), ...this.list()],
      getOwnPropertyDescriptor: () => property,
    });
    this.#entries = entriesOf(home.entries, prefix);
    for (const name of this.#entries) this.cell(name);
  }

  cell(name: string): number {
    const known = this.#cells.get(name);
    if (known !== undefined) return known;
    const made = this.#home.cells.cell(fieldName(this.#prefix, name));
    this.#cells.set(name, made);
    this.#entries.add(name);
    // Whoever listed or cleared the entries knew nothing of this one.
    if (this.#isListed) this.#home.grown += 1;
    return made;
  }

  /** Every entry that is known, whether it is there or not. */
  names(): string[] {
    this.#isListed = true;
    this.#home.tracker.list(this.#cells);
    return [...this.#cells.keys()];
  }

  read(name: string): unknown {
    return this.#home.tracker.read(this.cell(name));
  }

  write(name: string, value: unknown): true {
    this.#home.tracker.write(this.cell(name), value);
    return true;
  }

  list(): string[] {
    return this.names()
      .sort()
      .filter((name) => this.read(name) !== undefined);
  }
}
