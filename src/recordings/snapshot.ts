// A snapshot of another machine's sysfs, with its command line, kernel log and uname where given, becomes a topology.
// What they do not tell stays absent; what could not be read, or was assumed, is in the notes.
import { Failure } from '../core/failure.ts';
import type { FirmwareTable, Topology, TopologyIommu } from '../core/topology.ts';
import type { Attributes } from '../core/world.ts';
import type { Firmware } from './acpi/firmware.ts';
import { pciFunctions } from './acpi/pci.ts';
import { noteStrangers, readFirmware } from './acpi/readFirmware.ts';
import type { TableBytes } from './acpi/table.ts';
import { amdFeatures, amdSystem } from './amd.ts';
import { type Bus, busOf, noteUngrouped } from './devices.ts';
import { groupsFolder, groupsOf } from './groups.ts';
import { classFolder, driverOf, instancesOf } from './instances.ts';
import { parseKernelLog } from './kernelLog.ts';
import { releaseOf, systemAttributes, type Words } from './machine.ts';
import { type Note, Snapshot } from './snapshotLines.ts';

export type { Note } from './snapshotLines.ts';

/** Texts that were saved beside the snapshot. Its own lines for /proc/cmdline, /dev/kmsg and /proc/version stand in for them. */
export interface Beside {
  readonly cmdline?: string;
  readonly dmesg?: string;
  readonly uname?: string;
  /** Tables of ACPI; those that are lines of the snapshot stand in for them. */
  readonly tables?: readonly TableBytes[];
  /** Where the snapshot came from, in words; also the file named in failures. Default: the topology's name. */
  readonly source?: string;
}

export interface Imported {
  readonly topology: Topology;
  /** In the order of the lines; those about the whole snapshot first. */
  readonly notes: readonly Note[];
  /** Well-formed lines that the model has no use for. */
  readonly ignored: number;
  readonly tables: readonly FirmwareTable[];
}

/** No machine comes near; a trace or a core dump given by mistake does. */
export const limit = 64 * 1024 * 1024;

export const topologyFromSnapshot = (given: string | readonly string[], beside: Beside, name: string): Imported => {
  const file = beside.source ?? name;
  const snapshot = new Snapshot(linesOf(given, file));
  demandContent(snapshot, file);
  const { topology, tables } = build(snapshot, beside, { name, source: file });
  const notes = [...snapshot.notes].sort((a, b) => a.line - b.line);
  return { topology, notes, ignored: snapshot.ignored(), tables };
};

const linesOf = (given: string | readonly string[], file: string): readonly string[] => {
  const size = typeof given === 'string' ? given.length : given.reduce((sum, line) => sum + line.length + 1, 0);
  if (size > limit) throw new Failure('bad-topology', `expected at most ${limit} characters, found ${size}`, { file });
  return typeof given === 'string' ? given.replace(/^\uFEFF/, '').split('\n') : given;
};

const roots = [groupsFolder, classFolder, '/sys/bus'];

const demandContent = (snapshot: Snapshot, file: string): void => {
  const first = snapshot.notes[0];
  const expected = 'expected lines of a path, a TAB and a content';
  if (snapshot.total === 0) throw new Failure('bad-topology', `${expected}, found an empty file`, { file, line: 1 });
  if (first && snapshot.notes.length === snapshot.total) {
    throw new Failure('bad-topology', `${expected}, found none; the first line is "${first.text}"`, { file, line: first.line });
  }
  if (roots.some((root) => snapshot.has(root))) return;
  throw new Failure('bad-topology', `expected lines below ${roots.join(', ')}, found none in ${snapshot.total} lines`, { file, line: 1 });
};

const wordsOf = (snapshot: Snapshot, { cmdline, dmesg, uname }: Beside, firmware: readonly Firmware[]): Words => {
  const kept = snapshot.lines('/dev/kmsg')?.map(({ content }) => content);
  const log = parseKernelLog(dmesg ?? kept?.join('\n') ?? '');
  const version = uname ?? snapshot.value('/proc/version') ?? log.version;
  return { commandLine: cmdline ?? snapshot.value('/proc/cmdline'), version, log, firmware };
};

const build = (snapshot: Snapshot, beside: Beside, origin: { name: string; source: string }): Pick<Imported, 'topology' | 'tables'> => {
  const bus = busOf(snapshot);
  const functions = pciFunctions(snapshot, bus);
  const firmware = readFirmware({ snapshot, functions, driverOf: (id) => driverOf(snapshot, id), beside: beside.tables ?? [] });
  const words = wordsOf(snapshot, beside, firmware);
  const named = [...bus.values()].flatMap(({ iommu }) => iommu ?? []);
  const iommus = instancesOf(snapshot, named, words);
  noteStrangers(snapshot, firmware, functions, servedBy(bus, iommus));
  const groups = groupsOf({ snapshot, bus, iommus, firmware, functions }, words.log);
  noteUngrouped(snapshot, bus, new Set(groups.flatMap(({ devices }) => devices.map(({ id }) => id))));
  const kernel = releaseOf(words.version);
  noteAbsence(snapshot, groups.length);
  noteRemapping(snapshot, words);
  const system = { ...systemAttributes(snapshot, words, iommus), ...amdOf(snapshot, words, iommus) };
  return { topology: { ...origin, ...(kernel ? { kernel } : {}), system, iommus, groups }, tables: firmware.map(tableOf) };
};

const servedBy = (bus: Bus, iommus: readonly TopologyIommu[]): Map<string, TopologyIommu> =>
  new Map(
    [...bus].flatMap(([name, { iommu }]) => {
      const found = iommus.find(({ id }) => id === iommu);
      return found ? [[name, found] as const] : [];
    }),
  );

const tableOf = ({ signature, size, revision, holds, taken }: Firmware): FirmwareTable => ({
  ...{ signature, bytes: size, revision, holds, taken: Object.fromEntries(taken) },
});

const amdOf = (snapshot: Snapshot, words: Words, iommus: readonly TopologyIommu[]): Attributes => {
  const first = iommus.find(({ driver }) => driver === 'amd');
  return first ? amdSystem(amdFeatures(snapshot, `${classFolder}/${first.id}`, words), words.commandLine) : {};
};

const noteRemapping = (snapshot: Snapshot, { log, firmware }: Words): void => {
  const refusing = firmware.find(({ interruptRemapping }) => interruptRemapping === false);
  if (refusing && log.isolated)
    snapshot.note(0, `${refusing.signature} says no interrupt remapping, the kernel log says that it is on`, '', 'firmware');
};

const noteAbsence = (snapshot: Snapshot, groups: number): void => {
  if (groups === 0) snapshot.note(0, 'no group: the IOMMU is off, or the snapshot lacks /sys/kernel/iommu_groups');
};
