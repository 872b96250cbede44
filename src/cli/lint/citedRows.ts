// The rows of the model as lint looks for them in kernel sources: those of drivers, of the core, and of callers in the kernel.
import { rows as containerRows } from '../../../machines/rows/vfioContainer.ts';
import type { CitedRow, SearchRule } from '../../core/rowSources.ts';
import { type Column, columns, type Driver, type Errno, type PerColumn, type Row } from '../../core/rows.ts';
import { rows as coreRows } from '../../drivers/coreRows.ts';
import { callerTable } from '../../kernels/build.ts';
import { isIn } from '../../kernels/indexRows.ts';
import { drivers } from '../../kernels/registry.ts';

/** Callers with rows of their own in the kernel, and what those rows belong to; first come, first owner. */
const callers: readonly (readonly [caller: string, owner: string])[] = [
  ['vfio-type1', 'vfio-type1'],
  ['iommufd-auto', 'iommufd'],
  ['vhost-vdpa', 'vhost-vdpa'],
  ['iommufd-compat', 'iommufd'],
];

type Kept = readonly [owner: string, row: Row, columns: readonly Column[], files: PerColumn<string>];

const listOf = (errno: Errno | readonly Errno[] | undefined): readonly Errno[] =>
  errno === undefined ? [] : typeof errno === 'string' ? [errno] : errno;

const byColumn = <T>(found: readonly Column[], value: (column: Column) => T | undefined): PerColumn<T> =>
  Object.fromEntries(
    found.flatMap((column) => {
      const one = value(column);
      return one === undefined ? [] : [[column, one] as const];
    }),
  );

const citedRow = ([owner, row, found, files]: Kept): CitedRow => ({
  id: row.id,
  owner,
  kind: row.kind,
  errnos: byColumn(found, (column) => (row.kind === 'effect' ? [] : listOf(row.errno[column]))),
  cite: byColumn(found, (column) => row.cite[column]),
  site: byColumn(found, (column) => (row.kind === 'alloc' ? row.site[column] : undefined)),
  gfp: byColumn(found, (column) => (row.kind === 'alloc' ? row.gfp[column] : undefined)),
  prints: byColumn(found, (column) => row.kind !== 'effect' && row.prints?.[column] !== undefined),
  files,
});

const ofDriver = (driver: Driver): Kept[] => {
  const found = new Map<string, { row: Row; columns: Column[] }>();
  for (const path of Object.values(driver.paths))
    for (const column of columns)
      for (const row of path[column] ?? []) {
        if (!isIn(row, column)) continue;
        const known = found.get(row.id) ?? { row, columns: [] };
        if (!known.columns.includes(column)) known.columns.push(column);
        found.set(row.id, known);
      }
  return [...found.values()].map(({ row, columns: own }) => [driver.name, row, own, driver.files]);
};

const listed = (owner: string, rows: readonly Row[]): Kept[] =>
  rows.map((row) => [owner, row, columns.filter((column) => isIn(row, column)), {}]);

const container = new Set(containerRows.map(({ id }) => id));

const ofCaller = ([caller, owner]: (typeof callers)[number]): Kept[] => {
  const rows = callerTable.get(caller)?.rows ?? [];
  return [
    ...listed(
      'vfio-container',
      rows.filter(({ id }) => container.has(id)),
    ),
    ...listed(
      owner,
      rows.filter(({ id }) => !container.has(id)),
    ),
  ];
};

const isKernel = ({ cite }: CitedRow): boolean => Object.values(cite).every((text) => !text.startsWith('qemu '));

/** Each row once, with the first that has it; a row that a driver builds anew for each column is one row. */
export const citedRows = (): readonly CitedRow[] => {
  const all = [...drivers.flatMap(ofDriver), ...listed('core', coreRows), ...callers.flatMap(ofCaller)].map(citedRow);
  const first = new Map<string, CitedRow>();
  for (const row of all) if (!first.has(row.id)) first.set(row.id, row);
  return [...first.values()].filter(isKernel);
};

/** Drivers whose order of allocations is kept. */
export const orderedDrivers: readonly string[] = drivers.map(({ name }) => name);

const searchOf = (caller: string): SearchRule['scan'] => callerTable.get(caller)?.scan ?? [];

const type1 = { file: 'drivers/vfio/vfio_iommu_type1.c', function: 'vfio_iommu_type1_attach_group', attach: 'iommu_attach_group' } as const;

/** The loops in which callers of the kernel try domains. */
export const searchRules = (): readonly SearchRule[] => [
  { ...type1, caller: 'vfio-type1', columns: ['v6.1', 'v6.12'], scan: searchOf('vfio-type1') },
  { ...type1, caller: 'vfio-type1-seed', columns: ['seed-v6'], scan: searchOf('vfio-type1-seed') },
  {
    ...{ caller: 'iommufd-auto', columns: ['v6.12'], scan: searchOf('iommufd-auto') },
    ...{ file: 'drivers/iommu/iommufd/device.c', function: 'iommufd_device_auto_get_domain', attach: 'do_attach' },
  },
];
