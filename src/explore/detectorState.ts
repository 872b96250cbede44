// A detector's state as cells of the world that a search walks. The detector sees what it would see in an audit: a state that never
// changes under its hands; what a step gives back is written afterwards.
import type { AnyDetector } from '../core/finding.ts';
import { kept } from '../detect/steps.ts';
import { type Fields, property } from './fields.ts';
import type { Parts } from './parts.ts';

type Plain = Record<string, unknown>;

export interface DetectorState {
  readonly get: () => unknown;
  /** `isStart`: no state of it was remembered yet, so nobody looks for entries that are not there. */
  readonly put: (next: unknown, isStart: boolean) => void;
}

/** What a table that was given back changes. */
const changed = Symbol('changed');

type Changed = { readonly [changed]?: ReadonlyMap<string, unknown> };

const tableOf = (fields: Fields, changes: ReadonlyMap<string, unknown> = new Map()): Plain => {
  const read = (name: string): unknown => (changes.has(name) ? changes.get(name) : fields.read(name));
  const keep = (name: string, value: unknown): Plain => tableOf(fields, new Map([...changes, [name, value]]));
  return new Proxy<Plain>({ [kept]: keep, [changed]: changes } as Plain, {
    get: (own, name) => (typeof name === 'symbol' ? Reflect.get(own, name) : read(name)),
    has: (_, name) => typeof name === 'string' && read(name) !== undefined,
    ownKeys: () => [...new Set([...fields.list(), ...changes.keys()])].sort().filter((name) => read(name) !== undefined),
    getOwnPropertyDescriptor: () => property,
  });
};

const adopt = (fields: Fields, next: Plain, isStart: boolean): void => {
  const plain = (): [string, unknown][] =>
    [...new Set([...(isStart ? [] : fields.list()), ...Object.keys(next)])].map((name) => [name, next[name]]);
  for (const [name, value] of (next as Changed)[changed] ?? plain()) fields.write(name, value);
};

const isRecord = (value: unknown): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value);

const ofTable = (fields: Fields): DetectorState => {
  const table = tableOf(fields);
  return { get: () => table, put: (next, isStart) => adopt(fields, next as Plain, isStart) };
};

const ofTables = (parts: Parts, name: string, keys: readonly string[]): DetectorState => {
  const tables = new Map(keys.map((key) => [key, ofTable(parts.table(`${name}/${key}`))]));
  const state = Object.fromEntries([...tables].map(([key, table]) => [key, table.get()]));
  return {
    get: () => state,
    put: (next, isStart) => {
      for (const [key, table] of tables) if ((next as Plain)[key] !== state[key]) table.put((next as Plain)[key], isStart);
    },
  };
};

/** One cell for all of it. */
const whole = (fields: Fields, initial: unknown): DetectorState => ({
  get: () => {
    const found = fields.read('all');
    return found === undefined ? initial : found;
  },
  put: (next) => {
    fields.write('all', next);
  },
});

/** A table, or a record of tables, is a cell for each entry; null is no state; anything else is kept as a whole. */
export const detectorState = (parts: Parts, { id, initial }: AnyDetector): DetectorState => {
  const name = `detectors/${id}`;
  if (initial === null) return { get: () => null, put: () => {} };
  const isTables = isRecord(initial) && Object.values(initial).every((inner) => isRecord(inner) && Object.keys(inner).length === 0);
  if (!isTables) return whole(parts.table(name), initial);
  const keys = Object.keys(initial);
  return keys.length === 0 ? ofTable(parts.table(name)) : ofTables(parts, name, keys);
};
