// Which of a group's regions each device has by firmware's table. sysfs lists them by group and is what the kernel made of the table: only
// where both say the same of the group is the table believed.
import type { Region } from '../core/world.ts';
import { type Firmware, hexadecimal } from './acpi/firmware.ts';
import type { PciFunction } from './acpi/pci.ts';
import type { Snapshot } from './snapshotLines.ts';

export interface Owner {
  readonly name: string;
  readonly firmware: Firmware | undefined;
  readonly place: PciFunction | undefined;
}

type Own = ReadonlyMap<string, readonly Region[]>;

const isKept = ({ type }: Region): boolean => type.startsWith('direct');

/** In order and joined where they touch, as iommu_insert_resv_region() does with those of one type. */
const joined = (regions: readonly Region[]): Region[] => {
  const done: Region[] = [];
  for (const region of [...regions].sort((a, b) => (a.type < b.type ? -1 : a.type > b.type ? 1 : a.start - b.start))) {
    const last = done.at(-1);
    if (last && last.type === region.type && region.start <= last.end + 1) last.end = Math.max(last.end, region.end);
    else done.push({ ...region });
  }
  return done;
};

const wordsOf = (regions: readonly Region[]): string =>
  regions.length === 0 ? 'none' : regions.map(({ start, end, type }) => `${hexadecimal(start)}-${hexadecimal(end)} ${type}`).join(', ');

const asWords = (regions: readonly Region[]): string => wordsOf(joined(regions.filter(isKept)));

const saidBy = (owners: readonly Owner[], own: (firmware: Firmware, place: PciFunction) => readonly Region[]): Own =>
  new Map(owners.map(({ name, firmware, place }) => [name, own(firmware!, place!)]));

const all = (own: Own): Region[] => [...own.values()].flat();

const byStart = (a: Region, b: Region): number => a.start - b.start;

/** By device; undefined: no table says it, or it says something else than sysfs, which is noted. `regions` undefined: sysfs is silent. */
export const ownRegions = (
  snapshot: Snapshot,
  owners: readonly Owner[],
  regions: readonly Region[] | undefined,
  path: string,
): Own | undefined => {
  if (owners.length === 0 || owners.some(({ firmware, place }) => firmware?.regionsOf === undefined || place === undefined))
    return undefined;
  const said = saidBy(owners, (firmware, place) => firmware.regionsOf!(place));
  const added = saidBy(owners, (firmware, place) => [...firmware.regionsOf!(place), ...firmware.addedTo(place)]);
  if (regions === undefined) return said;
  const found = asWords(regions);
  const agreeing = [said, added].find((own) => asWords(all(own)) === found);
  if (agreeing) {
    const others = regions.filter((region) => !isKept(region));
    return new Map([...agreeing].map(([name, own]) => [name, [...joined(own), ...others].sort(byStart)]));
  }
  const signature = owners[0]!.firmware!.signature;
  snapshot.noteAt(
    path,
    `${signature} and sysfs differ on direct regions, sysfs is believed: ${found}; by the table ${asWords(all(said))}`,
    'firmware',
  );
  return undefined;
};
