// Iommufd's address spaces: reserved ranges of devices, windows of domains, bound devices.
import { type Operation, type OperationContext, type Operations, refused, registered, scopeOf } from '../core/operation.ts';
import { allocationWorks, performRow } from '../core/perform.ts';
import { overlaps, rangeOf, restricts } from '../core/ranges.ts';
import type { AllocRow } from '../core/rows.ts';
import type { Reservation } from '../core/world.ts';
import { mapping } from './mappings.ts';
import { aperture, driverRegionRow } from './ranges.ts';
import { containerOf, groupOf } from './type1.ts';

const rowContext = (context: OperationContext) => ({ ...context, scope: scopeOf(context), contract: null });
const performed = (context: OperationContext, id: string) => {
  const result = performRow(context.model.row(id), rowContext(context));
  return result.kind === 'refused' ? refused(result.errno) : 'OK';
};

/**
 * Reserves the device's own ranges (3.4): the driver's entries (a failed one is ignored, the range is not reserved), a conflict with
 * what is mapped, then one record for each range that restricts user space.
 */
const reserveRanges: Operation = (context, own, inUse, record) => {
  const device = context.world.devices[registered(context, 'device')]!;
  const driverRow = driverRegionRow(context, String(own), device.driver);
  const failed = device.regions.findIndex(() => !allocationWorks(driverRow, rowContext(context)));
  const listed = device.regions.slice(0, failed === -1 ? device.regions.length : failed).filter(restricts);
  const reserved: Reservation[] = [];
  for (const region of listed) {
    const reservedInUse = containerOf(context).mappings.some((found) => overlaps(rangeOf(found), region));
    const conflict = performed(
      { ...context, frame: { ...context.frame, registers: { ...context.frame.registers, reservedInUse } } },
      String(inUse),
    );
    if (conflict !== 'OK') return conflict;
    const outcome = performed(context, String(record));
    if (outcome !== 'OK') return outcome;
    reserved.push({ start: region.start, end: region.end, owner: device.id });
  }
  if (reserved.length > 0)
    context.emit({ type: 'RangesReserved', task: context.task, container: registered(context, 'container'), reserved });
  return 'OK';
};

/** Drops what the device or domain in the register has reserved. */
const dropRanges: Operation = (context, name) => {
  const owner = registered(context, String(name));
  const container = registered(context, 'container');
  if (containerOf(context).reserved.some((range) => range.owner === owner))
    context.emit({ type: 'RangesDropped', task: context.task, container, owner });
  return 'OK';
};

/** Devices of the group whose ranges the address space does not hold yet (a replace into another one). */
const nextForeignDevice: Operation = (context) => {
  const group = groupOf(context);
  const here = containerOf(context).records.some((record) => record.id === group.pageTable);
  const index = Number(context.frame.registers['foreignIndex'] ?? -1) + 1;
  const device = here ? undefined : group.attachedDevices[index];
  return device === undefined
    ? { outcome: 'NONE', registers: { foreignIndex: null } }
    : { outcome: 'OK', registers: { foreignIndex: index, device } };
};

/** A failed replace gives back what it reserved in the new address space. */
const dropReplaced: Operation = (context) => {
  const group = groupOf(context);
  const container = containerOf(context);
  if (container.records.some((record) => record.id === group.pageTable)) return 'OK';
  for (const owner of group.attachedDevices) context.emit({ type: 'RangesDropped', task: context.task, container: container.id, owner });
  return 'OK';
};

/** What iopt_table_add_domain() tests before it reserves anything. */
const checkDomain: Operation = (context) => {
  const domain = registered(context, 'domain');
  const { mappings, records } = containerOf(context);
  const window = aperture(context, domain);
  const pageSize = Number(context.world.domains[domain]!.attributes['pageSize'] ?? 4096);
  return {
    outcome: 'OK',
    registers: {
      duplicateDomain: records.some((record) => record.domain === domain),
      pageSizeTooLarge: pageSize > Number(context.world.system.attributes['pageSize'] ?? 4096),
      unaligned: mappings.some((found) => found.iova % pageSize !== 0 || found.size % pageSize !== 0),
      outsideAperture: mappings.some((found) => rangeOf(found).start < window.start || rangeOf(found).end > window.end),
    },
  };
};

const END_OF_ADDRESSES = 2 ** 64 - 1;

/** One record below and one above the domain's window, where there is anything. */
const reserveOutside: Operation = (context, id) => {
  const window = aperture(context, registered(context, 'domain'));
  const owner = registered(context, 'domain');
  const below = window.start > 0 ? [{ start: 0, end: window.start - 1, owner }] : [];
  const above = window.end < END_OF_ADDRESSES ? [{ start: window.end + 1, end: END_OF_ADDRESSES, owner }] : [];
  const row = context.model.row(String(id)) as AllocRow;
  for (const _range of [...below, ...above]) if (!allocationWorks(row, rowContext(context))) return refused('ENOMEM');
  const reserved = [...below, ...above];
  if (reserved.length > 0)
    context.emit({ type: 'RangesReserved', task: context.task, container: registered(context, 'container'), reserved });
  return 'OK';
};

/** Performs an allocation that only the address space's first domain makes. */
const firstDomainRow: Operation = (context, id) => (containerOf(context).records.length === 0 ? performed(context, String(id)) : 'OK');

const boundDevices = (context: OperationContext): string[] => {
  const owner = registered(context, 'context');
  return Object.values(context.world.devices).flatMap((device) => (device.attributes['boundTo'] === owner ? [device.id] : []));
};

/** Performs a row for the first device of the group that this context binds. */
const firstBoundRow: Operation = (context, id) => {
  const devices = groupOf(context).devices;
  return boundDevices(context).some((device) => devices.includes(device)) ? 'OK' : performed(context, String(id));
};

/** Performs a row for the context's first object. */
const firstObjectRow: Operation = (context, id) => (boundDevices(context).length === 0 ? performed(context, String(id)) : 'OK');

/** Objects of the context: devices, address spaces and page tables; ids are given in their order and start at 1. */
const objectsOf = (context: OperationContext): number => {
  const owner = registered(context, 'context');
  const spaces = Object.values(context.world.containers).filter((container) => container.context === owner);
  return boundDevices(context).length + spaces.reduce((sum, space) => sum + 1 + space.records.length, 0);
};

/** Performs a row when the next object's id opens a new node of the id array: every 64 ids. */
const idNodeRow: Operation = (context, id) => ((objectsOf(context) + 1) % 64 === 0 ? performed(context, String(id)) : 'OK');

/** The device bound last: descriptors close in falling order. */
const lastBound: Operation = (context) => {
  const device = boundDevices(context).at(-1);
  return device === undefined ? 'NONE' : { outcome: 'OK', registers: { device, group: context.world.devices[device]!.group } };
};

/** What IOMMU_IOAS_MAP tests: overlap with a mapping, and reserved ranges. */
const checkReservation: Operation = (context) => {
  const wanted = rangeOf(mapping(context));
  const { mappings, reserved } = containerOf(context);
  const overlapping = mappings.some((found) => overlaps(rangeOf(found), wanted));
  return { outcome: 'OK', registers: { overlapping, outside: reserved.some((range) => overlaps(range, wanted)) } };
};

/** What an unmap tests: something must be mapped in the range (else NOTHING), and nothing that reaches beyond it. */
const checkUnmapping: Operation = (context) => {
  const wanted = rangeOf(mapping(context));
  const touched = containerOf(context)
    .mappings.map(rangeOf)
    .filter((found) => overlaps(found, wanted));
  const cut = touched.some(({ start, end }) => start < wanted.start || end > wanted.end);
  return { outcome: touched.length === 0 ? 'NOTHING' : 'OK', registers: { notMapped: touched.length === 0 || cut } };
};

export const operations: Operations = {
  reserveRanges,
  dropRanges,
  nextForeignDevice,
  dropReplaced,
  checkDomain,
  reserveOutside,
  firstDomainRow,
  firstBoundRow,
  firstObjectRow,
  idNodeRow,
  lastBound,
  checkReservation,
  checkUnmapping,
};
