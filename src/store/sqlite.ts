// The store that stays: one SQLite file, written by one process at a time and read by any number.
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { canonical } from '../core/canonical.ts';
import { assert } from '../core/failure.ts';
import { type ChunkRow, chunksOf, damaged, eventsOf, parsed } from './chunks.ts';
import { attempt, closedUnless, openDatabase, transaction } from './database.ts';
import type { DatabaseOptions } from './options.ts';
import { checkExpected, unknownStream } from './refusals.ts';
import type { About, EventStore, Expected, PlainEvent, Recorded, Snapshot, StreamEntry } from './store.ts';
import { currentVersion, type Upcasters, upcasters } from './upcast.ts';

export interface SqliteOptions extends DatabaseOptions {
  /** How to read events of older versions; default: the package's own table. */
  readonly upcasters?: Upcasters;
}

/** Rows fetched at once: at most 64 chunks in memory, and no read stays open while its consumer works. */
const pageRows = 64;

const versionOf = '(SELECT first + count - 1 FROM chunks WHERE stream = streams.id ORDER BY first DESC LIMIT 1)';

const sql = {
  stream: `SELECT id, ${versionOf} AS version FROM streams WHERE name = ?`,
  streams: `SELECT name AS id, ${versionOf} AS version FROM streams ORDER BY streams.id`,
  addStream: 'INSERT INTO streams (name) VALUES (?)',
  end: 'SELECT position + count - 1 AS end FROM chunks ORDER BY position DESC LIMIT 1',
  addChunk: 'INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?)',
  streamPage: `SELECT first AS start, count, v, events FROM chunks WHERE stream = $stream AND first <= $end
    AND first >= (SELECT max(first) FROM chunks WHERE stream = $stream AND first <= $next) ORDER BY first LIMIT ${pageRows}`,
  storePage: `SELECT position AS start, count, v, events, first, name FROM chunks JOIN streams ON streams.id = stream
    WHERE position <= $end AND position >= (SELECT max(position) FROM chunks WHERE position <= $next) ORDER BY position LIMIT ${pageRows}`,
  about: 'SELECT body FROM about WHERE stream = ?',
  setAbout: 'INSERT OR REPLACE INTO about VALUES (?, ?)',
  snapshot: 'SELECT version, state FROM snapshots WHERE stream = ? AND model = ? AND version <= ? ORDER BY version DESC LIMIT 1',
  keepSnapshot: 'INSERT OR REPLACE INTO snapshots VALUES (?, ?, ?, ?)',
} as const;

type Statements = { readonly [name in keyof typeof sql]: StatementSync };
type StreamRow = { readonly id: number; readonly version: number };
type PageRow = ChunkRow & { readonly first: number; readonly name: string };

export class SqliteStore<E extends PlainEvent> implements EventStore<E> {
  readonly #file: string;
  readonly #table: Upcasters;
  readonly #database: DatabaseSync;
  readonly #statements: Statements;

  /** Opens the file, or makes it. Throws `store-unusable` before anything is written to what is no store. */
  constructor(file: string, options: SqliteOptions = {}) {
    this.#file = file;
    this.#table = options.upcasters ?? upcasters;
    this.#database = openDatabase(file, options);
    this.#statements = closedUnless(this.#database, () => this.#attempt(() => prepare(this.#database)));
  }

  append(stream: string, expected: Expected, events: readonly E[]): number {
    return this.#attempt(() =>
      transaction(this.#database, () => {
        const row = this.#row(stream);
        const version = row?.version ?? 0;
        checkExpected(stream, expected, version);
        return events.length === 0 ? version : this.#write(row?.id ?? this.#addStream(stream), version, events);
      }),
    );
  }

  read(stream: string, from = 0): Iterable<E> {
    const { id, version } = this.#find(stream);
    return this.#events(id, from, version);
  }

  readAll(after = 0): Iterable<Recorded<E>> {
    return this.#recorded(
      after,
      this.#attempt(() => this.#end()),
    );
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  version(stream: string): number {
    return this.#attempt(() => this.#row(stream)?.version ?? 0);
  }

  streams(): readonly StreamEntry[] {
    const rows = this.#attempt(() => this.#statements.streams.all()) as unknown as StreamEntry[];
    return rows.map(({ id, version }) => ({ id, version }));
  }

  about(stream: string): About | null {
    const { id } = this.#find(stream);
    const row = this.#attempt(() => this.#statements.about.get(id));
    return row === undefined ? null : (this.#parsed(row.body, `who made ${stream}`) as About);
  }

  setAbout(stream: string, about: About): void {
    const { id } = this.#find(stream);
    this.#attempt(() => this.#statements.setAbout.run(id, canonical(about)));
  }

  snapshot(stream: string, modelHash: string, atMost = Number.MAX_SAFE_INTEGER): Snapshot | null {
    const { id } = this.#find(stream);
    const row = this.#attempt(() => this.#statements.snapshot.get(id, modelHash, atMost));
    return row === undefined ? null : { version: Number(row.version), state: this.#parsed(row.state, `a snapshot of ${stream}`) };
  }

  keepSnapshot(stream: string, modelHash: string, snapshot: Snapshot): void {
    const { id, version } = this.#find(stream);
    assert(snapshot.version <= version, `snapshot of version ${snapshot.version} of ${stream}, which has ${version}`);
    this.#attempt(() => this.#statements.keepSnapshot.run(id, modelHash, snapshot.version, JSON.stringify(snapshot.state)));
  }

  #attempt<T>(action: () => T): T {
    return attempt(this.#file, action);
  }

  #parsed(text: unknown, what: string): unknown {
    const value = parsed(String(text));
    if (value === undefined) throw damaged(this.#file, what);
    return value;
  }

  #row(stream: string): StreamRow | undefined {
    return this.#statements.stream.get(stream) as StreamRow | undefined;
  }

  #find(stream: string): StreamRow {
    const row = this.#attempt(() => this.#row(stream));
    if (row !== undefined) return row;
    const names = this.streams().map(({ id }) => id);
    throw unknownStream(stream, this.#file, names);
  }

  #addStream(stream: string): number {
    return Number(this.#statements.addStream.run(stream).lastInsertRowid);
  }

  #end(): number {
    return Number(this.#statements.end.get()?.end ?? 0);
  }

  #write(id: number, version: number, events: readonly E[]): number {
    const before = this.#end();
    let written = 0;
    for (const chunk of chunksOf(events)) {
      const { addChunk } = this.#statements;
      addChunk.run(before + written + 1, id, version + written + 1, chunk.count, currentVersion(this.#table), chunk.events);
      written += chunk.count;
    }
    return version + written;
  }

  *#events(stream: number, from: number, end: number): Generator<E> {
    const page = (next: number) => this.#statements.streamPage.all({ stream, next, end });
    for (const { row, skip } of this.#chunks<ChunkRow>(page, from, end)) {
      const events = this.#eventsOf(row);
      for (let index = skip; index < events.length; index++) yield events[index]!;
    }
  }

  *#recorded(after: number, end: number): Generator<Recorded<E>> {
    const page = (next: number) => this.#statements.storePage.all({ next, end });
    for (const { row, skip } of this.#chunks<PageRow>(page, after, end)) {
      const events = this.#eventsOf(row);
      for (let index = skip; index < events.length; index++) {
        yield { position: row.start + index, stream: row.name, number: row.first + index, event: events[index]! };
      }
    }
  }

  /** Rows page by page, each with the number of its events that come before the wanted ones. */
  *#chunks<Row extends ChunkRow>(page: (next: number) => unknown[], from: number, end: number): Generator<{ row: Row; skip: number }> {
    let next = from + 1;
    while (next <= end) {
      const rows = this.#attempt(() => page(next)) as Row[];
      if (rows.length === 0) throw damaged(this.#file, `event ${next}`);
      for (const row of rows) {
        const skip = next - row.start;
        if (skip < 0 || skip >= row.count) throw damaged(this.#file, `event ${next}`);
        yield { row, skip };
        next = row.start + row.count;
      }
    }
  }

  #eventsOf(row: ChunkRow): readonly E[] {
    return eventsOf(this.#file, row, this.#table) as readonly E[];
  }
}

const prepare = (database: DatabaseSync): Statements =>
  Object.fromEntries(Object.entries(sql).map(([name, text]) => [name, database.prepare(text)])) as Statements;
