// How many page tables a process uses, from snapshots. No machine with an IOMMU's debugfs was recorded: these lines of debugfs and /proc are
// written by hand after the formats of 6.1 and 6.12, below the sysfs of recorded machines.
import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { command as errno } from '../../src/cli/commands/errno.ts';
import { command } from '../../src/cli/commands/why.ts';
import { pageTablesOf } from '../../src/recordings/pageTables.ts';
import { topologyFromSnapshot } from '../../src/recordings/snapshot.ts';
import { Snapshot } from '../../src/recordings/snapshotLines.ts';
import { called } from '../support/called.ts';
import { openBench } from '../support/commandLine.ts';

const bench = openBench('sharing');
const machine = (name: string): string => readFileSync(new URL(`../recordings/topologies/${name}.txt`, import.meta.url), 'utf8');
const intel612 = '6.12-x86_64-intel-basic';
const intel61 = '6.1-x86_64-intel-basic';
const arm = '6.12-arm64-smmuv3x3-basic';

const debugfs = '/sys/kernel/debug/iommu/intel';
const tables = (rows: readonly string[]): string[] =>
  ['IOMMU dmar0: Root Table Address: 0x104800000', 'B.D.F\tRoot_entry\t\t\t\tContext_entry\t\t\t\tPASID\tPASID_table_entry', ...rows].map(
    (row) => `${debugfs}/dmar_translation_struct\t${row}`,
  );

const hex = (value: number): string => `0x${value.toString(16).padStart(16, '0')}`;
const rootEntry = `${hex(0)}:${hex(0x104801001)}`;
/** Legacy mode: the id from bit 8 on, width 2; root and present bit. */
const legacy = (address: string, id: number, root: number): string =>
  `${address}\t${rootEntry}\t${hex(id * 256 + 2)}:${hex(root + 1)}\t-1    \t${hex(0)}:${hex(0)}:${hex(0)}`;
/** Scalable mode, second stage: kind 2 in bits 6 to 8 of the first word. */
const scalable = (address: string, id: number, root: number): string =>
  `${address}\t${rootEntry}\t${hex(0)}:${hex(0x105000001)}\t0     \t${hex(0)}:${hex(id)}:${hex(root + 0x81)}`;

const process = (pid: number, comm: string, targets: readonly string[]): string[] => [
  ...targets.map((target, index) => `/proc/${pid}/fd/${20 + index}\t-> ${target}`),
  `/proc/${pid}/comm\t${comm}`,
  `/proc/${pid}/limits\tMax locked memory         8388608              8388608              bytes     `,
];

const snapshot = (name: string, lines: readonly string[]): string => `${machine(name)}\n${lines.join('\n')}\n`;
const container = '/dev/vfio/vfio';
const [first, second] = [0x104c01000, 0x104d02000];

describe('tables in debugfs', () => {
  const read = (name: string, lines: readonly string[]) => {
    const text = snapshot(name, lines);
    const found = pageTablesOf(new Snapshot(text.split('\n')), topologyFromSnapshot(text, {}, name).topology);
    return found.map(({ device, iommu, domainId, root }) => ({ device, iommu, domainId, root }));
  };

  it('have id and root in legacy mode', () => {
    expect(read(intel612, tables([legacy('00:10.0', 3, first), legacy('01:00.0', 4, second), legacy('7f:00.0', 5, second)]))).toEqual([
      { device: '0000:00:10.0', iommu: 'dmar0', domainId: 3, root: '0x104c01000' },
      { device: '0000:01:00.0', iommu: 'dmar0', domainId: 4, root: '0x104d02000' },
    ]);
  });

  it('have them in the PASID entry in scalable mode', () => {
    const other = scalable('00:10.0', 9, second).replace('\t0     \t', '\t5     \t');
    expect(read(intel612, tables([scalable('00:10.0', 3, first), other]))).toEqual([
      { device: '0000:00:10.0', iommu: 'dmar0', domainId: 3, root: '0x104c01000' },
    ]);
  });

  it.each([
    { name: intel61, lines: [`${debugfs}/domain_translation_struct\tDevice 0000:00:10.0 @0x104c01000`] },
    { name: intel612, lines: [`${debugfs}/0000:00:10.0/domain_translation_struct\tDevice 0000:00:10.0 @0x104c01000`] },
    { name: intel612, lines: [`${debugfs}/0000:00:10.0/domain_translation_struct\tDevice 0000:00:10.0 with pasid 0 @0x104c01000`] },
  ])('have the root of a walk: $lines', ({ name, lines }) => {
    expect(read(name, lines)).toEqual([{ device: '0000:00:10.0', iommu: 'dmar0', domainId: null, root: '0x104c01000' }]);
  });
});

interface Process {
  readonly tables: { readonly least: number; readonly most: number; readonly by: string };
  readonly needed: readonly (readonly string[])[];
  readonly causes: readonly { readonly name: string; readonly shown: boolean }[];
  readonly obstacles: readonly { readonly group: string; readonly row: string | null }[];
}

const asked = async (name: string, lines: readonly string[], ...argv: string[]): Promise<Process[]> => {
  const { out } = await called(command, [bench.file('snapshot.txt', snapshot(name, lines)), ...argv, '--json']);
  return JSON.parse(out).processes;
};

const three = ['/dev/vfio/5', '/dev/vfio/6', '/dev/vfio/8'];
const shared = tables([legacy('00:10.0', 3, first), legacy('00:11.0', 3, first), legacy('01:00.0', 3, first)]);
const split = tables([legacy('00:10.0', 3, first), legacy('00:11.0', 3, first), legacy('01:00.0', 4, second)]);

test.each([
  { what: 'one table', lines: [...shared, ...process(42, 'qemu', [container, ...three])], least: 1, most: 1, causes: [] },
  {
    what: 'two tables in two containers',
    lines: [...split, ...process(42, 'qemu', [container, container, ...three])],
    least: 2,
    most: 2,
    causes: [
      ['several-containers', true],
      ['failed-join', false],
    ],
  },
  {
    what: 'two tables in one container',
    lines: [...split, ...process(42, 'qemu', [container, ...three])],
    least: 2,
    most: 2,
    causes: [['failed-join', false]],
  },
  {
    what: 'no debugfs',
    lines: process(42, 'qemu', [container, ...three]),
    least: 1,
    most: 3,
    causes: [
      ['failed-join', false],
      ['unknown', true],
    ],
  },
])('$what on a machine that needs one', async ({ lines, least, most, causes }) => {
  const [answer, ...others] = await asked(intel612, lines);
  expect(others).toEqual([]);
  expect(answer!.tables).toMatchObject({ least, most });
  expect(answer!.needed).toEqual([['5', '6', '8']]);
  expect(answer!.causes.map(({ name, shown }) => [name, shown])).toEqual(causes);
});

test('groups behind three SMMUs need a table for each, and the row says why', async () => {
  const groups = (
    await asked(arm, process(7, 'vmm', [container, '/dev/vfio/6', '/dev/vfio/7', '/dev/vfio/8', '/dev/vfio/9', '/dev/vfio/10']))
  )[0]!;
  expect(groups.needed.length).toBeGreaterThan(1);
  expect(new Set(groups.obstacles.map(({ row }) => row))).toEqual(new Set(['arm-smmu-v3-foreign-smmu']));
  expect(groups.causes[0]).toMatchObject({ name: 'needed', shown: true });
});

test('a process with devices of iommufd is known by their nodes', async () => {
  const node = '/sys/bus/pci/devices/0000:00:10.0/vfio-dev/vfio0\tpresent';
  const [answer] = await asked(intel612, [...shared, node, ...process(9, 'vmm', ['/dev/iommu', '/dev/vfio/devices/vfio0'])]);
  expect(answer!.needed).toEqual([['5']]);
});

test('the text says what is there, what one container needs, what remains, and what to record', async () => {
  const file = bench.file(
    'two.txt',
    snapshot(intel612, [...split, ...process(42, 'qemu', [container, ...three]), ...process(43, 'other', [container, '/dev/vfio/9'])]),
  );
  const { out, code } = await called(command, [file, '--pid', '42']);
  expect(code).toBe(0);
  expect(out.split('\n')).toEqual([
    'process 42 (qemu): 2 page tables, by roots in debugfs; 1 container file, 0',
    '  iommufds',
    '',
    '  device        group  instance  domain id  root',
    '  0000:00:10.0  5      dmar0     3          0x104c01000',
    '  0000:00:11.0  6      dmar0     3          0x104c01000',
    '  0000:01:00.0  8      dmar0     4          0x104d02000',
    '',
    'One container, nothing failing, in the model of linux 6.12.117: 1 page',
    '  table',
    '  groups 5, 6, 8',
    '',
    'Why more than one',
    '  ? a join that failed (memory, ids) and was taken for "does not fit":',
    '    nothing of it stays visible',
    '',
    'To tell, record the next attach:',
    '  attachlab probes --kernel 6.12 > record.sh; sh record.sh',
    '',
  ]);
});

test('a snapshot of a real machine: who holds group 5, and that its tables cannot be seen', async () => {
  const file = new URL('../recordings/snapshots/6.1-x86_64-intel-holder.txt', import.meta.url).pathname;
  const { out } = await called(command, [file, '--json']);
  expect(JSON.parse(out).processes).toMatchObject([
    {
      pid: 374,
      comm: 'sleep',
      containers: 1,
      iommufds: 0,
      tables: { least: 1, most: 1 },
      needed: [['5']],
      causes: [],
      kernel: 'linux 6.1.192',
    },
  ]);
  const held = await called(errno, ['EBUSY', '--call', 'open_group', '--topology', file, '--group', '5', '--json']);
  expect(JSON.parse(held.out).causes).toMatchObject([
    {
      id: 'group-file-open',
      status: 'shown',
      speaksFor: [{ words: 'process 374 (sleep) has /dev/vfio/5 open', text: '/proc/374/fd/9\t-> /dev/vfio/5' }],
    },
  ]);
  const free = await called(errno, ['EBUSY', '--call', 'open_group', '--topology', file, '--group', '6', '--json']);
  expect(JSON.parse(free.out).causes).toMatchObject([{ id: 'group-file-open', status: 'ruled-out' }]);
});

test.each([
  { lines: [], argv: [], says: 'expected a process with a file of VFIO or iommufd in the snapshot, found no process' },
  { lines: process(42, 'qemu', three), argv: ['--pid', '7'], says: 'found process 7 holds none' },
  { lines: process(42, 'qemu', three), argv: ['--pid', 'qemu'], says: 'expected the number of a process, found qemu' },
])('$argv on $lines is refused', async ({ lines, argv, says }) => {
  await expect(asked(intel612, lines, ...argv)).rejects.toThrow(says);
});
