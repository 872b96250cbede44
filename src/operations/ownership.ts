// DMA ownership of groups: claims, releases, and kernel drivers that use the default domain.
import { type Operation, type OperationContext, type Operations, refused, register, registered } from '../core/operation.ts';
import { pathFrame } from '../core/paths.ts';

/** Records the owner that the register names; a claim of a group already owned by it counts up. */
const claim: Operation = (context, owner) => {
  const group = context.world.groups[registered(context, 'group')]!;
  const counted = group.owner !== null;
  const phase = context.phase('group', group.id, counted ? 'OWNER_COUNTED' : 'CLAIMED');
  context.emit({
    type: 'GroupClaimed',
    task: context.task,
    group: group.id,
    owner: registered(context, String(owner)),
    count: group.ownerCount + 1,
    phase,
  });
  return 'OK';
};

/** A group whose last device went away meanwhile has nothing to own. */
const ownable: Operation = (context) =>
  context.world.groups[registered(context, 'group')]!.devices.length === 0 ? refused('ENODEV') : 'OK';

/** The device variant of 6.12: YES when this owner has the group already. */
const ownedByMe: Operation = (context) => {
  const group = context.world.groups[registered(context, 'group')]!;
  return context.frame.registers['deviceClaim'] && group.owner === registered(context, 'owner') ? 'YES' : 'NO';
};

/** Gives up one claim: LAST when nobody owns the group any more. */
const release: Operation = (context) => {
  const group = context.world.groups[registered(context, 'group')]!;
  const last = group.ownerCount <= 1;
  const phase = context.phase('group', group.id, last ? 'RELEASED' : 'OWNER_COUNTED');
  context.emit({ type: 'GroupReleased', task: context.task, group: group.id, count: group.ownerCount - 1, phase });
  return last ? 'LAST' : 'OK';
};

const isGone = (context: OperationContext): boolean => {
  const device = context.world.devices[register(context, 'device') ?? ''];
  return device === undefined || device.phase === 'gone';
};

const bindDriver: Operation = (context) => {
  if (isGone(context)) return refused('ENODEV');
  const group = context.world.groups[registered(context, 'group')]!;
  const phase = context.phase('group', group.id, 'DRIVER_BOUND');
  context.emit({ type: 'DriverBound', task: context.task, group: group.id, count: group.ownerCount + 1, phase });
  return 'OK';
};

/** What has no driver cannot be unbound from one; an owner's claims are not a driver's. */
const unbindDriver: Operation = (context) => {
  const group = context.world.groups[registered(context, 'group')]!;
  if (group.owner !== null || group.ownerCount === 0) return refused('ENODEV');
  const phase = context.phase('group', group.id, group.ownerCount === 1 ? 'LAST_DRIVER_UNBOUND' : 'DRIVER_UNBOUND');
  context.emit({ type: 'DriverUnbound', task: context.task, group: group.id, count: group.ownerCount - 1, phase });
  return 'OK';
};

const storeHandle: Operation = (context, name) => {
  const handle = name === null ? null : registered(context, String(name));
  if (context.world.groups[registered(context, 'group')]!.handle === handle) return 'OK';
  context.emit({ type: 'HandleStored', task: context.task, group: registered(context, 'group'), handle });
  return 'OK';
};

/** The driver's own clean-up of a device that goes away, then what leaving its domain means there. */
const releaseDevice: Operation = (context) => {
  const device = context.world.devices[registered(context, 'device')]!;
  const registers = { device: device.id, domain: device.domain, group: device.group };
  return device.iommu === null ? 'OK' : { enter: pathFrame(device.driver, 'release', registers) };
};

const leaveDomain: Operation = (context) => {
  const { id, driver, domain, group } = context.world.devices[registered(context, 'device')]!;
  if (domain === null || !context.world.domains[domain]) return 'OK';
  return { enter: pathFrame(driver, 'leave', { device: id, domain, group }) };
};

/** The device leaves its group; who asked for it a second time finds nothing to do. */
const removeDevice: Operation = (context) => {
  const device = registered(context, 'device');
  if (isGone(context)) return 'OK';
  const group = context.world.devices[device]!.group;
  const phase = context.phase('device', device, 'UNPLUGGED');
  context.emit({ type: 'DeviceUnplugged', task: context.task, device, group, phase });
  return 'OK';
};

export const operations: Operations = {
  claim,
  ownable,
  ownedByMe,
  release,
  bindDriver,
  unbindDriver,
  storeHandle,
  releaseDevice,
  leaveDomain,
  removeDevice,
};
