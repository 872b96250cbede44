// Reserved regions and the list of valid addresses of a type1 container (steps 9 to 14 and 23), with their allocations.
import { type Operation, type OperationContext, type Operations, refused, registered, scopeOf } from '../core/operation.ts';
import { allocationWorks } from '../core/perform.ts';
import { cutOut, narrowed, overlaps, rangeOf, restricts } from '../core/ranges.ts';
import type { AllocRow } from '../core/rows.ts';
import type { Group, Range, Region } from '../core/world.ts';
import { containerOf, groupOf } from './type1.ts';

const allocRow = (context: OperationContext, id: string): AllocRow => {
  const row = context.model.row(id);
  if (row.kind !== 'alloc') throw new Error(`${id} is no allocation`);
  return row;
};

const works = (context: OperationContext, row: AllocRow): boolean =>
  allocationWorks(row, { ...context, scope: scopeOf(context), contract: null });

/** `times` allocations of one site; an errno at the first that fails. */
const allocateTimes = (context: OperationContext, id: string, times: number) => {
  const row = allocRow(context, id);
  for (let index = 0; index < times; index++) if (!works(context, row)) return refused('ENOMEM');
  return 'OK';
};

/** The domain's window as the driver set it; empty but for address 0 while the driver has not, as where the first attach does it. */
export const aperture = (context: Pick<OperationContext, 'world'>, domain: string): Range => {
  const { apertureStart, apertureEnd } = context.world.domains[domain]!.attributes;
  return { start: Number(apertureStart ?? 0), end: Number(apertureEnd ?? 0) };
};

/** Existing mappings must lie in the fresh domain's window, and the windows must meet (step 9). */
const checkAperture: Operation = (context) => {
  const window = aperture(context, registered(context, 'fresh'));
  const { mappings, valid } = containerOf(context);
  const outside = mappings.some((mapping) => rangeOf(mapping).start < window.start || rangeOf(mapping).end > window.end);
  const disjoint = valid.length > 0 && narrowed(valid, window).length === 0;
  return { outcome: 'OK', registers: { apertureConflict: outside || disjoint } };
};

/** The driver's own list entry for one region; the site is the driver's. */
export const driverRegionRow = (context: OperationContext, id: string, driverName: string): AllocRow => {
  const row = allocRow(context, id);
  const regions = context.model.driver(driverName).regions?.[context.column];
  if (!regions) return row;
  return { ...row, site: { [context.column]: regions.site }, gfp: { [context.column]: regions.gfp } };
};

/**
 * Reads the group's reserved regions device by device (step 10): the driver's entry (a failed one is ignored and the rest of that
 * device's list is missing), then the group's copies. The missing ones are remembered as `device#region` words.
 */
const readRegions: Operation = (context, own, copy) => {
  const missing = missingOf(context, groupOf(context), String(own), String(copy));
  return missing ? { outcome: 'OK', registers: { missing: missing.join(' ') } } : refused('ENOMEM');
};

const missingOf = (context: OperationContext, { devices }: Group, own: string, copy: string): string[] | null => {
  const missing: string[] = [];
  for (const device of devices) {
    const { regions, driver } = context.world.devices[device]!;
    const row = driverRegionRow(context, own, driver);
    const scoped = { ...context, scope: { ...scopeOf(context), device }, contract: null };
    const failed = regions.findIndex(() => !allocationWorks(row, scoped));
    const listed = failed === -1 ? regions.length : failed;
    for (let index = 0; index < listed; index++) if (!allocationWorks(allocRow(context, copy), scoped)) return null;
    for (let index = listed; index < regions.length; index++) missing.push(`${device}#${index}`);
  }
  return missing;
};

/** The group's regions as read: merged, without those whose entry could not be allocated for every device that has it. */
export const regionsRead = (context: OperationContext, group: string): Region[] => {
  const missing = new Set(String(context.frame.registers['missing'] ?? '').split(' '));
  const regions = new Map<string, Region>();
  for (const device of context.world.groups[group]!.devices) {
    context.world.devices[device]!.regions.forEach((region, index) => {
      if (!missing.has(`${device}#${index}`)) regions.set(`${region.start}-${region.end}-${region.type}`, region);
    });
  }
  return [...regions.values()].sort((a, b) => a.start - b.start);
};

const checkReserved: Operation = (context) => {
  const regions = regionsRead(context, registered(context, 'group')).filter(restricts);
  const reservedConflict = containerOf(context).mappings.some((mapping) => regions.some((region) => overlaps(region, rangeOf(mapping))));
  return { outcome: 'OK', registers: { reservedConflict } };
};

const copyValid: Operation = (context, id) => allocateTimes(context, String(id), containerOf(context).valid.length);

/** One entry for the whole window, only while the list is empty. */
const resizeValid: Operation = (context, id) => allocateTimes(context, String(id), containerOf(context).valid.length === 0 ? 1 : 0);

const validNow = (context: OperationContext, domain: string): Range[] => {
  const { valid } = containerOf(context);
  const window = aperture(context, domain);
  return valid.length === 0 ? [window] : narrowed(valid, window);
};

/** Cuts each region out, one after the other, counting the pieces. */
const excluded = (list: Range[], regions: readonly Region[]): { list: Range[]; allocated: number } =>
  regions.filter(restricts).reduce(
    (before, region) => {
      const after = cutOut(before.list, region);
      return { list: after.list, allocated: before.allocated + after.allocated };
    },
    { list, allocated: 0 },
  );

const excludeValid: Operation = (context, id) => {
  const result = excluded(validNow(context, registered(context, 'fresh')), regionsRead(context, registered(context, 'group')));
  const outcome = allocateTimes(context, String(id), result.allocated);
  return outcome === 'OK' ? { outcome, registers: { noIovaLeft: result.list.length === 0 } } : outcome;
};

/** The call's narrowed copy of the list. The fresh domain may be gone; its window is the joined one's then. */
export const validCopy = (context: OperationContext): Range[] => {
  const { fresh, candidate } = context.frame.registers as Record<string, string>;
  const domain = context.world.domains[fresh!] ? fresh! : candidate!;
  return excluded(validNow(context, domain), regionsRead(context, registered(context, 'group'))).list;
};

/** Replaces the container's list by the copy (step 23). */
const publishValid: Operation = (context) => {
  context.emit({ type: 'ValidRangesReplaced', task: context.task, container: registered(context, 'container'), valid: validCopy(context) });
  return 'OK';
};

/** A detach's copy of the list; without it the container keeps the list that it has. */
const copyForDetach: Operation = (context, id) => ({ outcome: 'OK', registers: { copied: copyValid(context, id) === 'OK' } });

const remaining = (context: OperationContext): string[] => containerOf(context).records.flatMap((record) => record.groups);

/** Regions of the groups that remain; NONE where the list stays as it is. */
const readRemaining: Operation = (context, own, copy) => {
  if (context.frame.registers['copied'] !== true) return 'NONE';
  const missing: string[] = [];
  for (const group of remaining(context)) {
    const found = missingOf(context, context.world.groups[group]!, String(own), String(copy));
    if (!found) return 'NONE';
    missing.push(...found);
  }
  return { outcome: 'OK', registers: { missing: missing.join(' ') } };
};

/** After a detach: rebuilt from the groups that remain; a failed allocation keeps the old, narrower list. */
const refreshValid: Operation = (context, resize, exclude) => {
  const container = containerOf(context);
  if (allocateTimes(context, String(resize), 1) !== 'OK') return 'OK';
  const start: Range[] = container.records.length === 0 ? [] : [{ start: 0, end: 2 ** 64 - 1 }];
  const windows = container.records.reduce((list, record) => narrowed(list, aperture(context, record.domain)), start);
  const { list: valid, allocated } = excluded(
    windows,
    remaining(context).flatMap((group) => regionsRead(context, group)),
  );
  if (allocateTimes(context, String(exclude), allocated) !== 'OK') return 'OK';
  context.emit({ type: 'ValidRangesReplaced', task: context.task, container: container.id, valid });
  return 'OK';
};

export const operations: Operations = {
  checkAperture,
  readRegions,
  checkReserved,
  copyValid,
  resizeValid,
  excludeValid,
  publishValid,
  copyForDetach,
  readRemaining,
  refreshValid,
};
