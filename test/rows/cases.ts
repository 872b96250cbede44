// The table of cases over a driver's rows: for every row requests under which it acts or does not, for every effect one that is undone,
// for neighbours one where both act. Each is solved from the conditions and verified by an attempt.

import { differ, has } from '../../src/core/conditions.ts';
import { Failure } from '../../src/core/failure.ts';
import { isIn, refusesOf, whenOf } from '../../src/core/perform.ts';
import type { Column, Driver, Row } from '../../src/core/rows.ts';
import type { Fault } from '../../src/core/scenario.ts';
import type { Engine } from '../../src/engine/engine.ts';
import type { AttachRequest } from '../../src/engine/guards.ts';
import { assignments, provocations, requestOf } from '../../src/engine/rowRequests.ts';
import { knownOf } from '../../src/engine/scratchKnown.ts';
import { applying, atRow, reaching, rowsIn } from '../../src/kernels/reach.ts';
import { type Assignment, fails, type Goal, type Known, wants } from '../../src/kernels/solve.ts';
import { type Decisive, decisive } from './decisive.ts';
import { type Outcome, outcomeOf } from './outcome.ts';

export type Kind = 'acts' | 'decides' | 'is undone' | 'comes first';

export interface Case {
  readonly row: string;
  readonly path: string;
  readonly kind: Kind;
  readonly given: Assignment;
  readonly request: AttachRequest;
}

interface Wanted {
  readonly goals: readonly Goal[];
  readonly faults: readonly Fault[];
  /** Whether the attempt shows what the case is for. */
  readonly shows: (outcome: Outcome) => boolean;
}

interface Setting {
  readonly engine: Engine;
  readonly driver: Driver;
  readonly column: Column;
  readonly known: Known;
}

/** Null where the values make no sense together, e.g. a page size of one byte. */
const tryOut = ({ engine }: Setting, request: AttachRequest): Outcome | null => {
  try {
    return outcomeOf(engine, request);
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
};

/** Goals that speak of the values at the row, and what lets a request come so far. */
const at = ({ driver, column }: Setting, path: string, index: number, goals: readonly Goal[]): Goal[] =>
  goals.map((goal) => atRow(goal, driver, path, index, column));

const find = (setting: Setting, row: Row, path: string, kind: Kind, wanted: Wanted): Case | null => {
  for (const given of assignments(wanted.goals, setting.known)) {
    const request = requestOf(setting.driver.name, path, given, wanted.faults);
    const tried = tryOut(setting, request);
    if (tried && wanted.shows(tried)) return { row: row.id, path, kind, given, request };
  }
  return null;
};

/** Whether the row did what it does, or refused. */
const acted = (row: Row, { acts }: Outcome): boolean => {
  if (row.kind === 'effect') return acts.includes(row.id);
  if (row.kind === 'call') return acts.includes(row.path ? `>${row.path}` : `!${row.id}`);
  return acts.includes(row.kind === 'alloc' ? `!${row.id}` : `-${row.id}`);
};

const actingCases = (setting: Setting, row: Row, path: string, index: number): (Case | null)[] =>
  provocations(setting.engine, row).map(({ goals, faults }) =>
    find(setting, row, path, 'acts', {
      goals: [...at(setting, path, index, goals), ...reaching(setting.driver, path, index, setting.column)],
      faults,
      shows: (outcome) => acted(row, outcome),
    }),
  );

const conditionOf = (row: Row, column: Column) => (row.kind === 'check' ? refusesOf(row, column) : whenOf(row, column));

const decidingCases = (setting: Setting, row: Row, path: string, index: number): (Case | null)[] => {
  const condition = conditionOf(row, setting.column);
  if (!condition) return [];
  const [first] = provocations(setting.engine, row);
  const extra = row.kind === 'take' ? [fails(has(row.pool))] : [];
  return decisive(condition).map(({ goals, result }: Decisive) =>
    find(setting, row, path, 'decides', {
      goals: [...at(setting, path, index, [...goals, ...extra]), ...reaching(setting.driver, path, index, setting.column)],
      faults: first?.faults ?? [],
      shows: (outcome) => acted(row, outcome) === result && (result || outcome.passed > index),
    }),
  );
};

/** What the row sets is something else before, so that undoing it shows. */
const changing = (row: Row): Goal[] => {
  if (row.kind !== 'effect') return [];
  const sets = row.changes.flatMap((change) =>
    'set' in change && !(typeof change.to === 'object' && change.to !== null && 'compute' in change.to)
      ? [differ(change.set, change.to)]
      : [],
  );
  return sets.length === 0 ? [] : [wants({ any: sets })];
};

/** An effect or a taken id, and a row after it that refuses; with a change that shows, where there can be one. */
const undoneCase = (setting: Setting, row: Row, path: string, index: number): Case | null =>
  row.kind !== 'effect' && row.kind !== 'take'
    ? null
    : (undoneBy(setting, row, path, index, changing(row)) ?? undoneBy(setting, row, path, index, []));

const undoneBy = (setting: Setting, row: Row, path: string, index: number, more: readonly Goal[]): Case | null => {
  const rows = rowsIn(setting.driver, path, setting.column);
  const before = reaching(setting.driver, path, index, setting.column);
  for (const [nth, later] of rows.entries()) {
    if (nth <= index || later.kind === 'effect' || !isIn(later, setting.column)) continue;
    for (const { goals, faults } of provocations(setting.engine, later)) {
      const wanted: Wanted = {
        goals: [...at(setting, path, index, [...applying(row, setting.column), ...more]), ...at(setting, path, nth, goals), ...before],
        faults,
        shows: (outcome) => outcome.errno !== null && outcome.acts.includes(row.id),
      };
      const found = find(setting, row, path, 'is undone', wanted);
      if (found) return found;
    }
  }
  return null;
};

/** The row and the next one both have something to do: which comes first shows. */
const orderCase = (setting: Setting, row: Row, path: string, index: number): Case | null => {
  const next = rowsIn(setting.driver, path, setting.column)[index + 1];
  if (!next || !isIn(next, setting.column)) return null;
  const before = reaching(setting.driver, path, index, setting.column);
  for (const mine of provocations(setting.engine, row))
    for (const other of provocations(setting.engine, next)) {
      const wanted: Wanted = {
        goals: [...at(setting, path, index, mine.goals), ...at(setting, path, index, other.goals), ...before],
        faults: [...mine.faults, ...other.faults],
        shows: (outcome) => acted(row, outcome),
      };
      const found = find(setting, row, path, 'comes first', wanted);
      if (found) return found;
    }
  return null;
};

/** Paths without those that are another one under a second name. */
const ownPaths = (driver: Driver, column: Column): string[] => {
  const lists = Object.entries(driver.paths).map(([name, path]) => [name, path[column]] as const);
  return lists.filter(([, rows], index) => lists.findIndex(([, other]) => other === rows) === index).map(([name]) => name);
};

/** Every case of a driver, path by path in the rows' order; rows that no run reaches have none. */
export const casesOf = (engine: Engine, driver: Driver): Case[] => {
  const { column } = engine.model;
  const setting: Setting = { engine, driver, column, known: knownOf(driver, engine.operationModel.driver) };
  const found = ownPaths(driver, column).flatMap((path) =>
    rowsIn(driver, path, column).flatMap((row, index) =>
      isIn(row, column)
        ? [
            ...actingCases(setting, row, path, index),
            ...decidingCases(setting, row, path, index),
            undoneCase(setting, row, path, index),
            orderCase(setting, row, path, index),
          ]
        : [],
    ),
  );
  return distinct(
    found.filter((one) => one !== null),
    setting.known,
  );
};

const valueText = (found: unknown): string => JSON.stringify(found);

/** What a case gives beside the defaults; cases that give the same are one, whatever they were made for. */
export const beyondDefaults = (given: Assignment, known: Known): [string, Assignment[string]][] =>
  Object.entries(given).filter(([path, found]) => valueText(known.default(path)) !== valueText(found));

const distinct = (cases: readonly Case[], known: Known): Case[] => {
  const keyOf = ({ path, given, request }: Case): string => valueText([path, beyondDefaults(given, known).sort(), request.faults]);
  return [...new Map(cases.toReversed().map((one) => [keyOf(one), one])).values()].reverse();
};
