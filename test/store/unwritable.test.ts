// Stores that are sound and cannot be written: opened to be read, locked, protected, or on a full disk. What they hold stays readable.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { SqliteStore } from '../../src/store/sqlite.ts';
import { type Counted, counted, numbers } from './counted.ts';
import { directory, newFile, storeWith } from './files.ts';
import { refusal, wholeRefusal } from './refusal.ts';

it('a store opened to be read refuses to be written', () => {
  const store = new SqliteStore<Counted>(storeWith(3), { readOnly: true });
  expect(refusal(() => store.append('s', 'any', counted(4, 4)))).toContain(
    'expected a store that can be written, found one that can only be read',
  );
  expect(numbers(store.read('s'))).toEqual([1, 2, 3]);
  store.close();
});

it('a store locked by another writer is refused after the patience, read all the same, and written when the other is done', () => {
  const file = storeWith(3);
  const other = new DatabaseSync(file);
  other.exec('BEGIN IMMEDIATE');
  expect(wholeRefusal(() => new SqliteStore(file, { patienceMilliseconds: 20 }))).toBe(
    `store-unusable: ${file}: expected to write, found that another process kept it locked (SQLite: database is locked)\n` +
      'Run the command again when the other has finished; nothing was written.',
  );
  const reader = new SqliteStore<Counted>(file, { readOnly: true });
  expect(numbers(reader.read('s'))).toEqual([1, 2, 3]);
  reader.close();
  other.exec('ROLLBACK');
  const store = new SqliteStore<Counted>(file, { patienceMilliseconds: 20 });
  other.exec('BEGIN IMMEDIATE');
  expect(refusal(() => store.append('s', 3, counted(4, 4)))).toContain('found that another process kept it locked');
  other.exec('ROLLBACK');
  expect(store.append('s', 3, counted(4, 4))).toBe(4);
  store.close();
  other.close();
});

it('an append that cannot be stored to its end leaves nothing, and the next one goes on', () => {
  const file = storeWith(3);
  const store = new SqliteStore<Counted>(file);
  const broken = [...counted(4, 600), { type: 'Counted', at: Number.NaN } as const];
  expect(refusal(() => store.append('s', 3, broken))).toBe('model-error: NaN cannot be stored as JSON');
  expect(refusal(() => store.append('new', 'absent', broken))).toBe('model-error: NaN cannot be stored as JSON');
  expect([store.streams(), numbers(store.read('s'))]).toEqual([[{ id: 's', version: 3 }], [1, 2, 3]]);
  expect(store.append('s', 3, counted(4, 4))).toBe(4);
  store.close();
});

const child = join(import.meta.dirname, 'child.ts');
const said = (...words: readonly string[]): string[] =>
  spawnSync(process.execPath, [child, ...words], { encoding: 'utf8' })
    .stdout.trimEnd()
    .split('\n');

describe('without the right to write', { timeout: 30_000 }, () => {
  const frozen = join(directory, 'frozen');
  mkdirSync(frozen);
  const file = join(frozen, 'x.db');
  storeWith(5, file);
  chmodSync(file, 0o444);
  chmodSync(frozen, 0o555);
  afterAll(() => chmodSync(frozen, 0o755));

  it.each([
    ['a store', file],
    ['a new file', join(frozen, 'new.db')],
  ])('%s is not opened to be written', (_, name) => {
    expect(said('write-unprivileged', name)[0]).toBe(
      `store-unusable: ${name}: expected a file and a directory that can be written, found that the system refuses it (EACCES)`,
    );
  });

  it('a store is still read', () => {
    expect(said('read-unprivileged', file)).toEqual(['5']);
    expect(readdirSync(frozen)).toEqual(['x.db']);
  });
});

it('a full disk refuses the append and keeps what was stored', { timeout: 30_000 }, () => {
  const file = newFile();
  // A limit on file sizes fails writes as a full disk does, and needs no rights. The child is told with EFBIG, not killed.
  const script = 'ulimit -f 1000; exec "$0" "$@"';
  const { stdout } = spawnSync('/bin/sh', ['-c', script, process.execPath, child, 'fill', file], { encoding: 'utf8' });
  const [reason, holds] = stdout.trimEnd().split('\n');
  expect(reason).toContain(
    `store-unusable: ${file}: expected to read and write, found that the system refused: a full disk, a limit on file`,
  );
  const store = new SqliteStore<Counted>(file);
  const version = store.version('s');
  expect(version).toBeGreaterThan(0);
  expect(holds).toBe(`${version} ${version}`);
  expect(numbers(store.read('s'))).toEqual(Array.from({ length: version }, (_, index) => (index % 256) + 1));
  store.close();
});
