// Goals for a solver: a row of a driver's path is reached, and it applies. Both speak of the values before the path starts.
import { any, type Condition, has, not, plain } from '../core/conditions.ts';
import { isIn, refusesOf, whenOf } from '../core/perform.ts';
import type { AllocRow, Column, Driver, Row } from '../core/rows.ts';
import { before } from './before.ts';
import { type Goal, wants } from './solve.ts';

const always: Condition = { all: [] };
const never: Condition = { any: [] };

export const rowsIn = (driver: Driver, path: string, column: Column): readonly Row[] => driver.paths[path]?.[column] ?? [];

/** Under which a row, and the path that it walks, lets the request pass; over the values when the row is reached. */
const passes = (driver: Driver, row: Row, column: Column): Condition => {
  if (!isIn(row, column)) return always;
  const when = row.kind === 'check' ? undefined : whenOf(row, column);
  const skipped: Condition = when ? not(when) : never;
  switch (row.kind) {
    case 'check':
      return not(refusesOf(row, column));
    case 'take':
      return any(skipped, has(row.pool));
    case 'call':
      return row.path ? any(skipped, passesPath(driver, row.path, column)) : always;
    case 'alloc':
    case 'effect':
      return always;
  }
};

const passesPath = (driver: Driver, path: string, column: Column): Condition => {
  const rows = rowsIn(driver, path, column);
  return { all: rows.map((row, index) => before(passes(driver, row, column), rows.slice(0, index), driver, column)) };
};

/** The goal as it must be met before the path starts. */
export const atRow = (goal: Goal, driver: Driver, path: string, index: number, column: Column): Goal => ({
  condition: before(goal.condition, rowsIn(driver, path, column).slice(0, index), driver, column),
  holds: goal.holds,
});

/** The rows before `index` let the request pass. */
export const reaching = (driver: Driver, path: string, index: number, column: Column): Goal[] =>
  rowsIn(driver, path, column)
    .slice(0, index)
    .map((row, nth) => atRow(wants(passes(driver, row, column)), driver, path, nth, column));

/** A site that runs a computed number of times runs at all. */
const runs = ({ times }: AllocRow): Goal[] => {
  if (typeof times !== 'object' || times === null || !('compute' in times)) return [];
  return [wants(plain(`${times.words} > 0`, times.reads, (read) => Number(times.compute(read)) > 0))];
};

/** The row's `when` holds and its site runs, over the values when the row is reached. */
export const applying = (row: Row, column: Column): Goal[] => {
  const when = row.kind === 'check' ? undefined : whenOf(row, column);
  return [...(when ? [wants(when)] : []), ...(row.kind === 'alloc' ? runs(row) : [])];
};
