// Groups and devices by name: what a request, a fault or a claim speaks of must be in the topology.
import { Failure, type Place } from '../core/failure.ts';
import type { Topology } from '../core/topology.ts';
import { listed, suggestion } from './schemaParts.ts';
import { scenarioKind } from './source.ts';

/** A target is a group or a device. */
export type TargetKind = 'group' | 'device' | 'target';

const words: Readonly<Record<TargetKind, string>> = { group: 'a group', device: 'a device', target: 'a group or a device' };

export const demandTarget = (found: string, kind: TargetKind, topology: Topology, place: Place): void => {
  const groups = topology.groups.map(({ id }) => id);
  const devices = deviceIds(topology);
  const names = kind === 'group' ? groups : kind === 'device' ? devices : [...groups, ...devices];
  if (names.includes(found)) return;
  const lists = [...(kind === 'device' ? [] : [`groups: ${listed(groups)}`]), ...(kind === 'group' ? [] : [`devices: ${listed(devices)}`])];
  throw new Failure(
    scenarioKind.code,
    `expected ${words[kind]} of topology ${topology.name}, found ${found}${suggestion(found, names, lists.join('; '))}`,
    place,
  );
};

export const deviceIds = (topology: Topology): string[] => topology.groups.flatMap(({ devices }) => devices.map(({ id }) => id));

/** `g7` in a claim is a group; other words may be anything that a reading takes. */
export const demandArgument = (text: string, topology: Topology, place: Place): void => {
  const group = /^g(\d+)$/.exec(text)?.[1];
  if (group !== undefined) demandTarget(group, 'group', topology, place);
};

/** Parts that `set` may name. */
export const demandPart = (part: string, topology: Topology, place: Place): void => {
  const names = [
    'system',
    ...topology.iommus.map(({ id }) => `iommu/${id}`),
    ...topology.groups.map(({ id }) => `group/${id}`),
    ...deviceIds(topology).map((id) => `device/${id}`),
  ];
  if (names.includes(part)) return;
  throw new Failure(scenarioKind.code, `expected a part of topology ${topology.name}, found ${part}${suggestion(part, names)}`, place);
};
