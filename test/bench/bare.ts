// The baselines for the store: node:sqlite without anything around it, on the same bytes.
import { DatabaseSync } from 'node:sqlite';
import type { Event } from '../../src/core/events.ts';
import { batch } from './histories.ts';

/** Inserts texts that were made before, a row for each event; `file` must not exist. */
export const insertAll = (file: string, texts: readonly string[]): void => {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
  database.exec(
    'CREATE TABLE events (position INTEGER PRIMARY KEY, stream INTEGER, number INTEGER, body TEXT, UNIQUE (stream, number)) STRICT',
  );
  const insert = database.prepare('INSERT INTO events VALUES (?, 1, ?, ?)');
  for (let from = 0; from < texts.length; from += batch) {
    database.exec('BEGIN IMMEDIATE');
    for (let index = from; index < Math.min(from + batch, texts.length); index++) insert.run(index + 1, index + 1, texts[index]!);
    database.exec('COMMIT');
  }
  database.close();
};

/** Reads and parses the rows of the only stream in a store's file, and gives the number of events. */
export const parseAll = (file: string): number => {
  const database = new DatabaseSync(file, { readOnly: true });
  let count = 0;
  for (const { events } of database.prepare('SELECT events FROM chunks ORDER BY position').iterate()) {
    for (const event of JSON.parse(String(events)) as Event[]) if (event.type !== undefined) count += 1;
  }
  database.close();
  return count;
};
