// Groups and devices of a snapshot: who is in which group, in which order, behind which instance, and with which reserved regions.
import type { TopologyDevice, TopologyGroup, TopologyIommu } from '../core/topology.ts';
import type { Region } from '../core/world.ts';
import { type Firmware, took } from './acpi/firmware.ts';
import type { PciFunction } from './acpi/pci.ts';
import { type Bus, deviceAttributes } from './devices.ts';
import type { KernelLog } from './kernelLog.ts';
import { type Owner, ownRegions } from './ownRegions.ts';
import type { Snapshot } from './snapshotLines.ts';

export const groupsFolder = '/sys/kernel/iommu_groups';

const types: readonly string[] = ['DMA', 'DMA-FQ', 'identity', 'blocked', 'unmanaged', 'unknown'];
const regionTypes: readonly string[] = ['msi', 'direct', 'direct-relaxable', 'reserved'];

/** What groups are read with. */
interface Sources {
  readonly snapshot: Snapshot;
  readonly bus: Bus;
  readonly iommus: readonly TopologyIommu[];
  readonly firmware: readonly Firmware[];
  readonly functions: ReadonlyMap<string, PciFunction>;
}

export const groupsOf = (sources: Sources, log: KernelLog): TopologyGroup[] => {
  const { snapshot, bus } = sources;
  const members = membersOf(snapshot, bus);
  const order = groupOrder(snapshot, log);
  const groups = [...members].map(([id, devices]) => groupOf(sources, id, order.sort(id, devices)));
  order.report();
  return groups;
};

/** Devices by group, from the groups' folders and from the devices' links; groups by number. */
const membersOf = (snapshot: Snapshot, bus: Bus): Map<string, string[]> => {
  const groupOfDevice = new Map<string, string>();
  const numbers = new Set(snapshot.children(groupsFolder).filter((id) => isNumber(snapshot, id, `${groupsFolder}/${id}`)));
  const join = (device: string, group: string, path: string): void => {
    const known = groupOfDevice.get(device);
    if (known !== undefined && known !== group) snapshot.noteAt(path, `device ${device} is in group ${known} already`);
    if (known === undefined) groupOfDevice.set(device, group);
    numbers.add(groupOfDevice.get(device) ?? group);
  };
  for (const group of [...numbers]) {
    const folder = `${groupsFolder}/${group}/devices`;
    for (const device of snapshot.children(folder)) {
      snapshot.link(`${folder}/${device}`);
      join(device, group, `${folder}/${device}`);
    }
  }
  for (const [device, { group, path }] of bus) {
    if (group !== undefined && isNumber(snapshot, group, `${path}/iommu_group`)) join(device, group, path);
  }
  return byGroup(numbers, groupOfDevice);
};

const byGroup = (numbers: ReadonlySet<string>, groupOfDevice: ReadonlyMap<string, string>): Map<string, string[]> => {
  const ordered = [...numbers].sort((a, b) => Number(a) - Number(b));
  const members = new Map<string, string[]>(ordered.map((group) => [group, []]));
  for (const [device, group] of groupOfDevice) members.get(group)?.push(device);
  return members;
};

const isNumber = (snapshot: Snapshot, id: string, path: string): boolean => {
  if (/^\d+$/.test(id)) return true;
  snapshot.noteAt(path, `expected the number of a group, found "${id}"`);
  return false;
};

/**
 * The kernel appends a device to its group's list as it joins (iommu_group_add_device()), and sysfs does not show the list.
 * The log does; without it devices are taken to have joined in the order of their addresses.
 */
const groupOrder = (snapshot: Snapshot, log: KernelLog) => {
  const assumed: string[] = [];
  const sort = (group: string, devices: readonly string[]): string[] => {
    const joins = devices.map((device) => log.joins.get(`${device} ${group}`));
    if (joins.some((join) => join === undefined)) {
      if (devices.length > 1) assumed.push(group);
      return [...devices].sort(byAddress);
    }
    return devices
      .map((device, index) => ({ device, join: joins[index]! }))
      .sort(byJoin)
      .map(({ device }) => device);
  };
  const report = (): void => {
    if (assumed.length > 0) snapshot.note(0, `order of devices assumed by address in groups of several devices: ${assumed.join(', ')}`);
  };
  return { sort, report };
};

const byJoin = (a: { join: number }, b: { join: number }): number => a.join - b.join;

/** PCI domains have four digits or more. */
const byAddress = (left: string, right: string): number => {
  const [a, b] = [left, right].map((id) => id.padStart(id.includes(':') ? 20 : 0, '0'));
  return a! < b! ? -1 : a! > b! ? 1 : 0;
};

interface Member extends Owner {
  readonly iommu: TopologyIommu | undefined;
}

const memberOf = ({ bus, iommus, firmware, functions }: Sources, name: string): Member => {
  const iommu = iommus.find(({ id }) => id === bus.get(name)?.iommu);
  return { name, iommu, firmware: firmware.find(({ drivers }) => iommu && drivers.includes(iommu.driver)), place: functions.get(name) };
};

const groupOf = (sources: Sources, id: string, devices: readonly string[]): TopologyGroup => {
  const { snapshot, bus } = sources;
  const path = `${groupsFolder}/${id}/reserved_regions`;
  const regions = regionsOf(snapshot, id);
  if (devices.length === 0) snapshot.noteAt(`${groupsFolder}/${id}/type`, `group ${id} has no device`);
  const members = devices.map((name) => memberOf(sources, name));
  const own = ownRegions(snapshot, members, regions, path);
  if (!own && devices.length > 1 && regions && needsDirect(regions))
    snapshot.noteAt(path, `direct region of group ${id} assumed to belong to each of its devices`);
  const device = ({ name, iommu, ...rest }: Member): TopologyDevice => {
    const found = own?.get(name) ?? regions;
    const direct = found && needsDirect(found);
    if (own) took(rest.firmware!, 'requireDirect');
    const attributes = deviceAttributes(snapshot, { ...rest, name, facts: bus.get(name), iommu, direct });
    const isOther = own !== undefined && devices.length > 1 && JSON.stringify(found) !== JSON.stringify(regions ?? all(own));
    return { id: name, iommu: iommu?.id ?? null, attributes, ...(isOther ? { regions: found! } : {}) };
  };
  return { id, type: typeOf(snapshot, id), devices: members.map(device), regions: regions ?? all(own) };
};

/** Where sysfs does not say the group's regions: those of its devices. */
const all = (own: ReadonlyMap<string, readonly Region[]> | undefined): readonly Region[] => [
  ...new Map([...(own?.values() ?? [])].flat().map((region) => [JSON.stringify(region), region])).values(),
];

/** A relaxable region is the firmware's only until a driver takes the device over (6.1 device_rmrr_is_relaxable()). */
const needsDirect = (regions: readonly Region[]): boolean => regions.some((region) => region.type === 'direct');

const typeOf = (snapshot: Snapshot, id: string): string => {
  const path = `${groupsFolder}/${id}/type`;
  const found = snapshot.value(path);
  if (found !== undefined && types.includes(found)) return found;
  if (found === undefined) snapshot.note(0, `type of group ${id} is not in the snapshot`);
  else snapshot.noteAt(path, `expected a type of default domain: ${types.join(', ')}`);
  return 'unknown';
};

/** Undefined: the snapshot does not say. A file without a line is left out by snapshots, so one file that is there vouches for all. */
const regionsOf = (snapshot: Snapshot, id: string): Region[] | undefined => {
  const lines = snapshot.lines(`${groupsFolder}/${id}/reserved_regions`);
  if (!lines && !snapshot.children(groupsFolder).some((other) => snapshot.has(`${groupsFolder}/${other}/reserved_regions`)))
    return undefined;
  return (lines ?? []).flatMap(({ line, content, text }) => {
    const region = parseRegion(content);
    if (!region && content !== '') snapshot.note(line, `expected a region: start, end, type (${regionTypes.join(', ')})`, text);
    return region ?? [];
  });
};

const parseRegion = (text: string): Region | undefined => {
  const parts = /^(0x[0-9a-f]{1,16}) (0x[0-9a-f]{1,16}) (\S+)$/i.exec(text);
  if (!parts || !regionTypes.includes(parts[3]!) || BigInt(parts[1]!) > BigInt(parts[2]!)) return undefined;
  return { start: Number(parts[1]), end: Number(parts[2]), type: parts[3]! };
};
