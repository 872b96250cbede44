// Performs one row: decides, asks the one door where memory or a kernel API may fail, emits what happened. Pure but for `emit`.

import { applyChanges, changePool } from './changes.ts';
import type { Choose } from './choose.ts';
import { type Condition, computedValue, holds, type Read, type Value, valuesOf } from './conditions.ts';
import type { Contract } from './contract.ts';
import type { Event } from './events.ts';
import type { AllocRow, CallRow, CheckRow, Column, EffectRow, Errno, PerColumn, Row, RowFacts, TakeRow } from './rows.ts';
import { reader, type Scope } from './scope.ts';
import type { World } from './world.ts';

/** What performing a row needs to know and may do. */
export interface RowContext {
  readonly column: Column;
  readonly world: World;
  readonly task: string;
  readonly scope: Scope;
  readonly contract: Contract | null;
  /** Errnos of a kernel API, and the errno it gives for ever after a first failure. */
  readonly apiOf: (id: string) => { errnos: readonly Errno[]; sticky?: Errno } | undefined;
  readonly choose: Choose;
  readonly emit: (event: Event) => void;
  /** The phase that a part enters; a trigger its machine does not accept is a model error. */
  readonly phase: (kind: 'device' | 'group' | 'domain' | 'iommu' | 'container', id: string, trigger: string) => string;
}

/** Values that `set` changes overwrote, by path: what undoing needs. */
export type Before = Record<string, Value>;

export type RowResult =
  | { readonly kind: 'skipped' }
  | { readonly kind: 'passed'; readonly before: Before }
  | { readonly kind: 'refused'; readonly errno: Errno }
  | { readonly kind: 'walk'; readonly path: string };

const skipped: RowResult = { kind: 'skipped' };
const passed: RowResult = { kind: 'passed', before: {} };

const perColumn = (condition: Condition | PerColumn<Condition>, column: Column): Condition | undefined =>
  'v6.1' in condition || 'seed-v6' in condition || 'v6.12' in condition
    ? (condition as PerColumn<Condition>)[column]
    : (condition as Condition);

/** The condition of a row in a column; undefined: always. */
export const whenOf = (row: { when?: Condition | PerColumn<Condition> }, column: Column): Condition | undefined =>
  row.when ? perColumn(row.when, column) : undefined;

export const refusesOf = (row: CheckRow, column: Column): Condition => perColumn(row.refuses, column) ?? { any: [] };

/** The errno of a row in a column as the driver has it; the first where a callee chooses. */
export const errnoOf = (row: RowFacts, column: Column): Errno => {
  const errno = row.errno[column];
  return typeof errno === 'string' ? errno : (errno?.[0] ?? 'EINVAL');
};

const contracted = (row: RowFacts, context: RowContext): Errno => context.contract?.classes[row.class] ?? errnoOf(row, context.column);

/** A column without an errno for the row does not have it; effects name their columns. */
export const isIn = (row: Row, column: Column): boolean => {
  if (row.kind === 'effect') return !row.columns || row.columns.includes(column);
  return column in row.errno || (row.kind === 'call' && row.path !== undefined);
};

export const performRow = (row: Row, context: RowContext): RowResult => {
  if (!isIn(row, context.column)) return skipped;
  const read = reader(context.world, context.scope);
  const when = row.kind === 'check' ? undefined : whenOf(row, context.column);
  if (when && !holds(when, read)) return skipped;
  switch (row.kind) {
    case 'check':
      return check(row, context, read);
    case 'alloc':
      return allocate(row, context, read);
    case 'take':
      return take(row, context, read);
    case 'effect':
      return effect(row, context, read);
    case 'call':
      return row.path ? { kind: 'walk', path: row.path } : callApi(row, context);
  }
};

const about = ({ task, scope }: RowContext) => ({ task, device: scope.device ?? null, domain: scope.domain ?? null });

const check = (row: CheckRow, context: RowContext, read: Read): RowResult => {
  const condition = refusesOf(row, context.column);
  const values = valuesOf(condition, read);
  if (!holds(condition, read)) {
    context.emit({ type: 'CheckPassed', row: row.id, ...about(context), values });
    return passed;
  }
  return refuse(row, context, contracted(row, context), values);
};

const refuse = (row: RowFacts, context: RowContext, errno: Errno, values: Record<string, Value>): RowResult => {
  context.emit({ type: 'CheckRefused', row: row.id, ...about(context), errno, class: row.class, values });
  print(row, context);
  return errno === '0' ? passed : { kind: 'refused', errno };
};

const print = (row: RowFacts, context: RowContext): void => {
  const message = row.prints?.[context.column];
  if (message) context.emit({ type: 'KernelPrinted', task: context.task, row: row.id, ...message, device: context.scope.device ?? null });
};

const allocate = (row: AllocRow, context: RowContext, read: Read): RowResult => {
  const times = row.times === undefined ? 1 : Number(computedValue(row.times, read));
  for (let index = 0; index < times; index++) {
    if (allocationWorks(row, context)) continue;
    if (row.failure === 'ignored') continue;
    if (row.failure === 'next') return passed;
    return refuse(row, context, contracted(row, context), {});
  }
  return passed;
};

/** One site, up to two tries. Emits what happened; the errno is the caller's business. */
export const allocationWorks = (row: AllocRow, context: RowContext): boolean => {
  if (!isIn(row, context.column)) return true;
  const tries = row.tries ?? 1;
  for (let attempt = 1; attempt <= tries; attempt++) {
    if (tryAllocation(row, context, attempt < tries)) return true;
  }
  return false;
};

const tryAllocation = (row: AllocRow, context: RowContext, again: boolean): boolean => {
  const { task, column, world } = context;
  const { request, call, allocations } = world.tasks[task]!;
  const site = row.site[column] ?? row.id;
  const n = allocations === null ? null : allocations + 1;
  const plausible = row.plausible[column] ?? 'small-sleeping';
  if (context.choose(2, { kind: 'allocation', request, call, row: row.id, site, plausible, n, ...about(context) }) === 0) {
    context.emit({ type: 'MemoryAllocated', task, row: row.id, site, n });
    return true;
  }
  const outcome = again
    ? 'tried again'
    : row.failure === 'ignored'
      ? 'ignored'
      : row.failure === 'next'
        ? 'next site'
        : contracted(row, context);
  context.emit({
    type: 'AllocationFailed',
    row: row.id,
    site,
    n,
    gfp: row.gfp[column] ?? 'GFP_KERNEL',
    plausible,
    ...about(context),
    outcome,
  });
  return false;
};

const take = (row: TakeRow, context: RowContext, read: Read): RowResult => {
  const left = Number(read(row.pool));
  if (left <= 0) return refuse(row, context, contracted(row, context), { [row.pool]: left });
  changePool('IdTaken', row, left - 1, context);
  return passed;
};

const effect = (row: EffectRow, context: RowContext, read: Read): RowResult => {
  const before: Before = {};
  for (const change of row.changes) if ('set' in change) before[change.set] = read(change.set);
  applyChanges(row.id, row.changes, context);
  return { kind: 'passed', before };
};

const callApi = (row: CallRow, context: RowContext): RowResult => {
  const api = row.api ?? row.id;
  const on = reader(context.world, context.scope)('iommu.id') as string | null;
  const facts = row.api ? context.apiOf(row.api) : undefined;
  const failed = on === null ? null : (context.world.iommus[on]?.attributes[`failed ${api}`] ?? null);
  const errno = failed === null ? chosenErrno(row, api, on, facts?.errnos, context) : String(failed);
  if (errno === null) return passed;
  const { task } = context;
  const sticky = facts?.sticky;
  const later = sticky === undefined || sticky === errno ? {} : { later: sticky };
  context.emit({ type: 'ApiFailed', task, row: row.id, api, errno, on, sticky: sticky !== undefined, ...later });
  if (row.failure === 'ignored') return passed;
  const out = row.masks ? errnoOf(row, context.column) : errno;
  return refuse(row, context, context.contract?.apis[out] ?? out, { [api]: errno });
};

const chosenErrno = (
  row: CallRow,
  api: string,
  on: string | null,
  listed: readonly Errno[] | undefined,
  context: RowContext,
): Errno | null => {
  const own = row.errno[context.column];
  const errnos = listed ?? (typeof own === 'string' ? [own] : (own ?? []));
  const { request } = context.world.tasks[context.task]!;
  const answer = context.choose(errnos.length + 1, { kind: 'api', ...about(context), request, row: row.id, api, on, errnos });
  return answer === 0 ? null : errnos[answer - 1]!;
};
