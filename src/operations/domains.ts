// Domains as the core makes, attaches and frees them: slots, the group's recorded domain, blocking and default domains.
import { lowestFree } from '../core/ids.ts';
import { holdsName, isOn } from '../core/inHand.ts';
import { type Operation, type OperationContext, type Operations, register, registered } from '../core/operation.ts';
import { pathFrame } from '../core/paths.ts';
import type { Attributes, Domain, World } from '../core/world.ts';

/** Another task is about to make it, or holds on to it. */
const inHand = (world: World, task: string, id: string): boolean =>
  Object.values(world.tasks).some((other) => other.id !== task && holdsName(other, id));

/** A slot is taken while the domain lives or anything still refers to it. */
const slotTaken = ({ world, task }: OperationContext, id: string): boolean =>
  id in world.domains ||
  inHand(world, task, id) ||
  Object.values(world.groups).some((group) => isOn(group, id)) ||
  Object.values(world.devices).some((device) => isOn(device, id));

/** Names a domain that is about to be made: the lowest free slot of its owner. */
const nameDomain: Operation = (context, name, owner) => {
  const prefix = `${registered(context, String(owner))}.d`;
  return { outcome: 'OK', registers: { [String(name)]: lowestFree(prefix, (id) => slotTaken(context, id)) } };
};

/** The group's own blocking domain has one name for ever. */
const nameBlocking: Operation = (context) => ({ outcome: 'OK', registers: { domain: `g${registered(context, 'group')}.blocking` } });

/** The domain part as a driver starts it: its declared attributes at their defaults. */
export const newDomain = (context: Pick<OperationContext, 'model'>, id: string, driver: string, type: string, isStatic = false): Domain => {
  const table = context.model.driver(type === 'nested' ? `${driver}-nested` : driver).attributes.domain ?? {};
  const attributes: Attributes = {};
  for (const [name, facts] of Object.entries(table)) attributes[name] = facts.default;
  return { id, driver, type, static: isStatic, phase: 'allocated', parent: null, mappings: [], attributes };
};

const driverOf = (context: OperationContext): string => {
  const group = register(context, 'group');
  const device = register(context, 'device') ?? (group ? context.world.groups[group]!.devices[0]! : null);
  return context.world.devices[device!]!.driver;
};

/** Attributes that user space chooses for its own domain: options of the request named `domain.NAME`. */
const chosenAttributes = (context: OperationContext): Attributes =>
  Object.fromEntries(
    Object.entries(context.frame.registers).flatMap(([name, value]) =>
      name.startsWith('domain.') && value !== null ? [[name.slice('domain.'.length), value]] : [],
    ),
  );

/** Starts the domain that the registers name, with the type they name. */
const startDomain: Operation = (context) => {
  const domain = newDomain(context, registered(context, 'domain'), driverOf(context), register(context, 'type') ?? 'unmanaged');
  const attributes = { ...domain.attributes, ...chosenAttributes(context) };
  context.emit({ type: 'DomainAllocated', task: context.task, domain: { ...domain, attributes, parent: register(context, 'parent') } });
  return 'OK';
};

/** The static blocking domain costs nothing and cannot fail; it appears when the group is first claimed. */
const startStaticBlocking: Operation = (context) => {
  const driver = driverOf(context);
  context.emit({
    type: 'DomainAllocated',
    task: context.task,
    domain: newDomain(context, registered(context, 'domain'), driver, 'blocking', true),
  });
  return 'OK';
};

/** Drops a domain whose allocation failed, or frees one whose path is done. Groups that still record it are told. */
const dropDomain: Operation = (context) => {
  const domain = registered(context, 'domain');
  const recording = Object.values(context.world.groups).filter((group) => isOn(group, domain));
  const recordedBy = recording.map((group) => ({ group: group.id, phase: context.phase('group', group.id, 'DOMAIN_FREED') }));
  context.phase('domain', domain, recording.length > 0 ? 'FREED_WHILE_RECORDED' : 'FREED');
  context.emit({ type: 'DomainFreed', task: context.task, domain, recordedBy });
  return 'OK';
};

/** Walks the driver's allocation path: `allocateUser` where the caller asks for it and the driver has one. */
const walkAllocate: Operation = (context) => {
  const domain = context.world.domains[registered(context, 'domain')]!;
  const { paths } = context.model.driver(domain.driver);
  const wanted = register(context, 'path') ?? 'allocate';
  const group = register(context, 'group');
  const device = register(context, 'device') ?? (group ? context.world.groups[group]!.devices[0]! : null);
  const registers = { device, domain: domain.id, group };
  if (domain.type === 'nested') return { enter: pathFrame(`${domain.driver}-nested`, 'allocateUser', registers) };
  return { enter: pathFrame(domain.driver, paths[wanted] ? wanted : 'allocate', registers) };
};

/** As walkAllocate, for a domain that user space asks for. */
const walkAllocateUser: Operation = (context) =>
  walkAllocate({ ...context, frame: { ...context.frame, registers: { ...context.frame.registers, path: 'allocateUser' } } });

/** Walks the driver's free path; the scope's instance is the one that the domain is bound to. */
const walkFree: Operation = (context) => {
  const domain = context.world.domains[registered(context, 'domain')];
  if (!domain) return 'OK';
  const iommu = domain.attributes['iommu'];
  const driver = domain.type === 'nested' ? `${domain.driver}-nested` : domain.driver;
  return { enter: pathFrame(driver, 'free', { domain: domain.id, ...(typeof iommu === 'string' ? { iommu } : {}) }) };
};

/** What kind of blocking domain this driver gives: STATIC, OWN or STANDIN. */
const blockingKind: Operation = (context) => {
  const driver = driverOf(context);
  // Without an IOMMU it is the allocation that refuses.
  const kind = (context.model.hasDriver(driver) && context.model.driver(driver).blocking[context.column]) || 'stand-in';
  return { static: 'STATIC', own: 'OWN', 'stand-in': 'STANDIN' }[kind];
};

const keepBlocking: Operation = (context) => {
  context.emit({
    type: 'BlockingDomainKept',
    task: context.task,
    group: registered(context, 'group'),
    domain: registered(context, 'domain'),
  });
  return 'OK';
};

const attachPath = (context: OperationContext, domain: Domain): string => {
  if (domain.static && domain.type === 'blocking') return 'attachBlocking';
  return domain.type === 'identity' && context.model.driver(domain.driver).paths['attachIdentity']?.[context.column]
    ? 'attachIdentity'
    : 'attach';
};

/** The attach path for this device and domain: static and nested domains have their own. */
const attachDevice: Operation = (context) => {
  const domain = context.world.domains[registered(context, 'domain')]!;
  const device = registered(context, 'device');
  const registers = { device, domain: domain.id, group: registered(context, 'group') };
  if (domain.type === 'nested') return { enter: pathFrame(`${domain.driver}-nested`, 'attach', registers) };
  return { enter: pathFrame(domain.driver, attachPath(context, domain), registers) };
};

/** A group whose driver makes no default domain is free without one. */
const trigger = (world: World, id: string, domain: string | null): string => {
  const group = world.groups[id]!;
  if (domain === group.default && (domain !== null || group.owner === null)) return 'RECORDED_DEFAULT';
  if (domain === null) return 'RECORDED_NONE';
  return group.blocking === domain ? 'RECORDED_BLOCKING' : 'RECORDED_USER';
};

/** The core records the domain that the register holds (null: none). */
const recordDomain: Operation = (context, name) => {
  const group = registered(context, 'group');
  const domain = register(context, String(name));
  const phase = context.phase('group', group, trigger(context.world, group, domain));
  context.emit({ type: 'GroupDomainRecorded', task: context.task, group, domain, phase });
  return 'OK';
};

/** Where a detached group goes: blocking while it has an owner, else default. */
const detachTarget: Operation = (context) => {
  const group = context.world.groups[registered(context, 'group')]!;
  return { outcome: 'OK', registers: { domain: group.owner === null ? group.default : group.blocking } };
};

/** One of the group's own domains into a register: default, blocking, or the recorded one. */
const groupDomain: Operation = (context, which, name) => {
  const group = context.world.groups[registered(context, 'group')]!;
  const domain = group[which as 'default' | 'blocking' | 'domain'];
  return { outcome: domain === null ? 'NONE' : 'OK', registers: { [String(name)]: domain } };
};

export const operations: Operations = {
  nameDomain,
  nameBlocking,
  startDomain,
  startStaticBlocking,
  dropDomain,
  walkAllocate,
  walkAllocateUser,
  walkFree,
  blockingKind,
  keepBlocking,
  attachDevice,
  recordDomain,
  detachTarget,
  groupDomain,
};
