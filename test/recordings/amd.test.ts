// AMD's feature words, from sysfs and from the kernel's log, on a snapshot made by hand: the values of a QEMU guest and made ones.
import { describe, expect, it } from 'vitest';
import { type Beside, topologyFromSnapshot } from '../../src/recordings/snapshot.ts';

const folder = '/sys/class/iommu/ivhd0';
const load = (features: string, beside: Beside) =>
  topologyFromSnapshot(
    [`${folder}/amd-iommu/cap\t1f03000f`, ...(features === '' ? [] : [`${folder}/amd-iommu/features\t${features}`])],
    beside,
    'made',
  ).topology;

const uname = (release: string): string => `Linux host ${release} #1 SMP x86_64 GNU/Linux`;
const guest = { amdGuestLevels: 4, amdMaxGlx: 0 };

describe('words of features', () => {
  it.each([
    ['6.12: the first word stands first', '29d3:0', { uname: uname('6.12.117') }, guest, { hdSupport: false }],
    ['6.1: the first word stands last', '0:29d3', { uname: uname('6.1.192') }, guest, { hdSupport: false }],
    ['an order that nobody read', '29d3:0', { uname: uname('6.6.1') }, {}, {}],
    ['no release', '29d3:0', {}, {}, {}],
    ['the log, of any release', '', { dmesg: 'AMD-Vi: Extended features (0x29d3, 0x0): PreF PPR GT' }, guest, { hdSupport: false }],
    ['no number', 'x:y', { uname: uname('6.12.117') }, {}, {}],
    ['one word', '29d3', { uname: uname('6.12.117') }, {}, {}],
    [
      'two levels of guest CR3 tables; of guest tables four or five, as the processor has',
      '9000:0',
      { uname: uname('6.12.117') },
      { amdMaxGlx: 2 },
      { hdSupport: false },
    ],
    ['dirty bits', '10000000000000:0', { uname: uname('6.12.117') }, guest, { hdSupport: true }],
  ])('%s', (_, features, beside, system, instance) => {
    const topology = load(features, beside);
    expect(topology.system).toEqual({ ...system, ...('uname' in beside ? { architecture: 'x86_64', pageSize: 4096 } : {}) });
    expect(topology.iommus).toEqual([{ id: 'ivhd0', driver: 'amd', attributes: { index: 0, ...instance } }]);
  });
});

describe('page-table mode', () => {
  const both = `${(2n ** 48n + 16n).toString(16)}:0`;
  it.each([
    ['quiet', both, 'v1'],
    ['amd_iommu=pgtbl_v2', both, 'v2'],
    ['amd_iommu=pgtbl_v2', '10:0', 'v1'],
    ['amd_iommu=pgtbl_v2', '', undefined],
    ['amd_iommu=pgtbl_v2,pgtbl_v1', both, 'v1'],
    ['amd_iommu=pgtbl_v1 amd_iommu=force_isolation,pgtbl_v2', both, 'v2'],
  ])('%s with %s', (cmdline, features, mode) => {
    expect(load(features, { cmdline, uname: uname('6.12.117') }).system?.['amdPgtableMode']).toBe(mode);
  });
});
