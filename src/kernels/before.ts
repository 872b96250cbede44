// Traces a condition back through rows: what must hold before they run so that it holds after them. A set to a path or a constant is
// substituted, what is computed or counted becomes a plain function; the way out of an old domain is left aside.
import {
  all,
  any,
  type Condition,
  computedValue,
  holds,
  not,
  type Operand,
  type Path,
  plain,
  type Read,
  readsOf,
  type Value,
} from '../core/conditions.ts';
import { isIn, whenOf } from '../core/perform.ts';
import type { Change, Column, Driver, Row } from '../core/rows.ts';

/** What one change makes of a read of its path. */
interface Step {
  readonly path: Path;
  /** The operand that stands for the path before the change; undefined where only a function can say it. */
  readonly operand: Operand | undefined;
  readonly reads: readonly Path[];
  readonly value: (read: Read) => Value;
}

const stepOf = (change: Change): Step => {
  if ('give' in change) return counted(change.give, 1);
  if ('add' in change) return counted(change.add, change.by);
  const { to } = change;
  const isComputed = typeof to === 'object' && to !== null && 'compute' in to;
  const reads = isComputed ? to.reads : typeof to === 'string' ? [to] : [];
  return { path: change.set, operand: isComputed ? undefined : to, reads, value: (read) => computedValue(to, read) };
};

const counted = (path: Path, by: number): Step => ({
  path,
  operand: undefined,
  reads: [path],
  value: (read) => Number(read(path) ?? 0) + by,
});

const substituted = (operand: Operand, path: Path, other: Operand): Operand => (operand === path ? other : operand);

/** The condition over the values before the change. */
const traced = (condition: Condition, step: Step): Condition => {
  if (!readsOf(condition).includes(step.path)) return condition;
  if ('all' in condition) return { all: condition.all.map((part) => traced(part, step)) };
  if ('any' in condition) return { any: condition.any.map((part) => traced(part, step)) };
  if ('not' in condition) return { not: traced(condition.not, step) };
  const { path: changed, operand: other } = step;
  if (other !== undefined) {
    const pair = ([left, right]: readonly [Operand, Operand]) =>
      [substituted(left, changed, other), substituted(right, changed, other)] as const;
    if ('equal' in condition) return { equal: pair(condition.equal) };
    if ('differ' in condition) return { differ: pair(condition.differ) };
    if ('below' in condition) return { below: pair(condition.below) };
    if ('lacks' in condition && condition.lacks === changed && typeof other === 'string') return { lacks: other };
  }
  const reads = [...new Set([...readsOf(condition).filter((path) => path !== changed), ...step.reads])];
  return plain('after a change', reads, (read) => holds(condition, (path) => (path === changed ? step.value(read) : read(path))));
};

const stepsOf = (row: Row): Step[] => {
  if (row.kind === 'effect') return row.changes.map(stepOf);
  return row.kind === 'take' ? [counted(row.pool, -1)] : [];
};

const rowsIn = (driver: Driver, path: string, column: Column): readonly Row[] => driver.paths[path]?.[column] ?? [];

/** What must hold before the row so that the condition holds after it. */
const beforeRow = (condition: Condition, row: Row, driver: Driver, column: Column): Condition => {
  if (!isIn(row, column) || row.kind === 'check' || row.kind === 'alloc') return condition;
  const inner = row.kind === 'call' && row.path && row.path !== 'leave' ? rowsIn(driver, row.path, column) : [];
  const after =
    inner.length > 0
      ? before(condition, inner, driver, column)
      : stepsOf(row).reduceRight((found: Condition, step) => traced(found, step), condition);
  if (after === condition) return condition;
  const when = whenOf(row, column);
  return when ? any(all(when, after), all(not(when), condition)) : after;
};

/** What must hold before the rows run in their order so that the condition holds after them. */
export const before = (condition: Condition, rows: readonly Row[], driver: Driver, column: Column): Condition =>
  rows.reduceRight((found, row) => beforeRow(found, row, driver, column), condition);
