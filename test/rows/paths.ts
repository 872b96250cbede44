// What a driver's path needs so that a row is reached: the conditions under which the rows before it let a request pass.
import { any, type Condition, has, not, plain } from '../../src/core/conditions.ts';
import { refusesOf, whenOf } from '../../src/core/perform.ts';
import type { AllocRow, Column, Driver, Row } from '../../src/core/rows.ts';
import { type Goal, wants } from '../../src/kernels/solve.ts';

const always: Condition = { all: [] };

export const rowsIn = (driver: Driver, path: string, column: Column): readonly Row[] => driver.paths[path]?.[column] ?? [];

/** A column that gives a row no errno does not have it. */
export const isIn = (row: Row, column: Column): boolean =>
  row.kind === 'effect' ? !row.columns || row.columns.includes(column) : column in row.errno;

/** Under which a row, and the path that it walks, lets the request pass. */
const passes = (driver: Driver, row: Row, column: Column): Condition => {
  if (!isIn(row, column)) return always;
  const when = row.kind === 'check' ? undefined : whenOf(row, column);
  const skipped: Condition = when ? not(when) : { any: [] };
  switch (row.kind) {
    case 'check':
      return not(refusesOf(row, column));
    case 'take':
      return any(skipped, has(row.pool));
    case 'call':
      return row.path ? any(skipped, { all: rowsIn(driver, row.path, column).map((inner) => passes(driver, inner, column)) }) : always;
    case 'alloc':
    case 'effect':
      return always;
  }
};

/** A site that runs a computed number of times runs at all. */
const runs = (row: AllocRow): Goal[] => {
  const { times } = row;
  if (typeof times !== 'object' || times === null || !('compute' in times)) return [];
  return [wants(plain(`${times.words} > 0`, times.reads, (read) => Number(times.compute(read)) > 0))];
};

/** The rows before `index` let the request pass. */
export const reaching = (driver: Driver, path: string, index: number, column: Column): Goal[] =>
  rowsIn(driver, path, column)
    .slice(0, index)
    .map((row) => wants(passes(driver, row, column)));

/** The row applies: its `when` holds, and its site runs. */
export const applying = (row: Row, column: Column): Goal[] => {
  const when = row.kind === 'check' ? undefined : whenOf(row, column);
  return [...(when ? [wants(when)] : []), ...(row.kind === 'alloc' ? runs(row) : [])];
};
