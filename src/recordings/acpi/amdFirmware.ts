// IVRS on the machine of a snapshot, as drivers/iommu/amd/init.c of 6.1 and 6.12 applies it.
import type { Region } from '../../core/world.ts';
import { classFolder } from '../instances.ts';
import { lastOf, type Snapshot } from '../snapshotLines.ts';
import { type Firmware, hexadecimal, pciName, saysNothing } from './firmware.ts';
import type { Ids, Ivrs, IvrsMemory, IvrsUnit } from './ivrs.ts';
import { idOf, type PciFunction } from './pci.ts';
import type { Table } from './table.ts';

/** The instance whose own PCI function it is, .../0000:00:00.2/iommu/ivhd0; without links by its place in the table. */
const instanceOf = (snapshot: Snapshot, name: string, nth: number): string | undefined => {
  const ids = snapshot.children(classFolder);
  const links = ids.map((id) => snapshot.link(`${classFolder}/${id}`));
  if (links.every((link) => link === undefined)) return ids.find((id) => id === `ivhd${nth}`);
  return ids.find((id, index) => links[index]?.endsWith(`/${name}/iommu/${id}`));
};

const has = ({ first, last }: Ids, id: number): boolean => first <= id && id <= last;

const idsWords = (segment: number, { first, last }: Ids): string => {
  if (first === 0 && last === 0xffff) return 'every function';
  return first === last ? pciName(segment, first) : `${pciName(segment, first)} to ${lastOf(pciName(segment, last))}`;
};

const unitWords = ({ type, base, device, segment, devices }: IvrsUnit): string =>
  `IVHD type ${hexadecimal(type)} ${pciName(segment, device)}, registers ${hexadecimal(base)}: ${
    devices.length === 0 ? 'no function' : devices.map((ids) => idsWords(segment, ids)).join(', ')
  }`;

const memoryWords = ({ start, end, segment, ...ids }: IvrsMemory): string =>
  `IVMD ${hexadecimal(start)}-${hexadecimal(end)}: ${idsWords(segment, ids)}`;

/** find_last_devid_acpi(): the last id of any unit of the segment. */
const lastIdOf = ({ units }: Ivrs, segment: number): number =>
  Math.max(0, ...units.filter((unit) => unit.segment === segment).flatMap(({ devices }) => devices.map(({ last }) => last)));

export const amdFirmware = (ivrs: Ivrs, { size, revision }: Table, snapshot: Snapshot): Firmware => {
  const units = ivrs.units.map((unit, nth) => {
    const instance = instanceOf(snapshot, pciName(unit.segment, unit.device), nth);
    return { unit, known: { instance, words: unitWords(unit), attributes: { lastRequesterId: lastIdOf(ivrs, unit.segment) } } };
  });
  const regionsOf = (found: PciFunction): Region[] =>
    ivrs.memory
      .filter((range) => range.segment === found.segment && has(range, idOf(found)))
      .map(({ start, end }) => ({ start, end, type: 'direct' }));
  return {
    ...saysNothing,
    taken: new Map(),
    ...{ signature: 'IVRS', size, revision, drivers: ['amd'], units: units.map(({ known }) => known), regionsOf },
    holds: [
      ...units.map(({ known }) => (known.instance ? `${known.instance} is ${known.words}` : known.words)),
      ...(ivrs.memory.length > 0 ? ivrs.memory.map(memoryWords) : ['no IVMD: nothing stays mapped']),
    ],
    unitOf: (found) => units.find(({ unit }) => unit.segment === found.segment && unit.devices.some((ids) => has(ids, idOf(found))))?.known,
    features: ivrs.units.find(({ features }) => features !== undefined)?.features,
  };
};
