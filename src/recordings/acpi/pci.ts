// Where PCI functions of a snapshot sit: their ids, and the functions above them, as the links of sysfs show it.
import { type Bus, type BusDevice, pciAddress } from '../devices.ts';
import { classFolder } from '../instances.ts';
import type { Snapshot } from '../snapshotLines.ts';

export interface Step {
  readonly bus: number;
  readonly device: number;
  readonly function: number;
}

export interface PciFunction extends Step {
  readonly name: string;
  readonly segment: number;
  /** From the root bus to itself. */
  readonly way: readonly (Step & { readonly name: string })[];
  /** Of a virtual function, its physical one. */
  readonly physical: string | undefined;
  /** Six hexadecimal digits, where the snapshot has them. */
  readonly class: string | undefined;
}

/** Bus and function, as tables and hardware count them. */
export const idOf = ({ bus, device, function: number }: Step): number => (bus << 8) | (device << 3) | number;

const stepOf = (name: string): (Step & { name: string; segment: number }) | undefined => {
  const [, segment, bus, device] = pciAddress.exec(name) ?? [];
  if (segment === undefined) return undefined;
  const [domain, busNumber, slot] = [segment, bus, device].map((part) => Number.parseInt(part!, 16)) as [number, number, number];
  return { name, segment: domain, bus: busNumber, device: slot, function: Number(name.at(-1)) };
};

const linkOf = (snapshot: Snapshot, name: string, { path, iommu }: BusDevice): string =>
  snapshot.link(path) ?? snapshot.link(`${classFolder}/${iommu}/devices/${name}`) ?? name;

const functionOf = (snapshot: Snapshot, name: string, facts: BusDevice): PciFunction | undefined => {
  const own = stepOf(name);
  if (own === undefined) return undefined;
  const parts = linkOf(snapshot, name, facts).split('/');
  // A VMD device and what is behind it are of two segments: it is no bridge of theirs.
  const way = parts.flatMap((part) => stepOf(part) ?? []).filter(({ segment }) => segment === own.segment);
  const physical = snapshot.link(`${facts.path}/physfn`)?.split('/').at(-1);
  const found = /^0x([0-9a-f]{6})$/.exec(snapshot.value(`${facts.path}/class`) ?? '')?.[1];
  return { ...own, way: way.length > 0 ? way : [own], physical, class: found };
};

export const pciFunctions = (snapshot: Snapshot, bus: Bus): ReadonlyMap<string, PciFunction> =>
  new Map(
    [...bus].flatMap(([name, facts]) => {
      const found = functionOf(snapshot, name, facts);
      return found ? [[name, found] as const] : [];
    }),
  );
