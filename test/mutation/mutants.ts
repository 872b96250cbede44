// One change at a time, laid over a profile: a row's condition, errno, place or undo. What cannot matter by construction is not made: the
// errno of a row whose callee's errno is passed on or whose failure is ignored, the undo of a row after which nothing refuses, the order
// of two rows that never both have something to do, the parts and the errno of a condition that nothing reaches.
import type { Condition } from '../../src/core/conditions.ts';
import { emptyOverlay, type Overlay, type RowChange } from '../../src/core/overlay.ts';
import { isIn, refusesOf, whenOf } from '../../src/core/perform.ts';
import type { Column, Driver, Errno, Row } from '../../src/core/rows.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { knownOf } from '../../src/engine/scratchKnown.ts';
import { applying } from '../../src/kernels/reach.ts';
import { type Goal, type Known, solve, wants } from '../../src/kernels/solve.ts';
import { notReached } from '../rows/notReached.ts';

export interface Mutant {
  /** `6.12.y intel-domain-ids-exhausted: negated`. */
  readonly name: string;
  readonly row: string;
  readonly overlay: Overlay;
}

type Change = readonly [what: string, change: Omit<RowChange, 'id'>];

const swapped = (leaf: Condition): Condition => {
  if ('equal' in leaf) return { differ: leaf.equal };
  if ('differ' in leaf) return { equal: leaf.differ };
  if ('below' in leaf) return { not: { below: [leaf.below[1], leaf.below[0]] } };
  return { not: leaf };
};

/** The condition with one operator swapped, at each leaf in turn. */
const swaps = (condition: Condition): Condition[] => {
  if ('not' in condition) return swaps(condition.not).map((inner) => ({ not: inner }));
  if ('all' in condition)
    return condition.all.flatMap((part, index) => swaps(part).map((other) => ({ all: condition.all.with(index, other) })));
  if ('any' in condition)
    return condition.any.flatMap((part, index) => swaps(part).map((other) => ({ any: condition.any.with(index, other) })));
  return [swapped(condition)];
};

/** The condition with one part dropped, at each place in turn. */
const drops = (condition: Condition): Condition[] => {
  if ('not' in condition) return drops(condition.not).map((inner) => ({ not: inner }));
  if (!('all' in condition) && !('any' in condition)) return [];
  const key = 'all' in condition ? 'all' : 'any';
  const parts = 'all' in condition ? condition.all : condition.any;
  const remade = (list: readonly Condition[]) => ({ [key]: list }) as unknown as Condition;
  const inner = parts.flatMap((part, index) => drops(part).map((other) => remade(parts.with(index, other))));
  return parts.length < 2 ? inner : [...parts.map((_, index) => remade(parts.toSpliced(index, 1))), ...inner];
};

const numbered = (what: string, found: readonly Condition[]): [string, Condition][] =>
  found.map((condition, index) => [`${what} ${index + 1} of ${found.length}`, condition]);

const isUnreachable = (row: Row): boolean => row.id in notReached || ('unreachable' in row && row.unreachable !== undefined);

const conditionChanges = (row: Row, column: Column): Change[] => {
  const condition = row.kind === 'check' ? refusesOf(row, column) : whenOf(row, column);
  if (!condition) return [];
  if (isUnreachable(row)) return [['negated', row.kind === 'check' ? { refuses: { not: condition } } : { when: { not: condition } }]];
  const leaves = numbered('operator swapped', swaps(condition));
  // A condition of one leaf is negated by swapping its operator.
  const whole: [string, Condition][] = leaves.length === 1 && !('below' in condition) ? [] : [['negated', { not: condition }]];
  const all = [...whole, ...leaves, ...numbered('part dropped', drops(condition))];
  return all.map(([what, other]) => [what, row.kind === 'check' ? { refuses: other } : { when: other }]);
};

/** Whether the errno of the row, and not that of a callee, is what comes out. */
const decidesErrno = (row: Row): boolean => {
  if (row.kind === 'effect') return false;
  if (row.kind === 'alloc') return (row.failure ?? 'errno') === 'errno';
  return row.kind !== 'call' || (row.failure !== 'ignored' && row.path === undefined && (row.api === undefined || row.masks === true));
};

const another = (errno: Errno): Errno => (errno === 'EINVAL' ? 'EBUSY' : 'EINVAL');

const errnoChanges = (row: Row, column: Column): Change[] => {
  if (row.kind === 'effect' || !decidesErrno(row) || isUnreachable(row)) return [];
  const old = row.errno[column];
  const first = typeof old === 'string' ? old : old?.[0];
  if (first === undefined) return [];
  const made = typeof old === 'string' ? another(first) : [another(first), ...old!.slice(1)];
  return [[`errno ${another(first)}`, { errno: made }]];
};

const undoChanges = (row: Row, laterRefuses: boolean): Change[] => {
  if ((row.kind !== 'effect' && row.kind !== 'take') || !laterRefuses) return [];
  return [[`undo ${row.undo === 'none' ? 'reverse' : 'none'}`, { undo: row.undo === 'none' ? 'reverse' : 'none' }]];
};

const canRefuse = (row: Row): boolean =>
  row.kind !== 'effect' && !isUnreachable(row) && !('failure' in row && row.failure !== undefined && row.failure !== 'errno');

const made = (kernel: string, row: string, changes: readonly Change[]): Mutant[] =>
  changes.map(([what, change]) => ({
    name: `${kernel} ${row}: ${what}`,
    row,
    overlay: { ...emptyOverlay(kernel), rows: [{ id: row, ...change }] },
  }));

const distinct = (mutants: readonly Mutant[]): Mutant[] => [...new Map(mutants.map((mutant) => [mutant.name, mutant])).values()];

/** When a row has something to do: a check refuses, any other row applies. */
const acting = (row: Row, column: Column): Goal[] => (row.kind === 'check' ? [wants(refusesOf(row, column))] : applying(row, column));

const orderChanges = (row: Row, next: Row | undefined, column: Column, known: Known): Change[] => {
  if (!next || solve([...acting(row, column), ...acting(next, column)], known) === null) return [];
  return [[`after ${next.id}`, { after: next.id }]];
};

const pathMutants = (engine: Engine, rows: readonly Row[], known: Known): Mutant[] => {
  const { column, kernel } = engine.model;
  return rows.flatMap((row, index) => {
    const undo = undoChanges(row, rows.slice(index + 1).some(canRefuse));
    const order = orderChanges(row, rows[index + 1], column, known);
    return made(kernel, row.id, [...conditionChanges(row, column), ...errnoChanges(row, column), ...undo, ...order]);
  });
};

/** Mutants of every row of a driver's paths. */
export const driverMutants = (engine: Engine, driver: Driver): Mutant[] => {
  const { column } = engine.model;
  const known = knownOf(driver, engine.operationModel.driver);
  const paths = Object.values(driver.paths).map((path) => (path[column] ?? []).filter((row) => isIn(row, column)));
  return distinct(paths.flatMap((rows) => pathMutants(engine, rows, known)));
};

/** The seed patch changes errnos and nothing else. */
export const onlyErrnos = (mutants: readonly Mutant[]): Mutant[] => mutants.filter(({ overlay }) => overlay.rows[0]!.errno !== undefined);

/** Mutants of rows that workflows name: their order is the workflows'. */
export const namedMutants = (engine: Engine, rows: readonly Row[]): Mutant[] => {
  const { column, kernel } = engine.model;
  return distinct(rows.flatMap((row) => made(kernel, row.id, [...conditionChanges(row, column), ...errnoChanges(row, column)])));
};
