// Rows as statements over the model's variables: conditions become guards, changes assignments, each allocation a choice while the
// budget of faults lasts. A path goes forward row by row, and back through what it undoes.
import { type Condition, computedValue, type Operand, type Value } from '../../../src/core/conditions.ts';
import { pathFrame, pathScope, rowsOf } from '../../../src/core/paths.ts';
import { errnoOf, isIn, refusesOf, whenOf } from '../../../src/core/perform.ts';
import type { AllocRow, Change, Row } from '../../../src/core/rows.ts';
import type { Scope } from '../../../src/core/scope.ts';
import type { Frame, PathFrame } from '../../../src/core/world.ts';
import type { Control } from './control.ts';
import { addTo, askPath, changePool, enter, fieldOf, readPath, setPath } from './parts.ts';
import { Impossible, NoWay, type Transition } from './variables.ts';

const isEmpty = (found: Value): boolean =>
  found === null || found === false || found === 0 || found === '' || (typeof found === 'object' && Object.keys(found).length === 0);

const constantOf = (operand: Operand): { readonly value: Value } | null =>
  typeof operand === 'string' ? null : typeof operand === 'object' && operand !== null ? operand : { value: operand };

const compared = (
  world: Transition,
  scope: Scope,
  [left, right]: readonly [Operand, Operand],
  by: (a: Value, b: Value) => boolean,
): boolean => {
  const [constant, other] = [constantOf(left), constantOf(right)];
  if (constant && other) return by(constant.value, other.value);
  if (other) return askPath(world, scope, left as string, (value) => by(value, other.value));
  if (constant) return askPath(world, scope, right as string, (value) => by(constant.value, value));
  const first = readPath(world, scope, left as string);
  return askPath(world, scope, right as string, (value) => by(first, value));
};

/** A question to the variables that the condition reads. */
export const holds = (world: Transition, scope: Scope, condition: Condition): boolean => {
  if ('all' in condition) return condition.all.every((part) => holds(world, scope, part));
  if ('any' in condition) return condition.any.some((part) => holds(world, scope, part));
  if ('not' in condition) return !holds(world, scope, condition.not);
  if ('lacks' in condition) return askPath(world, scope, condition.lacks, isEmpty);
  if ('plain' in condition) return condition.plain.holds((path) => readPath(world, scope, path));
  if ('equal' in condition) return compared(world, scope, condition.equal, (a, b) => a === b);
  if ('differ' in condition) return compared(world, scope, condition.differ, (a, b) => a !== b);
  return compared(world, scope, condition.below, (a, b) => Number(a) < Number(b));
};

/** Memory fails here, if the budget allows it. */
const fails = (world: Transition): boolean => {
  if (world.split(2) === 0) return false;
  // A task spends no more than there was at the start, whatever others spend.
  const most = world.faults;
  if (!world.ask('spent', (count) => Number(count) < most) || !world.ask('budget', (left) => Number(left) > 0)) throw new NoWay();
  world.change('spent', (count) => Number(count) + 1);
  world.change('budget', (left) => Number(left) - 1);
  return true;
};

/** One site, up to two tries. */
export const allocates = (control: Control, row: AllocRow): boolean => {
  if (!isIn(row, control.engine.model.column)) return true;
  for (let left = row.tries ?? 1; left > 0; left--) if (!fails(control.world)) return true;
  return false;
};

export const apply = (control: Control, scope: Scope, changes: readonly Change[]): void => {
  const { world } = control;
  for (const change of changes) {
    if ('give' in change) changePool(world, scope, change.give, 1, control.machine.mostIds);
    else if ('add' in change) addTo(world, scope, change.add, change.by);
    else
      setPath(
        world,
        scope,
        change.set,
        computedValue(change.to, (path) => readPath(world, scope, path)),
      );
  }
};

type Result =
  | { readonly kind: 'skipped' | 'passed'; readonly before: Record<string, Value> }
  | { readonly errno: string }
  | { readonly walk: string };

const passed: Result = { kind: 'passed', before: {} };

/** `contracted`: driver rows say what the model's contract says; rows of callers their own errno. */
export const performRow = (control: Control, row: Row, scope: Scope, contracted: boolean): Result => {
  const { world, engine } = control;
  const { column, contract } = engine.model;
  const when = row.kind === 'check' ? undefined : whenOf(row, column);
  if (!isIn(row, column) || (when && !holds(world, scope, when))) return { kind: 'skipped', before: {} };
  const refused = (): Result => {
    if (row.kind === 'effect') throw new Impossible('effects cannot fail');
    const errno = (contracted ? contract?.classes[row.class] : undefined) ?? errnoOf(row, column);
    return errno === '0' ? passed : { errno };
  };
  switch (row.kind) {
    case 'check':
      return holds(world, scope, refusesOf(row, column)) ? refused() : passed;
    case 'alloc': {
      const times = row.times === undefined ? 1 : Number(computedValue(row.times, (path) => readPath(world, scope, path)));
      for (let index = 0; index < times; index++) {
        if (allocates(control, row) || row.failure === 'ignored') continue;
        return row.failure === 'next' ? passed : refused();
      }
      return passed;
    }
    case 'take':
      if (askPath(world, scope, row.pool, (left) => Number(left) <= 0)) return refused();
      changePool(world, scope, row.pool, -1, control.machine.mostIds);
      return passed;
    case 'effect': {
      const before: Record<string, Value> = {};
      for (const change of row.changes) if ('set' in change) before[change.set] = readPath(world, scope, change.set);
      apply(control, scope, row.changes);
      return { kind: 'passed', before };
    }
    case 'call':
      return row.path ? { walk: row.path } : passed;
  }
};

const undo = (control: Control, row: Row, before: Record<string, Value>, scope: Scope): void => {
  if (row.kind === 'take' && row.undo === 'reverse') changePool(control.world, scope, row.pool, 1, control.machine.mostIds);
  if (row.kind !== 'effect' && row.kind !== 'take') return;
  if (typeof row.undo !== 'string') apply(control, scope, row.undo);
  else if (row.undo === 'reverse' && row.kind === 'effect')
    apply(
      control,
      scope,
      row.changes.toReversed().flatMap((change) => reversed(change, before)),
    );
};

const reversed = (change: Change, before: Record<string, Value>): Change[] => {
  if ('set' in change) return [{ set: change.set, to: { value: before[change.set] ?? null } }];
  return 'add' in change ? [{ add: change.add, by: -change.by }] : [];
};

const rows = (control: Control, { driver, path }: PathFrame): readonly Row[] =>
  rowsOf(control.engine.operationModel.driver(driver), path, control.engine.model.column);

const refuse = (control: Control, frame: PathFrame, errno: string): void => {
  frame.refusal = errno;
  if (frame.done.length === 0) control.leave(`errno.${errno}`);
};

/** A path that another one walked comes back. */
export const returned = (control: Control, frame: PathFrame, outcome: string): void => {
  if (outcome.startsWith('errno.')) refuse(control, frame, outcome.slice('errno.'.length));
  else frame.row += 1;
};

/** One step of a path. */
export const stepPath = (control: Control, frame: PathFrame): void => {
  const row = rows(control, frame)[frame.row];
  if (frame.refusal !== null) unwind(control, frame);
  else if (row) stepRow(control, frame, row);
  else finish(control, frame);
};

const stepRow = (control: Control, frame: PathFrame, row: Row): void => {
  const result = performRow(control, row, pathScope(frame), true);
  if ('errno' in result) refuse(control, frame, result.errno);
  else if ('walk' in result) walk(control, frame, result.walk);
  else {
    if (result.kind === 'passed' && row.kind !== 'check') frame.done.push({ row: frame.row, before: result.before });
    frame.row += 1;
  }
};

const unwind = (control: Control, frame: PathFrame): void => {
  const { row, before } = frame.done.pop()!;
  undo(control, rows(control, frame)[row]!, before, pathScope(frame));
  if (frame.done.length === 0) control.leave(`errno.${frame.refusal}`);
};

/** The way out of a domain speaks of the one that the device is on; without one there is nothing to do. */
const walk = (control: Control, frame: PathFrame, path: string): void => {
  const registers: Frame['registers'] = { ...frame.registers };
  if (path === 'leave') {
    const domain = control.world.read(fieldOf('device', String(registers['device']), 'domain')) as string | null;
    if (domain === null || !isDomain(control.world, domain)) {
      frame.row += 1;
      return;
    }
    registers['domain'] = domain;
  }
  control.stack.push(pathFrame(frame.driver, path, registers));
};

export const isDomain = (world: Transition, domain: string): boolean =>
  world.ask(`domains/${domain}.phase`, (phase) => phase !== undefined);

const finish = (control: Control, frame: PathFrame): void => {
  const { device, domain } = frame.registers as Record<string, string>;
  if (frame.path === 'attach' || frame.path === 'attachBlocking' || frame.path === 'attachIdentity') attached(control, device!, domain!);
  if (frame.path === 'leave') left(control, device!);
  control.leave('OK');
};

const attached = (control: Control, device: string, domain: string): void => {
  const { world } = control;
  const old = world.read(fieldOf('device', device, 'domain'));
  if (old !== null && old !== domain) left(control, device);
  const isBlocking = world.ask(fieldOf('group', control.machine.groupOf(device), 'blocking'), (found) => found === domain);
  const type = isBlocking ? 'blocking' : world.read(fieldOf('domain', domain, 'type'));
  enter(world, 'device', device, type === 'blocking' ? 'ON_BLOCKING' : type === 'dma' || type === 'identity' ? 'ON_DEFAULT' : 'ON_USER');
  enter(world, 'domain', domain, 'ATTACHED');
  world.set(fieldOf('device', device, 'domain'), domain);
};

const left = (control: Control, device: string): void => {
  const { world } = control;
  const domain = world.read(fieldOf('device', device, 'domain')) as string | null;
  if (domain === null) return;
  enter(world, 'device', device, 'LEFT');
  const others = control.machine.devices.filter((other) => world.ask(fieldOf('device', other, 'domain'), (found) => found === domain));
  if (isDomain(world, domain) && others.length === 1) enter(world, 'domain', domain, 'EMPTIED');
  world.set(fieldOf('device', device, 'domain'), null);
};
