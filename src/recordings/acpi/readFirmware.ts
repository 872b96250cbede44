// The ACPI tables of a snapshot and beside it, read and tried on its machine: one that is damaged, or another machine's, is told and not used.
import { Failure } from '../../core/failure.ts';
import type { TopologyIommu } from '../../core/topology.ts';
import { classFolder } from '../instances.ts';
import type { Snapshot } from '../snapshotLines.ts';
import { amdFirmware } from './amdFirmware.ts';
import { armFirmware } from './armFirmware.ts';
import { readDmar } from './dmar.ts';
import { type Firmware, someOf } from './firmware.ts';
import { intelFirmware } from './intelFirmware.ts';
import { readIort } from './iort.ts';
import { readIvrs } from './ivrs.ts';
import type { PciFunction } from './pci.ts';
import { type Signature, signatures, Table, type TableBytes } from './table.ts';
import { tableOfSnapshot, tablesFolder } from './tableText.ts';
import { readViot } from './viot.ts';
import { virtioFirmware } from './virtioFirmware.ts';

type Functions = ReadonlyMap<string, PciFunction>;

const readers: Readonly<Record<Signature, (table: Table, snapshot: Snapshot, functions: Functions) => Firmware>> = {
  DMAR: (table, snapshot, functions) => intelFirmware(readDmar(table), table, snapshot, functions),
  IVRS: (table, snapshot) => amdFirmware(readIvrs(table), table, snapshot),
  IORT: (table, snapshot) => armFirmware(readIort(table), table, snapshot),
  VIOT: (table) => virtioFirmware(readViot(table), table),
};

/** Instances of its kind that the snapshot has, and none of them is in the table. */
const isOthers = ({ units, drivers }: Firmware, snapshot: Snapshot, driverOf: (id: string) => string): boolean => {
  const own = snapshot.children(classFolder).filter((id) => drivers.includes(driverOf(id)));
  return own.length > 0 && !own.some((id) => units.some(({ instance }) => instance === id));
};

export interface Findings {
  readonly snapshot: Snapshot;
  readonly functions: Functions;
  readonly driverOf: (id: string) => string;
  /** From files beside the snapshot; they stand before its own lines. */
  readonly beside: readonly TableBytes[];
}

const firstLine = (text: string): string => text.split('\n', 1)[0]!;

export const readFirmware = ({ snapshot, functions, driverOf, beside }: Findings): Firmware[] =>
  signatures.flatMap((signature) => {
    const path = `${tablesFolder}/${signature}`;
    try {
      const bytes = beside.find((table) => table.signature === signature) ?? tableOfSnapshot(snapshot, signature, path);
      if (bytes === undefined) return [];
      const firmware = readers[signature](new Table(bytes), snapshot, functions);
      if (!isOthers(firmware, snapshot, driverOf)) return firmware;
      snapshot.noteAt(path, `${bytes.file} is not used: no instance of this machine is in it`, 'firmware');
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      snapshot.noteAt(path, `ACPI table is not used: ${firstLine(error.message)}`, 'firmware');
    }
    return [];
  });

/** Who serves whom, by the table and by sysfs, where they differ. */
export const noteStrangers = (
  snapshot: Snapshot,
  firmware: readonly Firmware[],
  functions: Functions,
  servedBy: ReadonlyMap<string, TopologyIommu>,
): void => {
  for (const { signature, drivers, unitOf } of firmware) {
    const strangers = [...functions.values()].flatMap((found) => {
      const own = servedBy.get(found.name);
      const unit = unitOf(found)?.instance;
      return own && drivers.includes(own.driver) && unit !== undefined && unit !== own.id
        ? [`${found.name} (${unit}, sysfs ${own.id})`]
        : [];
    });
    if (strangers.length > 0) snapshot.note(0, `${signature} and sysfs differ on the instance of ${someOf(strangers)}`, '', 'firmware');
  }
};
