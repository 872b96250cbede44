// Lays an overlay over its profile: a basis with the rows, rules and drivers that the overlay changes, in the profile's column only.

import type { Failure } from '../core/failure.ts';
import type { ApiChange, Overlay, RowAddition, RowChange } from '../core/overlay.ts';
import { type ApiFacts, type Column, columns, type Driver, type Row } from '../core/rows.ts';
import type { Caller } from '../core/workflow.ts';
import { type Basis, basisOf, callerTable, contractTable, profileTable } from './build.ts';
import { driverFrom, withAttributes } from './overlayDrivers.ts';
import { refusal, unknown } from './overlayFailures.ts';
import { checkNames, namesFor, pathsOf } from './overlayNames.ts';
import { absentRow, changedRow, movedRows, rowFrom } from './overlayRows.ts';

type Drivers = Map<string, Driver>;

const callerRowTable = (): Map<string, Row> =>
  new Map([...callerTable.values()].flatMap((caller: Caller) => caller.rows.map((row) => [row.id, row] as const)));

/** The basis that the overlay describes; a name that is not there is refused with the nearest that is. */
export const applyOverlay = (overlay: Overlay): Basis => {
  if (!profileTable.has(overlay.from)) throw unknown('kernel', overlay.from, [...profileTable.keys()], overlay.place);
  const basis = basisOf(overlay.from);
  const { column } = basis.profile;
  const drivers: Drivers = new Map(basis.drivers);
  for (const data of overlay.drivers) addDriver(drivers, driverFrom(data, drivers, column, overlay.name), data.rows ?? [], column);
  for (const { driver, attributes, place } of overlay.attributes)
    drivers.set(driver, withAttributes(driverNamed(drivers, driver, place), attributes));
  const state: State = {
    from: overlay.from,
    drivers,
    column,
    coreRows: [...basis.coreRows],
    callerRows: new Map<string, Row>(),
    known: callerRowTable(),
  };
  for (const change of overlay.rows) changeRow(state, change);
  for (const addition of overlay.add) addRow(drivers, addition, column, overlay.name);
  return {
    ...basis,
    kernel: overlay.name,
    drivers,
    coreRows: state.coreRows,
    callerRows: state.callerRows,
    apis: overlay.apis.reduce(changedApis, basis.apis),
    scans: scansOf(overlay),
    ...contractIn(overlay),
  };
};

const driverNamed = (drivers: Drivers, name: string, place: RowAddition['place']): Driver => {
  const found = drivers.get(name);
  if (!found) throw unknown('driver', name, [...drivers.keys()], place);
  return found;
};

interface State {
  readonly from: string;
  readonly drivers: Drivers;
  readonly column: Column;
  readonly coreRows: Row[];
  readonly callerRows: Map<string, Row>;
  readonly known: ReadonlyMap<string, Row>;
}

const rowsIn = (driver: Driver, column: Column): readonly Row[] => Object.values(driver.paths).flatMap((path) => path[column] ?? []);
const idsOf = (rows: readonly Row[]): string[] => rows.map((row) => row.id);
const hasRow = (rows: readonly Row[], id: string | undefined): boolean => rows.some((row) => row.id === id);

/** A driver under a new name, with changes that are its own. */
const addDriver = (drivers: Drivers, driver: Driver, changes: readonly RowChange[], column: Column): void => {
  const changed = changes.reduce((before, change) => {
    if (!hasRow(rowsIn(before, column), change.id))
      throw unknown(`row of ${driver.name}`, change.id, idsOf(rowsIn(before, column)), change.place);
    checkNeighbour([before], change, column);
    return changedDriver(before, change, column);
  }, driver);
  drivers.set(driver.name, changed);
};

/** Changes the row wherever it stands: several drivers' paths can share it. */
const changeRow = (state: State, change: RowChange): void => {
  const { drivers, column, coreRows, callerRows, known } = state;
  const users = [...drivers.values()].filter((driver) => hasRow(rowsIn(driver, column), change.id));
  checkNeighbour(users, change, column);
  for (const driver of users) drivers.set(driver.name, changedDriver(driver, change, column));
  const core = coreRows.findIndex((row) => row.id === change.id);
  if (core !== -1) coreRows[core] = namedRow(coreRows[core]!, change, [...coreRows, ...known.values()], column);
  const caller = callerRows.get(change.id) ?? known.get(change.id);
  if (caller) callerRows.set(change.id, namedRow(caller, change, [...coreRows, ...known.values()], column));
  if (users.length > 0 || core !== -1 || caller) return;
  throw unknownRow(state, change);
};

const unknownRow = ({ drivers, from, column, coreRows, known }: State, { id, place }: RowChange): Failure => {
  const elsewhere = columns.find((other) => [...drivers.values()].some((driver) => hasRow(rowsIn(driver, other), id)));
  if (elsewhere) return refusal(`${id} is a row of ${elsewhere}; the drivers of ${from} do not have it`, place);
  const ofDrivers = [...drivers.values()].flatMap((driver) => rowsIn(driver, column));
  return unknown(`row of ${from}`, id, idsOf([...ofDrivers, ...coreRows, ...known.values()]), place);
};

/** A row of the core or of a caller: workflows name it, so it has no place to move to. */
const namedRow = (row: Row, change: RowChange, rows: readonly Row[], column: Column): Row => {
  if (change.before !== undefined || change.after !== undefined)
    throw refusal(`${row.id} is named by a workflow, which decides where it stands; only rows of drivers can be moved`, change.place);
  if (change.remove) return absentRow(row, column, change);
  const changed = changedRow(row, change, column);
  checkNames(pathsOf(changed), namesFor([], rows), change.place);
  return changed;
};

/** A row that drivers share moves in those that have both; one of them must. */
const checkNeighbour = (users: readonly Driver[], change: RowChange, column: Column): void => {
  const beside = change.before ?? change.after;
  if (beside === undefined || users.length === 0 || users.some((driver) => hasRow(rowsIn(driver, column), beside))) return;
  throw unknown(`row of ${users[0]!.name}`, beside, idsOf(rowsIn(users[0]!, column)), change.place);
};

const changedDriver = (driver: Driver, change: RowChange, column: Column): Driver => {
  const rows = rowsIn(driver, column);
  const known = namesFor([driver], rows);
  const changed = mapPaths(driver, column, (path) => {
    if (change.remove) return path.filter((row) => row.id !== change.id);
    return movedRows(
      path.map((row) => (row.id === change.id ? changedRow(row, change, column) : row)),
      change,
    );
  });
  checkNames(
    rowsIn(changed, column)
      .filter((row) => row.id === change.id)
      .flatMap(pathsOf),
    known,
    change.place,
  );
  return changed;
};

const mapPaths = (driver: Driver, column: Column, work: (rows: readonly Row[]) => readonly Row[]): Driver => {
  const paths = Object.entries(driver.paths).map(([name, path]) => [name, path[column] ? { ...path, [column]: work(path[column]) } : path]);
  return { ...driver, paths: Object.fromEntries(paths) };
};

const addRow = (drivers: Drivers, addition: RowAddition, column: Column, origin: string): void => {
  const driver = driverNamed(drivers, addition.driver, addition.place);
  const rows = rowsIn(driver, column);
  const row = rowFrom(addition.row, column, origin);
  if (hasRow(rows, row.id)) throw refusal(`${driver.name} has a row ${row.id} already`, addition.place);
  checkNames(pathsOf(row), namesFor([driver], rows), addition.place);
  const path = driver.paths[addition.path];
  const list = path?.[column] ?? [];
  const beside = addition.before ?? addition.after;
  const at = beside === undefined ? list.length : list.findIndex((found) => found.id === beside);
  if (at === -1) throw unknown(`row of ${driver.name}'s path ${addition.path}`, beside!, idsOf(list), addition.place);
  const place = addition.after === undefined ? at : at + 1;
  drivers.set(driver.name, {
    ...driver,
    paths: { ...driver.paths, [addition.path]: { ...path, [column]: list.toSpliced(place, 0, row) } },
  });
};

const changedApis = (apis: readonly ApiFacts[], change: ApiChange): readonly ApiFacts[] => {
  if (!apis.some((api) => api.id === change.id))
    throw unknown(
      'kernel API',
      change.id,
      apis.map((api) => api.id),
      change.place,
    );
  return apis.map((api) => (api.id === change.id ? changedApi(api, change) : api));
};

const changedApi = ({ sticky, ...api }: ApiFacts, change: ApiChange): ApiFacts => {
  const errnos = change.errnos?.map((errno) => api.errnos.find((found) => found.errno === errno) ?? { errno, when: 'the overlay says so' });
  const stays = change.sticky === undefined ? sticky : change.sticky;
  return { ...api, ...(errnos ? { errnos } : {}), ...(stays ? { sticky: stays } : {}) };
};

const scansOf = (overlay: Overlay): Record<string, 'any' | readonly string[]> => {
  const searching = [...callerTable.values()].flatMap(({ name, scan }) => (scan === null ? [] : [name]));
  for (const { caller, place } of overlay.continue) {
    if (!callerTable.has(caller)) throw unknown('caller', caller, [...callerTable.keys()], place);
    if (!searching.includes(caller))
      throw refusal(`expected a caller that searches (${searching.join(', ')}), found ${caller}, which never tries another domain`, place);
  }
  return Object.fromEntries(overlay.continue.map(({ caller, errnos }) => [caller, errnos]));
};

const contractIn = (overlay: Overlay): Pick<Basis, 'contract'> => {
  const { contract } = overlay;
  if (contract === undefined) return {};
  if (typeof contract === 'string' && !contractTable.has(contract))
    throw unknown('contract', contract, [...contractTable.keys()], overlay.place);
  return { contract };
};
