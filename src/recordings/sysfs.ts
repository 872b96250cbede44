// Reads a live machine's /sys, and what of /proc and the kernel log belongs to it, into the lines of a snapshot: one parser serves both.
import { closeSync, constants, openSync, readdirSync, readFileSync, readlinkSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../core/failure.ts';
import { type Signature, signatures } from './acpi/table.ts';
import { tableLines, tablesFolder } from './acpi/tableText.ts';
import { saysSomething } from './kernelLog.ts';
import { type Imported, type Note, topologyFromSnapshot } from './snapshot.ts';
import { lastOf, quote } from './snapshotLines.ts';

export interface SysfsLines {
  readonly lines: readonly string[];
  /** Files that are there and could not be read. */
  readonly notes: readonly Note[];
}

/** `root` is where the machine's file system begins: / for this one. */
export const readMachine = (root: string, name: string): Imported => {
  const { lines, notes } = readSysfs(root);
  const imported = topologyFromSnapshot(lines, { source: `sysfs below ${root}` }, name);
  return { ...imported, notes: [...notes, ...imported.notes] };
};

export const readSysfs = (root: string): SysfsLines => {
  const reader = new SysfsReader(root);
  if (!statSync(join(root, 'sys'), { throwIfNoEntry: false })) {
    throw new Failure('bad-topology', 'expected a folder that holds sys, found none', { file: root });
  }
  readGroups(reader);
  readInstances(reader);
  readBuses(reader);
  for (const file of machineFiles) reader.file(file);
  for (const signature of signatures) reader.table(signature);
  reader.log('/dev/kmsg');
  return reader;
};

const machineFiles = [
  ...['allow_unsafe_interrupts', 'disable_hugepages', 'dma_entry_limit'].map((name) => `/sys/module/vfio_iommu_type1/parameters/${name}`),
  '/sys/module/iommufd/parameters/allow_unsafe_interrupts',
  '/proc/cmdline',
  '/proc/version',
  '/proc/sys/kernel/arch',
];

const readGroups = (reader: SysfsReader): void => {
  const folder = '/sys/kernel/iommu_groups';
  for (const group of reader.names(folder)) {
    reader.file(`${folder}/${group}/type`);
    reader.file(`${folder}/${group}/reserved_regions`);
    for (const device of reader.names(`${folder}/${group}/devices`)) reader.link(`${folder}/${group}/devices/${device}`);
  }
};

const readInstances = (reader: SysfsReader): void => {
  const folder = '/sys/class/iommu';
  for (const id of reader.names(folder)) {
    reader.link(`${folder}/${id}`);
    reader.link(`${folder}/${id}/device/driver`);
    for (const name of ['address', 'cap', 'ecap', 'domains_supported', 'domains_used']) reader.file(`${folder}/${id}/intel-iommu/${name}`);
    for (const name of ['cap', 'features']) reader.file(`${folder}/${id}/amd-iommu/${name}`);
    for (const device of reader.names(`${folder}/${id}/devices`)) reader.link(`${folder}/${id}/devices/${device}`);
  }
};

/** Every PCI device; of other buses only the devices that an IOMMU serves. */
const readBuses = (reader: SysfsReader): void => {
  for (const bus of reader.names('/sys/bus')) {
    const folder = `/sys/bus/${bus}/devices`;
    const served = (device: string): boolean => bus === 'pci' || reader.exists(`${folder}/${device}/iommu_group`);
    for (const device of reader.names(folder).filter(served)) {
      reader.link(`${folder}/${device}`);
      if (bus === 'pci') reader.file(`${folder}/${device}/class`);
      for (const name of ['driver', 'iommu_group', 'iommu', 'physfn']) reader.link(`${folder}/${device}/${name}`);
    }
  }
};

/** What a machine may lack is no news; anything else that keeps a file from being read is. */
const missing: readonly string[] = ['ENOENT', 'ENOTDIR', 'EINVAL'];

class SysfsReader implements SysfsLines {
  readonly lines: string[] = [];
  readonly notes: Note[] = [];
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  names(folder: string): string[] {
    return (this.#try(folder, (path) => readdirSync(path)) ?? []).sort();
  }

  exists(path: string): boolean {
    return statSync(join(this.#root, path), { throwIfNoEntry: false }) !== undefined;
  }

  /** A line of the snapshot for each line of the file; an empty file has one empty line. */
  file(path: string): void {
    const text = this.#try(path, (place) => readFileSync(place, 'utf8'));
    if (text === undefined) return;
    for (const line of text.replace(/\n$/, '').split('\n')) this.lines.push(`${path}\t${line}`);
  }

  table(signature: Signature): void {
    const bytes = this.#try(`${tablesFolder}/${signature}`, (place) => readFileSync(place));
    if (bytes !== undefined) this.lines.push(...tableLines(signature, bytes));
  }

  link(path: string): void {
    const target = this.#try(path, (place) => readlinkSync(place));
    if (target !== undefined) this.lines.push(`${path}\t-> ${target}`);
  }

  /** The lines of the kernel log that a topology needs. */
  log(path: string): void {
    const text = this.#try(path, readRecords) ?? '';
    for (const line of text.split('\n').filter(saysSomething)) this.lines.push(`${path}\t${line}`);
  }

  #try<T>(path: string, read: (place: string) => T): T | undefined {
    try {
      return read(join(this.#root, path));
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? String(error);
      if (!missing.includes(code)) this.notes.push({ line: 0, note: `${lastOf(path)} could not be read: ${code}`, text: quote(path) });
      return undefined;
    }
  }
}

const recordSize = 8192;

/** A read of /dev/kmsg gives one record, and waits at the end unless told not to; EPIPE: records were overwritten meanwhile. */
const readRecords = (path: string): string => {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const record = new Uint8Array(recordSize);
  const parts: string[] = [];
  try {
    for (let length = nextRecord(descriptor, record); length > 0; length = nextRecord(descriptor, record)) {
      parts.push(new TextDecoder('latin1').decode(record.subarray(0, length)));
    }
  } finally {
    closeSync(descriptor);
  }
  return parts.join('');
};

const nextRecord = (descriptor: number, record: Uint8Array): number => {
  for (;;) {
    try {
      return readSync(descriptor, record);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'EAGAIN') return 0;
      if (code !== 'EPIPE') throw error;
    }
  }
};
