// Attribute values that a row may depend on, by itself or through what an attach writes to the domain: the defaults with one of them
// changed, and what has to be mapped before.
import type { Computed, Condition, Path, Value } from '../core/conditions.ts';
import { readsOf } from '../core/conditions.ts';
import { isIn, refusesOf, whenOf } from '../core/perform.ts';
import type { Change, Column, Driver, Row } from '../core/rows.ts';
import type { Engine } from '../engine/engine.ts';
import { knownOf } from '../engine/scratchKnown.ts';
import { candidatesIn } from '../kernels/candidates.ts';
import { rowsIn } from '../kernels/reach.ts';
import type { MappedBefore } from './rowMachine.ts';
import { type DeviceValues, plainValues } from './rowSolve.ts';

/** What the row reads, and what the attributes of its domain come from. */
export interface Dependence {
  readonly conditions: readonly Condition[];
  readonly reads: ReadonlySet<Path>;
}

const allRows = (driver: Driver, column: Column): readonly Row[] =>
  Object.keys(driver.paths).flatMap((path) => rowsIn(driver, path, column).filter((row) => isIn(row, column)));

const conditionOf = (row: Row, column: Column): Condition | undefined =>
  row.kind === 'check' ? refusesOf(row, column) : whenOf(row, column);

interface Source {
  readonly written: Path;
  readonly reads: readonly Path[];
}

const bare = (path: Path): Path => path.replace(/\[.+\]$/, '');

const isComputed = (to: unknown): to is Computed => typeof to === 'object' && to !== null && 'compute' in to;

const sourcesOf = (changes: readonly Change[], beside: readonly Path[]): Source[] =>
  changes.flatMap((change) => {
    if (!('set' in change)) return [];
    const own = isComputed(change.to) ? change.to.reads : typeof change.to === 'string' ? [change.to] : [];
    return [{ written: bare(change.set), reads: [...own, ...beside].map(bare) }];
  });

const sourcesIn = (driver: Driver, column: Column): Source[] => {
  const effects = allRows(driver, column).flatMap((row) => {
    const when = row.kind === 'effect' ? whenOf(row, column) : undefined;
    return row.kind === 'effect' ? sourcesOf(row.changes, when ? readsOf(when) : []) : [];
  });
  const enforced = driver.enforcesCoherency === false ? [] : readsOf(driver.enforcesCoherency);
  return [...effects, ...sourcesOf(driver.coherencyEffects ?? [], enforced)];
};

export const dependenceOf = (driver: Driver, row: Row, column: Column): Dependence => {
  const own = conditionOf(row, column);
  const sources = sourcesIn(driver, column);
  const reads = new Set<Path>(own ? readsOf(own).map(bare) : []);
  // A set gives what is added while it is walked, too.
  for (const path of reads) for (const { written, reads: from } of sources) if (written === path) for (const read of from) reads.add(read);
  const others = allRows(driver, column).flatMap((other) => conditionOf(other, column) ?? []);
  return { conditions: own ? [own, ...others] : others, reads };
};

const parts = ['device', 'iommu', 'system'] as const;

/** The defaults with one attribute changed, for each attribute and value that the row may depend on. */
export const variedValues = (engine: Engine, driver: Driver, { conditions, reads }: Dependence): DeviceValues[] => {
  const known = knownOf(driver, engine.operationModel.driver);
  const candidates = candidatesIn(conditions, known);
  return [...reads].flatMap((path) => {
    const [part, name, more] = path.split('.') as [(typeof parts)[number], string, string?];
    if (more !== undefined || !parts.includes(part) || !(name in (driver.attributes[part] ?? {}))) return [];
    const values = candidates(path).filter((found) => found !== known.default(path));
    return values.map((found: Value) => ({ ...plainValues, [part]: { [name]: found } }));
  });
};

const low = 0x1000000;
const high = 2 ** 40;

/** What to map before the second attach: it matters to rows that read what maps leave on the domain. */
export const mappedBefore = (driver: Driver, { reads }: Dependence): (MappedBefore | null)[] => {
  const fromMaps = [...reads].some((path) => path.startsWith('mapping.') || path === 'domain.mappings' || path === 'domain.tables');
  if (!fromMaps || !('map' in driver.paths)) return [null];
  return [null, { iova: low, unmapped: false }, { iova: high, unmapped: true }, { iova: high, unmapped: false }];
};
