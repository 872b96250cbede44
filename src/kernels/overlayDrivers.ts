// Drivers that no tree has: another driver under a new name, or rows as data. What the data says wins over what it is like.
import type { AttributeData, DriverData, RowData } from '../core/overlay.ts';
import type { Column, Driver, PathTable, PerColumn, Row } from '../core/rows.ts';
import { refusal, unknown } from './overlayFailures.ts';
import { checkNames, namesFor, pathsOf } from './overlayNames.ts';
import { rowFrom } from './overlayRows.ts';

const only = <T>(column: Column, one: T): PerColumn<T> => ({ [column]: one });

/** What a driver is that says nothing of itself. */
const blank = (name: string, column: Column): Driver => ({
  name,
  files: only(column, `drivers/iommu/${name}.c`),
  operations: only(column, [`${name}_attach_dev()`]),
  attributes: {},
  blocking: only(column, 'stand-in'),
  enforcesCoherency: false,
  msi: 'hardware',
  paths: {},
  sharing: 'as its rows say',
});

export const withAttributes = (driver: Driver, given: AttributeData): Driver => {
  const attributes = { ...driver.attributes };
  for (const part of ['device', 'iommu', 'domain', 'system'] as const)
    if (given[part]) attributes[part] = { ...attributes[part], ...given[part] };
  return { ...driver, attributes };
};

/** The driver that the data describes; its column is the overlay's. */
export const driverFrom = (data: DriverData, known: ReadonlyMap<string, Driver>, column: Column, origin: string): Driver => {
  if (known.has(data.name))
    throw refusal(`a driver is named ${data.name} already; change its rows under rows:, or take another name`, data.place);
  const start = data.like === undefined ? blank(data.name, column) : modelled(data, known, column);
  const declared = withAttributes({ ...start, name: data.name, ...plainly(data, column) }, data.attributes ?? {});
  const driver = { ...declared, paths: { ...declared.paths, ...pathsFrom(data.paths ?? {}, column, origin) } };
  checkDriver(driver, data, column);
  return driver;
};

const modelled = (data: DriverData, known: ReadonlyMap<string, Driver>, column: Column): Driver => {
  const found = known.get(data.like!);
  if (!found) throw unknown('driver', data.like!, [...known.keys()], data.place);
  const reason = found.absent?.[column];
  if (reason !== undefined) throw refusal(`${found.name} is not in this profile: ${reason}`, data.place);
  return found;
};

const plainly = (data: DriverData, column: Column): Partial<Driver> => ({
  ...(data.files === undefined ? {} : { files: only(column, data.files) }),
  ...(data.operations === undefined ? {} : { operations: only(column, data.operations) }),
  ...(data.blocking === undefined ? {} : { blocking: only(column, data.blocking) }),
  ...(data.enforcesCoherency === undefined ? {} : { enforcesCoherency: data.enforcesCoherency }),
  ...(data.msi === undefined ? {} : { msi: data.msi }),
  ...(data.sharing === undefined ? {} : { sharing: data.sharing }),
  ...(data.note === undefined ? {} : { note: data.note }),
});

const pathsFrom = (paths: { readonly [name: string]: readonly RowData[] }, column: Column, origin: string): PathTable =>
  Object.fromEntries(
    Object.entries(paths).map(([name, rows]) => [
      name,
      only(
        column,
        rows.map((row) => rowFrom(row, column, origin)),
      ),
    ]),
  );

/** Rows given as data name what the driver declares, and no id twice in a path. */
const checkDriver = (driver: Driver, data: DriverData, column: Column): void => {
  const given = Object.keys(data.paths ?? {});
  const others: readonly Row[] = Object.entries(driver.paths).flatMap(([name, path]) => (given.includes(name) ? [] : (path[column] ?? [])));
  const known = namesFor([driver], others);
  for (const [name, rows] of Object.entries(data.paths ?? {})) {
    const ids = rows.map((row) => row.id);
    const twice = ids.find((id, index) => ids.indexOf(id) !== index);
    if (twice !== undefined) throw refusal(`${driver.name}'s path ${name} has the row ${twice} twice`, data.place);
    for (const [index, row] of (driver.paths[name]![column] ?? []).entries())
      checkNames(pathsOf(row), known, rows[index]!.place ?? data.place);
  }
};
