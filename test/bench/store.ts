// Runs recorded to memory and to disk, and read back: how much slower than the bare database the store is, and how fast a state is
// found again.
import { join } from 'node:path';
import { canonical } from '../../src/core/canonical.ts';
import type { Event } from '../../src/core/events.ts';
import type { World } from '../../src/core/world.ts';
import { stateAt } from '../../src/engine/replay.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import { SqliteStore } from '../../src/store/sqlite.ts';
import { insertAll, parseAll } from './bare.ts';
import { append, eventsOf, record, scenarioOf } from './histories.ts';
import { type Figure, interleaved, milliseconds, ratio, thousands } from './measure.ts';

const rounds = 5;

/** A name in `folder` that was not given before. */
const fresh = (folder: string): (() => string) => {
  let count = 0;
  return () => {
    count += 1;
    return join(folder, `${count}.sqlite`);
  };
};

const withStore = <T>(file: string, use: (store: SqliteStore<Event>) => T): T => {
  const store = new SqliteStore<Event>(file);
  try {
    return use(store);
  } finally {
    store.close();
  }
};

/** Run and record to memory, against folding the same events: a run cannot do less. */
export const memory = (): Figure[] => {
  const given = scenarioOf(200_000);
  const events = eventsOf(given);
  const taken = interleaved(rounds, {
    run: () => record(new MemoryStore<Event>(), 's', given),
    fold: () => stateAt(events, events.length),
  });
  const found = thousands(events.length, taken.run);
  const target = 300;
  return [
    {
      name: 'run and record to memory',
      found,
      against: ratio(taken.fold / taken.run, 'folding'),
      target: `${target} k events/s`,
      met: events.length / taken.run >= target * 1000,
    },
  ];
};

const ofBare = 0.7;

/** To disk, against an insert loop over texts that were made before; what a whole run gives is bounded by the run. */
export const disk = (folder: string): Figure[] => {
  const given = scenarioOf(200_000);
  const events = eventsOf(given);
  const texts = events.map(canonical);
  const file = fresh(folder);
  const taken = interleaved(rounds, {
    bare: () => insertAll(file(), texts),
    append: () => withStore(file(), (store) => append(store, 's', events)),
    run: () => withStore(file(), (store) => record(store, 's', given)),
  });
  const against = (seconds: number): Pick<Figure, 'found' | 'against'> => ({
    found: thousands(events.length, seconds),
    against: ratio(taken.bare / seconds, 'bare inserts'),
  });
  return [
    { name: 'append to disk', ...against(taken.append), target: String(ofBare), met: taken.bare / taken.append >= ofBare },
    { name: 'run and record to disk', ...against(taken.run), target: null, met: true },
  ];
};

/** The fold of a million stored events, against reading and parsing them; then the last state from a snapshot. */
export const fold = (folder: string): Figure[] => {
  const file = fresh(folder)();
  return withStore(file, (store) => {
    const count = record(store, 's', scenarioOf(1_000_000));
    const taken = interleaved(2, { bare: () => parseAll(file), fold: () => stateAt(store.read('s'), count) });
    return [
      {
        name: `fold ${count} stored events`,
        found: thousands(count, taken.fold),
        against: ratio(taken.bare / taken.fold, 'parsing'),
        target: String(ofBare),
        met: taken.bare / taken.fold >= ofBare,
      },
      fromSnapshot(store, count, taken.fold),
    ];
  });
};

/** `attachlab replay --at` keeps a snapshot after a fold of 50 000 events: the worst case is one event short of the next. */
const snapshotEvery = 50_000;

const fromSnapshot = (store: SqliteStore<Event>, count: number, folded: number): Figure => {
  const version = count - snapshotEvery + 1;
  store.keepSnapshot('s', 'bench', { version, state: stateAt(store.read('s'), version) });
  const { kept } = interleaved(rounds, {
    kept: () => {
      const from = store.snapshot('s', 'bench')!;
      stateAt(store.read('s', from.version), count, { version: from.version, world: from.state as World });
    },
  });
  const name = `state ${count - version} events after a snapshot`;
  return { name, found: milliseconds(kept), against: ratio(kept / folded, 'the whole fold'), target: '1000 ms', met: kept < 1 };
};
