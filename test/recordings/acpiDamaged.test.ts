// Damaged ACPI tables: one note with the offset, the snapshot read without the table, and no crash or hang whatever the bytes are.
import { readFileSync } from 'node:fs';
import { array, assert as check, constantFrom, integer, nat, property, tuple, boolean as yesOrNo } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TableBytes } from '../../src/recordings/acpi/table.ts';
import { isTableFile, tablesInFile } from '../../src/recordings/acpi/tableFiles.ts';
import { topologyFromSnapshot } from '../../src/recordings/snapshot.ts';
import { bytes, recordedTable, sealed } from '../support/acpiTables.ts';

const seed = Number(process.env.SEED ?? 20_261_130);

const machineOf: Readonly<Record<string, string>> = {
  'DMAR-intel_rmrr': '6.1-x86_64-intel_rmrr-basic',
  'IORT-smmuv3x3': '6.12-arm64-smmuv3x3-basic',
  'VIOT-virtio': '6.12-x86_64-virtio-basic',
  'IVRS-amd': '6.12custom-x86_64-amd-failnth',
};
const snapshots = Object.fromEntries(
  Object.entries(machineOf).map(([table, machine]) => [table, readFileSync(`test/recordings/topologies/${machine}.txt`, 'utf8')]),
);

const load = (name: string, table: TableBytes) => topologyFromSnapshot(snapshots[name]!, { tables: [table] }, 'machine');
const notesOf = (name: string, table: TableBytes): string[] =>
  load(name, table)
    .notes.filter(({ about }) => about === 'firmware')
    .map(({ note }) => note);

/** The table with bytes written over at an offset; length and checksum right again. */
const withBytes = (name: string, at: number, ...fields: readonly (readonly [number, number])[]): TableBytes => {
  const table = recordedTable(name);
  const changed = Uint8Array.from(table.bytes);
  changed.set(bytes(...fields), at);
  return { ...table, bytes: sealed(changed) };
};

/** The same of its first bytes. */
const cutTo = (name: string, size: number, at: number, ...fields: readonly (readonly [number, number])[]): TableBytes => {
  const changed = withBytes(name, at, ...fields);
  return { ...changed, bytes: sealed(changed.bytes.subarray(0, size)) };
};

const asItIs = (name: string, change: (found: Uint8Array) => Uint8Array): TableBytes => {
  const table = recordedTable(name);
  return { ...table, bytes: change(Uint8Array.from(table.bytes)) };
};

describe('a damaged table is told and not used', () => {
  it.each([
    ['DMAR', 'empty', asItIs('DMAR-intel_rmrr', () => new Uint8Array()), '0x0: expected a head of 36 bytes, found 0 bytes in all'],
    [
      'DMAR',
      'cut short',
      asItIs('DMAR-intel_rmrr', (all) => all.subarray(0, 100)),
      '0x4: expected the length of the file, 100, found 184: the file was cut short',
    ],
    [
      'DMAR',
      'with something behind it',
      asItIs('DMAR-intel_rmrr', (all) => Uint8Array.from([...all, 0])),
      '0x4: expected the length of the file, 185, found 184: the file has more',
    ],
    [
      'DMAR',
      'with one byte changed',
      asItIs('DMAR-intel_rmrr', (all) => all.with(0xa2, all[0xa2]! + 1)),
      '0x9: expected a checksum that makes the sum of all bytes 0, found a sum of 0x1',
    ],
    ['DMAR', 'another table', asItIs('DMAR-intel_rmrr', (all) => all.with(3, 0x58)), '0x0: expected the signature DMAR, found "DMAX"'],
    [
      'DMAR',
      'a structure of no length',
      withBytes('DMAR-intel_rmrr', 0x32, [0, 2]),
      '0x30: expected a structure of at least 4 bytes, found one of 0',
    ],
    [
      'DMAR',
      'a structure that is too long',
      withBytes('DMAR-intel_rmrr', 0x32, [0x100, 2]),
      '0x30: expected a structure that ends by 0xb8, found one that ends at 0x130',
    ],
    [
      'DMAR',
      'a unit without registers',
      cutTo('DMAR-intel_rmrr', 60, 0x32, [12, 2]),
      '0x38: expected 8 bytes of base, found the end of the structure at 0x3c',
    ],
    [
      'DMAR',
      'a scope of no length',
      withBytes('DMAR-intel_rmrr', 0x41, [0, 1]),
      '0x40: expected a structure of at least 6 bytes, found one of 0',
    ],
    [
      'DMAR',
      'a scope with half a step',
      withBytes('DMAR-intel_rmrr', 0xb1, [7, 1]),
      '0xb8: expected 1 byte of length, found the end of the structure at 0xb8',
    ],
    [
      'IVRS',
      'an IVHD too short for its kind',
      cutTo('IVRS-amd', 72, 0x30, [0x11, 1], [0xd1, 1], [24, 2]),
      '0x30: expected an IVHD of at least 40 bytes, found one of 24',
    ],
    [
      'IVRS',
      'an entry of no known kind',
      withBytes('IVRS-amd', 0x48, [0x90, 1]),
      '0x48: expected a known device entry, found one of type 144',
    ],
    [
      'IORT',
      'more nodes than there are',
      withBytes('IORT-smmuv3x3', 36, [1000, 4]),
      '0x1ec: expected 1000 nodes, found the end of the table after 5',
    ],
    [
      'IORT',
      'nodes that begin behind the end',
      withBytes('IORT-smmuv3x3', 40, [0x10000, 4]),
      '0x1ec: expected structures from 0x10000 on, found the end of the table',
    ],
    [
      'IORT',
      'more mappings than fit',
      withBytes('IORT-smmuv3x3', 0x158, [0xffffffff, 4]),
      '0x150: expected 4294967295 id mappings within the node of 156 bytes, found an end at 85899345936',
    ],
    [
      'IORT',
      'a mapping to nowhere',
      withBytes('IORT-smmuv3x3', 0x180, [0x31, 4]),
      '0x150: expected id mappings that name nodes of the table, found one that names offset 0x31',
    ],
    [
      'VIOT',
      'more nodes than there are',
      withBytes('VIOT-virtio', 36, [9, 2]),
      '0x58: expected 9 nodes, found the end of the table after 2',
    ],
  ])('%s: %s', (signature, _, table, words) => {
    const name = Object.keys(machineOf).find((each) => each.startsWith(signature))!;
    expect(notesOf(name, table)).toEqual([`ACPI table is not used: acpi-${signature}.bin: ${signature} at offset ${words}`]);
    expect(load(name, table).topology).toEqual(topologyFromSnapshot(snapshots[name]!, {}, 'machine').topology);
  });

  it.each([
    ['a line that is no bytes', '44 4d xx', ':1: DMAR: expected bytes in hexadecimal, found "44 4d xx"'],
    ['an empty line', '', ':1: DMAR: expected bytes in hexadecimal, found ""'],
  ])('as lines of a snapshot: %s', (_, content, words) => {
    const { notes } = topologyFromSnapshot(
      `/sys/firmware/acpi/tables/DMAR\t${content}\n/sys/kernel/iommu_groups/0/type\tDMA\n`,
      {},
      'machine',
    );
    expect(notes[0]).toMatchObject({ line: 1, note: `ACPI table is not used: /sys/firmware/acpi/tables/DMAR${words}` });
  });
});

describe('what acpidump prints', () => {
  const lines = [
    'DMAR @ 0x000000003FFD7000',
    '    0000: 44 4D 41 52 B8 00 00 00 01 AB 42 4F 43 48 53 20  DMAR......BOCHS ',
    '    0010: 42 58  BX',
  ];
  const read = (text: string) => tablesInFile('acpidump.txt', Buffer.from(text), 'acpidump.txt');

  it('may end in a short line, and have other tables', () => {
    const found = read(['FACP @ 0x0', '    0000: 46 41', ...lines, '', 'IORT @ 0x0', '    0000: 49'].join('\n'));
    expect(found.map(({ signature, bytes: content }) => [signature, content.length])).toEqual([
      ['DMAR', 18],
      ['IORT', 1],
    ]);
  });

  it('that lost a line is told', () => {
    expect(() => read([lines[0], lines[2]].join('\n'))).toThrow(
      'acpidump.txt:2: expected offset 0 of the table, found 0010: a line is lost',
    );
  });
});

describe('whatever the bytes are', () => {
  const names = Object.keys(machineOf);
  /** A place and what is written there; small numbers and ends are what lengths go wrong with. */
  const edit = tuple(nat(1000), constantFrom(0, 1, 2, 3, 4, 7, 8, 16, 20, 32, 0x40, 0x7f, 0x80, 0xf0, 0xfe, 0xff));
  const change = tuple(constantFrom(...names), array(edit, { minLength: 1, maxLength: 6 }), integer({ min: 0, max: 600 }), yesOrNo());

  it('a table is used, or told', { timeout: 120_000 }, () => {
    const seen = { used: 0, told: 0 };
    const mutated = ([name, edits, cut, isCut]: [string, [number, number][], number, boolean]): void => {
      const table = recordedTable(name);
      const content = Uint8Array.from(table.bytes);
      for (const [at, value] of edits) content[36 + (at % (content.length - 36))] = value;
      const kept = isCut ? content.subarray(0, Math.max(36, cut % content.length)) : content;
      const { tables, notes } = load(name, { ...table, bytes: sealed(kept) });
      const told = notes.filter(({ about }) => about === 'firmware');
      if (tables.length === 0) expect(told).toHaveLength(1);
      seen[tables.length === 0 ? 'told' : 'used'] += 1;
    };
    check(property(change, mutated), { seed, numRuns: 1500 });
    expect(Math.min(seen.used, seen.told)).toBeGreaterThan(200);
  });

  it('a dump is read, or told', () => {
    const text = readFileSync('test/recordings/acpi/README.md');
    const piece = constantFrom(
      'DMAR @ 0x0\n',
      '    0000: 44 4D\n',
      '    0002: 41 52 B8',
      '\n',
      ' ',
      'FF',
      '0000:',
      'DMAR',
      '\u0000',
      text.toString(),
    );
    check(
      property(array(piece), (pieces) => {
        try {
          expect(Array.isArray(tablesInFile('acpi.txt', Buffer.from(`DMAR @ 0x0\n${pieces.join('')}`), 'acpi.txt'))).toBe(true);
        } catch (error) {
          expect(String(error)).toMatch(/^Failure: acpi\.txt:\d+: expected /);
        }
      }),
      { seed, numRuns: 500 },
    );
  });
});

it('only files by the names of tables are taken for tables', () => {
  const names = [
    'acpi-DMAR.bin',
    'DMAR',
    'dmar.dat',
    'IVRS1',
    'acpi_IORT.aml',
    'acpidump.out',
    'acpi-FACP.bin',
    'DMAR.txt',
    'xDMAR',
    'trace.dat',
  ];
  expect(names.filter(isTableFile)).toEqual(names.slice(0, 6));
});
