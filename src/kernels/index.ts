// The index of rows: every row of drivers, core and callers, and every kernel API's record, one entry each, built from the
// registry on demand. What a basis changes (an overlay), the index shows.

import { rows as containerRows } from '../../machines/rows/vfioContainer.ts';
import type { ColumnFacts, IndexEntry, Layer } from '../core/facts.ts';
import type { ApiFacts, Column, Driver, PerColumn, Row } from '../core/rows.ts';
import { columns } from '../core/rows.ts';
import type { Caller } from '../core/workflow.ts';
import { type Basis, callerTable } from './build.ts';
import { attachPaths, isNested, nestedWords, reactionsTo, type Search, type Standing, searchesIn } from './indexReactions.ts';
import { changesOf, columnFacts, isIn, undoOf } from './indexRows.ts';

/** A row as it is kept: once a column, since a driver may build it anew for each. */
interface Kept {
  readonly rows: Map<Column, Row>;
  readonly paths: Map<Column, string[]>;
}

interface Owner {
  readonly name: string;
  readonly layer: Layer;
  /** The file that a citation without one means. */
  readonly files: PerColumn<string>;
  readonly absent: PerColumn<string>;
  /** A driver's paths that an attach goes through. */
  readonly attached: ReadonlyMap<Column, ReadonlySet<string>> | null;
  /** Why no search tries its domains. */
  readonly notSearched?: string;
}

type Searches = ReadonlyMap<Column, readonly Search[]>;

/** Every entry: drivers by name, core, callers, kernel APIs. */
export const buildIndex = (basis: Basis): readonly IndexEntry[] => {
  const searches: Searches = new Map(
    columns.map((column) => [column, searchesIn(column, column === basis.profile.column ? (basis.scans ?? {}) : {})]),
  );
  return [
    ...[...basis.drivers.values()].flatMap((driver) => driverEntries(driver, searches)),
    ...listed({ name: 'core', layer: 'core', files: {}, absent: {}, attached: null }, basis.coreRows, searches),
    ...callerEntries(basis, searches),
    ...basis.apis.map(apiEntry),
  ];
};

const driverEntries = (driver: Driver, searches: Searches): IndexEntry[] => {
  const kept = new Map<string, Kept>();
  for (const [path, lists] of Object.entries(driver.paths))
    for (const column of columns) for (const row of lists[column] ?? []) keep(kept, row, column, path);
  const attached = new Map(columns.map((column) => [column, attachPaths(driver, column)]));
  const owner: Owner = { name: driver.name, layer: 'driver', files: driver.files, absent: driver.absent ?? {}, attached };
  return entriesOf(isNested(driver) ? { ...owner, notSearched: nestedWords } : owner, kept, searches);
};

const keep = (kept: Map<string, Kept>, row: Row, column: Column, path: string | null): void => {
  const found = kept.get(row.id) ?? { rows: new Map(), paths: new Map() };
  kept.set(row.id, found);
  if (!isIn(row, column)) return;
  if (!found.rows.has(column)) found.rows.set(column, row);
  const paths = found.paths.get(column) ?? [];
  found.paths.set(column, path === null || paths.includes(path) ? paths : [...paths, path]);
};

const listed = (owner: Owner, rows: readonly Row[], searches: Searches): IndexEntry[] => {
  const kept = new Map<string, Kept>();
  for (const row of rows) for (const column of columns) keep(kept, row, column, null);
  return entriesOf(owner, kept, searches);
};

/** Callers whose rows others may share, with the name of the kernel's part; first come, first owner. */
const owners: Readonly<Record<string, string>> = {
  'vfio-type1': 'vfio-type1',
  'iommufd-auto': 'iommufd',
  'vhost-vdpa': 'vhost-vdpa',
  'qemu-container': 'qemu',
};

const callerEntries = (basis: Basis, searches: Searches): IndexEntry[] => {
  const first = Object.keys(owners).flatMap((name) => callerTable.get(name) ?? []);
  const all = [...new Set<Caller>([...first, ...callerTable.values()])];
  const seen = new Set<string>();
  return all.flatMap((caller) => {
    const rows = caller.rows.filter((row) => !seen.has(row.id)).flatMap((row) => changed(basis, row));
    for (const row of caller.rows) seen.add(row.id);
    return parted(caller, rows).flatMap(([name, part]) =>
      listed({ name, layer: 'caller', files: {}, absent: caller.absent ?? {}, attached: null }, part, searches),
    );
  });
};

const changed = ({ callerRows }: Basis, row: Row): Row[] => {
  const found = callerRows.get(row.id);
  return found === undefined ? [row] : found === null ? [] : [found];
};

/** VFIO's container ioctls are a part of their own. */
const parted = (caller: Caller, rows: readonly Row[]): [string, readonly Row[]][] => {
  const container = new Set(containerRows.map(({ id }) => id));
  return [
    ['vfio-container', rows.filter(({ id }) => container.has(id))],
    [owners[caller.name] ?? caller.name, rows.filter(({ id }) => !container.has(id))],
  ];
};

const entriesOf = (owner: Owner, kept: ReadonlyMap<string, Kept>, searches: Searches): IndexEntry[] =>
  [...kept].flatMap(([id, { rows, paths }]) => {
    const newest = columns.findLast((column) => rows.has(column));
    if (newest === undefined) return [];
    const found = columns.flatMap((column) => {
      const row = rows.get(column);
      if (!row) return [];
      const facts = columnFacts(row, column, owner.files[column] ?? null, paths.get(column) ?? []);
      const reactions = reactionsTo(standingOf(owner, id, facts, column), facts, searches.get(column)!);
      const { notSearched } = owner;
      if (notSearched === undefined) return [[column, { ...facts, reactions }] as const];
      return [[column, { ...facts, notSearched: reactions.length > 0 ? notSearched : null }] as const];
    });
    return [entryOf(owner, rows.get(newest)!, Object.fromEntries(found))];
  });

const standingOf = ({ attached }: Owner, row: string, { paths }: ColumnFacts, column: Column): Standing =>
  attached === null ? { row } : { attaches: paths.some((path) => attached.get(column)!.has(path)) };

const entryOf = (owner: Owner, row: Row, found: PerColumn<ColumnFacts>): IndexEntry => {
  const facts = row.kind === 'effect' ? { class: null } : row;
  return {
    id: row.id,
    entry: ('entry' in facts && facts.entry) || row.id,
    owner: owner.name,
    layer: owner.layer,
    kind: row.kind,
    words: row.words,
    class: facts.class,
    columns: found,
    absent: Object.fromEntries(
      columns.filter((column) => !(column in found)).map((column) => [column, owner.absent[column] ?? missing[row.kind]]),
    ),
    unreachable: ('unreachable' in facts && facts.unreachable) || null,
    note: ('note' in facts && facts.note) || null,
    does: changesOf(row),
    undo: undoOf(row),
    api: null,
  };
};

const missing: Readonly<Record<Row['kind'], string>> = {
  check: 'no such check',
  alloc: 'no such allocation',
  take: 'no such id taken',
  effect: 'no such step',
  call: 'no such call',
};

const apiEntry = (api: ApiFacts): IndexEntry => {
  const facts: ColumnFacts = {
    condition: null,
    errno: [...new Set(api.errnos.map(({ errno }) => errno))],
    cite: api.file,
    prints: null,
    allocation: null,
    paths: [],
    reactions: [],
    notSearched: null,
  };
  return {
    id: api.id,
    entry: api.id,
    owner: 'kapi',
    layer: 'kapi',
    kind: 'api',
    words: api.api,
    class: null,
    columns: Object.fromEntries(columns.map((column) => [column, facts])),
    absent: {},
    unreachable: null,
    note: api.note ?? null,
    does: null,
    undo: null,
    api,
  };
};
