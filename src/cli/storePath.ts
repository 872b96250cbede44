// Where runs are kept: --store, else the XDG state directory.
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Event } from '../core/events.ts';
import { Failure } from '../core/failure.ts';
import { SqliteStore } from '../store/sqlite.ts';
import type { Io } from './command.ts';

export const storeFile = (io: Io, given?: string): string => {
  if (given !== undefined) return resolve(given);
  const state = io.env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state');
  return join(state, 'attachlab', 'runs.sqlite');
};

type Use<T> = (store: SqliteStore<Event>) => T | Promise<T>;

const closedAfter = async <T>(store: SqliteStore<Event>, use: Use<T>): Promise<T> => {
  try {
    return await use(store);
  } finally {
    store.close();
  }
};

const makeFolder = (folder: string): void => {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    const found = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new Failure('store-unusable', `expected a folder for runs, found that it cannot be made (${found})`, { file: folder });
  }
};

/** Opens the store to write, making its folder when it is the default one; closed whatever happens. */
export const withStore = async <T>(io: Io, given: string | undefined, use: Use<T>): Promise<T> => {
  const file = storeFile(io, given);
  if (given === undefined) makeFolder(dirname(file));
  return closedAfter(new SqliteStore<Event>(file), use);
};

/** Opens the store to read, also while another process writes: nothing is made, nothing is waited for. */
export const withRuns = async <T>(io: Io, given: string | undefined, use: Use<T>): Promise<T> =>
  closedAfter(new SqliteStore<Event>(storeFile(io, given), { readOnly: true }), use);

/** The default store is made by the first run that is kept. */
export const hasRuns = (io: Io, given: string | undefined): boolean => given !== undefined || existsSync(storeFile(io));
