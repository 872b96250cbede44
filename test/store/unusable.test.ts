// Files that cannot be used as a store: each gets one message that says what to do, and stays byte for byte as it was.
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { SqliteStore } from '../../src/store/sqlite.ts';
import { type Counted, counted } from './counted.ts';
import { directory, newFile, storeWith, written } from './files.ts';
import { refusal, wholeRefusal } from './refusal.ts';

/** Changes a closed store behind its back. */
const tampered = (file: string, sql: string): string => {
  const database = new DatabaseSync(file);
  database.exec(sql);
  database.close();
  return file;
};

const cut = (file: string, size: number): string => {
  writeFileSync(file, readFileSync(file).subarray(0, size));
  return file;
};

const otherName = 'Name another file with --store; nothing was written to this one.';
const copy = 'Bring the file back from a copy, or name another with --store.';

const foreign: Record<string, readonly [make: () => string, found: string, todo: string]> = {
  'a text': [() => written('some notes\n'.repeat(1000)), 'expected a store, found a file of another kind', otherName],
  'a short text': [() => written('x'), 'expected a store, found a file of another kind', otherName],
  "another program's database": [
    () => tampered(newFile(), 'PRAGMA journal_mode = WAL; CREATE TABLE streams (id INTEGER); PRAGMA user_version = 1'),
    "expected a store, found another program's SQLite database",
    otherName,
  ],
  'a newer format': [
    () => tampered(storeWith(3), 'PRAGMA user_version = 2'),
    'expected a store of format 1, found format 2, from a newer attachlab',
    `Use the attachlab that wrote it, or n${otherName.slice(1)}`,
  ],
  'a store cut inside its header': [() => cut(storeWith(3), 60), 'expected a whole store, found one cut off after 60 bytes', copy],
  'a store cut inside a page': [() => cut(storeWith(3), 5000), 'expected a whole store, found one cut off after 5000 bytes', copy],
  'a store cut between pages': [
    () => cut(storeWith(900), 12_288),
    'expected a whole store, found a damaged or truncated one (SQLite: database disk image is malformed)',
    copy,
  ],
  'a store without its tables': [
    () => tampered(storeWith(3), 'DROP TABLE snapshots'),
    'expected a whole store, found one that SQLite cannot use (SQLite: no such table: snapshots)',
    copy,
  ],
};

describe.each(Object.entries(foreign))('%s', (_, [make, found, todo]) => {
  it.each([{ readOnly: false }, { readOnly: true }])('is refused and left alone, opened with %o', (options) => {
    const file = make();
    const before = readFileSync(file);
    expect(wholeRefusal(() => new SqliteStore(file, options))).toBe(`store-unusable: ${file}: ${found}\n${todo}`);
    expect(readFileSync(file).equals(before)).toBe(true);
    if (options.readOnly === false) expect(readdirSync(join(file, '..'))).toEqual(['x.db']);
  });
});

describe('a place where no store can be', () => {
  it('is a directory', () => {
    expect(refusal(() => new SqliteStore(directory))).toBe(`store-unusable: ${directory}: expected a store, found a directory`);
  });

  it('is a device', () => {
    expect(refusal(() => new SqliteStore('/dev/null'))).toBe(
      'store-unusable: /dev/null: expected a store, found something that is no file',
    );
  });

  it('is in a directory that does not exist', () => {
    const file = join(directory, 'missing', 'x.db');
    expect(refusal(() => new SqliteStore(file))).toBe(
      `store-unusable: ${file}: expected the directory ${join(directory, 'missing')}, found none`,
    );
  });

  it('is below a file', () => {
    const file = written('x');
    expect(refusal(() => new SqliteStore(join(file, 'y.db')))).toBe(
      `store-unusable: ${join(file, 'y.db')}: expected the directory ${file}, found none`,
    );
  });

  it('is a link that leads to itself', () => {
    const file = newFile();
    symlinkSync(file, file);
    expect(refusal(() => new SqliteStore(file))).toBe(
      `store-unusable: ${file}: expected a store, found that the system does not let it be looked at (ELOOP)`,
    );
  });

  it('does not exist, and is only to be read', () => {
    const file = newFile();
    expect(wholeRefusal(() => new SqliteStore(file, { readOnly: true }))).toBe(
      `store-unusable: ${file}: expected a store, found no store\nRun a scenario with --store first, or name another file.`,
    );
    expect(readdirSync(join(file, '..'))).toEqual([]);
  });
});

it('an empty file becomes a store', () => {
  const store = new SqliteStore<Counted>(written(''));
  expect(store.append('s', 'absent', counted(1, 1))).toBe(1);
  store.close();
});

describe('damage inside', () => {
  const rows: readonly (readonly [damage: string, event: number, good: number])[] = [
    ['DELETE FROM chunks WHERE first = 257', 257, 256],
    ['DELETE FROM chunks WHERE first = 1', 1, 0],
    ['UPDATE chunks SET events = substr(events, 1, 200) WHERE first = 257', 257, 256],
    ["UPDATE chunks SET events = '[]' WHERE first = 513", 513, 512],
    ["UPDATE chunks SET events = '7' WHERE first = 1", 1, 0],
  ];
  it.each(rows)('%s: names event %i after %i good ones', (damage, event, good) => {
    const file = tampered(storeWith(700), damage);
    for (const read of [(store: SqliteStore<Counted>) => store.read('s'), (store: SqliteStore<Counted>) => store.readAll()]) {
      const store = new SqliteStore<Counted>(file);
      let count = 0;
      const all = () => {
        for (const _ of read(store)) count += 1;
      };
      expect(refusal(all)).toBe(`store-unusable: ${file}: expected event ${event}, found damage in its place`);
      expect(count).toBe(good);
      store.close();
    }
  });

  it('names the event that was asked for', () => {
    const file = tampered(storeWith(700), 'DELETE FROM chunks WHERE first = 257');
    const store = new SqliteStore<Counted>(file);
    expect(refusal(() => [...store.read('s', 300)])).toBe(`store-unusable: ${file}: expected event 301, found damage in its place`);
    expect([...store.read('s', 512)].length).toBe(188);
    store.close();
  });
});
