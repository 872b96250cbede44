// From the checked text of a topology to the topology: defaults filled in, names looked up, duplicates refused.
import { Failure } from '../core/failure.ts';
import type { Topology, TopologyDevice, TopologyGroup, TopologyIommu } from '../core/topology.ts';
import type { Region } from '../core/world.ts';
import { demandName, demandUnique, type Placed } from './names.ts';
import { checked } from './schemaParts.ts';
import { endOfAddresses, parseSize, printAddress } from './sizes.ts';
import { type PlaceOf, type Source, type Step, topologyKind } from './source.ts';
import { type TopologyFile, topologySchema } from './topologySchema.ts';

export interface TopologyDefaults {
  readonly name: string;
  readonly source: string;
  /** Drivers of the model; not checked when absent. */
  readonly drivers?: readonly string[] | undefined;
}

type GroupFile = TopologyFile['groups'][number];
type DeviceFile = GroupFile['devices'][number];
type RegionFile = NonNullable<GroupFile['regions']>[number];
type IommuFile = NonNullable<TopologyFile['iommus']>[number];

export const topologyOf = (source: Source, defaults: TopologyDefaults): Topology =>
  topologyFromFile(checked(topologySchema, source, topologyKind), source.place, defaults);

/** For a topology that stands inside a scenario and was checked with it. */
export const topologyFromFile = (file: TopologyFile, place: PlaceOf, defaults: TopologyDefaults): Topology => {
  const iommus = (file.iommus ?? []).map((iommu, index) => iommuOf(iommu, () => place(['iommus', index, 'driver']), defaults.drivers));
  const only = iommus.length === 1 ? iommus[0]! : null;
  const reader: Reader = { place, iommus: iommus.map(({ id }) => id), only: iommus.length === 0 ? null : only?.id };
  const groups = file.groups.map((group, index) => groupOf(group, ['groups', index], reader));
  refuseDuplicates(file, place);
  return {
    name: file.name ?? defaults.name,
    source: file.source ?? defaults.source,
    ...(file.kernel === undefined ? {} : { kernel: file.kernel }),
    system: file.system ?? {},
    iommus,
    groups,
  };
};

interface Reader {
  readonly place: PlaceOf;
  readonly iommus: readonly string[];
  /** The instance of a device that names none; undefined: it must name one. */
  readonly only: string | null | undefined;
}

const iommuOf = ({ id, driver, attributes }: IommuFile, place: () => Placed['place'], drivers?: readonly string[]): TopologyIommu => {
  if (drivers) demandName(driver, { words: 'a driver of the model', names: drivers, kind: topologyKind, place: place() });
  return { id, driver, attributes: attributes ?? {} };
};

const groupOf = (group: GroupFile, path: readonly Step[], reader: Reader): TopologyGroup => ({
  id: String(group.id),
  type: group.type ?? 'DMA',
  devices: group.devices.map((device, index) => deviceOf(device, [...path, 'devices', index], reader)),
  regions: regionsOf(group.regions ?? [], [...path, 'regions'], reader),
});

const deviceOf = (given: DeviceFile, path: readonly Step[], reader: Reader): TopologyDevice => {
  const device: Exclude<DeviceFile, string> = typeof given === 'string' ? { id: given } : given;
  return {
    id: device.id,
    iommu: instanceOf(device.iommu, path, reader),
    attributes: device.attributes ?? {},
    ...(device.regions === undefined ? {} : { regions: regionsOf(device.regions, [...path, 'regions'], reader) }),
  };
};

const instanceOf = (given: string | null | undefined, path: readonly Step[], { place, iommus, only }: Reader): string | null => {
  if (given === null) return null;
  const words = 'an IOMMU instance of the topology, or null';
  if (given !== undefined) {
    demandName(given, { words, names: iommus, kind: topologyKind, place: place([...path, 'iommu']) });
    return given;
  }
  if (only !== undefined) return only;
  throw new Failure(topologyKind.code, `expected the key iommu: one of ${iommus.join(', ')}, or null; found none`, place(path));
};

const regionsOf = (regions: readonly RegionFile[], path: readonly Step[], { place }: Reader): Region[] =>
  regions.map(({ start, end, type }, index) => {
    const region = { start: addressOf(start), end: addressOf(end), type };
    if (region.start <= region.end && region.end <= endOfAddresses) return region;
    const found = `${printAddress(region.start)} to ${printAddress(region.end)}`;
    throw new Failure(topologyKind.code, `expected a range of 64-bit addresses, first one first, found ${found}`, place([...path, index]));
  });

/** The schema has accepted the text. */
const addressOf = (given: string | number): number => parseSize(given)!;

const refuseDuplicates = ({ iommus = [], groups }: TopologyFile, place: PlaceOf): void => {
  const idPlace = (path: readonly Step[]) => place([...path, 'id']);
  const devices = groups.flatMap((group, index) =>
    group.devices.map((device, nth): Placed => {
      const path = ['groups', index, 'devices', nth];
      return typeof device === 'string' ? { name: device, place: place(path) } : { name: device.id, place: idPlace(path) };
    }),
  );
  const instances = iommus.map(({ id }, index) => ({ name: id, place: idPlace(['iommus', index]) }));
  const groupNames = groups.map(({ id }, index) => ({ name: String(id), place: idPlace(['groups', index]) }));
  demandUnique('IOMMU instance', instances, topologyKind);
  demandUnique('group', groupNames, topologyKind);
  demandUnique('device', devices, topologyKind);
};
