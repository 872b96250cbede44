// Opens and makes the SQLite file, and turns what SQLite reports into refusals that say what to do.
import { resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import type { Failure } from '../core/failure.ts';
import { applicationId, checkFormat, checkWritable, isFrozen, recognise, storeFormat, unusable } from './files.ts';
import type { DatabaseOptions } from './options.ts';

/** `position` numbers the store's events, `first` the stream's: both name the first event of the chunk. `v` is the events' version. */
const schema = `
  CREATE TABLE streams (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE chunks (
    position INTEGER PRIMARY KEY, stream INTEGER NOT NULL REFERENCES streams, first INTEGER NOT NULL, count INTEGER NOT NULL,
    v INTEGER NOT NULL, events TEXT NOT NULL, UNIQUE (stream, first)) STRICT;
  CREATE TABLE about (stream INTEGER PRIMARY KEY REFERENCES streams, body TEXT NOT NULL) STRICT;
  CREATE TABLE snapshots (
    stream INTEGER NOT NULL REFERENCES streams, model TEXT NOT NULL, version INTEGER NOT NULL, state TEXT NOT NULL,
    PRIMARY KEY (stream, model, version)) STRICT;
  PRAGMA application_id = ${applicationId};
  PRAGMA user_version = ${storeFormat};`;

/** The database of a store, made when there is none. */
export const openDatabase = (file: string, options: DatabaseOptions = {}): DatabaseSync => {
  // A relative path could be read as a URI or as SQLite's name for a database in memory.
  const path = resolve(file);
  const found = recognise(path);
  if (options.readOnly === true) return openToRead(file, path, found === 'store');
  checkWritable(path, found !== 'absent');
  const database = attempt(file, () => new DatabaseSync(path, { timeout: options.patienceMilliseconds ?? 5000 }));
  closedUnless(database, () => attempt(file, () => prepareToWrite(file, database)));
  return database;
};

const openToRead = (file: string, path: string, exists: boolean): DatabaseSync => {
  if (!exists) throw unusable(file, 'a store', 'no store', 'Run a scenario with --store first, or name another file.');
  const url = pathToFileURL(path);
  if (isFrozen(path)) url.searchParams.set('immutable', '1');
  return attempt(file, () => new DatabaseSync(url, { readOnly: true }));
};

/** Makes the tables before the log, so that the file itself always says what it is. */
const prepareToWrite = (file: string, database: DatabaseSync): void => {
  transaction(database, () => {
    if (database.prepare('SELECT 1 FROM sqlite_schema').get() === undefined) database.exec(schema);
  });
  checkFormat(file, Number(database.prepare('PRAGMA user_version').get()?.user_version));
  // NORMAL with a log: a killed process loses nothing that was acknowledged, a power cut may lose the last appends but tears none.
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
};

/** Runs `action`; the database does not stay open when it throws. */
export const closedUnless = <T>(database: DatabaseSync, action: () => T): T => {
  try {
    return action();
  } catch (error) {
    database.close();
    throw error;
  }
};

/** Everything that `action` writes, or nothing. Takes the write lock first, so what it reads stays true until the end. */
export const transaction = <T>(database: DatabaseSync, action: () => T): T => {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = action();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
};

/** Runs `action`; what SQLite throws becomes a Failure that names the file. */
export const attempt = <T>(file: string, action: () => T): T => {
  try {
    return action();
  } catch (error) {
    throw refusalFor(file, error) ?? error;
  }
};

const again = 'Run the command again when the other has finished; nothing was written.';
const room = 'Make room, then run the command again; nothing of this append was written, and what was stored before is unharmed.';
const copy = 'Bring the file back from a copy, or name another with --store.';

/** By SQLite's primary result code; https://sqlite.org/rescode.html */
const refusals: { readonly [code: number]: readonly [expected: string, found: string, todo?: string] } = {
  5: ['to write', 'that another process kept it locked', again],
  6: ['to write', 'that another part of this process kept it locked', again],
  8: ['a store that can be written', 'one that can only be read'],
  10: ['to read and write', 'that the system refused: a full disk, a limit on file sizes or a failing disk', room],
  11: ['a whole store', 'a damaged or truncated one', copy],
  13: ['room to write', 'a full disk', room],
  14: ['a store', 'that the system does not let it be opened'],
  26: ['a store', 'a file that SQLite cannot read'],
};

const refusalFor = (file: string, error: unknown): Failure | null => {
  const { code, errcode, message } = error as { code?: unknown; errcode?: number; message?: string };
  if (code !== 'ERR_SQLITE_ERROR' || errcode === undefined) return null;
  const [expected, found, todo] = refusals[errcode & 0xff] ?? ['a whole store', 'one that SQLite cannot use', copy];
  return unusable(file, expected, `${found} (SQLite: ${message})`, todo);
};
