// Made ACPI tables on a made machine: what firmware of real hosts has and the recorded guests do not, as 6.12 applies it.
import { describe, expect, it } from 'vitest';
import type { TableBytes } from '../../src/recordings/acpi/table.ts';
import { type Imported, topologyFromSnapshot } from '../../src/recordings/snapshot.ts';
import { bytes, madeTable } from '../support/acpiTables.ts';

/** Groups by number: devices by their way from the root bus, and direct regions as sysfs lists them. */
interface Group {
  readonly devices: readonly string[];
  readonly regions?: readonly string[];
}

interface Machine {
  /** Lines of the instances. */
  readonly instances: readonly string[];
  readonly served: string;
  readonly groups: readonly Group[];
  readonly classes?: Readonly<Record<string, string>>;
}

const nameOf = (way: string): string => way.split('/').at(-1)!;
const msi = '0x00000000fee00000 0x00000000feefffff msi';

const linesOf = ({ instances, served, groups, classes = {} }: Machine): string[] => [
  ...instances,
  ...groups.flatMap(({ devices, regions = [] }, group) => [
    `/sys/kernel/iommu_groups/${group}/type\tDMA`,
    ...[...regions, msi].map((region) => `/sys/kernel/iommu_groups/${group}/reserved_regions\t${region}`),
    ...devices.flatMap((way) => {
      const folder = `/sys/bus/pci/devices/${nameOf(way)}`;
      return [
        `${folder}\t-> ../../../devices/pci${way.slice(0, 7)}/${way}`,
        `${folder}/class\t${classes[nameOf(way)] ?? '0x020000'}`,
        `${folder}/iommu\t-> ../../virtual/iommu/${served}`,
        `${folder}/iommu_group\t-> ../../../kernel/iommu_groups/${group}`,
      ];
    }),
  ]),
];

const load = (machine: Machine, ...tables: readonly TableBytes[]): Imported => topologyFromSnapshot(linesOf(machine), { tables }, 'made');

const notesOf = ({ notes }: Imported): string[] => notes.filter(({ about }) => about === 'firmware').map(({ note }) => note);
const holdsOf = ({ tables }: Imported): readonly string[] => tables[0]?.holds ?? [];

/** Of each device the attribute. */
const each = ({ topology }: Imported, attribute: string) =>
  Object.fromEntries(topology.groups.flatMap(({ devices }) => devices.map(({ id, attributes }) => [id, attributes[attribute]])));

describe('DMAR', () => {
  const scope = (type: number, bus: number, ...path: readonly (readonly [number, number])[]): number[] =>
    bytes(
      [type, 1],
      [6 + path.length * 2, 1],
      [0, 2],
      [0, 1],
      [bus, 1],
      ...path.flatMap(
        ([device, number]) =>
          [
            [device, 1],
            [number, 1],
          ] as const,
      ),
    );
  const structure = (type: number, ...content: readonly (readonly number[])[]): number[] => {
    const body = content.flat();
    return [...bytes([type, 2], [body.length + 4, 2]), ...body];
  };
  const unit = (flags: number, base: number, ...scopes: readonly number[][]): number[] =>
    structure(0, bytes([flags, 1], [0, 1], [0, 2], [base, 8]), ...scopes);
  const rmrr = (start: number, end: number, ...scopes: readonly number[][]): number[] =>
    structure(1, bytes([0, 2], [0, 2], [start, 8], [end, 8]), ...scopes);
  const ports = (type: number, flags: number, ...scopes: readonly number[][]): number[] =>
    structure(type, bytes([flags, 1], [0, 1], [0, 2]), ...scopes);
  const dmar = (...structures: readonly number[][]): TableBytes =>
    madeTable('DMAR', 1, [...bytes([47, 1], [1, 1], [0, 8], [0, 2]), ...structures.flat()]);

  const instance = (id: string, address: string): string[] => [
    `/sys/class/iommu/${id}/intel-iommu/address\t${address}`,
    `/sys/class/iommu/${id}/intel-iommu/cap\t80d2008c222f0686`,
    `/sys/class/iommu/${id}/intel-iommu/ecap\tf00f4e`,
  ];
  /** A root port with a bridge and two functions below, an endpoint beside it; two units, all behind the second. */
  const machine = (regions: readonly string[] = [], served = 'dmar1'): Machine => ({
    instances: [...instance('dmar0', 'fed90000'), ...instance('dmar1', 'fed91000')],
    served,
    groups: [
      { devices: ['0000:00:01.0'] },
      {
        devices: ['0000:00:01.0/0000:06:00.0', '0000:00:01.0/0000:06:00.0/0000:07:02.0', '0000:00:01.0/0000:06:00.0/0000:07:03.0'],
        regions,
      },
      { devices: ['0000:00:14.0'] },
    ],
    classes: { '0000:06:00.0': '0x060400', '0000:00:01.0': '0x060400' },
  });
  const units = [unit(0, 0xfed90000, scope(3, 0xf0, [0x1f, 7])), unit(1, 0xfed91000, scope(3, 0xf0, [0x1f, 0]), scope(4, 0, [0, 0]))];
  const direct = '0x0000000070000000 0x000000007fffffff direct';

  it.each([
    // Bridges are the same at every boot, buses are not: the path decides, whatever bus it led to when firmware wrote it.
    ['an endpoint by its way', scope(1, 0, [1, 0], [0, 0], [3, 0]), [false, false, true]],
    ['what is below a bridge', scope(2, 0, [1, 0], [0, 0]), [true, true, true]],
    ['an endpoint by the bus it is on, as some firmware has it', scope(1, 7, [2, 0]), [false, true, false]],
  ])('an RMRR is for %s', (_, named, locked) => {
    const imported = load(machine([direct]), dmar(...units, rmrr(0x70000000, 0x7fffffff, named)));
    expect([notesOf(imported), Object.values(each(imported, 'rmrrLocked')).slice(1, 4)]).toEqual([[], locked]);
  });

  it('joins what touches, as the kernel does', () => {
    const parts = [rmrr(0x70000000, 0x70000fff, scope(1, 7, [2, 0])), rmrr(0x70001000, 0x7fffffff, scope(1, 7, [3, 0]))];
    const imported = load(machine([direct]), dmar(...units, ...parts));
    expect(notesOf(imported)).toEqual([]);
    expect(imported.topology.groups[1]!.devices.map(({ regions }) => regions?.map(({ start, end }) => [start, end]))).toEqual([
      [[0xfee00000, 0xfeefffff]],
      [
        [0x70000000, 0x70000fff],
        [0xfee00000, 0xfeefffff],
      ],
      [
        [0x70001000, 0x7fffffff],
        [0xfee00000, 0xfeefffff],
      ],
    ]);
  });

  it.each([
    ['lacks what sysfs has', [direct], [], 'sysfs is believed: 0x70000000-0x7fffffff direct; by the table none'],
    [
      'has what sysfs lacks',
      [],
      [rmrr(0x70000000, 0x7fffffff, scope(1, 7, [2, 0]))],
      'sysfs is believed: none; by the table 0x70000000-0x7fffffff direct',
    ],
  ])('that %s is told, and sysfs believed', (_, regions, ranges, words) => {
    const imported = load(machine(regions), dmar(...units, ...ranges));
    expect(notesOf(imported)).toEqual([`DMAR and sysfs differ on direct regions, ${words}`]);
    expect(Object.values(each(imported, 'requireDirect')).slice(1, 4)).toEqual(
      regions.length > 0 ? [true, true, true] : [false, false, false],
    );
  });

  it('that puts devices behind another unit is told', () => {
    expect(notesOf(load(machine([], 'dmar0'), dmar(...units)))).toEqual([
      'DMAR and sysfs differ on the instance of 0000:00:01.0 (dmar1, sysfs dmar0), 0000:06:00.0 (dmar1, sysfs dmar0), ' +
        '0000:07:02.0 (dmar1, sysfs dmar0), 0000:07:03.0 (dmar1, sysfs dmar0) and 1 more',
    ]);
    const ownUnit = [unit(0, 0xfed90000, scope(2, 0, [1, 0])), unit(1, 0xfed91000)];
    expect(notesOf(load(machine(), dmar(...ownUnit)))).toEqual([
      'DMAR and sysfs differ on the instance of 0000:00:01.0 (dmar0, sysfs dmar1), 0000:06:00.0 (dmar0, sysfs dmar1), ' +
        '0000:07:02.0 (dmar0, sysfs dmar1), 0000:07:03.0 (dmar0, sysfs dmar1)',
    ]);
  });

  it('of another machine is not used', () => {
    const imported = load(machine([direct]), dmar(unit(1, 0xc0000000), rmrr(0, 0xfff, scope(1, 0, [0x14, 0]))));
    expect(imported.tables).toEqual([]);
    expect(notesOf(imported)).toEqual(['acpi-DMAR.bin is not used: no instance of this machine is in it']);
  });

  const root = scope(2, 0, [1, 0]);
  const below = ['0000:06:00.0', '0000:07:02.0', '0000:07:03.0'];
  it.each([
    ['no ATSR', [], below],
    ['an ATSR of all ports', [ports(2, 1)], []],
    ['an ATSR with the root port', [ports(2, 0, root)], []],
    ['an ATSR with another port', [ports(2, 0, scope(2, 0, [9, 0]))], below],
    ['a SATC with one function', [ports(5, 0, scope(1, 7, [2, 0]))], ['0000:06:00.0', '0000:07:03.0']],
  ])('with %s leaves ATS open for others than it must', (_, more, off) => {
    const found = each(load(machine(), dmar(...units, ...more)), 'atsEnabled');
    expect(Object.keys(found).filter((name) => found[name] === false)).toEqual(off);
  });

  it('with what nobody here needs is read all the same', () => {
    const affinity = structure(3, bytes([0, 4], [0xfed90000, 8], [1, 4]));
    const namespace = structure(4, bytes([0, 3], [1, 1]), [...Buffer.from('\\_SB.I2C0\0')]);
    const broken = rmrr(0x1000, 0xfff, scope(1, 0, [0x14, 0]));
    expect(holdsOf(load(machine(), dmar(...units, affinity, namespace, broken, structure(9, [1, 2, 3]))))).toEqual([
      '48 bits of address, interrupt remapping',
      'dmar0 is DRHD 0xfed90000, segment 0: no function',
      'dmar1 is DRHD 0xfed91000, segment 0: all that no other unit names',
      'no ATSR: no ATS behind a root port',
    ]);
  });
});

describe('IVRS', () => {
  const entry = (type: number, device: number): number[] => bytes([type, 1], [device, 2], [0, 1]);
  const unit = (type: number, features: number, ...entries: readonly number[][]): number[] => {
    const more = type === 0x10 ? [] : bytes([features, 8], [0, 8]);
    const body = [...bytes([2, 2], [0x40, 2], [0xfeb80000, 8], [0, 2], [0, 2], [0, 4]), ...more, ...entries.flat()];
    return [...bytes([type, 1], [0, 1], [body.length + 4, 2]), ...body];
  };
  const memory = (type: number, flags: number, first: number, last: number, start: number, size: number): number[] =>
    bytes([type, 1], [flags, 1], [32, 2], [first, 2], [last, 2], [0, 8], [start, 8], [size, 8]);
  const ivrs = (info: number, ...blocks: readonly number[][]): TableBytes =>
    madeTable('IVRS', 2, [...bytes([info, 4], [0, 8]), ...blocks.flat()]);

  const machine = (...regions: readonly (readonly string[])[]): Machine => ({
    instances: [
      '/sys/class/iommu/ivhd0\t-> ../../devices/pci0000:00/0000:00:00.2/iommu/ivhd0',
      '/sys/class/iommu/ivhd0/amd-iommu/cap\t40b0f',
    ],
    served: 'ivhd0',
    groups: [
      { devices: ['0000:00:01.0/0000:03:00.0', '0000:00:01.0/0000:03:00.1'], ...(regions[0] && { regions: regions[0] }) },
      { devices: ['0000:00:14.0'], ...(regions[1] && { regions: regions[1] }) },
    ],
  });
  const all = [entry(3, 0x08), entry(4, 0xfffe)];
  const hid = [
    ...bytes([0xf0, 1], [0xa5, 2], [0x40, 1]),
    ...Buffer.from('AMDI0020'),
    ...bytes([0, 8], [2, 1], [9, 1]),
    ...Buffer.from('\\_SB.FUR0'),
  ];

  it('has unity and exclusion ranges for one function, a range, or all', () => {
    const ranges = [
      memory(0x21, 0x07, 0x300, 0, 0x90000000, 0x1800),
      memory(0x22, 0x09, 0x300, 0x301, 0xa0000000, 0x1000),
      memory(0x20, 0x01, 0, 0, 0xb0000000, 0x1000),
      memory(0x21, 0x06, 0xa0, 0, 0xc0000000, 0x1000),
    ];
    const common = '0x00000000b0000000 0x00000000b0000fff direct';
    const own = ['0x0000000090000000 0x0000000090001fff direct', '0x00000000a0000000 0x00000000a0000fff direct', common];
    const imported = load(machine(own, [common]), ivrs(0, unit(0x10, 0, ...all), ...ranges));
    expect(notesOf(imported)).toEqual([]);
    expect(imported.topology.groups[0]!.devices.map(({ regions }) => regions?.map(({ start }) => start))).toEqual([
      undefined,
      [0xa0000000, 0xb0000000, 0xfee00000],
    ]);
    expect(each(imported, 'requireDirect')).toEqual({ '0000:03:00.0': true, '0000:03:00.1': true, '0000:00:14.0': true });
    expect(holdsOf(imported).slice(1)).toEqual([
      'IVMD 0x90000000-0x90001fff: 0000:03:00.0',
      'IVMD 0xa0000000-0xa0000fff: 0000:03:00.0 to 0000:03:00.1',
      'IVMD 0xb0000000-0xb0000fff: every function',
    ]);
  });

  it('gives the feature word of the blocks that the kernel uses, where the table says it counts', () => {
    const blocks = [unit(0x10, 0, ...all), unit(0x11, 1, ...all), unit(0x40, 0x10000000000000 + 0x29d3, ...all, hid)];
    const imported = load(machine(), ivrs(1, ...blocks));
    expect(imported.topology.iommus[0]!.attributes).toEqual({ index: 0, hdSupport: true, lastRequesterId: 0xfffe });
    expect(imported.topology.system).toMatchObject({ amdGuestLevels: 4, amdMaxGlx: 0 });
    expect(holdsOf(imported)[0]).toBe('ivhd0 is IVHD type 0x40 0000:00:00.2, registers 0xfeb80000: 0000:00:01.0 to 0000:ff:1f.6');
    expect(load(machine(), ivrs(0, ...blocks)).topology.iommus[0]!.attributes).not.toHaveProperty('hdSupport');
  });
});

describe('IORT', () => {
  const node = (type: number, revision: number, mappings: readonly number[][], body: readonly number[]): number[] => {
    const length = 16 + body.length + mappings.flat().length;
    return [
      ...bytes([type, 1], [length, 2], [revision, 1], [0, 4], [mappings.length, 4], [16 + body.length, 4]),
      ...body,
      ...mappings.flat(),
    ];
  };
  const mapping = (input: number, count: number, output: number, at: number, flags = 0): number[] =>
    bytes([input, 4], [count, 4], [output, 4], [at, 4], [flags, 4]);
  const smmu = (base: number, flags: number): number[] =>
    node(4, 4, [], bytes([base, 8], [flags, 4], [0, 4], [0, 8], [0, 4], [1, 4], [1, 4], [1, 4], [1, 4], [0, 4], [0, 4]));
  const root = (ats: number, ...mappings: readonly number[][]): number[] => node(2, 3, mappings, bytes([0, 8], [ats, 4], [0, 4]));
  const memory = (flags: number, ranges: readonly (readonly [number, number])[], ...mappings: readonly number[][]): number[] => {
    const body = [
      ...bytes([flags, 4], [ranges.length, 4], [28, 4]),
      ...ranges.flatMap(([start, size]) => bytes([start, 8], [size, 8], [0, 4])),
    ];
    return node(6, 1, mappings, body);
  };
  const iort = (revision: number, ...nodes: readonly number[][]): TableBytes =>
    madeTable('IORT', revision, [...bytes([nodes.length, 4], [48, 4], [0, 4]), ...nodes.flat()]);

  const names = ['smmu3.0x0000000002b40000', 'smmu3.0x0000000002b50000'];
  const [first, second] = [48, 48 + 68];
  const machine = (served: string, regions: readonly string[] = []): Machine => ({
    instances: names.map((name) => `/sys/class/iommu/${name}\t-> ../../devices/platform/arm-smmu-v3.0.auto/iommu/${name}`),
    served,
    groups: [{ devices: ['0000:00:02.0/0000:01:00.0', '0000:00:02.0/0000:01:00.1'], regions }, { devices: ['0000:00:05.0'] }],
  });
  const smmus = [smmu(0x2b40000, 0b101), smmu(0x2b50000, 0)];

  it('follows ids to the SMMU that serves them', () => {
    const ranges = [mapping(0, 0xff, 0x1000, first), mapping(0x100, 0xff, 0x100, second)];
    const imported = load(machine(names[1]!), iort(6, ...smmus, root(1, ...ranges)));
    expect(holdsOf(imported)).toEqual([
      `${names[0]}: coherent, updates access and dirty flags`,
      `${names[1]}: not coherent`,
      'root complex of segment 0: ATS',
      'no RMR: nothing stays mapped',
    ]);
    expect(notesOf(imported)).toEqual([`IORT and sysfs differ on the instance of 0000:00:05.0 (${names[0]}, sysfs ${names[1]})`]);
    expect(imported.topology.iommus.map(({ attributes }) => attributes['coherency'])).toEqual([true, false]);
    expect(Object.values(each(imported, 'atsSupported'))).toEqual([undefined, undefined, undefined]);
  });

  it('has RMRs by stream id, from revision 5 on', () => {
    const kept = memory(0, [[0x90000000, 0x10000]], mapping(0, 0, 0x1100, first));
    const lent = memory(
      1,
      [
        [0x80000000, 0x1000],
        [0, 0],
      ],
      mapping(0, 1, 0x1100, first),
      mapping(0, 0xffff, 0, second),
    );
    const nodes = [...smmus, root(0, mapping(0, 0xffff, 0x1000, first)), kept, lent];
    const regions = ['0x0000000080000000 0x0000000080000fff direct-relaxable', '0x0000000090000000 0x000000009000ffff direct'];
    const imported = load(machine(names[0]!, regions), iort(5, ...nodes));
    expect(notesOf(imported)).toEqual([]);
    expect(each(imported, 'requireDirect')).toEqual({ '0000:01:00.0': true, '0000:01:00.1': false, '0000:00:05.0': false });
    expect(holdsOf(imported).slice(3)).toEqual(['RMR: 0x90000000-0x9000ffff', 'RMR, may be remapped: 0x80000000-0x80000fff']);
    expect(Object.values(each(imported, 'atsSupported'))).toEqual([false, false, false]);
    expect(notesOf(load(machine(names[0]!, regions), iort(4, ...nodes)))).toHaveLength(1);
  });

  it('with a ring of nodes serves nobody', () => {
    const ring = node(
      3,
      0,
      [mapping(0, 0xffff, 0, 48)],
      bytes([0x2b40000, 8], [0x1000, 8], [0, 4], [0, 4], [0, 4], [0, 4], [0, 4], [0, 4], [0, 4]),
    );
    const named = node(1, 0, [mapping(0, 0xffff, 0, 48)], bytes([0, 4], [0, 8], [0, 1]));
    const roots = root(0, mapping(0, 0xffff, 0, 48));
    const table = iort(6, named, ring, roots, smmu(0x2b40000, 0));
    expect(notesOf(load(machine(names[0]!), table))).toEqual([]);
  });
});
