// ACPI tables of recorded machines beside their snapshots: what each holds, what a topology takes from it, and in which forms it can come.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Topology } from '../../src/core/topology.ts';
import type { TableBytes } from '../../src/recordings/acpi/table.ts';
import { type Imported, topologyFromSnapshot } from '../../src/recordings/snapshot.ts';
import { readSnapshot } from '../../src/recordings/snapshotFile.ts';
import { readMachine } from '../../src/recordings/sysfs.ts';
import { openRecording } from '../../src/recordings/trace/recording.ts';
import { recordedTable } from '../support/acpiTables.ts';

const snapshotOf = (name: string): string => readFileSync(`test/recordings/topologies/${name}.txt`, 'utf8');

/** Without the lines that are left out. */
const loadGuest = async (name: string, leftOut: RegExp | string = ''): Promise<Imported> => {
  const { text } = await openRecording(`test/recordings/guests/${name}.tar.gz`);
  return topologyFromSnapshot(text('topology.txt')!.replace(leftOut, ''), { dmesg: text('dmesg.txt')! }, name);
};

const load = (text: string, ...tables: readonly TableBytes[]): Imported => topologyFromSnapshot(text, { tables }, 'machine');

describe('a table beside the snapshot of its machine', () => {
  it.each([
    {
      machine: '6.1-x86_64-intel_rmrr-basic',
      table: 'DMAR-intel_rmrr',
      holds: [
        '48 bits of address, interrupt remapping',
        'dmar0 is DRHD 0xfed90000, segment 0: 10 functions',
        'RMRR 0x30000000-0x3000ffff: 0000:00:11.0',
        'no ATSR: no ATS behind a root port',
      ],
      taken: { requireDirect: 16 },
    },
    {
      machine: '6.1-x86_64-intel_noir-basic',
      table: 'DMAR-intel_noir',
      holds: [
        '48 bits of address, no interrupt remapping',
        'dmar0 is DRHD 0xfed90000, segment 0: 10 functions',
        'no ATSR: no ATS behind a root port',
      ],
      taken: { requireDirect: 16 },
    },
    {
      machine: '6.12-arm64-smmuv3x3-basic',
      table: 'IORT-smmuv3x3',
      holds: [
        'smmu3.0x000000000c000000: coherent',
        'smmu3.0x000000000c020000: coherent',
        'smmu3.0x000000000c040000: coherent',
        'root complex of segment 0: no ATS',
        'no RMR: nothing stays mapped',
      ],
      taken: { requireDirect: 13 },
    },
    {
      machine: '6.12-x86_64-virtio-basic',
      table: 'VIOT-virtio',
      holds: ['0000:00:03.0: 0000:00:00.0 to 0000:04:1f.7'],
      taken: {},
    },
  ])('$table', ({ machine, table, holds, taken }) => {
    const text = snapshotOf(machine);
    const { tables, notes, topology } = load(text, recordedTable(table));
    const [signature] = table.split('-');
    expect(tables).toEqual([{ signature, bytes: recordedTable(table).bytes.length, revision: tables[0]!.revision, holds, taken }]);
    const bare = load(text);
    expect(notes).toEqual(bare.notes);
    expect(attributesOf(topology)).toEqual(attributesOf(bare.topology));
  });

  it('says more where the kernel log and the registers are missing', () => {
    const bare = snapshotOf('6.12-arm64-smmuv3x3-basic').replace(/^\/dev\/kmsg\t.*\n/gm, '');
    const { topology, tables } = load(bare, recordedTable('IORT-smmuv3x3'));
    expect(topology.iommus.map(({ attributes }) => attributes)).toEqual([0, 1, 2].map((index) => ({ index, coherency: true })));
    expect(tables[0]!.taken).toEqual({ coherency: 3, atsSupported: 13, requireDirect: 13 });
    const without = snapshotOf('6.1-x86_64-intel_noir-basic').replace(/^(\/dev\/kmsg|\S+\/e?cap)\t.*\n/gm, '');
    expect(load(without).topology.system).not.toHaveProperty('isolatedMsi');
    const dmar = load(without, recordedTable('DMAR-intel_noir'));
    expect(dmar.topology.system).toMatchObject({ isolatedMsi: false });
    expect(dmar.tables[0]!.taken).toEqual({ atsEnabled: 6, requireDirect: 16 });
  });
});

/** Every device's and instance's, by name. */
const attributesOf = ({ system, iommus, groups }: Topology) => ({
  system,
  ...Object.fromEntries([...iommus, ...groups.flatMap(({ devices }) => devices)].map(({ id, attributes }) => [id, attributes])),
});

const regionsOf = ({ groups }: Topology, id: string) =>
  groups
    .find((group) => group.id === id)!
    .devices.map(({ id: device, regions, attributes }) => [device, attributes['rmrrLocked'], regions]);

const msi = { start: 0xfee00000, end: 0xfeefffff, type: 'msi' };

describe('a group of several devices', () => {
  it('has a direct region for the one that DMAR names, two bridges down', async () => {
    const { topology, tables, notes } = await loadGuest('6.1-x86_64-intel_rmrr_bridge');
    expect(tables[0]!.holds).toEqual([
      '39 bits of address, interrupt remapping',
      'dmar0 is DRHD 0xfed90000, segment 0: 10 functions',
      'RMRR 0x30000000-0x3000ffff: 0000:05:01.0',
      'RMRR 0x30010000-0x3001ffff: 0000:00:11.0, 0000:03:00.0',
      '1 ATSR',
    ]);
    expect(notes).toEqual([]);
    expect(regionsOf(topology, '11')).toEqual([
      ['0000:04:00.0', false, [msi]],
      ['0000:05:01.0', true, undefined],
      ['0000:05:02.0', false, [msi]],
    ]);
    // The kernel lets go of a USB controller's region, and adds one to an ISA bridge's group.
    expect([regionsOf(topology, '6'), regionsOf(topology, '10')]).toEqual([
      [['0000:00:11.0', true, undefined]],
      [['0000:03:00.0', false, undefined]],
    ]);
    expect(regionsOf(topology, '7').map(([device, , regions]) => [device, regions])).toEqual([
      ['0000:00:1f.0', undefined],
      ['0000:00:1f.2', [msi]],
      ['0000:00:1f.3', [msi]],
    ]);
  });

  it('without a table shares it among all, and says so', async () => {
    const { topology, notes } = await loadGuest('6.1-x86_64-intel_rmrr_bridge', /^\/sys\/firmware.*\n/gm);
    expect(regionsOf(topology, '11').map(([, locked]) => locked)).toEqual([true, true, true]);
    expect(notes.map(({ note }) => note)).toEqual(['direct region of group 11 assumed to belong to each of its devices']);
  });

  it('of AMD has its last id, as the kernel counted it', async () => {
    const { tables, topology } = await loadGuest('6.1-x86_64-amd');
    expect(tables).toMatchObject([{ signature: 'IVRS', bytes: 164, taken: { lastRequesterId: 1, requireDirect: 16 } }]);
    expect(tables[0]!.holds[0]).toMatch(/^ivhd0 is IVHD type 0x10 0000:00:01.0, registers 0xfed80000: 0000:00:00.0, 0000:00:01.0, /);
    expect(topology.iommus[0]!.attributes).toMatchObject({ lastRequesterId: 0x5ff, index: 0 });
  });
});

describe('a table comes', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'attachlab-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const rmrr = recordedTable('DMAR-intel_rmrr');
  const snapshot = snapshotOf('6.1-x86_64-intel_rmrr-basic');
  const hexLines = (table: Uint8Array): string =>
    execFileSync('od', ['-An', '-v', '-tx1'], { input: table }).toString().replace(/^ /gm, '/sys/firmware/acpi/tables/DMAR\t');
  /** As acpidump prints it. */
  const dump = (name: string, table: Uint8Array): string => {
    const rows = Array.from({ length: Math.ceil(table.length / 16) }, (_, row) => {
      const some = [...table.subarray(row * 16, row * 16 + 16)];
      const text = some.map((byte) => (byte > 31 && byte < 127 ? String.fromCharCode(byte) : '.')).join('');
      const digits = some.map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(' ');
      return `    ${(row * 16).toString(16).padStart(4, '0').toUpperCase()}: ${digits.padEnd(48)} ${text}`;
    });
    return `${name} @ 0x000000003FFD7000\n${rows.join('\n')}\n\n`;
  };

  it.each([
    ['as a recorder names it', 'acpi-DMAR.bin', rmrr.bytes],
    ['as sysfs names it', 'DMAR', rmrr.bytes],
    ['as acpixtract names it', 'dmar.dat', rmrr.bytes],
    ['in what acpidump prints', 'acpidump.txt', `${dump('APIC', rmrr.bytes)}${dump('DMAR', rmrr.bytes)}`],
  ])('%s', (_, name, content) => {
    writeFileSync(join(folder, 'topology.txt'), snapshot);
    writeFileSync(join(folder, name), content);
    const { tables, notes, topology } = readSnapshot(folder);
    expect([tables.length, tables[0]!.holds[2], notes]).toEqual([1, 'RMRR 0x30000000-0x3000ffff: 0000:00:11.0', []]);
    expect(topology.source).toBe(`${join(folder, 'topology.txt')} with ${name}${name === 'acpidump.txt' ? ': DMAR' : ''}`);
  });

  it('as lines of the snapshot', () => {
    expect(load(`${snapshot}${hexLines(rmrr.bytes)}`).tables).toEqual(load(snapshot, rmrr).tables);
  });

  it("from a live machine's /sys", () => {
    mkdirSync(join(folder, 'sys/firmware/acpi/tables'), { recursive: true });
    mkdirSync(join(folder, 'sys/kernel/iommu_groups/0'), { recursive: true });
    writeFileSync(join(folder, 'sys/kernel/iommu_groups/0/type'), 'DMA\n');
    writeFileSync(join(folder, 'sys/firmware/acpi/tables/DMAR'), rmrr.bytes);
    expect(readMachine(folder, 'live').tables).toMatchObject([{ signature: 'DMAR', bytes: 184 }]);
  });

  it('not from other files', () => {
    writeFileSync(join(folder, 'topology.txt'), snapshot);
    writeFileSync(join(folder, 'acpi.txt'), 'notes on ACPI\n');
    writeFileSync(join(folder, 'acpi-FACP.bin'), rmrr.bytes);
    expect(readSnapshot(folder).tables).toEqual([]);
  });
});
