// The rows that an attach can meet: those of the drivers' paths for allocating and attaching domains, of the core, and of the caller.
import { isIn } from '../core/perform.ts';
import type { Column, Driver, Row } from '../core/rows.ts';
import type { Engine } from '../engine/engine.ts';
import { attachPaths, isNested, namesFrom } from '../kernels/indexReactions.ts';
import { rowsIn } from '../kernels/reach.ts';

export interface PlacedRow {
  readonly owner: string;
  /** The driver of the machine on which it is tried. */
  readonly driver: Driver;
  /** The path of the driver that holds the row; null: the row is the core's or the caller's. */
  readonly path: string | null;
  readonly row: Exclude<Row, { kind: 'effect' }>;
}

/** Paths that are walked in place add rows of their own, and no errno; neither does what a driver tolerates. */
const givesErrno = (row: Row, column: Column): row is PlacedRow['row'] => {
  if (!isIn(row, column) || row.kind === 'effect' || (row.kind === 'call' && row.path !== undefined)) return false;
  if ('failure' in row && row.failure !== undefined && row.failure !== 'errno') return false;
  return row.errno[column] !== '0';
};

const pathsOf = (driver: Driver, column: Column): string[] => [
  ...new Set([...attachPaths(driver, column), ...['allocate', 'allocateUser'].filter((path) => path in driver.paths)]),
];

const driverRows = (driver: Driver, column: Column): PlacedRow[] => {
  const found = new Map<string, PlacedRow>();
  for (const path of pathsOf(driver, column))
    for (const row of rowsIn(driver, path, column))
      if (givesErrno(row, column) && !found.has(row.id)) found.set(row.id, { owner: driver.name, driver, path, row });
  return [...found.values()];
};

/** Rows of core and caller that the attach request performs. They do not depend on the driver: the first of the kernel serves. */
const namedRows = ({ model }: Engine, driver: Driver): PlacedRow[] => {
  const workflow = model.requests['attach'];
  const performed = workflow === undefined ? new Set() : namesFrom(model.workflows, workflow);
  const own = new Set(model.caller.rows.map(({ id }) => id));
  return [...model.rows.values()].flatMap((row) => {
    if (!givesErrno(row, model.column) || !performed.has(row.id)) return [];
    return [{ owner: own.has(row.id) ? model.caller.name : 'core', driver, path: null, row }];
  });
};

/** Nested domains are made and attached by hand: no search meets their rows. */
export const driversIn = ({ model: { drivers, column } }: Engine): Driver[] =>
  [...drivers.values()].filter((driver) => !isNested(driver) && driver.absent?.[column] === undefined);

export const rowsOfAttach = (engine: Engine): PlacedRow[] => {
  const drivers = driversIn(engine);
  const [first] = drivers;
  return [...drivers.flatMap((driver) => driverRows(driver, engine.model.column)), ...(first ? namedRows(engine, first) : [])];
};
