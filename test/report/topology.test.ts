// The text of a topology: exact for a small one, and within 75 columns for every recorded machine.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Topology } from '../../src/core/topology.ts';
import { topologyFromSnapshot } from '../../src/recordings/snapshot.ts';
import { type Declared, printTopology } from '../../src/report/topology.ts';

const small: Topology = {
  name: 'q35-like',
  source: 'by hand',
  kernel: '6.12.117',
  system: { isolatedMsi: true, allowUnsafeInterrupts: false },
  iommus: [{ id: 'dmar0', driver: 'intel', attributes: { agaw: 48, snoopControl: false, superpages: true } }],
  groups: [
    {
      id: '11',
      type: 'DMA',
      devices: [
        { id: '0000:04:00.0', iommu: 'dmar0', attributes: { isPci: true, pciClass: '0x060400', isBridge: true, boundDriver: null } },
        { id: '9040000.ethernet', iommu: null, attributes: { isPci: false, boundDriver: 'xgmac', isBridge: false, atsEnabled: true } },
      ],
      regions: [
        { start: 0xfee00000, end: 0xfeefffff, type: 'msi' },
        { start: 0x30000000, end: 0x3000ffff, type: 'direct' },
      ],
    },
    { id: '12', type: 'identity', devices: [], regions: [] },
  ],
};

const intel: Declared = {
  name: 'intel',
  attributes: {
    iommu: {
      agaw: { default: 39, words: '' },
      scalableMode: { default: false, words: '', alternatives: [true] },
      fl5lp: { default: 48, words: '', alternatives: [57, false] },
      contextPages: { default: null, words: '' },
    },
    device: { atsEnabled: { default: false, words: '' }, isPci: { default: true, words: '' } },
    system: { contiguousMemory: { default: true, words: '' } },
  },
};

const machine = [
  'q35-like: 1 VT-d instance dmar0, 2 groups, 2 devices, linux 6.12.117',
  '  from by hand',
  '  system: isolatedMsi, no allowUnsafeInterrupts',
];
const legend = ['  devices in group order; their attributes that are known to be false are', '    left out'];
const groups = [
  'group 11: DMA, 2 devices',
  '  reserved: 0xfee00000-0xfeefffff msi, 0x30000000-0x3000ffff direct',
  '  0000:04:00.0  dmar0, class 0x060400, no driver bound, isBridge',
  '  9040000.ethernet  no instance, not PCI, driver xgmac, atsEnabled',
  '',
  'group 12: identity, 0 devices',
  '',
];

describe('printTopology', () => {
  it('prints what is known', () => {
    const instance = ['instance dmar0: intel, 1 device', '  known: agaw 48, no snoopControl, superpages'];
    expect(printTopology(small).split('\n')).toEqual([...machine, ...legend, '', ...instance, '', ...groups]);
  });

  it('prints what a run would assume, for the drivers that the machine needs', () => {
    const other: Declared = { name: 'amd', attributes: { system: { amdPgtableMode: { default: 'v1', words: '' } } } };
    const assumed = ['  unknown, assumed: contiguousMemory'];
    const instance = [
      'instance dmar0: intel, 1 device',
      '  known: agaw 48, no snoopControl, superpages',
      '  unknown, assumed: no scalableMode (or yes), fl5lp 48 (or 57, no)',
      '  unknown of its devices, assumed: no atsEnabled',
    ];
    expect(printTopology(small, [other, intel]).split('\n')).toEqual([...machine, ...assumed, ...legend, '', ...instance, '', ...groups]);
  });

  it('says when free ids were counted', () => {
    const [iommu] = small.iommus;
    const text = printTopology({
      ...small,
      iommus: [{ ...iommu!, attributes: { domainIds: 256, domainIdsFree: 254, domainIdsUsed: 14 } }],
    });
    expect(text).toContain('\n  known: domainIds 256,\n    domainIdsFree 254 (before the default domains attach), domainIdsUsed 14\n');
  });

  it('says so when there is no IOMMU and no known kernel', () => {
    const bare: Topology = { name: 'bare', source: 'by hand', system: {}, iommus: [], groups: [] };
    expect(printTopology(bare)).toBe('bare: no IOMMU instance, 0 groups, 0 devices, kernel unknown\n  from by hand\n');
  });

  it('breaks long lines, and words longer than a line', () => {
    const lines = printTopology({ ...small, name: 'x'.repeat(100), source: 'word '.repeat(30).trim() }).split('\n');
    expect(lines.slice(0, 4)).toEqual([
      'x'.repeat(73),
      `  ${'x'.repeat(27)}: 1 VT-d instance dmar0, 2 groups, 2 devices,`,
      '  linux 6.12.117',
      `  from${' word'.repeat(13)}`,
    ]);
  });

  const folder = new URL('../recordings/topologies/', import.meta.url);
  it.each(readdirSync(folder).filter((file) => file.endsWith('.txt')))('keeps to 75 columns: %s', (file) => {
    const name = file.replace(/\.txt$/, '');
    const { topology } = topologyFromSnapshot(readFileSync(new URL(file, folder), 'utf8'), {}, name);
    const text = printTopology(topology, [intel]);
    expect(text.split('\n').filter((line) => line.length > 75)).toEqual([]);
    const devices = topology.groups.flatMap((group) => group.devices);
    expect(devices.filter(({ id }) => !text.includes(`\n  ${id}  `))).toEqual([]);
  });
});
