// What each kernel API can give, and each row that asks hardware itself: the errnos that a planned fault may name, in any column.
import type { ApiFacts, Driver, Errno, Row } from '../core/rows.ts';

const rowsOf = (driver: Driver): readonly Row[] => Object.values(driver.paths).flatMap((path) => Object.values(path).flat());

/** By id of the record, and of every row that calls it or has errnos of its own. */
export const apiErrnos = (
  apis: Iterable<ApiFacts>,
  drivers: Iterable<Driver>,
  rows: Iterable<Row>,
): ReadonlyMap<string, readonly Errno[]> => {
  const found = new Map([...apis].map(({ id, errnos }): [string, Errno[]] => [id, errnos.map(({ errno }) => errno)]));
  for (const row of [...[...drivers].flatMap(rowsOf), ...rows]) {
    if (row.kind !== 'call' || row.path !== undefined) continue;
    const own = Object.values(row.errno).flat() as Errno[];
    const listed = (row.api === undefined ? undefined : found.get(row.api)) ?? own;
    found.set(row.id, [...new Set([...(found.get(row.id) ?? []), ...listed])]);
  }
  return found;
};
