// Values solved for a row: of a device whose fresh domain it refuses, and of two devices, the second of which it refuses on the first's
// domain. What the rows before it write is traced back to what the device and its instance have; a run has to show that they do.
import { type Condition, equal, type Path, readsOf, type Value, value } from '../core/conditions.ts';
import { whenOf } from '../core/perform.ts';
import type { Column, Driver, Row } from '../core/rows.ts';
import type { Attributes } from '../core/world.ts';
import type { Engine } from '../engine/engine.ts';
import type { AttachRequest } from '../engine/guards.ts';
import { provocations, requestFor, requestOf } from '../engine/rowRequests.ts';
import type { PartValues, ScratchParts } from '../engine/scratch.ts';
import { knownOf } from '../engine/scratchKnown.ts';
import { before } from '../kernels/before.ts';
import { atRow, reaching, rowsIn } from '../kernels/reach.ts';
import { type Goal, type Known, solutions, wants } from '../kernels/solve.ts';
import type { PartAttributes } from './rowMachine.ts';
import type { PlacedRow } from './rowsOfAttach.ts';

export interface DeviceValues extends PartAttributes {
  readonly system: Attributes;
}

export const plainValues: DeviceValues = { device: {}, iommu: {}, system: {} };

/** What a fresh domain runs through, as one path of the driver. */
const whole = 'allocate and attach';

const parts = ['device', 'iommu', 'system'] as const;

/** Only what the driver declares: what parts have by structure, the script makes. */
const declaredIn = (driver: Driver, given: ScratchParts): DeviceValues => {
  const kept = (part: (typeof parts)[number]): Attributes => {
    const table = driver.attributes[part] ?? {};
    return Object.fromEntries(Object.entries(given[part] ?? {}).filter(([name]) => name in table)) as Attributes;
  };
  return { device: kept('device'), iommu: kept('iommu'), system: kept('system') };
};

const valuesOf = (driver: Driver, request: AttachRequest): DeviceValues => declaredIn(driver, { ...request, device: request.device ?? {} });

interface Route {
  readonly driver: Driver;
  readonly rows: readonly Row[];
  /** What lets a path be entered that the row stands in. */
  readonly entered: readonly Goal[];
}

const joined = (driver: Driver, rows: readonly Row[], column: Column): Driver => ({
  ...driver,
  paths: { ...driver.paths, [whole]: { [column]: rows } },
});

/** The rows up to and with those of the path: allocation first, then the attach as far as it enters the path. */
const routeTo = (driver: Driver, path: string, column: Column): Route => {
  const allocate = rowsIn(driver, 'allocate', column);
  const attach = rowsIn(driver, 'attach', column);
  if (path === 'allocate' || path === 'attach') {
    const rows = path === 'allocate' ? allocate : [...allocate, ...attach];
    return { driver: joined(driver, rows, column), rows, entered: [] };
  }
  const at = attach.findIndex((row) => row.kind === 'call' && row.path === path);
  if (at < 0) return { driver: joined(driver, rowsIn(driver, path, column), column), rows: rowsIn(driver, path, column), entered: [] };
  const leading = [...allocate, ...attach.slice(0, at)];
  const rows = [...leading, ...rowsIn(driver, path, column)];
  const when = whenOf(attach[at] as { when?: Condition }, column);
  const entered = when === undefined ? [] : [wants(before(when, leading, driver, column))];
  return { driver: joined(driver, rows, column), rows, entered };
};

const isScalar = (found: Value): boolean => typeof found !== 'object' || found === null;

/** A fresh domain has what it starts with. */
const asMade = (goals: readonly Goal[], known: Known): Goal[] => {
  const paths = new Set<Path>(goals.flatMap(({ condition }) => readsOf(condition)).filter((path) => /^domain\.\w+$/.test(path)));
  return [...paths].filter((path) => isScalar(known.default(path))).map((path) => wants(equal(path, value(known.default(path)))));
};

/** Solutions that are tried. */
const patience = 4;

const solved = (driver: Driver, goals: readonly Goal[], known: Known): DeviceValues[] => {
  const found: DeviceValues[] = [];
  for (const given of solutions([...goals, ...asMade(goals, known)], known)) {
    found.push(valuesOf(driver, requestOf(driver.name, whole, given, [])));
    if (found.length === patience) break;
  }
  return found;
};

/** Devices whose fresh domain the row may refuse. */
export const freshValues = (engine: Engine, { driver, path, row }: PlacedRow): DeviceValues[] => {
  if (path === null) return [];
  const { column } = engine.model;
  const known = knownOf(driver, engine.operationModel.driver);
  const route = routeTo(driver, path, column);
  const index = route.rows.indexOf(row);
  const [first] = provocations(engine, row);
  const goals = [...(first?.goals ?? []).map((goal) => atRow(goal, route.driver, whole, index, column)), ...route.entered];
  return solved(driver, [...goals, ...reaching(route.driver, whole, index, column)], known);
};

/** The first device is as the second in what nobody asks of it. */
const nearTo = (values: DeviceValues, known: Known): Known => ({
  ...known,
  default: (path) => {
    const [part, name] = path.split('.') as [(typeof parts)[number], string];
    return values[part]?.[name] ?? known.default(path);
  },
});

/** The device whose attach leaves on its domain what the second one is refused for; what no attach can leave is not asked for. */
const firstValues = (engine: Engine, driver: Driver, second: DeviceValues, domain: PartValues): DeviceValues[] => {
  const { column } = engine.model;
  const known = nearTo(second, knownOf(driver, engine.operationModel.driver));
  const { rows } = routeTo(driver, 'attach', column);
  const table = driver.attributes.domain ?? {};
  const goals = Object.entries(domain).flatMap(([name, found]): Goal[] => {
    const scalar = found as Value;
    if (!(name in table) || !isScalar(scalar) || scalar === table[name]!.default) return [];
    const goal = wants(before(equal(`domain.${name}`, value(scalar)), rows, driver, column));
    return solved(driver, [goal], known).length > 0 ? [goal] : [];
  });
  return goals.length === 0 ? [] : solved(driver, goals, known);
};

/** First and second device, for a row that refuses the second on the domain of the first. */
export const existingValues = (engine: Engine, { driver, path, row }: PlacedRow): [DeviceValues, DeviceValues][] => {
  const request = path === null ? null : requestFor(engine, driver.name, path, row.id);
  if (request === null) return [];
  const second = valuesOf(driver, request);
  const firsts = firstValues(engine, driver, second, request.domain ?? {});
  return [plainValues, second, ...firsts].map((first) => [first, second]);
};
