// Locks, branches, loops, calls and rows, and what the core does to domains and groups, as questions and assignments.
import { errnoOf } from '../../../src/core/perform.ts';
import type { DomainRecord } from '../../../src/core/world.ts';
import {
  type Argument,
  allocOf,
  at,
  cursor,
  driverOf,
  enterPath,
  list,
  lockOf,
  type Outcome,
  ofDomain,
  ofGroup,
  row,
  rowOf,
  scopeOf,
  type Translation,
} from './access.ts';
import type { Control } from './control.ts';
import { askPath, enter, fieldOf, readPath } from './parts.ts';
import { allocates, isDomain } from './rows.ts';
import { absent, Impossible, NoWay } from './variables.ts';

const lists: Readonly<Record<string, (control: Control) => readonly string[]>> = {
  devices: (control) => control.machine.devicesOf(control.text('group')),
  newestGroups: (control) => list<string>(control, 'groups').toReversed(),
  records: (control) => list<DomainRecord>(control, 'records').map(({ id }) => id),
};

const call = (control: Control, workflow: Argument, ...mapping: Argument[]): Outcome => {
  const registers: Record<string, string | number | boolean | null> = {};
  for (const entry of mapping.map(String)) {
    const [to, constant] = entry.split(':');
    const [name, from] = entry.split('=');
    if (constant !== undefined) registers[to!] = constant;
    else registers[name!] = control.register(from ?? name!);
  }
  control.call(String(workflow), registers);
  return undefined;
};

const startDomain = (control: Control, domain: string, driver: string, type: string, isStatic: boolean): Outcome => {
  const { world } = control;
  const fields = { driver, type, static: isStatic, phase: 'allocated', parent: null, mappings: [] };
  for (const [field, value] of Object.entries(fields)) world.set(ofDomain(domain, field), value);
  const table = control.engine.operationModel.driver(driver).attributes.domain ?? {};
  for (const [name, { default: value }] of Object.entries(table)) world.set(ofDomain(domain, name), value);
  return 'OK';
};

/** A name is taken while the domain lives, or a group or device is still on it; nobody else names this container's domains. */
const isTaken = (control: Control, domain: string): boolean => {
  const { world } = control;
  const isIt = (found: unknown): boolean => found === domain;
  return (
    isDomain(world, domain) ||
    control.machine.groups.some((group) => world.ask(fieldOf('group', group, 'domain'), isIt)) ||
    control.machine.devices.some((device) => world.ask(fieldOf('device', device, 'domain'), isIt))
  );
};

const nameDomain = (control: Control, name: Argument, owner: Argument): Outcome => {
  const prefix = `${control.text(String(owner))}.d`;
  for (let slot = 0; slot < 4; slot++) if (!isTaken(control, `${prefix}${slot}`)) return ['OK', { [String(name)]: `${prefix}${slot}` }];
  throw new Impossible('no name is left');
};

const dropDomain = (control: Control): Outcome => {
  const { world } = control;
  const domain = control.text('domain');
  const recording = control.machine.groups.filter((group) => world.ask(fieldOf('group', group, 'domain'), (found) => found === domain));
  for (const group of recording) enter(world, 'group', group, 'DOMAIN_FREED');
  if (!isDomain(world, domain)) throw new Impossible('freed twice');
  world.clear(`domains/${domain}.`);
  return 'OK';
};

const recordDomain = (control: Control, name: Argument): Outcome => {
  const { world } = control;
  const group = control.text('group');
  const domain = control.register(String(name));
  const isIts = (field: string): boolean => world.ask(ofGroup(control, field), (found) => found === domain);
  const isDefault = isIts('default') && (domain !== null || world.read(ofGroup(control, 'owner')) === null);
  const other = isIts('blocking') ? 'RECORDED_BLOCKING' : 'RECORDED_USER';
  enter(world, 'group', group, isDefault ? 'RECORDED_DEFAULT' : domain === null ? 'RECORDED_NONE' : other);
  world.set(ofGroup(control, 'domain'), domain);
  return 'OK';
};

const claim = (control: Control, owner: Argument): Outcome => {
  const { world } = control;
  const isOwned = world.ask(ofGroup(control, 'owner'), (found) => found !== null);
  enter(world, 'group', control.text('group'), isOwned ? 'OWNER_COUNTED' : 'CLAIMED');
  world.set(ofGroup(control, 'owner'), control.text(String(owner)));
  world.change(ofGroup(control, 'ownerCount'), (count) => bounded(Number(count) + 1));
  return 'OK';
};

const release = (control: Control): Outcome => {
  const { world } = control;
  const isLast = world.ask(ofGroup(control, 'ownerCount'), (count) => Number(count) <= 1);
  enter(world, 'group', control.text('group'), isLast ? 'RELEASED' : 'OWNER_COUNTED');
  world.change(ofGroup(control, 'ownerCount'), (count) => bounded(Number(count) - 1));
  if (isLast) world.set(ofGroup(control, 'owner'), null);
  return isLast ? 'LAST' : 'OK';
};

const bounded = (count: number): number => {
  if (count < 0 || count > 2) throw new Impossible(`${count} claims`);
  return count;
};

const attachDevice = (control: Control): Outcome => {
  const { world } = control;
  const [device, domain, group] = [control.text('device'), control.text('domain'), control.text('group')];
  const type = world.read(ofDomain(domain, 'type'));
  const driver = String(world.read(ofDomain(domain, 'driver')));
  const path = type === 'blocking' ? 'attachBlocking' : type === 'identity' ? 'attachIdentity' : 'attach';
  return enterPath(control, driver, path, { device, domain, group });
};

const walkAllocate = (control: Control): Outcome => {
  const domain = control.text('domain');
  const group = control.register('group');
  const device = control.register('device') ?? control.machine.devicesOf(String(group))[0]!;
  control.register('path');
  return enterPath(control, String(control.world.read(ofDomain(domain, 'driver'))), 'allocate', {
    device: String(device),
    domain,
    group: String(group),
  });
};

const walkFree = (control: Control): Outcome => {
  const domain = control.text('domain');
  if (!isDomain(control.world, domain)) return 'OK';
  return enterPath(control, String(control.world.read(ofDomain(domain, 'driver'))), 'free', { domain });
};

const groupDomain = (control: Control, which: Argument, name: Argument): Outcome => {
  const domain = control.world.read(ofGroup(control, String(which))) as string | null;
  return [domain === null ? 'NONE' : 'OK', { [String(name)]: domain }];
};

const blockingKinds = { static: 'STATIC', own: 'OWN', 'stand-in': 'STANDIN' } as const;
const blockingKind = (control: Control): Outcome =>
  blockingKinds[control.engine.operationModel.driver(driverOf(control)).blocking[control.engine.model.column] ?? 'stand-in'];

const test = (control: Control, path: Argument): Outcome =>
  askPath(control.world, scopeOf(control), String(path), (found) =>
    found === null || found === false || found === 0 || found === '' ? 'NO' : 'YES',
  );

const same = (control: Control, left: Argument, right: Argument): Outcome => {
  const scope = scopeOf(control);
  const first = readPath(control.world, scope, String(left));
  return askPath(control.world, scope, String(right), (found) => (found === first ? 'YES' : 'NO'));
};

export const coreTranslations: Readonly<Record<string, Translation>> = {
  lock: (control, name, owner) => {
    const lock = lockOf(control, name!, owner!);
    if (control.world.ask(lock, (holder) => holder !== absent)) throw new NoWay();
    control.world.set(lock, control.task);
    return 'OK';
  },
  unlock: (control, name, owner) => {
    control.world.set(lockOf(control, name!, owner!), absent);
    return 'OK';
  },
  test: (control, path) => test(control, path!),
  same: (control, left, right) => same(control, left!, right!),
  set: (control, name, value) => {
    const found = typeof value === 'string' && value.startsWith('=') ? control.register(value.slice(1)) : value!;
    return ['OK', { [String(name)]: found }];
  },
  is: (control, name) => (control.register(String(name)) ? 'YES' : 'NO'),
  call: (control, workflow, ...mapping) => call(control, workflow!, ...mapping),
  next: (control, of, name) => at(lists[String(of)]!(control), cursor(control, name!, -1) + 1, String(name)),
  previous: (control, of, name) => {
    const elements = lists[String(of)]!(control);
    return at(elements, cursor(control, name!, elements.length) - 1, String(name));
  },
  nextUpTo: (control, of, name, last) => {
    const elements = lists[String(of)]!(control);
    return at(elements.slice(0, elements.indexOf(control.text(String(last))) + 1), cursor(control, name!, -1) + 1, String(name));
  },
  restart: (_control, name) => ['OK', { [`${name}Index`]: null, [String(name)]: null }],
  row: (control, id) => row(control, id!),
  attempt: (control, id) => (allocates(control, allocOf(control, id!)) ? 'OK' : 'FAILED'),
  failAs: (control, id) => {
    const found = rowOf(control, id!);
    const errno = found.kind === 'effect' ? null : errnoOf(found, control.engine.model.column);
    return errno === null ? 'OK' : [`errno.${errno}`, { errno }];
  },
  warn: () => 'OK',
  nameDomain: (control, name, owner) => nameDomain(control, name!, owner!),
  startDomain: (control) => {
    const [domain, driver] = [control.text('domain'), driverOf(control)];
    control.allRegisters();
    return startDomain(control, domain, driver, String(control.register('type') ?? 'unmanaged'), false);
  },
  startStaticBlocking: (control) => startDomain(control, control.text('domain'), driverOf(control), 'blocking', true),
  walkAllocate,
  walkFree,
  dropDomain,
  blockingKind,
  nameBlocking: (control) => ['OK', { domain: `g${control.text('group')}.blocking` }],
  keepBlocking: (control) => {
    control.world.set(ofGroup(control, 'blocking'), control.text('domain'));
    return 'OK';
  },
  attachDevice,
  recordDomain: (control, name) => recordDomain(control, name!),
  detachTarget: (control) => {
    const isFree = control.world.ask(ofGroup(control, 'owner'), (owner) => owner === null);
    return ['OK', { domain: control.world.read(ofGroup(control, isFree ? 'default' : 'blocking')) as string | null }];
  },
  groupDomain: (control, which, name) => groupDomain(control, which!, name!),
  ownable: (control) => (control.machine.devicesOf(control.text('group')).length === 0 ? ['errno.ENODEV', { errno: 'ENODEV' }] : 'OK'),
  ownedByMe: (control) => {
    if (control.register('deviceClaim')) throw new Impossible('VFIO claims groups, not devices');
    return 'NO';
  },
  claim: (control, owner) => claim(control, owner!),
  release,
  /** VFIO keeps no handles. */
  storeHandle: (control) => {
    control.text('group');
    return 'OK';
  },
};
