// The store for runs that are looked at once, for searches and for tests: arrays of the events themselves, gone with the process.
import { assert } from '../core/failure.ts';
import { checkExpected, unknownStream } from './refusals.ts';
import type { About, EventStore, Expected, PlainEvent, Recorded, Snapshot, StreamEntry } from './store.ts';

interface Stream<E> {
  readonly id: string;
  readonly events: E[];
  about: About | null;
  /** By model hash, then version; the text of the state, because a fold changes its state in place. */
  readonly snapshots: Map<string, Map<number, string>>;
}

/** Consecutive events of one stream in the order of the whole store; so one stream written alone costs one segment. */
interface Segment<E> {
  readonly stream: Stream<E>;
  readonly position: number;
  readonly first: number;
  count: number;
}

export class MemoryStore<E extends PlainEvent> implements EventStore<E> {
  readonly #streams = new Map<string, Stream<E>>();
  readonly #segments: Segment<E>[] = [];
  #count = 0;

  append(id: string, expected: Expected, events: readonly E[]): number {
    const version = this.version(id);
    checkExpected(id, expected, version);
    if (events.length === 0) return version;
    const stream = this.#streams.get(id) ?? this.#make(id);
    for (const event of events) stream.events.push(event);
    this.#extend(stream, version, events.length);
    return stream.events.length;
  }

  read(id: string, from = 0): Iterable<E> {
    const { events } = this.#find(id);
    return slice(events, from, events.length);
  }

  readAll(after = 0): Iterable<Recorded<E>> {
    return this.#recorded(after, this.#count);
  }

  close(): void {
    this.#streams.clear();
    this.#segments.length = 0;
  }

  version(id: string): number {
    return this.#streams.get(id)?.events.length ?? 0;
  }

  streams(): readonly StreamEntry[] {
    return [...this.#streams.values()].map(({ id, events }) => ({ id, version: events.length }));
  }

  about(id: string): About | null {
    return this.#find(id).about;
  }

  setAbout(id: string, about: About): void {
    this.#find(id).about = about;
  }

  snapshot(id: string, modelHash: string, atMost = Number.MAX_SAFE_INTEGER): Snapshot | null {
    const states = this.#find(id).snapshots.get(modelHash) ?? new Map<number, string>();
    const version = Math.max(...[...states.keys()].filter((kept) => kept <= atMost));
    const text = states.get(version);
    return text === undefined ? null : { version, state: JSON.parse(text) };
  }

  keepSnapshot(id: string, modelHash: string, snapshot: Snapshot): void {
    const { events, snapshots } = this.#find(id);
    assert(snapshot.version <= events.length, `snapshot of version ${snapshot.version} of ${id}, which has ${events.length}`);
    const states = snapshots.get(modelHash) ?? new Map<number, string>();
    snapshots.set(modelHash, states.set(snapshot.version, JSON.stringify(snapshot.state)));
  }

  #make(id: string): Stream<E> {
    const stream: Stream<E> = { id, events: [], about: null, snapshots: new Map() };
    this.#streams.set(id, stream);
    return stream;
  }

  #find(id: string): Stream<E> {
    const stream = this.#streams.get(id);
    if (stream === undefined) throw unknownStream(id, 'the store in memory', [...this.#streams.keys()]);
    return stream;
  }

  #extend(stream: Stream<E>, version: number, count: number): void {
    const last = this.#segments.at(-1);
    if (last?.stream === stream) last.count += count;
    else this.#segments.push({ stream, position: this.#count + 1, first: version + 1, count });
    this.#count += count;
  }

  *#recorded(after: number, end: number): Generator<Recorded<E>> {
    for (const { stream, position, first, count } of this.#segments) {
      const stop = Math.min(count, end + 1 - position);
      for (let index = Math.max(0, after + 1 - position); index < stop; index++) {
        const event = stream.events[first - 1 + index]!;
        yield { position: position + index, stream: stream.id, number: first + index, event };
      }
    }
  }
}

function* slice<E>(events: readonly E[], from: number, end: number): Generator<E> {
  for (let index = from; index < end; index++) yield events[index]!;
}
