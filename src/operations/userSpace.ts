// What user space keeps and chooses above the kernel's ioctls: its containers of one address space, the guest's memory, its own page
// tables (facts: userspace-callers 2, 3).
import { holds } from '../core/conditions.ts';
import { containerIn, lowestFree, spaceOf } from '../core/ids.ts';
import { type Operation, type OperationContext, type Operations, register, registered, scopeOf } from '../core/operation.ts';
import { overlaps, rangeOf } from '../core/ranges.ts';
import { reader } from '../core/scope.ts';
import type { Container } from '../core/world.ts';
import { tableOf } from './pageTables.ts';
import { containerOf, groupOf } from './type1.ts';

const inSpace = (context: OperationContext): Container[] =>
  Object.values(context.world.containers).filter(({ id }) => spaceOf(id).space === registered(context, 'space'));

/** Containers of the address space that are open, oldest first. */
const openContainers = (context: OperationContext, kind: string): { id: string; slot: number }[] =>
  inSpace(context)
    .filter((found) => found.kind === kind && found.phase !== 'closed' && found.phase !== 'closing')
    .map(({ id }) => ({ id, slot: spaceOf(id).slot }))
    .sort((a, b) => a.slot - b.slot);

const addressSpace: Operation = (context) => ({
  outcome: 'OK',
  registers: { space: spaceOf(registered(context, 'container')).space },
});

const chosen = (found: { id: string; slot: number } | undefined) =>
  found ? { outcome: 'OK', registers: { container: found.id, slot: found.slot } } : { outcome: 'NONE', registers: { slot: null } };

/** The next container into `container`, from the newest to the oldest; the cursor is its slot, so containers may close meanwhile. */
const newestContainer: Operation = (context, kind) => {
  const before = Number(context.frame.registers['slot'] ?? Number.POSITIVE_INFINITY);
  return chosen(openContainers(context, String(kind)).findLast(({ slot }) => slot < before));
};

/** As newestContainer, from the oldest to the newest. */
const oldestContainer: Operation = (context, kind) => {
  const after = Number(context.frame.registers['slot'] ?? -1);
  return chosen(openContainers(context, String(kind)).find(({ slot }) => slot > after));
};

/** Names the container to be made: behind every other of the address space, so that the order of names is the order of age. */
const nameContainer: Operation = (context) => {
  const space = registered(context, 'space');
  const taken = inSpace(context).filter(({ phase }) => phase !== 'closed');
  const slot = Math.max(-1, ...taken.map(({ id }) => spaceOf(id).slot)) + 1;
  return { outcome: 'OK', registers: { container: containerIn(space, slot) } };
};

/** YES when the group is in a container of this address space: user space has its file open. */
const groupOpen: Operation = (context) => {
  const { container } = groupOf(context);
  return container !== null && spaceOf(container).space === register(context, 'space')
    ? { outcome: 'YES', registers: { container } }
    : 'NO';
};

/** YES when the group's device is attached in a container of this address space. */
const spaceAttached: Operation = (context) => {
  const { pageTable, attachedDevices } = groupOf(context);
  const found = pageTable === null || !attachedDevices.includes(registered(context, 'device')) ? null : tableOf(context, pageTable);
  return found ? { outcome: 'YES', registers: { container: found.container.id } } : 'NO';
};

/** YES while a device of the group is bound to the context. */
const groupBound: Operation = (context) =>
  groupOf(context).devices.some((id) => context.world.devices[id]!.attributes['boundTo'] === registered(context, 'context')) ? 'YES' : 'NO';

const memoryIn = (context: OperationContext): { iova: number; size: number }[] => {
  const prefix = `${registered(context, 'space')}@`;
  return Object.entries(context.world.system.attributes['guestMemory'] ?? {})
    .filter(([place]) => place.startsWith(prefix))
    .map(([place, size]) => ({ iova: Number(place.slice(prefix.length)), size: Number(size) }))
    .sort((a, b) => a.iova - b.iova);
};

/** Where guest memory stands in the address space, as one name, and whether it overlaps what is there. */
const placeMemory: Operation = (context) => {
  const { iova, size } = context.frame.registers as { iova: number; size: number };
  const overlapping = memoryIn(context).some((found) => overlaps(rangeOf(found), rangeOf({ iova, size })));
  return { outcome: 'OK', registers: { place: `${registered(context, 'space')}@${iova}`, overlapping } };
};

/** The next range of guest memory, by rising address. */
const nextMemory: Operation = (context) => {
  const found = memoryIn(context).find(({ iova }) => iova > Number(context.frame.registers['iova'] ?? -1));
  return found ? { outcome: 'OK', registers: found } : 'NONE';
};

/** The process ends itself; the kernel closes its files. */
const abort: Operation = (context) => {
  context.emit({ type: 'TaskKilled', task: context.task });
  return 'OK';
};

/** The next page table of the container, newest first. */
const newestTable: Operation = (context) => {
  const { records } = containerOf(context);
  const index = Number(context.frame.registers['tableIndex'] ?? records.length) - 1;
  const record = records[index];
  return record ? { outcome: 'OK', registers: { tableIndex: index, pageTable: record.id } } : 'NONE';
};

/** A page table of the container that no device uses any more. */
const unusedTable: Operation = (context) => {
  const record = containerOf(context).records.find(({ users }) => users === 0);
  return record ? { outcome: 'OK', registers: { pageTable: record.id } } : 'NONE';
};

/** Names a page table that is about to be made: the lowest free slot of its container. */
const nameTable: Operation = (context) => {
  const { id, records } = containerOf(context);
  return { outcome: 'OK', registers: { pageTable: lowestFree(`${id}.p`, (name) => records.some((record) => record.id === name)) } };
};

/** Dirty tracking where the device's instance can, as its hardware information says; never asked for again without. */
const dirtyFlag: Operation = (context) => {
  const device = registered(context, 'device');
  const { tracksDirty } = context.model.driver(context.world.devices[device]!.driver);
  const can = tracksDirty !== undefined && holds(tracksDirty, reader(context.world, { ...scopeOf(context), device }));
  return { outcome: 'OK', registers: can ? { 'domain.dirtyTracking': true } : {} };
};

export const operations: Operations = {
  addressSpace,
  newestContainer,
  oldestContainer,
  nameContainer,
  groupOpen,
  spaceAttached,
  groupBound,
  placeMemory,
  nextMemory,
  abort,
  newestTable,
  unusedTable,
  nameTable,
  dirtyFlag,
};
