// The world as text: what a user looks for at one moment of a run.
import type { World } from '../core/world.ts';
import { hex, section, table, wrap } from './text.ts';

const groups = (world: World): string[][] =>
  Object.values(world.groups).map((group) => [
    `group ${group.id}`,
    group.domain ?? 'no domain',
    group.phase,
    group.owner === null ? '' : `owner ${group.owner}`,
  ]);

const devices = (world: World): string[][] =>
  Object.values(world.devices).map((device) => [device.id, device.domain ?? 'no domain', device.phase, `group ${device.group}`]);

const containers = (world: World): string[][] =>
  Object.values(world.containers).flatMap((container) => [
    [
      container.id,
      container.phase,
      `groups ${container.groups.join(' ') || 'none'}`,
      `mappings ${container.mappings.map(({ iova }) => hex(iova)).join(' ') || 'none'}`,
    ],
    ...container.records.map((record) => [
      `  ${record.id}`,
      record.domain,
      `groups ${record.groups.join(' ') || 'none'}`,
      record.coherent ? 'coherent' : 'not coherent',
    ]),
  ]);

const tasks = (world: World): string[][] =>
  Object.values(world.tasks).map((task) => [
    task.id,
    task.phase,
    task.call ?? 'in no call',
    task.stack.map((frame) => frame.workflow).join(' > '),
  ]);

const locks = (world: World): string[][] => Object.entries(world.locks).map(([id, lock]) => [id, `held by ${lock.holder}`]);

const rowLines = (rows: string[][]): string[] =>
  rows.length === 0
    ? []
    : table(rows, '  ')
        .split('\n')
        .map((line) => wrap(line, '      '));

export const printState = (world: World): string =>
  [
    ...section('groups', rowLines(groups(world))),
    ...section('devices', rowLines(devices(world))),
    ...section('containers', rowLines(containers(world))),
    ...section('tasks', rowLines(tasks(world))),
    ...section('locks', rowLines(locks(world))),
  ].join('\n');
