// Variants of a whole run, each with one thing changed so that one row of the core or of the caller decides: the first time an allocation
// is asked for it fails; where a check passed, the flags of the request and the attributes of its group, device and machine are solved for.
import type { Condition, Path, Value } from '../../src/core/conditions.ts';
import { readsOf } from '../../src/core/conditions.ts';
import type { Event, EventOf } from '../../src/core/events.ts';
import { refusesOf } from '../../src/core/perform.ts';
import type { Fault, Request, Scenario } from '../../src/core/scenario.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { type Assignment, type Known, solve } from '../../src/kernels/solve.ts';
import type { NamedRun } from './crafted.ts';
import { decisive } from './decisive.ts';
import { namedOutcome } from './namedOutcome.ts';

/** Fields that parts have by structure: a script changes them, a variant does not. */
const structural = [
  ...['id', 'iommu', 'group', 'domain', 'driver', 'phase', 'devices', 'default', 'blocking', 'owner', 'ownerCount', 'container'],
  ...['pageTable', 'attachedDevices', 'handle', 'boundTo'],
];

/** What the request itself gives the workflow, and what operations work out before a check. */
const given = ['context', 'owner', 'deviceClaim', 'isolated', 'listed', 'device', 'group'];

/** A group of an iommufd context leaves it another way than the model's workflow of a container. */
const unmodelled = ['iommufd'];

const canSet = (path: Path): boolean => {
  const [root, field] = path.split('.') as [string, string];
  if (root === 'user') return !given.includes(field);
  return ['group', 'device', 'system'].includes(root) && path.split('.').length === 2 && ![...structural, ...unmodelled].includes(field);
};

interface Passed {
  readonly row: string;
  readonly condition: Condition;
  readonly values: Readonly<Record<Path, Value>>;
  readonly request: number;
  readonly target: string | null;
  readonly device: string | null;
}

/** Where each check row of the core or caller was first passed. */
const passedChecks = (engine: Engine, events: readonly Event[]): Passed[] => {
  const found = new Map<string, Passed>();
  let started: EventOf<'RequestStarted'> | null = null;
  for (const event of events) {
    if (event.type === 'RequestStarted') started = event;
    if (event.type !== 'CheckPassed' || found.has(event.row) || started === null) continue;
    const row = engine.model.rows.get(event.row);
    if (row?.kind !== 'check') continue;
    const { request, target } = started;
    const { values, device } = event;
    found.set(row.id, { row: row.id, condition: refusesOf(row, engine.model.column), values, request, target, device });
  }
  return [...found.values()];
};

/** What cannot be set stays what it was. */
const knownIn = ({ values }: Passed): Known => ({
  default: (path) => values[path] ?? null,
  alternatives: (path) => (canSet(path) ? [true, false] : []),
});

const fixed = ({ condition, values }: Passed): Condition[] =>
  readsOf(condition)
    .filter((path) => !canSet(path))
    .map((path) => ({ equal: [path, { value: values[path] ?? null }] }) as Condition);

const partOf = (root: string, { target, device }: Passed, scenario: Scenario): string | null => {
  if (root === 'system') return 'system';
  if (root === 'device') return device === null ? null : `device/${device}`;
  const groups = scenario.topology.groups;
  const group = groups.find(({ id, devices }) => id === target || devices.some((found) => found.id === target));
  return group ? `group/${group.id}` : null;
};

const withOptions = (request: Request, flags: Readonly<Record<string, Value>>): Request =>
  Object.keys(flags).length === 0 ? request : { ...request, options: { ...request.options, ...(flags as Request['options']) } };

const applied = (scenario: Scenario, passed: Passed, solution: Assignment): Scenario => {
  const flags: Record<string, Value> = {};
  const set: Record<string, Record<string, Value>> = structuredClone(scenario.set) as Record<string, Record<string, Value>>;
  for (const [path, value] of Object.entries(solution)) {
    const [root, field] = path.split('.') as [string, string];
    if (!canSet(path) || value === (passed.values[path] ?? null)) continue;
    const part = partOf(root, passed, scenario);
    if (root === 'user') flags[field] = value;
    else if (part !== null) set[part] = { ...set[part], [field]: value };
  }
  const [task, ...others] = scenario.tasks;
  const requests = task!.requests.map((request, index) => (index === passed.request ? withOptions(request, flags) : request));
  return { ...scenario, set, tasks: [{ ...task!, requests }, ...others] };
};

const checkVariants = (run: NamedRun, passed: Passed): NamedRun[] =>
  decisive(passed.condition).flatMap(({ goals, result }, index) => {
    const held = fixed(passed).map((condition) => ({ condition, holds: true }));
    const solution = solve([...goals, ...held], knownIn(passed));
    if (!solution) return [];
    const scenario = applied(run.scenario, passed, solution);
    return [{ ...run, name: `${run.name}: ${passed.row} ${result ? 'refuses' : 'passes'} ${index + 1}`, reaches: null, scenario }];
  });

const failing = (run: NamedRun, row: string): NamedRun => {
  const fault: Fault = { kind: 'site', site: row, nth: 1, sticky: true };
  return { ...run, name: `${run.name}: ${row} fails`, scenario: { ...run.scenario, faults: [fault] } };
};

/** The run itself, and its variants. */
export const withVariants = (engine: Engine, run: NamedRun): NamedRun[] => {
  const { events } = namedOutcome(engine, run.scenario);
  const asked = events.flatMap((event) => (event.type === 'MemoryAllocated' && engine.model.rows.has(event.row) ? [event.row] : []));
  return [
    run,
    ...[...new Set(asked)].map((row) => failing(run, row)),
    ...passedChecks(engine, events).flatMap((passed) => checkVariants(run, passed)),
  ];
};
