// IVRS, AMD's table: IOMMUs with the devices behind each, and memory that firmware keeps mapped for devices (IVMD).
import { hidEntry, ivhd, ivhdEntries, ivhdEntry, ivhdFeatures, ivmd, ivrs, ivrsHead, ivrsStructures } from './layouts.ts';
import type { Part, Structure, Table } from './table.ts';

/** Ids of devices, bus and function, first and last. */
export interface Ids {
  readonly first: number;
  readonly last: number;
}

export interface IvrsUnit {
  readonly type: number;
  /** Its own PCI function. */
  readonly device: number;
  readonly segment: number;
  readonly base: number;
  readonly devices: readonly Ids[];
  /** The extended feature register, where the table says that its copy counts. */
  readonly features: bigint | undefined;
}

export interface IvrsMemory extends Ids {
  readonly segment: number;
  readonly start: number;
  readonly end: number;
}

export interface Ivrs {
  /** Of the type that the kernel uses. */
  readonly units: readonly IvrsUnit[];
  readonly memory: readonly IvrsMemory[];
}

const allIds: Ids = { first: 0, last: 0xffff };
const hid = 240;

/** Types of device entries that name PCI functions, as IVHD_DEV_* in amd/init.c; alias targets are left out. */
const entryTypes = { all: 1, select: [2, 66, 70], start: [3, 67, 71], end: 4 } as const;

const lengthOf = (table: Table, part: Part, type: number): number => {
  if (type < 0x80) return 4 << (type >> 6);
  if (type === hid) return 22 + table.fields(hidEntry, part).uidLength;
  throw table.fault(part.start, 'a known device entry', `one of type ${type}`);
};

const devicesOf = (table: Table, part: Part): Ids[] => {
  const found: Ids[] = [];
  let first = 0;
  for (let start = part.start; start < part.end; ) {
    const { type, device } = table.fields(ivhdEntry, { start, end: part.end });
    const end = start + lengthOf(table, { start, end: part.end }, type);
    if (end > part.end)
      throw table.fault(start, `a device entry that ends by 0x${part.end.toString(16)}`, `one that ends at 0x${end.toString(16)}`);
    if (type === entryTypes.all) found.push(allIds);
    if ((entryTypes.select as readonly number[]).includes(type)) found.push({ first: device, last: device });
    if ((entryTypes.start as readonly number[]).includes(type)) first = device;
    if (type === entryTypes.end) found.push({ first, last: device });
    start = end;
  }
  return found;
};

const unitOf = (table: Table, part: Structure, hasFeatures: boolean): IvrsUnit => {
  const { device } = table.fields(ivrsHead, part);
  const entries = part.start + ivhdEntries[part.type as keyof typeof ivhdEntries];
  if (entries > part.end)
    throw table.fault(part.start, `an IVHD of at least ${entries - part.start} bytes`, `one of ${part.end - part.start}`);
  const devices = devicesOf(table, { start: entries, end: part.end });
  const words = hasFeatures && part.type !== 16 ? table.fields(ivhdFeatures, part) : undefined;
  const features = words && (BigInt(words.high) << 32n) | BigInt(words.low);
  return { type: part.type, device, ...table.fields(ivhd, part), devices, features };
};

/** Unity and exclusion ranges alike stay mapped (init_unity_map_range() of 6.1 and 6.12), whole pages of them. */
const isKept = (flags: number): boolean => (flags & 0b1001) !== 0;
const page = 4096;
const pages = (bytes: number): number => Math.ceil(bytes / page) * page;

/** 0x20: every device; 0x21: one; 0x22: a range. */
const idsOf = (type: number, first: number, last: number): Ids => (type === 0x20 ? allIds : { first, last: type === 0x21 ? first : last });

const memoryOf = (table: Table, part: Structure): IvrsMemory[] => {
  const { flags, device } = table.fields(ivrsHead, part);
  const { last, segment, start, size } = table.fields(ivmd, part);
  if (!isKept(flags) || size === 0) return [];
  const first = pages(start);
  return [{ segment, start: first, end: first + pages(size) - 1, ...idsOf(part.type, device, last) }];
};

/** The last type of the first IOMMU (get_highest_supported_ivhd_type()): others describe the same units for older kernels. */
const usedType = (table: Table, found: readonly Structure[]): number | undefined => {
  const devices = found.map((part) => table.fields(ivrsHead, part).device);
  return found[devices.lastIndexOf(devices[0] ?? 0)]?.type;
};

export const readIvrs = (table: Table): Ivrs => {
  const { info } = table.fields(ivrs, table.from(0));
  const structures = table.structures(ivrsHead, table.from(ivrsStructures));
  const units = structures.filter(({ type }) => type in ivhdEntries);
  const used = usedType(table, units);
  return {
    units: units.filter(({ type }) => type === used).map((part) => unitOf(table, part, (info & 1) === 1)),
    memory: structures.filter(({ type }) => type >= 0x20 && type <= 0x22).flatMap((part) => memoryOf(table, part)),
  };
};
