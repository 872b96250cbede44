// Locks, branches, loops and calls: what workflow states of every caller and of the core are built from.
import {
  lockId,
  type Operation,
  type OperationContext,
  type Operations,
  type Outcome,
  register,
  registered,
  scopeOf,
} from '../core/operation.ts';
import { pathFrame } from '../core/paths.ts';
import { reader } from '../core/scope.ts';
import type { Registers } from '../core/world.ts';

/** Takes a lock; the engine offers the step only while nobody holds it. */
const lock: Operation = (context, name, owner) => {
  context.emit({ type: 'LockTaken', task: context.task, lock: lockId(context.frame, String(name), String(owner)) });
  return 'OK';
};

/** Waits; the engine offers the step only once the attribute path holds nothing. */
const waitWhile: Operation = () => 'OK';

/** Waits; the engine offers the step only once no other task has a request in progress on the same files. */
const waitForOthers: Operation = () => 'OK';

const unlock: Operation = (context, name, owner) => {
  context.emit({ type: 'LockReleased', task: context.task, lock: lockId(context.frame, String(name), String(owner)) });
  return 'OK';
};

/** YES when the attribute path holds something that counts as true. */
const test: Operation = (context, path) => {
  const found = reader(context.world, scopeOf(context))(String(path));
  return found === null || found === false || found === 0 || found === '' ? 'NO' : 'YES';
};

/** YES when two attribute paths hold equal values. */
const same: Operation = (context, left, right) => {
  const read = reader(context.world, scopeOf(context));
  return read(String(left)) === read(String(right)) ? 'YES' : 'NO';
};

/** Sets a register: `=name` copies another register, null clears it. */
const set: Operation = (context, name, value) => {
  const found = typeof value === 'string' && value.startsWith('=') ? register(context, value.slice(1)) : value;
  return { outcome: 'OK', registers: { [String(name)]: found ?? null } };
};

/** Calls a workflow with registers `to=from` (or `name`, or `to:constant`); everything else starts unset. */
const call: Operation = (context, workflow, ...mapping) => ({
  enter: { workflow: String(workflow), state: '', registers: mapped(context, mapping.map(String)) },
});

const mapped = (context: OperationContext, mapping: readonly string[]): Registers => {
  const registers: Registers = {};
  for (const entry of mapping) {
    const [to, constant] = entry.split(':') as [string, string | undefined];
    if (constant !== undefined) registers[to] = constant;
    else {
      const [name, from] = entry.split('=') as [string, string | undefined];
      registers[name] = context.frame.registers[from ?? name] ?? null;
    }
  }
  return registers;
};

/** As call, but OK without a call while the register is unset. */
const callUnlessNone: Operation = (context, name, workflow, ...mapping) =>
  register(context, String(name)) === null ? 'OK' : call(context, workflow!, ...mapping);

/** YES while the register is set and not false. */
const is: Operation = (context, name) => (context.frame.registers[String(name)] ? 'YES' : 'NO');

/** Walks a driver's path for the device and domain in the registers. */
const walk: Operation = (context, path) => {
  const { device, domain, group, iova, size, iommu } = context.frame.registers;
  const registers: Registers = { device: device ?? null, domain: domain ?? null, group: group ?? null };
  if (typeof iova === 'number') Object.assign(registers, { iova, size });
  if (iommu) registers['iommu'] = iommu;
  const driver = context.world.domains[String(domain)]?.driver ?? context.world.devices[String(device)]?.driver ?? '';
  return { enter: pathFrame(driver, String(path), registers) };
};

const lists: Record<string, (context: OperationContext) => readonly string[]> = {
  devices: (context) => context.world.groups[registered(context, 'group')]?.devices ?? [],
  newestGroups: (context) => (context.world.containers[registered(context, 'container')]?.groups ?? []).toReversed(),
  records: (context) => (context.world.containers[registered(context, 'container')]?.records ?? []).map((record) => record.id),
  attachedDevices: (context) => context.world.groups[registered(context, 'group')]?.attachedDevices ?? [],
  contextSpaces: (context) => {
    const owner = registered(context, 'context');
    const spaces = Object.values(context.world.containers).filter(({ kind, context: own }) => kind === 'ioas' && own === owner);
    // By name: what a table lists first depends on who came first, which is no part of the state.
    return spaces.map(({ id }) => id).sort();
  },
};

/** The next element of a list after the one at the cursor; NONE at the end. The cursor is a number, so that lists may change. */
const next: Operation = (context, list, name) => step(context, lists[String(list)]!(context), String(name));

const step = (context: OperationContext, elements: readonly string[], name: string): Outcome => {
  const index = Number(context.frame.registers[`${name}Index`] ?? -1) + 1;
  const element = elements[index];
  if (element === undefined) return { outcome: 'NONE', registers: { [`${name}Index`]: null, [name]: null } };
  return { outcome: 'OK', registers: { [`${name}Index`]: index, [name]: element } };
};

/** The element before the cursor; NONE before the first. */
const previous: Operation = (context, list, name) => {
  const elements = lists[String(list)]!(context);
  const index = Number(context.frame.registers[`${String(name)}Index`] ?? elements.length) - 1;
  const element = elements[index];
  if (element === undefined) return { outcome: 'NONE', registers: { [`${String(name)}Index`]: null, [String(name)]: null } };
  return { outcome: 'OK', registers: { [`${String(name)}Index`]: index, [String(name)]: element } };
};

/** As next, but NONE after the element that register `last` holds. */
const nextUpTo: Operation = (context, list, name, last) => {
  const elements = lists[String(list)]!(context);
  const until = elements.indexOf(registered(context, String(last)));
  return step(context, elements.slice(0, until + 1), String(name));
};

/** Puts a cursor before the first element. */
const restart: Operation = (_context, name) => ({ outcome: 'OK', registers: { [`${String(name)}Index`]: null, [String(name)]: null } });

export const operations: Operations = {
  lock,
  unlock,
  waitWhile,
  waitForOthers,
  test,
  same,
  is,
  set,
  call,
  callUnlessNone,
  walk,
  next,
  previous,
  nextUpTo,
  restart,
};
