// Each snapshot of a real machine, imported: exact groups, devices in the kernel's order, instances, attributes, notes.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { TopologyDevice } from '../../src/core/topology.ts';
import type { Attributes } from '../../src/core/world.ts';
import { type Imported, topologyFromSnapshot } from '../../src/recordings/snapshot.ts';

const load = (recording: string): Imported =>
  topologyFromSnapshot(readFileSync(new URL(`topologies/${recording}.txt`, import.meta.url), 'utf8'), {}, recording);

/** `id type | device ... | regions`, so that a table below shows a machine at a glance. */
const lines = ({ topology }: Imported): string[] =>
  topology.groups.map(({ id, type, devices, regions }) => {
    const members = devices.map((device) => `${device.id} ${marks(device)}`.trim()).join(', ');
    return `${id} ${type} | ${members} | ${regions.map((region) => `${region.start}-${region.end} ${region.type}`).join(', ')}`;
  });

const marks = ({ iommu, attributes }: TopologyDevice): string => {
  const { isBridge, boundDriver, requireDirect, rmrrLocked } = attributes;
  const flags = Object.entries({ isBridge, requireDirect, rmrrLocked }).filter(([, set]) => set === true);
  return [iommu, boundDriver ?? '-', ...flags.map(([name]) => name)].join(' ');
};

const x86Msi = '4276092928-4277141503 msi';
const isa = '0-16777215 direct-relaxable';

/** The q35 machine of the Intel recordings: `type` of its groups, further regions of group 6 and marks of its device. */
const q35 = (type: string, region6 = '', marks6 = ''): string[] => [
  `0 ${type} | 0000:00:00.0 dmar0 - | ${x86Msi}`,
  ...[1, 2, 3, 4].map((port) => `${port} ${type} | 0000:00:0${port}.0 dmar0 pcieport isBridge | ${x86Msi}`),
  `5 ${type} | 0000:00:10.0 dmar0 vfio-pci | ${x86Msi}`,
  `6 ${type} | 0000:00:11.0 dmar0 vfio-pci${marks6} | ${region6}${x86Msi}`,
  `7 ${type} | 0000:00:1f.0 dmar0 -, 0000:00:1f.2 dmar0 -, 0000:00:1f.3 dmar0 - | ${isa}, ${x86Msi}`,
  `8 ${type} | 0000:01:00.0 dmar0 vfio-pci | ${x86Msi}`,
  `9 ${type} | 0000:02:00.0 dmar0 vfio-pci | ${x86Msi}`,
  `10 ${type} | 0000:03:00.0 dmar0 vfio-pci | ${x86Msi}`,
  `11 ${type} | 0000:04:00.0 dmar0 - isBridge, 0000:05:01.0 dmar0 vfio-pci, 0000:05:02.0 dmar0 vfio-pci | ${x86Msi}`,
];

const smmus = ['smmu3.0x000000000c000000', 'smmu3.0x000000000c020000', 'smmu3.0x000000000c040000'] as const;
const its = '134217728-135266303 msi';

/** Group 6: the function that was probed first stands first, not the one with the lower address. */
const virt = [
  `0 DMA | 0000:80:00.0 ${smmus[2]} pcieport isBridge | ${its}`,
  `1 DMA | 0000:80:01.0 ${smmus[2]} pcieport isBridge | ${its}`,
  `2 DMA | 0000:40:00.0 ${smmus[1]} pcieport isBridge | ${its}`,
  `3 DMA | 0000:40:01.0 ${smmus[1]} pcieport isBridge | ${its}`,
  `4 DMA | 0000:00:03.0 ${smmus[0]} pcieport isBridge | ${its}`,
  `5 DMA | 0000:00:04.0 ${smmus[0]} pcieport isBridge | ${its}`,
  `6 DMA | 0000:42:00.1 ${smmus[1]} vfio-pci, 0000:42:00.0 ${smmus[1]} vfio-pci | ${its}`,
  `7 DMA | 0000:01:00.0 ${smmus[0]} vfio-pci | ${its}`,
  `8 DMA | 0000:02:00.0 ${smmus[0]} vfio-pci | ${its}`,
  `9 DMA | 0000:41:00.0 ${smmus[1]} vfio-pci | ${its}`,
  `10 DMA | 0000:81:00.0 ${smmus[2]} vfio-pci | ${its}`,
  `11 DMA | 0000:82:00.0 ${smmus[2]} vfio-pci | ${its}`,
];

const viommu = '0000:00:03.0';
const virtio = [
  `0 DMA-FQ | 0000:00:01.0 ${viommu} pcieport isBridge | ${x86Msi}`,
  `1 DMA-FQ | 0000:00:02.0 ${viommu} pcieport isBridge | ${x86Msi}`,
  `2 DMA-FQ | 0000:00:04.0 ${viommu} pcieport isBridge | ${x86Msi}`,
  `3 DMA-FQ | 0000:00:05.0 ${viommu} pcieport isBridge | ${x86Msi}`,
  `4 DMA-FQ | 0000:04:00.1 ${viommu} vfio-pci, 0000:04:00.0 ${viommu} vfio-pci | ${x86Msi}`,
  `5 DMA-FQ | 0000:00:00.0 ${viommu} - | ${x86Msi}`,
  `6 DMA-FQ | 0000:00:10.0 ${viommu} vfio-pci | ${x86Msi}`,
  `7 DMA-FQ | 0000:00:11.0 ${viommu} vfio-pci | ${x86Msi}`,
  `8 DMA-FQ | 0000:01:00.0 ${viommu} vfio-pci | ${x86Msi}`,
  `9 DMA-FQ | 0000:02:00.0 ${viommu} vfio-pci | ${x86Msi}`,
  `10 DMA-FQ | 0000:03:00.0 ${viommu} vfio-pci | ${x86Msi}`,
];

const withoutGroup = (count: number, names: string) => [{ line: 0, note: `left out, in no group: ${count} devices (${names})`, text: '' }];
const armUngrouped = withoutGroup(3, '0000:00:00.0, 0000:00:01.0, 0000:00:02.0');
const virtioUngrouped = withoutGroup(4, '0000:00:03.0, 0000:00:1f.0, 0000:00:1f.2, 0000:00:1f.3');

describe('groups of a recorded machine', () => {
  const rmrr = q35('DMA', '805306368-805371903 direct, ', ' requireDirect rmrrLocked');
  it.each([
    ['6.12custom-x86_64-intel-failnth', q35('DMA'), []],
    ['6.1-x86_64-intel-basic', q35('DMA'), []],
    ['6.1-x86_64-intel_rmrr-basic', rmrr, []],
    ['6.1-x86_64-intel_noir-basic', q35('DMA-FQ'), []],
    ['6.12-x86_64-intel_sc-basic', q35('DMA-FQ'), []],
    ['6.12-arm64-smmuv3x3-basic', virt, armUngrouped],
    ['6.12custom-arm64-smmuv3x3-failnth_conc', virt, armUngrouped],
    ['6.12-x86_64-virtio-basic', virtio, virtioUngrouped],
  ])('%s', (recording, groups, notes) => {
    const imported = load(recording);
    expect(lines(imported)).toEqual(groups);
    expect(imported.notes).toEqual(notes);
  });
});

/** What all Intel recordings share; the arguments differ. */
const vtd = (snoopControl: boolean, interruptRemapping: boolean): Attributes => ({
  index: 0,
  agaw: 48,
  mgaw: 48,
  domainIds: 65536,
  domainIdsFree: 65534,
  domainIdsUsed: 14,
  scalableMode: false,
  snoopControl,
  flts: false,
  slts: false,
  fl5lp: false,
  ssads: false,
  nest: false,
  srs: false,
  eafs: false,
  superpages: true,
  passThrough: true,
  deviceTlb: false,
  interruptRemapping,
});

const smmu = (index: number, stage: 1 | 2): Attributes => ({
  index,
  ias: 44,
  oas: 44,
  twoLevelContextTables: false,
  ats: false,
  coherency: true,
  stage1: stage === 1,
  stage2: stage === 2,
  stalls: false,
  stallForce: false,
  nesting: false,
});

const dmar0 = (attributes: Attributes) => [{ id: 'dmar0', driver: 'intel', attributes }];
const threeSmmus = smmus.map((id, index) => ({ id, driver: 'arm-smmu-v3', attributes: smmu(index, index === 2 ? 2 : 1) }));
const viommus = [{ id: viommu, driver: 'virtio-iommu', attributes: { index: 0, inputEnd: 549755813887, pgsize: 4096 } }];

describe('instances and system of a recorded machine', () => {
  const type1 = { allowUnsafeInterrupts: false, disableHugepages: false, dmaEntryLimit: 65535 };
  const x86 = { architecture: 'x86_64', pageSize: 4096, ...type1 };
  const arm = { architecture: 'aarch64', ...type1, isolatedMsi: true };
  it.each([
    ['6.12custom-x86_64-intel-failnth', '6.12.117', dmar0(vtd(false, true)), { ...x86, isolatedMsi: true }],
    ['6.1-x86_64-intel-basic', '6.1.192', dmar0(vtd(false, true)), { ...x86, isolatedMsi: true }],
    ['6.1-x86_64-intel_rmrr-basic', '6.1.192', dmar0(vtd(false, true)), { ...x86, isolatedMsi: true }],
    ['6.1-x86_64-intel_noir-basic', '6.1.192', dmar0(vtd(false, false)), { ...x86, isolatedMsi: false }],
    ['6.12-x86_64-intel_sc-basic', '6.12.117', dmar0(vtd(true, true)), { ...x86, isolatedMsi: true }],
    ['6.12-arm64-smmuv3x3-basic', '6.12.117', threeSmmus, arm],
    ['6.12custom-arm64-smmuv3x3-failnth_conc', '6.12.117', threeSmmus, arm],
    ['6.12-x86_64-virtio-basic', '6.12.117', viommus, { ...x86, isolatedMsi: false }],
  ])('%s', (recording, kernel, iommus, system) => {
    const { topology } = load(recording);
    expect(topology).toMatchObject({ name: recording, source: recording, kernel });
    expect(topology.iommus).toEqual(iommus);
    expect(topology.system).toEqual(system);
  });

  it('knows of devices behind an SMMU what the SMMU cannot do', () => {
    const { topology } = load('6.12-arm64-smmuv3x3-basic');
    const known = { isPci: true, pciClass: '0x0c0330', isBridge: false, boundDriver: 'vfio-pci' };
    expect(topology.groups[10]?.devices[0]?.attributes).toEqual({
      ...known,
      requireDirect: false,
      atsSupported: false,
      stallEnabled: false,
    });
  });

  it('keeps every attribute of a device that the snapshot tells', () => {
    const { topology } = load('6.1-x86_64-intel_rmrr-basic');
    const known = {
      isPci: true,
      pciClass: '0x00ff00',
      isBridge: false,
      boundDriver: 'vfio-pci',
      atsEnabled: false,
      dmaThroughOther: false,
    };
    expect(topology.groups[6]?.devices[0]?.attributes).toEqual({ ...known, bus: '00', requireDirect: true, rmrrLocked: true });
    expect(topology.groups[11]?.devices[1]?.attributes).toEqual({ ...known, bus: '05', requireDirect: false, rmrrLocked: false });
  });
});
