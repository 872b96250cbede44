// Sweeps over the n-th allocation of a call, as fail-nth makes them in a kernel, and the tables that they are held against.
import { expect } from 'vitest';
import type { EventOf } from '../../src/core/events.ts';
import { eventsOf, type Told } from './runs.ts';

export interface Swept<T> {
  readonly rows: readonly T[];
  /** The first run that has no n-th allocation: nothing fails in it. */
  readonly last: Told;
}

/** Makes the run for n = 1, 2, ... and a row of each, until a run has no n-th allocation; no other may fail. */
export const sweepOf = <T>(runWith: (n: number) => Told, rowOf: (failed: EventOf<'AllocationFailed'>, told: Told) => T): Swept<T> => {
  const rows: T[] = [];
  for (let n = 1; ; n++) {
    const told = runWith(n);
    const failed = eventsOf(told.events, 'AllocationFailed');
    if (failed.length === 0) return { rows, last: told };
    expect(failed.map((event) => event.n)).toEqual([n]);
    rows.push(rowOf(failed[0]!, told));
  }
};

export const siteOf = ({ site }: EventOf<'AllocationFailed'>): string => site.replaceAll(' ', '_');

/** `site result domains`: what the request came to, and how many domains its container holds afterwards. */
export const outcomeRow =
  (request: number) =>
  (failed: EventOf<'AllocationFailed'>, { world, results }: Told): string =>
    `${siteOf(failed)} ${results[request]} ${world.containers['c0']!.records.length}`;

/** The words of a list; `N*` in front: N times in a row. */
export const repeated = (words: readonly string[]): string[] =>
  words.flatMap((word) => {
    const [, times, rest] = /^(?:(\d)\*)?(.*)$/.exec(word)!;
    return Array.from({ length: Number(times ?? 1) }, () => rest!);
  });

/** Rows of a table, one a line, in single blanks. */
export const rowsOf = (text: string): string[] =>
  repeated(
    text
      .split('\n')
      .map((row) => row.trim().replace(/\s+/g, ' '))
      .filter((row) => row !== ''),
  );
