// Topologies as files: read back as they were printed, and the shipped ones against the snapshots that they come from.
import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Topology } from '../../src/core/topology.ts';
import { topologyFromSnapshot } from '../../src/recordings/snapshot.ts';
import { parseText } from '../../src/scenario/document.ts';
import { loadTopology } from '../../src/scenario/load.ts';
import { topologyKind } from '../../src/scenario/source.ts';
import { topologyOf } from '../../src/scenario/topologies.ts';
import { printTopologyYaml } from '../../src/scenario/topologyYaml.ts';
import { topology } from './arbitrary.ts';

const seed = Number(process.env.SEED ?? 3);
const parse = (text: string): Topology =>
  topologyOf(parseText(text, 'machine.yaml', topologyKind), { name: 'machine', source: 'machine.yaml' });

describe('a topology', () => {
  it('is printed so that people can change it', () => {
    const printed = printTopologyYaml(
      {
        name: 'one',
        source: 'by hand',
        kernel: '6.12.117',
        system: { isolatedMsi: true },
        iommus: [{ id: 'dmar0', driver: 'intel', attributes: {} }],
        groups: [
          {
            id: '5',
            type: 'DMA-FQ',
            devices: [
              { id: '0000:00:10.0', iommu: 'dmar0', attributes: { bus: '00' } },
              { id: 'x', iommu: null, attributes: {}, regions: [] },
            ],
            regions: [{ start: 0xfee00000, end: 0xfeefffff, type: 'msi' }],
          },
        ],
      },
      'From somewhere.',
    );
    expect(printed).toBe(`# From somewhere.

name: one
source: by hand
kernel: 6.12.117
system: {isolatedMsi: true}
iommus:
  - {id: dmar0, driver: intel}
groups:
  - id: 5
    type: DMA-FQ
    devices:
      - id: 0000:00:10.0
        iommu: dmar0
        attributes: {bus: "00"}
      - {id: x, iommu: null, regions: []}
    regions:
      - {start: 0xfee00000, end: 0xfeefffff, type: msi}
`);
  });

  it(`is read back from its print (seed ${seed})`, () => {
    fc.assert(
      fc.property(topology, (given) => {
        expect(parse(printTopologyYaml(given))).toEqual(given);
      }),
      { seed, numRuns: 300 },
    );
  });

  it.each([
    ['groups: [{id: 1, devices: [a]}]', null],
    ['iommus: [{id: x, driver: d}]\ngroups: [{id: 1, devices: [a]}]', 'x'],
    ['iommus: [{id: x, driver: d}]\ngroups: [{id: 1, devices: [{id: a, iommu: null}]}]', null],
    ['iommus: [{id: x, driver: d}, {id: y, driver: d}]\ngroups: [{id: 1, devices: [{id: a, iommu: y}]}]', 'y'],
  ])('%j has its device on %s', (text, iommu) => {
    expect(parse(text)).toMatchObject({
      name: 'machine',
      source: 'machine.yaml',
      groups: [{ type: 'DMA', devices: [{ id: 'a', iommu }] }],
    });
  });
});

const shipped = [
  ['q35-intel', '6.12custom-x86_64-intel-failnth', 1, 12, 16],
  ['virt-smmuv3x3', '6.12-arm64-smmuv3x3-basic', 3, 12, 13],
  ['q35-virtio', '6.12-x86_64-virtio-basic', 1, 11, 12],
  ['q35-intel-rmrr', '6.1-x86_64-intel_rmrr-basic', 1, 12, 16],
] as const;

describe('the shipped topologies', () => {
  it.each(shipped)('%s is what the snapshot of %s says, with fewer attributes', (name, recording) => {
    const given = loadTopology(`scenarios/topologies/${name}.yaml`);
    const snapshot = topologyFromSnapshot(readFileSync(`test/recordings/topologies/${recording}.txt`, 'utf8'), {}, name).topology;
    expect(snapshot).toMatchObject(JSON.parse(JSON.stringify({ ...given, source: name })));
    expect(given.source).toBe(`recording ${recording}`);
    expect(given.iommus.length).toBe(snapshot.iommus.length);
  });

  it.each(shipped)('%s (%s) has %d instances, %d groups, %d devices', (name, _recording, iommus, groups, devices) => {
    const given = loadTopology(`scenarios/topologies/${name}.yaml`);
    expect([given.iommus.length, given.groups.length, given.groups.flatMap((group) => group.devices).length]).toEqual([
      iommus,
      groups,
      devices,
    ]);
  });

  it.each(shipped)('%s prints as the file says', (name) => {
    const file = `scenarios/topologies/${name}.yaml`;
    const text = readFileSync(file, 'utf8');
    expect(printTopologyYaml(loadTopology(file), text.split('\n')[0]!.slice(2))).toBe(text);
  });
});
