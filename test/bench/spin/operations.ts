// The operations that type1's attach and map on 6.12 name, each as what it asks of the model's variables and sets in them.
import { pathFrame } from '../../../src/core/paths.ts';
import { errnoOf } from '../../../src/core/perform.ts';
import { cutOut, narrowed, overlaps, rangeOf, restricts, within } from '../../../src/core/ranges.ts';
import type { AllocRow, Change } from '../../../src/core/rows.ts';
import type { Scope } from '../../../src/core/scope.ts';
import type { DomainRecord, Mapping, Range, Region } from '../../../src/core/world.ts';
import type { Control } from './control.ts';
import { askPath, enter, fieldOf, readPath } from './parts.ts';
import { allocates, apply, holds, isDomain, performRow } from './rows.ts';
import { absent, Impossible, NoWay } from './variables.ts';

/** The outcome with registers, or nothing where a frame was entered. */
type Outcome = string | readonly [outcome: string, registers: Record<string, string | number | boolean | null>] | undefined;

type Argument = string | number | boolean | null;

const PAGE = 4096;

const lockOf = (control: Control, name: Argument, owner: Argument): string => `locks/${name}/${control.register(String(owner)) ?? owner}`;

const scopeOf = (control: Control): Scope => {
  const [device, domain, group, container] = ['device', 'domain', 'group', 'container'].map(
    (name) => control.register(name) as string | null,
  );
  const user = new Proxy({}, { get: (_, name) => control.register(String(name)) });
  return {
    device: device ?? (group ? (control.machine.devicesOf(group)[0] ?? null) : null),
    domain: domain!,
    group: group!,
    container: container!,
    user,
  };
};

const rowOf = (control: Control, id: Argument) => control.engine.operationModel.row(String(id));
const allocOf = (control: Control, id: Argument): AllocRow => rowOf(control, id) as AllocRow;

const row = (control: Control, id: Argument): Outcome => {
  const result = performRow(control, rowOf(control, id), scopeOf(control), false);
  return 'errno' in result ? [`errno.${result.errno}`, { errno: result.errno }] : 'OK';
};

const several = (control: Control, id: Argument, times: number): boolean => {
  for (let index = 0; index < times; index++) if (!allocates(control, allocOf(control, id))) return false;
  return true;
};

const noMemory: Outcome = ['errno.ENOMEM', { errno: 'ENOMEM' }];

const own = (control: Control, field: string): string => fieldOf('container', control.text('container'), field);
const ofGroup = (control: Control, field: string): string => fieldOf('group', control.text('group'), field);
const ofDomain = (domain: string, field: string): string => fieldOf('domain', domain, field);

const list = <Item>(control: Control, field: string): readonly Item[] => {
  const found = control.world.read(own(control, field));
  if (!Array.isArray(found)) throw new Impossible(`no list ${field}`);
  return found;
};

/** The list must not hold such an item yet: it would grow for ever. */
const add = <Item>(control: Control, field: string, item: Item, isSame: (other: Item) => boolean, at: 'head' | 'tail' = 'tail'): void =>
  control.world.change(own(control, field), (found) => {
    if (!Array.isArray(found) || found.some(isSame)) throw new Impossible(`${field} cannot take it`);
    return at === 'head' ? [item, ...found] : [...found, item];
  });

const lists: Readonly<Record<string, (control: Control) => readonly string[]>> = {
  devices: (control) => control.machine.devicesOf(control.text('group')),
  newestGroups: (control) => list<string>(control, 'groups').toReversed(),
  records: (control) => list<DomainRecord>(control, 'records').map(({ id }) => id),
};

const at = (elements: readonly string[], index: number, name: string): Outcome => {
  const element = elements[index];
  return element === undefined ? ['NONE', { [`${name}Index`]: null, [name]: null }] : ['OK', { [`${name}Index`]: index, [name]: element }];
};

const cursor = (control: Control, name: Argument, start: number): number => Number(control.register(`${name}Index`) ?? start);

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

const enterPath = (control: Control, driver: string, path: string, registers: Record<string, string | number | null>): Outcome => {
  control.stack.push(pathFrame(driver, path, registers));
  return undefined;
};

const driverOf = (control: Control): string => {
  const group = control.register('group');
  const device = control.register('device') ?? control.machine.devicesOf(String(group))[0]!;
  return String(control.world.read(fieldOf('device', String(device), 'driver')));
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

const windowOf = (control: Control, domain: string): Range => ({
  start: Number(control.world.read(ofDomain(domain, 'apertureStart')) ?? 0),
  end: Number(control.world.read(ofDomain(domain, 'apertureEnd')) ?? 0),
});

const regionsRead = (control: Control): Region[] => {
  const missing = new Set(String(control.register('missing') ?? '').split(' '));
  const found = new Map<string, Region>();
  for (const device of control.machine.devicesOf(control.text('group')))
    control.machine.regionsOf(device).forEach((region, index) => {
      if (!missing.has(`${device}#${index}`)) found.set(`${region.start}-${region.end}-${region.type}`, region);
    });
  return [...found.values()].sort((a, b) => a.start - b.start);
};

const narrowedTo = (valid: readonly Range[], window: Range): Range[] => (valid.length === 0 ? [window] : narrowed(valid, window));

const excluded = (control: Control, domain: string): { list: Range[]; allocated: number } => {
  let left = { list: narrowedTo(list<Range>(control, 'valid'), windowOf(control, domain)), allocated: 0 };
  for (const region of regionsRead(control).filter(restricts)) {
    const after = cutOut(left.list, region);
    left = { list: after.list, allocated: left.allocated + after.allocated };
  }
  return left;
};

/** The fresh domain may be gone; its window is the joined one's then. */
const validCopy = (control: Control): Range[] => {
  const [fresh, candidate] = [control.register('fresh'), control.register('candidate')].map(String) as [string, string];
  return excluded(control, isDomain(control.world, fresh) ? fresh : candidate).list;
};

const missingRegions = (control: Control, entry: Argument, copy: Argument): string[] | null => {
  const missing: string[] = [];
  for (const device of control.machine.devicesOf(control.text('group'))) {
    const regions = control.machine.regionsOf(device);
    const failed = regions.findIndex(() => !allocates(control, allocOf(control, entry)));
    const listed = failed === -1 ? regions.length : failed;
    if (!several(control, copy, listed)) return null;
    for (let index = listed; index < regions.length; index++) missing.push(`${device}#${index}`);
  }
  return missing;
};

/** The next record with the same coherency; all records are of one driver. */
const nextCandidate = (control: Control): Outcome => {
  const records = list<DomainRecord>(control, 'records');
  const fresh = control.text('fresh');
  for (let index = cursor(control, 'candidate', -1) + 1; index < records.length; index++) {
    const { domain, coherent } = records[index]!;
    const isSameDriver = control.world.read(ofDomain(domain, 'driver')) === control.world.read(ofDomain(fresh, 'driver'));
    if (isSameDriver && coherent === (control.register('coherent') === true)) return ['OK', { candidateIndex: index, candidate: domain }];
  }
  return ['NONE', { candidateIndex: null }];
};

const enforceCoherency = (control: Control, name: Argument): Outcome => {
  const domain = control.text(String(name));
  const scope = { device: control.machine.devicesOf(control.text('group'))[0]!, domain };
  const { enforcesCoherency, coherencyEffects = [] } = control.engine.operationModel.driver(driverOf(control));
  const coherent = enforcesCoherency !== false && holds(control.world, scope, enforcesCoherency);
  if (coherent) apply(control, scope, coherencyEffects as readonly Change[]);
  return ['OK', { coherent }];
};

const probeAddress = (control: Control): Outcome => {
  for (const { start, end } of validCopy(control)) {
    const from = Math.ceil(start / (2 * PAGE)) * 2 * PAGE;
    if (end - from >= 2 * PAGE) return ['OK', { iova: from, size: 2 * PAGE }];
  }
  return 'NONE';
};

const range = (control: Control): Mapping => ({ iova: Number(control.register('iova')), size: Number(control.register('size')) });

const mapPath = (control: Control, path: Argument): Outcome => {
  const { world } = control;
  const domain = String(control.register('domain') ?? control.text('fresh'));
  const group = control.register('group');
  const isOn = (device: string): boolean => world.ask(fieldOf('device', device, 'domain'), (found) => found === domain);
  const device = group ? control.machine.devicesOf(String(group))[0]! : (control.machine.devices.find(isOn) ?? null);
  const driver = String(world.read(ofDomain(domain, 'driver')));
  return enterPath(control, driver, String(path), { domain, device, ...range(control) });
};

const recordMapped = (control: Control): Outcome => {
  const { iova, size } = range(control);
  control.world.change(ofDomain(control.text('domain'), 'mappings'), (found) => {
    if (!Array.isArray(found) || found.some((other) => other.iova === iova)) throw new Impossible('mapped twice');
    return [...found, { iova, size }];
  });
  return 'OK';
};

const checkMapping = (control: Control): Outcome => {
  const { iova, size } = range(control);
  const wanted = rangeOf({ iova, size });
  const unaligned = size === 0 || iova % PAGE !== 0 || size % PAGE !== 0;
  const overlapping = list<Mapping>(control, 'mappings').some((found) => overlaps(rangeOf(found), wanted));
  return ['OK', { unaligned, overlapping, outside: !within(list<Range>(control, 'valid'), wanted) }];
};

const nextMapping = (control: Control): Outcome => {
  const index = cursor(control, 'mapping', -1) + 1;
  const found = list<Mapping>(control, 'mappings')[index];
  return found ? ['OK', { mappingIndex: index, iova: found.iova, size: found.size }] : ['NONE', { mappingIndex: null }];
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

const openContainer = (control: Control, kind: Argument): Outcome => {
  const { world } = control;
  const container = control.text('container');
  const context = String(control.register('context') ?? container);
  if (world.ask(own(control, 'phase'), (phase) => phase !== absent)) return 'OK';
  const empty = { backend: null, groups: [], records: [], mappings: [], valid: [], reserved: [] };
  for (const [field, value] of Object.entries({ phase: 'empty', kind, context, ...empty })) world.set(own(control, field), value);
  return 'OK';
};

const joinContainer = (control: Control): Outcome => {
  const group = control.text('group');
  enter(control.world, 'container', control.text('container'), 'GROUP_JOINED');
  add(control, 'groups', group, (other) => other === group);
  control.world.set(ofGroup(control, 'container'), control.text('container'));
  return 'OK';
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

const setBackend = (control: Control, backend: Argument): Outcome => {
  enter(control.world, 'container', control.text('container'), backend === null ? 'BACKEND_RELEASED' : 'BACKEND_SET');
  control.world.set(own(control, 'backend'), backend);
  return 'OK';
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

/** No request of the benchmark asks for nesting, and its machines isolate interrupts. */
const enableNesting = (control: Control, id: Argument): Outcome => {
  control.register('nesting');
  return row(control, id);
};

const checkIsolation = (control: Control): Outcome => {
  const isolated = control.machine
    .devicesOf(control.text('group'))
    .every((device) => control.world.read(fieldOf('device', device, 'isolatedMsi')) !== false);
  const system = control.world.read(fieldOf('system', 'system', 'isolatedMsi'));
  return ['OK', { isolated: system === absent || system === null ? isolated : system === true && isolated }];
};

const listRecord = (control: Control, name: Argument, end: Argument): Outcome => {
  const domain = control.text(String(name));
  const coherent = control.register('coherent') === true;
  const record = { id: domain, domain, groups: [control.text('group')], coherent, automatic: true, users: 0 };
  add<DomainRecord>(control, 'records', record, ({ id }) => id === domain, end === 'head' ? 'head' : 'tail');
  return 'OK';
};

const addToRecord = (control: Control, name: Argument): Outcome => {
  const group = control.text('group');
  const id = control.text(String(name));
  control.world.change(own(control, 'records'), (found) => {
    const records = found as readonly DomainRecord[] | undefined;
    if (!records?.some((record) => record.id === id) || records.some(({ groups }) => groups.includes(group)))
      throw new Impossible('no record');
    return records.map((record) => (record.id === id ? { ...record, groups: [...record.groups, group] } : record));
  });
  return 'OK';
};

export type Translation = (control: Control, ...args: Argument[]) => Outcome;

export const translations: Readonly<Record<string, Translation>> = {
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
  openContainer: (control, kind) => openContainer(control, kind!),
  joinContainer,
  setBackend: (control, backend) => setBackend(control, backend!),
  isListed: (control) => {
    const group = control.text('group');
    const listed = control.world.ask(own(control, 'records'), (records) =>
      (records as DomainRecord[]).some(({ groups }) => groups.includes(group)),
    );
    return ['OK', { listed }];
  },
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
  enableNesting: (control, id) => enableNesting(control, id!),
  checkAperture: (control) => {
    const window = windowOf(control, control.text('fresh'));
    const valid = list<Range>(control, 'valid');
    const outside = list<Mapping>(control, 'mappings').some((mapping) => {
      const { start, end } = rangeOf(mapping);
      return start < window.start || end > window.end;
    });
    return ['OK', { apertureConflict: outside || (valid.length > 0 && narrowed(valid, window).length === 0) }];
  },
  readRegions: (control, entry, copy) => {
    const missing = missingRegions(control, entry!, copy!);
    return missing ? ['OK', { missing: missing.join(' ') }] : noMemory;
  },
  checkReserved: (control) => {
    const regions = regionsRead(control).filter(restricts);
    const mappings = list<Mapping>(control, 'mappings');
    return ['OK', { reservedConflict: mappings.some((mapping) => regions.some((region) => overlaps(region, rangeOf(mapping)))) }];
  },
  copyValid: (control, id) => (several(control, id!, list(control, 'valid').length) ? 'OK' : noMemory),
  resizeValid: (control, id) => (several(control, id!, list(control, 'valid').length === 0 ? 1 : 0) ? 'OK' : noMemory),
  excludeValid: (control, id) => {
    const { list: left, allocated } = excluded(control, control.text('fresh'));
    return several(control, id!, allocated) ? ['OK', { noIovaLeft: left.length === 0 }] : noMemory;
  },
  publishValid: (control) => {
    control.world.set(own(control, 'valid'), validCopy(control));
    return 'OK';
  },
  checkIsolation,
  enforceCoherency: (control, name) => enforceCoherency(control, name!),
  nextCandidate,
  listRecord: (control, name, end) => listRecord(control, name!, end!),
  addToRecord: (control, name) => addToRecord(control, name!),
  /** The benchmark's drivers have hardware MSI windows. */
  needsCookie: (control) => (control.engine.operationModel.driver(driverOf(control)).msi === 'hardware' ? 'NO' : 'YES'),
  probeAddress,
  mapPath: (control, path) => mapPath(control, path!),
  recordMapped,
  checkMapping,
  nextMapping,
  /** Nobody is killed. */
  pinPages: () => 'OK',
  addMapping: (control) => {
    const { iova, size } = range(control);
    add<Mapping>(control, 'mappings', { iova, size }, (other) => other.iova === iova);
    return 'OK';
  },
};
