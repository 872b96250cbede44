// Attach requests for a row: values and faults under which it refuses, fails or changes what it changes, found by solving its condition and
// those of the rows before it, and verified by an attempt.
import { has } from '../core/conditions.ts';
import type { Event } from '../core/events.ts';
import { Failure } from '../core/failure.ts';
import { isIn, refusesOf } from '../core/perform.ts';
import type { CallRow, Column, Errno, Row } from '../core/rows.ts';
import type { Fault } from '../core/scenario.ts';
import { lookUp } from '../kernels/model.ts';
import { applying, atRow, reaching, rowsIn } from '../kernels/reach.ts';
import { type Assignment, fails, type Goal, type Known, solutions, variations, wants } from '../kernels/solve.ts';
import type { Engine } from './engine.ts';
import { type AttachRequest, type Attempt, attempt, requestFrom } from './guards.ts';
import { invariants, knownOf, someMapping } from './scratchKnown.ts';

/** Goals at the row and faults that make it act. */
export interface Provocation {
  readonly goals: readonly Goal[];
  readonly faults: readonly Fault[];
}

/** What a call can give: its API's errnos, or those that the row names where hardware or firmware is asked. */
export const errnosOf = (engine: Engine, row: CallRow, column: Column): readonly Errno[] => {
  const own = row.errno[column];
  return (row.api ? engine.apiOf(row.api)?.errnos : undefined) ?? (typeof own === 'string' ? [own] : (own ?? []));
};

/** The ways in which a row can be made to refuse, fail, or change what it changes. */
export const provocations = (engine: Engine, row: Row): Provocation[] => {
  const { column } = engine.model;
  // A way out is taken only by a device that is on a domain.
  const leaves = row.kind === 'call' && row.path === 'leave' ? [wants(has('device.domain'))] : [];
  const goals = [...applying(row, column), ...leaves];
  switch (row.kind) {
    case 'check':
      return [{ goals: [wants(refusesOf(row, column))], faults: [] }];
    case 'alloc':
      return [{ goals, faults: [{ kind: 'site', site: row.id, nth: 1, sticky: true }] }];
    case 'take':
      return [{ goals: [...goals, fails(has(row.pool))], faults: [] }];
    case 'effect':
      return [{ goals, faults: [] }];
    case 'call':
      if (row.path) return [{ goals, faults: [] }];
      return errnosOf(engine, row, column).map((errno) => ({
        goals,
        faults: [{ kind: 'api', api: row.id, errno, nth: 1, sticky: false }],
      }));
  }
};

function* some<T>(all: Iterable<T>, most: number): Generator<T> {
  let count = 0;
  for (const one of all) {
    if (count++ >= most) return;
    yield one;
  }
}

/** How many assignments of each kind are tried before a goal counts as out of reach. */
const patience = 12;
const turns = [1, 2, 3];

/** Assignments worth an attempt; other turns only where the first found something, but perhaps not what is wanted. */
export function* assignments(goals: readonly Goal[], known: Known): Generator<Assignment> {
  const all = [...goals, ...invariants.map(wants)];
  const first = [...some(solutions(all, known), patience)];
  yield* first;
  if (first.length > 0) for (const turn of turns) yield* some(solutions(all, known, turn), patience);
  yield* some(variations(all, known), patience);
}

/** The request that an assignment and faults amount to. */
export const requestOf = (driver: string, path: string, given: Assignment, faults: readonly Fault[]): AttachRequest => {
  const request = requestFrom(driver, path, given);
  return { ...request, mapping: { ...someMapping, ...request.mapping }, faults };
};

/** Whether an event shows the row at work; `index` is its place in the path. */
const shows = (event: Event, row: Row, index: number): boolean => {
  switch (row.kind) {
    case 'check':
    case 'take':
      return event.type === 'CheckRefused' && event.row === row.id;
    case 'alloc':
      return event.type === 'AllocationFailed' && event.row === row.id;
    case 'effect':
      return event.type === 'RowPassed' && event.row === index && event.done !== null;
    case 'call':
      return row.path
        ? event.type === 'FrameEntered' && event.frame.state === row.path
        : event.type === 'ApiFailed' && event.row === row.id;
  }
};

/** Null where the values make no sense together, e.g. a page of one byte. */
const tried = (engine: Engine, request: AttachRequest): Attempt | null => {
  try {
    return attempt(engine, request);
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
};

/** A request under which the row of the driver's path acts; null when none was found, as for rows that nothing reaches. */
export const requestFor = (engine: Engine, driverName: string, path: string, rowId: string): AttachRequest | null => {
  const { column } = engine.model;
  const driver = engine.operationModel.driver(driverName);
  const rows = rowsIn(driver, path, column);
  const row = lookUp(`row of ${driverName}'s path ${path}`, rowId, new Map(rows.map((found) => [found.id, found])));
  if (!isIn(row, column)) return null;
  const index = rows.indexOf(row);
  const known = knownOf(driver, engine.operationModel.driver);
  for (const { goals, faults } of provocations(engine, row)) {
    const all = [...goals.map((goal) => atRow(goal, driver, path, index, column)), ...reaching(driver, path, index, column)];
    for (const given of assignments(all, known)) {
      const request = requestOf(driverName, path, given, faults);
      const found = tried(engine, request);
      if (found?.events.some((event) => shows(event, row, index))) return request;
    }
  }
  return null;
};
