// Attribute paths that an overlay's rows may name: declared by the driver, kept by the model, or used by a row that is there.
// A misspelt attribute would read as absent for ever, so it is refused.
import { type Condition, type Path, readsOf } from '../core/conditions.ts';
import type { Place } from '../core/failure.ts';
import type { Change, Driver, Row } from '../core/rows.ts';
import { unknown } from './overlayFailures.ts';

const structural: Readonly<Record<string, readonly string[]>> = {
  device: ['id', 'group', 'iommu', 'driver', 'domain'],
  domain: ['id', 'driver', 'type', 'static', 'parent', 'mappings', 'apertureStart', 'apertureEnd', 'pageSize'],
  iommu: ['id', 'driver'],
  group: ['id', 'devices', 'domain', 'default', 'blocking', 'owner', 'ownerCount', 'container', 'pageTable', 'attachedDevices', 'handle'],
  container: ['id', 'kind', 'context', 'backend', 'groups', 'records', 'mappings', 'valid', 'reserved'],
  mapping: ['iova', 'size'],
  system: ['pageSize'],
};

const links: Readonly<Record<string, string>> = {
  'device.iommu': 'iommu',
  'device.domain': 'domain',
  'device.group': 'group',
  'domain.parent': 'domain',
  'group.domain': 'domain',
  'group.default': 'domain',
  'group.blocking': 'domain',
};

/** `group.domain.iommu` speaks of a domain: `domain.iommu`. */
const canonical = (path: Path): Path => {
  const [root, field, ...rest] = path.replace(/\[.+\]$/, '').split('.') as [string, string, ...string[]];
  const to = links[`${root}.${field}`];
  return rest.length > 0 && to !== undefined ? canonical([to, ...rest].join('.')) : [root, field, ...rest].join('.');
};

const conditionsOf = (row: Row): Condition[] => {
  const given = row.kind === 'check' ? row.refuses : row.when;
  if (given === undefined) return [];
  return 'v6.1' in given || 'seed-v6' in given || 'v6.12' in given ? (Object.values(given) as Condition[]) : [given as Condition];
};

const changedPaths = (changes: readonly Change[]): Path[] =>
  changes.flatMap((change) => {
    if ('give' in change) return [change.give];
    if ('add' in change) return [change.add];
    return [change.set, ...(typeof change.to === 'string' ? [change.to] : [])];
  });

/** Every path that the row reads or changes, apart from what computed values read. */
export const pathsOf = (row: Row): Path[] => [
  ...conditionsOf(row).flatMap(readsOf),
  ...(row.kind === 'take' ? [row.pool] : []),
  ...(row.kind === 'effect' ? changedPaths(row.changes) : []),
  ...(row.kind === 'alloc' && typeof row.times === 'string' ? [row.times] : []),
];

const declaredBy = (driver: Driver): Path[] =>
  Object.entries(driver.attributes).flatMap(([part, table]) => Object.keys(table ?? {}).map((name) => `${part}.${name}`));

const ofTheModel: readonly Path[] = Object.entries(structural).flatMap(([part, names]) => names.map((name) => `${part}.${name}`));

/** The paths that rows of a driver, or of the core and callers when there is none, may name. */
export const namesFor = (drivers: readonly Driver[], rows: readonly Row[]): ReadonlySet<Path> =>
  new Set([...ofTheModel, ...drivers.flatMap(declaredBy), ...rows.flatMap(pathsOf).map(canonical)]);

/** Refuses a path that nothing declares or uses; `user.*` is what a request says and is not checked. */
export const checkNames = (paths: readonly Path[], known: ReadonlySet<Path>, place?: Place): void => {
  const wrong = paths.map(canonical).find((path) => !path.startsWith('user.') && !known.has(path));
  if (wrong !== undefined) throw unknown('attribute', wrong, [...known], place);
};
