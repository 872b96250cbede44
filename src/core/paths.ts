// The one interpreter of paths: a path frame moves one row a step, forward until a row refuses, then back through what it undoes.

import { undoRow } from './changes.ts';
import { assert } from './failure.ts';
import { isOn } from './inHand.ts';
import { performRow, type RowContext } from './perform.ts';
import type { Column, Driver, Row } from './rows.ts';
import type { Scope } from './scope.ts';
import type { PathFrame, World } from './world.ts';

/** What the frame's owner must do: nothing, enter another path, or leave with an outcome. */
export type PathMove =
  | { readonly kind: 'moved' }
  | { readonly kind: 'enter'; readonly frame: PathFrame }
  | { readonly kind: 'leave'; readonly outcome: string };

const moved: PathMove = { kind: 'moved' };

/** The rows of a driver's path in a column; a path that the driver does not name has none. */
export const rowsOf = (driver: Driver, path: string, column: Column): readonly Row[] => driver.paths[path]?.[column] ?? [];

/** A frame at the start of a path. */
export const pathFrame = (driver: string, path: string, registers: PathFrame['registers']): PathFrame => ({
  workflow: `${driver}.${path}`,
  state: path,
  registers,
  path,
  driver,
  row: 0,
  done: [],
  refusal: null,
});

/** The parts that a path frame speaks of. */
export const pathScope = (frame: PathFrame): Scope => {
  const { device, domain, group, iommu, iova, size } = frame.registers as Record<string, string & number>;
  const mapping = iova === undefined ? null : { iova, size: size! };
  return { device: device ?? null, domain: domain ?? null, group: group ?? null, ...(iommu ? { iommu } : {}), mapping };
};

/** One step of a path: one row performed, or one undone. */
export const advancePath = (frame: PathFrame, rows: readonly Row[], context: RowContext): PathMove => {
  if (frame.refusal !== null) return unwind(frame, rows, context);
  const row = rows[frame.row];
  if (!row) return finish(frame, context);
  const result = performRow(row, context);
  if (result.kind === 'walk') return enterPath(frame, result.path, context);
  if (result.kind === 'refused') return refuse(frame, result.errno, context);
  const done = result.kind === 'passed' && row.kind !== 'check' ? { row: frame.row, before: result.before } : null;
  context.emit({ type: 'RowPassed', task: context.task, row: frame.row, done });
  return moved;
};

/** A refusal with nothing to undo leaves at once. */
export const refuse = (frame: PathFrame, errno: string, context: RowContext): PathMove => {
  context.emit({ type: 'PathRefused', task: context.task, errno });
  return frame.done.length === 0 ? { kind: 'leave', outcome: `errno.${errno}` } : moved;
};

const unwind = (frame: PathFrame, rows: readonly Row[], context: RowContext): PathMove => {
  const last = frame.done.at(-1);
  assert(last, 'a path that unwinds has a row to undo');
  undoRow(rows[last.row]!, last.before, context);
  context.emit({ type: 'RowUnwound', task: context.task });
  return frame.done.length === 0 ? { kind: 'leave', outcome: `errno.${frame.refusal}` } : moved;
};

/** `leave` speaks of the domain that the device is on; it is skipped when there is none. */
const enterPath = (frame: PathFrame, path: string, context: RowContext): PathMove => {
  const registers = { ...frame.registers };
  if (path === 'leave') {
    registers['domain'] = context.world.devices[registers['device'] as string]?.domain ?? null;
    if (registers['domain'] === null || !context.world.domains[registers['domain'] as string]) {
      context.emit({ type: 'RowPassed', task: context.task, row: frame.row, done: null });
      return moved;
    }
  }
  return { kind: 'enter', frame: pathFrame(frame.driver, path, registers) };
};

const finish = (frame: PathFrame, context: RowContext): PathMove => {
  const device = frame.registers['device'] as string;
  const domain = frame.registers['domain'] as string;
  if (frame.path === 'attach' || frame.path === 'attachBlocking' || frame.path === 'attachIdentity')
    recordAttached(device, domain, context);
  if (frame.path === 'leave') recordLeft(device, context);
  return { kind: 'leave', outcome: 'OK' };
};

/** Devices whose hardware is on the domain, in the order of the world's table. */
export const devicesOn = (world: World, domain: string): string[] =>
  Object.values(world.devices).flatMap((device) => (isOn(device, domain) ? [device.id] : []));

const attachTrigger = (type: string): string =>
  type === 'blocking' ? 'ON_BLOCKING' : type === 'dma' || type === 'identity' ? 'ON_DEFAULT' : 'ON_USER';

const recordAttached = (device: string, domain: string, context: RowContext): void => {
  const { world, task } = context;
  const old = world.devices[device]!.domain;
  if (old !== null && old !== domain) recordLeft(device, context);
  const group = world.groups[world.devices[device]!.group];
  const trigger = group?.blocking === domain ? 'ON_BLOCKING' : attachTrigger(world.domains[domain]!.type);
  const phase = context.phase('device', device, trigger);
  const domainPhase = context.phase('domain', domain, 'ATTACHED');
  context.emit({ type: 'DeviceAttached', task, device, domain, phase, domainPhase });
};

const recordLeft = (device: string, context: RowContext): void => {
  const { world, task } = context;
  const domain = world.devices[device]!.domain;
  if (domain === null) return;
  const phase = context.phase('device', device, 'LEFT');
  const emptied = world.domains[domain] && devicesOn(world, domain).length === 1;
  const domainPhase = emptied ? context.phase('domain', domain, 'EMPTIED') : null;
  context.emit({ type: 'DeviceLeft', task, device, domain, phase, domainPhase });
};
