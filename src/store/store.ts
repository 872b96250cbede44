// What an event store is: four verbs, append, read, readAll and close; a listing; and two side tables, one for who made a stream and
// one for snapshots. Every store passes test/store/contract.ts unchanged.

/** What the store knows of an event: plain JSON data with a type. */
export interface PlainEvent {
  readonly type: string;
}

/**
 * What a writer believes of the stream: the number of events in it so far, that it does not exist (`absent`, equal to 0), or nothing
 * (`any`). A stream exists from its first event on.
 */
export type Expected = number | 'absent' | 'any';

/** An event in the order of the whole store. Positions and numbers start at 1 and have no gaps. */
export interface Recorded<E extends PlainEvent> {
  readonly position: number;
  readonly stream: string;
  readonly number: number;
  readonly event: E;
}

export interface StreamEntry {
  readonly id: string;
  /** Events so far. */
  readonly version: number;
}

/** Who made a stream, kept apart from its events: two runs that did the same have the same events. */
export interface About {
  /** ISO 8601, as the maker's clock had it. */
  readonly when: string;
  readonly host: string;
  readonly commandLine: readonly string[];
  /** The stream that this one was forked from. */
  readonly parent: string | null;
  /** What makes the same events again: scenario, options and decisions, as the engine wrote them. */
  readonly recipe?: unknown;
}

/** The state after the first `version` events of a stream, as one model computed it. */
export interface Snapshot {
  readonly version: number;
  readonly state: unknown;
}

/**
 * Synchronous on purpose: the writers are batch programs, and what they use of SQLite is synchronous. Events handed in or out are shared,
 * not copied, so nobody may change them.
 */
export interface EventStore<E extends PlainEvent> {
  /**
   * Adds all events or none, and returns the new version. Refuses with `version-conflict` when the stream is not as expected. Without
   * events only the expectation is checked.
   */
  append(stream: string, expected: Expected, events: readonly E[]): number;
  /**
   * The events after the first `from` (default: all), oldest first, up to the version that the stream has at the call. Reads page by
   * page, so appends by anyone may happen meanwhile; walk it once. Refuses a stream that does not exist with `unknown-name`.
   */
  read(stream: string, from?: number): Iterable<E>;
  /** As `read`, over all streams in the order of appending, after position `after` (default: from the start). */
  readAll(after?: number): Iterable<Recorded<E>>;
  /** Gives back what the store holds. May be called twice; nothing else may be called afterwards. */
  close(): void;

  /** Events in the stream; 0 when it does not exist. */
  version(stream: string): number;
  /** All streams, oldest first. */
  streams(): readonly StreamEntry[];

  /** Null when nothing was said about the stream. */
  about(stream: string): About | null;
  setAbout(stream: string, about: About): void;

  /** The latest snapshot that this model made at or before version `atMost` (default: the latest of all); null when there is none. */
  snapshot(stream: string, modelHash: string, atMost?: number): Snapshot | null;
  /** A cache: states are JSON with the order of keys kept, and losing one costs only time. */
  keepSnapshot(stream: string, modelHash: string, snapshot: Snapshot): void;
}
