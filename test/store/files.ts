// Files for the store's tests: each test file has a directory of its own, each file in it a directory, so that what is left beside it shows.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { SqliteStore } from '../../src/store/sqlite.ts';
import { type Counted, counted } from './counted.ts';

export const directory = mkdtempSync(join(tmpdir(), 'attachlab-store-'));
chmodSync(directory, 0o755);
afterAll(() => rmSync(directory, { recursive: true }));

let made = 0;

export const newFile = (): string => {
  const home = join(directory, String(made++));
  mkdirSync(home);
  return join(home, 'x.db');
};

export const written = (text: string): string => {
  const file = newFile();
  writeFileSync(file, text);
  return file;
};

/** A closed store whose stream s holds Counted 1 to `count`. */
export const storeWith = (count: number, file = newFile()): string => {
  const store = new SqliteStore<Counted>(file);
  store.append('s', 'absent', counted(1, count));
  store.close();
  return file;
};
