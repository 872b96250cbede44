// DMAR on the machine of a snapshot, as drivers/iommu/intel/{dmar,iommu}.c of 6.1 and 6.12 apply it.
import { counted } from '../../core/counted.ts';
import type { Attributes, Region } from '../../core/world.ts';
import { classFolder } from '../instances.ts';
import type { Snapshot } from '../snapshotLines.ts';
import type { Dmar, DmarMemory, DmarPorts, DmarUnit, Scope } from './dmar.ts';
import { type Firmware, type FirmwareUnit, hexadecimal, saysNothing, someOf } from './firmware.ts';
import type { PciFunction } from './pci.ts';
import type { Table } from './table.ts';

type Functions = ReadonlyMap<string, PciFunction>;

/** dmar_match_pci_path(): by the way from the root bus; a single step also by the function's own bus, as some firmware has it. */
const isMeant = ({ bus, path }: Scope, { way, ...own }: PciFunction): boolean => {
  const first = path[0]!;
  if (way[0]!.bus === bus && way.length === path.length)
    if (path.every(({ device, function: number }, step) => way[step]!.device === device && way[step]!.function === number)) return true;
  return path.length === 1 && own.bus === bus && own.device === first.device && own.function === first.function;
};

interface Scoped {
  readonly segment: number;
  readonly scopes: readonly Scope[];
}

/** Functions that scopes name; virtual ones are never listed. */
const named = ({ segment, scopes }: Scoped, functions: Functions): ReadonlySet<string> =>
  new Set(
    [...functions.values()]
      .filter((found) => found.segment === segment && found.physical === undefined && scopes.some((scope) => isMeant(scope, found)))
      .map(({ name }) => name),
  );

/** It, or a bridge above it (is_downstream_to_pci_bridge()). */
const covers = (names: ReadonlySet<string>, { way, name }: PciFunction): boolean =>
  names.has(name) || way.slice(0, -1).some((above) => names.has(above.name));

const isRelaxable = (found: string | undefined): boolean => /^(?:0c03|03)/.test(found ?? '');
/** CONFIG_INTEL_IOMMU_FLOPPY_WA: the first 16 MiB for what is behind an ISA bridge. */
const isaMemory: Region = { start: 0, end: 0xffffff, type: 'direct-relaxable' };

/** dmar_ats_supported(): of what is behind a bridge the root port must be listed; a function inside the chip needs nothing. */
const mayUseAts = (dmar: Dmar, functions: Functions): ((found: PciFunction) => boolean) => {
  const listed = ({ segment, all, scopes }: DmarPorts) => ({ segment, all, names: named({ segment, scopes }, functions) });
  const [ports, inside] = [dmar.ports.map(listed), dmar.inside.map(listed)];
  return ({ way, name, segment }) => {
    if (way.length < 2 || inside.some(({ names }) => names.has(name))) return true;
    return ports.some((part) => part.segment === segment && (part.all || part.names.has(way[0]!.name)));
  };
};

/** By its registers; in a snapshot without their addresses by its place in the table, which the kernel counts too. */
const instanceAt = (snapshot: Snapshot, base: number, nth: number): string | undefined => {
  const ids = snapshot.children(classFolder);
  const addresses = ids.map((id) => snapshot.value(`${classFolder}/${id}/intel-iommu/address`));
  if (addresses.every((address) => address === undefined)) return ids.find((id) => id === `dmar${nth}`);
  return ids.find((_, index) => /^[0-9a-f]{1,16}$/.test(addresses[index] ?? '') && Number.parseInt(addresses[index]!, 16) === base);
};

const unitWords = ({ base, segment, takesRest }: DmarUnit, names: ReadonlySet<string>): string => {
  const rest = takesRest ? 'all that no other unit names' : '';
  const own = names.size === 0 ? '' : counted(names.size, 'function');
  return `DRHD ${hexadecimal(base)}, segment ${segment}: ${[own, rest].filter((word) => word !== '').join(' and ') || 'no function'}`;
};

const memoryWords = ({ start, end }: DmarMemory, names: ReadonlySet<string>): string =>
  `RMRR ${hexadecimal(start)}-${hexadecimal(end)}: ${names.size === 0 ? 'no function of this machine' : someOf([...names])}`;

export const intelFirmware = (dmar: Dmar, { size, revision }: Table, snapshot: Snapshot, functions: Functions): Firmware => {
  const units = dmar.units.map((unit, nth) => {
    const names = named(unit, functions);
    const words = unitWords(unit, names);
    return { unit, names, known: { instance: instanceAt(snapshot, unit.base, nth), words, attributes: {} } };
  });
  const inOrder = [...units.filter(({ unit }) => !unit.takesRest), ...units.filter(({ unit }) => unit.takesRest)];
  const memory = dmar.memory.map((range) => ({ ...range, names: named(range, functions) }));
  const isAtsAllowed = mayUseAts(dmar, functions);
  const unitOf = (found: PciFunction): FirmwareUnit | undefined => {
    const own = functions.get(found.physical ?? '') ?? found;
    return inOrder.find(({ unit, names }) => unit.segment === found.segment && (unit.takesRest || covers(names, own)))?.known;
  };
  const regionsOf = (found: PciFunction): Region[] => {
    const type = isRelaxable(found.class) ? 'direct-relaxable' : 'direct';
    return memory.filter(({ names }) => covers(names, found)).map(({ start, end }) => ({ start, end, type }));
  };
  return {
    ...saysNothing,
    taken: new Map(),
    ...{ signature: 'DMAR', size, revision, drivers: ['intel'], units: units.map(({ known }) => known), unitOf, regionsOf },
    holds: [
      `${dmar.addressWidth} bits of address, ${dmar.interruptRemapping ? '' : 'no '}interrupt remapping`,
      ...units.map(({ known }) => (known.instance ? `${known.instance} is ${known.words}` : known.words)),
      ...memory.map((range) => memoryWords(range, range.names)),
      dmar.ports.length > 0 ? counted(dmar.ports.length, 'ATSR') : 'no ATSR: no ATS behind a root port',
      ...(dmar.inside.length > 0 ? [counted(dmar.inside.length, 'SATC')] : []),
    ],
    addedTo: (found) => (/^0601/.test(found.class ?? '') ? [isaMemory] : []),
    attributesOf: (found): Attributes => (isAtsAllowed(found) ? {} : { atsEnabled: false }),
    interruptRemapping: dmar.interruptRemapping ? undefined : false,
  };
};
