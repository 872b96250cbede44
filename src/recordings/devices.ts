// Devices of a snapshot as their bus shows them: class, driver bound, group, instance.
import type { TopologyIommu } from '../core/topology.ts';
import type { Attributes } from '../core/world.ts';
import { type Firmware, took } from './acpi/firmware.ts';
import type { PciFunction } from './acpi/pci.ts';
import { classFolder } from './instances.ts';
import { known } from './known.ts';
import { lastOf, type Snapshot } from './snapshotLines.ts';

const busFolder = '/sys/bus';

export interface BusDevice {
  /** Its folder under /sys/bus; the line that links it in class iommu where the bus does not show it. */
  readonly path: string;
  readonly group: string | undefined;
  readonly iommu: string | undefined;
}

/** By name; in the order of the snapshot. */
export type Bus = ReadonlyMap<string, BusDevice>;

export const busOf = (snapshot: Snapshot): Bus => {
  const behind = servedDevices(snapshot);
  const bus = new Map<string, BusDevice>();
  for (const kind of snapshot.children(busFolder)) {
    for (const device of snapshot.children(`${busFolder}/${kind}/devices`)) {
      const path = `${busFolder}/${kind}/devices/${device}`;
      snapshot.link(path);
      const own = nameAt(snapshot, `${path}/iommu`);
      const listed = behind.get(device);
      if (own && listed && own !== listed) snapshot.noteAt(`${path}/iommu`, `device ${device} is listed below instance ${listed} as well`);
      bus.set(device, { path, group: nameAt(snapshot, `${path}/iommu_group`), iommu: own ?? listed });
    }
  }
  for (const [device, iommu] of behind) {
    if (!bus.has(device)) bus.set(device, { path: `${classFolder}/${iommu}/devices/${device}`, group: undefined, iommu });
  }
  return bus;
};

const nameAt = (snapshot: Snapshot, path: string): string | undefined => {
  const target = snapshot.link(path);
  return target === undefined ? undefined : lastOf(target);
};

const servedDevices = (snapshot: Snapshot): Map<string, string> => {
  const behind = new Map<string, string>();
  for (const iommu of snapshot.children(classFolder)) {
    for (const device of snapshot.children(`${classFolder}/${iommu}/devices`)) {
      snapshot.link(`${classFolder}/${iommu}/devices/${device}`);
      behind.set(device, iommu);
    }
  }
  return behind;
};

/** One note for all: a machine without an IOMMU has hundreds. */
export const noteUngrouped = (snapshot: Snapshot, bus: Bus, grouped: ReadonlySet<string>): void => {
  const left = [...bus.keys()].filter((device) => !grouped.has(device));
  if (left.length === 0) return;
  const shown = left.slice(0, 4).join(', ');
  snapshot.note(
    0,
    `left out, in no group: ${left.length} ${left.length === 1 ? 'device' : 'devices'} (${shown}${left.length > 4 ? ', ...' : ''})`,
  );
};

export const pciAddress = /^([0-9a-f]{4,8}):([0-9a-f]{2}):([0-9a-f]{2})\.[0-7]$/;
/** PCI-to-PCI, CardBus and semi-transparent bridges: header types that vfio-pci refuses. */
const bridgeClasses: readonly string[] = ['0604', '0607', '0609'];

/** A device, what its bus says of it, its instance, and whether its group has a region that must stay mapped. */
export interface Member {
  readonly name: string;
  readonly facts: BusDevice | undefined;
  readonly iommu: TopologyIommu | undefined;
  /** Undefined: not known. */
  readonly direct: boolean | undefined;
  /** The table that describes its instance, and where the function sits. */
  readonly firmware: Firmware | undefined;
  readonly place: PciFunction | undefined;
}

export const deviceAttributes = (snapshot: Snapshot, { name, facts, iommu, direct, firmware, place }: Member): Attributes => {
  const isPci = pciAddress.test(name);
  const shown = facts?.path.startsWith(busFolder) ? facts.path : undefined;
  const read = known({
    isPci,
    ...(isPci && shown ? classAttributes(snapshot, shown) : {}),
    boundDriver: shown ? (nameAt(snapshot, `${shown}/driver`) ?? null) : undefined,
    isVf: shown && snapshot.link(`${shown}/physfn`) ? true : undefined,
    requireDirect: direct,
    ...(iommu?.driver === 'intel' ? { rmrrLocked: direct, ...intelAttributes(name, iommu.attributes) } : {}),
    ...(iommu?.driver === 'arm-smmu-v3' ? smmuAttributes(iommu.attributes) : {}),
  });
  return firmware && place ? withFirmware(read, firmware, firmware.attributesOf(place)) : read;
};

/** A table only switches off, so nothing that was read before can say otherwise but that it is off, too. */
const withFirmware = (read: Attributes, firmware: Firmware, said: Attributes): Attributes => {
  for (const name of Object.keys(said)) if (!(name in read)) took(firmware, name);
  return { ...read, ...said };
};

const classAttributes = (snapshot: Snapshot, path: string): Attributes => {
  const found = snapshot.value(`${path}/class`);
  if (found === undefined) return {};
  if (/^0x[0-9a-f]{6}$/.test(found)) return { pciClass: found, isBridge: bridgeClasses.includes(found.slice(2, 6)) };
  snapshot.noteAt(`${path}/class`, 'expected a PCI class of six hexadecimal digits');
  return {};
};

/** VMD hands out PCI domains from here on; its children send their DMA under its own id (pci_real_dma_dev()). */
const firstVmdDomain = 0x10000;

/**
 * An instance without device-TLB support never has ATS switched on (6.1 and 6.12: probe in intel/iommu.c). One context page covers
 * the bus of a device; scalable mode has a second one, from device 10 (hexadecimal) on.
 */
const intelAttributes = (name: string, { deviceTlb, scalableMode }: Attributes): Record<string, string | boolean | undefined> => {
  const [, domain, bus, slot] = pciAddress.exec(name) ?? [];
  const throughOther = domain === undefined ? undefined : Number.parseInt(domain, 16) >= firstVmdDomain;
  const half = scalableMode === true && Number.parseInt(slot ?? '0', 16) >= 0x10 ? '+' : '';
  return {
    atsEnabled: deviceTlb === false ? false : undefined,
    dmaThroughOther: throughOther,
    bus: throughOther === false ? `${bus}${half}` : undefined,
  };
};

/** What the SMMU cannot do, no device behind it does; forced stalls are everybody's (arm_smmu_probe_device(), arm_smmu_ats_supported()). */
const smmuAttributes = ({ ats, stalls, stallForce }: Attributes): Record<string, boolean | undefined> => ({
  atsSupported: ats === false ? false : undefined,
  stallEnabled: stallForce === true ? true : stalls === false ? false : undefined,
});
