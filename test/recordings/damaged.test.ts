// What a damaged or foreign file gives: a failure with its place, or notes that account for every line.
import { array, assert as check, constantFrom, property, string, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/core/failure.ts';
import { limit, topologyFromSnapshot } from '../../src/recordings/snapshot.ts';

const type = '/sys/kernel/iommu_groups/0/type\tDMA';
const load = (given: string | string[]) => topologyFromSnapshot(given, { source: 'machine.txt' }, 'made');

describe('lines that cannot be read', () => {
  const region = '/sys/kernel/iommu_groups/0/reserved_regions';
  it.each([
    ['no TAB', 'expected a path, a TAB and a content, found no TAB'],
    ['relative/path\tx', 'expected an absolute path without blanks before the TAB'],
    ['/sys/a b\tx', 'expected an absolute path without blanks before the TAB'],
    ['/sys/../etc\tx', 'expected an absolute path without blanks before the TAB'],
    ['/sys/__proto__/type\tx', 'expected an absolute path without blanks before the TAB'],
    ['/sys/class/iommu/*\t-> ', 'expected an absolute path without blanks before the TAB'],
    ['/sys/class/iommu/dmar0\t-> ', 'expected the target of a link after ->'],
    ['/sys/class/iommu/dmar0\t-> a\u001b[31m', 'expected the target of a link after ->'],
    [type, 'found a second time; line 1 is kept'],
    ['/sys/kernel/iommu_groups/eleven/type\tDMA', 'expected the number of a group, found "eleven"'],
    ['/sys/bus/pci/devices/0000:00:02.0/iommu_group\t-> x/eleven', 'expected the number of a group, found "eleven"'],
    ['/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts\tmaybe', 'not a value of allow_unsafe_interrupts'],
    ['/sys/module/vfio_iommu_type1/parameters/dma_entry_limit\t-1', 'not a value of dma_entry_limit'],
    ['/sys/bus/pci/devices/0000:00:01.0/class\t604', 'expected a PCI class of six hexadecimal digits'],
    ...['0x0 0x1', '0x2 0x1 msi', '0x0 0x1 strange', '0 1 msi', '0x0 0x11111111111111111 msi'].map((text) => [
      `${region}\t${text}`,
      'expected a region: start, end, type (msi, direct, direct-relaxable, reserved)',
    ]),
  ])('%j', (line, note) => {
    const inGroup = '/sys/kernel/iommu_groups/0/devices/0000:00:01.0\t-> x/0000:00:01.0';
    const found = load([type, inGroup, line]).notes.filter((each) => each.line === 3);
    expect(found.map((each) => each.note)).toEqual([note]);
  });

  it.each([
    [
      'a type nobody knows',
      ['/sys/kernel/iommu_groups/0/type\tmagic'],
      'expected a type of default domain: DMA, DMA-FQ, identity, blocked, unmanaged, unknown',
    ],
    ['a group without device', [type], 'group 0 has no device'],
    ['a count that is none', ['/sys/class/iommu/dmar0/intel-iommu/domains_used\tmany'], 'expected a decimal number'],
    [
      'registers that are none',
      ['/sys/class/iommu/dmar0/intel-iommu/cap\tzz'],
      'capabilities of dmar0 are unknown: cap or ecap cannot be read',
    ],
  ])('%s', (_, lines, note) => {
    expect(
      load(lines)
        .notes.filter((each) => each.line === 1)
        .map((each) => each.note),
    ).toContain(note);
  });

  it('keeps the first of two groups that claim a device, and says so', () => {
    const member = (group: number): string => `/sys/kernel/iommu_groups/${group}/devices/0000:00:01.0\t-> x/0000:00:01.0`;
    const { topology, notes } = load([member(0), member(1)]);
    expect(topology.groups.map(({ id, devices }) => [id, devices.length])).toEqual([
      ['0', 1],
      ['1', 0],
    ]);
    expect(notes.find(({ line }) => line === 2)?.note).toBe('device 0000:00:01.0 is in group 0 already');
  });

  it('says that a direct region of several devices is assumed to be of each', () => {
    const member = (device: string): string => `/sys/kernel/iommu_groups/0/devices/${device}\t-> x/${device}`;
    const direct = '/sys/kernel/iommu_groups/0/reserved_regions\t0x1000 0x1fff direct';
    const { topology, notes } = load([type, member('0000:00:01.0'), member('0000:00:01.1'), direct]);
    expect(topology.groups[0]?.devices.map(({ attributes }) => attributes.requireDirect)).toEqual([true, true]);
    expect(notes.find(({ line }) => line === 4)?.note).toBe('direct region of group 0 assumed to belong to each of its devices');
  });

  it('lists notes by line, those about the whole snapshot first', () => {
    const lines = [type, '/sys/bus/pci/devices/0000:00:01.0/class\t604', 'no TAB', '/sys/bus/pci/devices/0000:00:02.0/class\t0x060400'];
    const inGroup = '/sys/kernel/iommu_groups/0/devices/0000:00:01.0\t-> x/0000:00:01.0';
    expect(load([...lines, inGroup]).notes.map(({ line }) => line)).toEqual([0, 2, 3]);
  });

  it('quotes without control characters, and not for ever', () => {
    const { notes } = load([type, `\u001b[2J${'x'.repeat(100)}`]);
    expect(notes.find(({ line }) => line === 2)?.text).toBe(`?[2J${'x'.repeat(53)}...`);
  });

  it('reads lines as Windows ends them, behind a byte order mark', () => {
    expect(load(`\uFEFF${type}\r\n\r\n`).topology.groups.map(({ id, type: found }) => [id, found])).toEqual([['0', 'DMA']]);
  });
});

describe('files that are no snapshot', () => {
  const rows: [string, string | string[], string][] = [
    ['empty', '', 'machine.txt:1: expected lines of a path, a TAB and a content, found an empty file'],
    ['blank', '\n \n', 'machine.txt:1: expected lines of a path, a TAB and a content, found an empty file'],
    ['garbage', '\nhello\nworld', 'machine.txt:2: expected lines of a path, a TAB and a content, found none; the first line is "hello"'],
    [
      'of something else',
      '/etc/passwd\troot',
      'machine.txt:1: expected lines below /sys/kernel/iommu_groups, /sys/class/iommu, /sys/bus, found none in 1 lines',
    ],
    ['huge', 'x'.repeat(limit + 1), 'machine.txt: expected at most 67108864 characters, found 67108865'],
    ['huge in lines', ['x'.repeat(limit)], 'machine.txt: expected at most 67108864 characters, found 67108865'],
  ];
  it.each(rows)('%s', (_, given, message) => {
    expect(() => load(given)).toThrow(Failure);
    expect(() => load(given)).toThrow(message);
  });
});

describe('any text', () => {
  const word = constantFrom(
    '/sys/kernel/iommu_groups',
    '/sys/class/iommu',
    '/0',
    '/devices',
    '/dmar0',
    '/type',
    '\t',
    '-> ',
    'DMA',
    '\n',
    '/',
  );
  const text = array(tuple(word, string({ maxLength: 3 })).map(([known, random]) => known + random)).map((parts) => parts.join(''));

  it('never ends in anything but a topology or a failure with a code', () => {
    check(
      property(text, (given) => {
        try {
          const { topology, notes, ignored } = load(`${type}\n${given}`);
          return topology.groups.length >= 1 && notes.every(({ line }) => line >= 0) && ignored >= 0;
        } catch (error) {
          return error instanceof Failure && error.code === 'bad-topology';
        }
      }),
      { seed: 20, numRuns: 300 },
    );
  });
});
