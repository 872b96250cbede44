// Two stored runs of 100 000 events compared, as `attachlab diff` does: equal ones, and ones that part near their ends.
import { join } from 'node:path';
import type { Event } from '../../src/core/events.ts';
import { diffRuns } from '../../src/engine/diff.ts';
import { stateAt } from '../../src/engine/replay.ts';
import { SqliteStore } from '../../src/store/sqlite.ts';
import { record, scenarioOf } from './histories.ts';
import { type Figure, interleaved, milliseconds, ratio } from './measure.ts';

const rounds = 5;

const compare = (store: SqliteStore<Event>, name: string, a: string, b: string): Figure => {
  const { diff, folds } = interleaved(rounds, {
    diff: () => diffRuns(store.read(a), store.read(b)),
    folds: () => [a, b].map((id) => stateAt(store.read(id), store.version(id))),
  });
  return { name, found: milliseconds(diff), against: ratio(folds / diff, 'folding both'), target: '2000 ms', met: diff < 2 };
};

export const diff = (folder: string): Figure[] => {
  const store = new SqliteStore<Event>(join(folder, 'diff.sqlite'));
  for (const id of ['a', 'same']) record(store, id, scenarioOf(100_000));
  record(store, 'other', scenarioOf(100_000, true));
  const figures = [
    compare(store, 'diff of two equal runs of 100 k events', 'a', 'same'),
    compare(store, 'diff of two runs that part at the end', 'a', 'other'),
  ];
  store.close();
  return figures;
};
