// Where runs are kept: --store, else the XDG state directory.
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Event } from '../core/events.ts';
import { SqliteStore } from '../store/sqlite.ts';
import type { Io } from './command.ts';

export const storeFile = (io: Io, given?: string): string => {
  if (given !== undefined) return resolve(given);
  const state = io.env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state');
  return join(state, 'attachlab', 'runs.sqlite');
};

/** Opens the store, making its folder when it is the default one; closed by `use` whatever happens. */
export const withStore = async <T>(io: Io, given: string | undefined, use: (store: SqliteStore<Event>) => T | Promise<T>): Promise<T> => {
  const file = storeFile(io, given);
  if (given === undefined) mkdirSync(dirname(file), { recursive: true });
  const store = new SqliteStore<Event>(file);
  try {
    return await use(store);
  } finally {
    store.close();
  }
};
