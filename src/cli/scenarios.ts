// Scenario files as the command line reads them: names that are known, snapshots that topologies may name.
import { readsOf } from '../core/conditions.ts';
import { refusesOf, whenOf } from '../core/perform.ts';
import { columns, type Driver, type Row } from '../core/rows.ts';
import type { Scenario } from '../core/scenario.ts';
import { detectors, readings } from '../detect/registry.ts';
import { rows as coreRows } from '../drivers/coreRows.ts';
import { apiErrnos } from '../kernels/apiErrnos.ts';
import { apis } from '../kernels/apis.ts';
import { callerTable, driverTable, profileTable } from '../kernels/build.ts';
import { readSnapshot } from '../recordings/snapshotFile.ts';
import { loadScenario } from '../scenario/load.ts';
import type { Known } from '../scenario/names.ts';

const driverRows = (driver: Driver): readonly Row[] => Object.values(driver.paths).flatMap((path) => Object.values(path).flat());

const allRows = (): Row[] => [
  ...[...driverTable.values()].flatMap(driverRows),
  ...coreRows,
  ...[...callerTable.values()].flatMap((caller) => caller.rows),
];

/** Functions that allocate, and the rows that do. */
const siteNames = (rows: readonly Row[]): string[] => {
  const names = rows.flatMap((row) =>
    row.kind === 'alloc' ? [row.id, ...Object.values(row.site).map((site) => site.split(':')[0]!)] : [],
  );
  const regions = [...driverTable.values()].flatMap((driver) => Object.values(driver.regions ?? {}).map(({ site }) => site.split(':')[0]!));
  return [...new Set([...names, ...regions])];
};

const pathsRead = (row: Row): string[] =>
  columns.flatMap((column) => {
    const when = row.kind === 'check' ? refusesOf(row, column) : whenOf(row, column);
    return when ? readsOf(when) : [];
  });

const parts = ['iommu', 'device', 'group', 'system'] as const;

/** Attributes that drivers declare or that any row reads. */
const attributeNames = (rows: readonly Row[]): NonNullable<Known['attributes']> => {
  const read = rows.flatMap(pathsRead);
  const names = (part: (typeof parts)[number]): string[] => {
    const declared = part === 'group' ? [] : [...driverTable.values()].flatMap((driver) => Object.keys(driver.attributes[part] ?? {}));
    const used = read.flatMap((path) => (path.startsWith(`${part}.`) ? [path.slice(part.length + 1).replace(/[.[].*/, '')] : []));
    return [...new Set([...declared, ...used, ...coreAttributes[part]])];
  };
  return { iommu: names('iommu'), device: names('device'), group: names('group'), system: names('system') };
};

/** What operations read beside the rows. */
const coreAttributes: Record<(typeof parts)[number], readonly string[]> = {
  iommu: [],
  device: ['isolatedMsi', 'isBridge'],
  group: ['emulated', 'gone', 'noiommu', 'iommufd', 'pasidEntries'],
  system: ['pageSize', 'isolatedMsi', 'allowUnsafeInterrupts'],
};

/** Made when it is first asked for: most scenarios name no attribute, and many no fault. */
const lazy = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
};

/** Names that scenario files may use. */
export const known = (): Known => {
  const rows = lazy(allRows);
  const errnos = lazy(() => apiErrnos(apis, [], rows()));
  const sites = lazy(() => siteNames(rows()));
  const attributes = lazy(() => attributeNames(rows()));
  return {
    kernels: [...profileTable.keys()],
    callers: [...callerTable.keys()],
    detectors: detectors.map(({ id }) => id),
    readings: Object.fromEntries(readings.map(({ name, arity }) => [name, arity])),
    drivers: [...driverTable.keys()],
    get apis() {
      return [...errnos().keys()];
    },
    get apiErrnos() {
      return errnos();
    },
    get sites() {
      return sites();
    },
    get attributes() {
      return attributes();
    },
  };
};

/** A scenario from a file; its topology may be a snapshot of a machine. */
export const readScenario = (file: string): Scenario =>
  loadScenario(file, { known: known(), readTopologyFile: (path) => readSnapshot(path).topology });
