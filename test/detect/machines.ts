// Machines that tests audit: recorded ones, and small ones by hand for what no recording has.
import type { Topology } from '../../src/core/topology.ts';
import { recorded } from '../support/runs.ts';

/** One VT-d instance in legacy mode; group 5 has one device, group 11 three. */
export const intel = recorded('6.12custom-x86_64-intel-failnth');
/** Three SMMUv3 instances: groups 7 and 8 on one, 6 and 9 on another, 10 and 11 on the third. */
export const smmuv3 = recorded('6.12-arm64-smmuv3x3-basic');

const device = (id: string, iommu: string) => ({ id, iommu, attributes: { isolatedMsi: true } });

const machine = (driver: string, iommus: Topology['iommus']): Topology => ({
  name: driver,
  source: 'by hand',
  system: {},
  iommus,
  groups: [
    { id: '1', type: 'DMA', devices: [device('first', iommus[0]!.id)], regions: [] },
    { id: '2', type: 'DMA', devices: [device('second', iommus[1]!.id)], regions: [] },
  ],
});

/** Two Unisoc IOMMUs, each with its one client. */
export const sprd = machine('sprd', [
  { id: 'iommu0', driver: 'sprd', attributes: {} },
  { id: 'iommu1', driver: 'sprd', attributes: {} },
]);

/** Two VT-d instances, of which only the first can enforce coherency. */
export const mixedCoherency = machine('mixed', [
  { id: 'dmar0', driver: 'intel', attributes: { snoopControl: true } },
  { id: 'dmar1', driver: 'intel', attributes: { snoopControl: false, index: 1 } },
]);
