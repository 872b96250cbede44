// The probe: what would refuse a group on a domain now, without failures and without touching the world that is asked about.
import { describe, expect, it } from 'vitest';
import { stateAt } from '../../src/engine/replay.ts';
import { audited } from '../detect/audited.ts';
import { intel, mixedCoherency, smmuv3, sprd } from '../detect/machines.ts';

describe('refusal', () => {
  const type1 = { kernel: '6.12.y', caller: 'vfio-type1' };

  it.each([
    ['a domain of the same instance', { ...type1, topology: intel, script: 'attach 5; bind-driver 6; attach 11' }, '11', 'c0.d0', null],
    ['a domain that the group is on already', { ...type1, topology: intel, script: 'attach 5' }, '5', 'c0.d0', null],
    [
      'a domain of another SMMUv3',
      { ...type1, topology: smmuv3, script: 'attach 6; attach 7' },
      '7',
      'c0.d0',
      { row: 'arm-smmu-v3-foreign-smmu', errno: 'EINVAL' },
    ],
    [
      'the same under 6.1',
      { kernel: '6.1.y', caller: 'vfio-type1', topology: smmuv3, script: 'attach 6; attach 7' },
      '7',
      'c0.d0',
      { row: 'arm-smmu-v3-foreign-smmu', errno: 'ENXIO' },
    ],
    [
      'the other way round',
      { ...type1, topology: smmuv3, script: 'attach 6; attach 7' },
      '6',
      'c0.d1',
      { row: 'arm-smmu-v3-foreign-smmu', errno: 'EINVAL' },
    ],
    [
      'a domain that enforces what the other instance cannot',
      { ...type1, topology: mixedCoherency, script: 'attach 1; attach 2' },
      '2',
      'c0.d0',
      { row: 'intel-force-snooping-unsupported', errno: 'EINVAL' },
    ],
    ['a domain of another Unisoc IOMMU: nothing looks', { ...type1, topology: sprd, script: 'attach 1; attach 2' }, '2', 'c0.d0', null],
  ])('of %s', (_, given, group, domain, expected) => {
    const { world, probe } = audited(given);
    expect(probe.refusal(world, group, domain)).toEqual(expected);
  });

  it('of a domain that needs an id where none is left', () => {
    const { world, probe } = audited({ ...type1, topology: mixedCoherency, script: 'attach 2; set-container 1 in c1' });
    expect(probe.refusal(world, '1', 'c0.d0')).toBe(null);
    const full = structuredClone(world);
    full.iommus.dmar0!.attributes.domainIdsFree = 0;
    expect(probe.refusal(full, '1', 'c0.d0')).toEqual({ row: 'intel-domain-ids-exhausted', errno: 'ENOSPC' });
  });

  it('leaves the world as it was', () => {
    const { world, probe, events } = audited({ ...type1, topology: smmuv3, script: 'attach 6; map 4K; attach 7' });
    probe.refusal(world, '7', 'c0.d0');
    probe.refusal(world, '6', 'c0.d0');
    expect(world).toEqual(stateAt(events, events.length));
  });
});

describe('citation and words', () => {
  const { probe } = audited({ kernel: '6.12.y', caller: 'vfio-type1', topology: intel, script: 'attach 5' });
  const older = audited({ kernel: '6.1.y', caller: 'vfio-type1', topology: intel, script: 'attach 5' }).probe;

  it.each([
    ['a row of a driver, in its file', probe, 'intel-instance-record-alloc', /^drivers\/iommu\/intel\/iommu\.c: domain_attach_iommu:1506/],
    ['the same in the other tree', older, 'intel-instance-record-alloc', /^drivers\/iommu\/intel\/iommu\.c: domain_attach_iommu:1835/],
    ['a row that names its file', probe, 'intel-cache-tag-alloc', /cache\.c: cache_tag_assign:52/],
    ['a row of the core', probe, 'core-owner-gate', /^iommu\.c: __iommu_attach_group:2189-2191$/],
    ['a row of the caller', probe, 'type1-duplicate-group', /^vfio_iommu_type1\.c: vfio_iommu_type1_attach_group:2165-2167$/],
    ['a row that this tree does not have', older, 'core-owner-gate', /^core-owner-gate$/],
    ['a row that nobody has', probe, 'no-such-row', /^no-such-row$/],
  ])('of %s', (_, asked, row, expected) => {
    expect(asked.citation(row)).toMatch(expected);
  });

  it('says what a row says', () => {
    expect([probe.words!('core-attach-group-busy'), probe.words!('no-such-row')]).toEqual([
      'the group is on a domain that is neither its default nor its blocking one',
      'no-such-row',
    ]);
  });
});
