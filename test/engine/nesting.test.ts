// VFIO_SET_IOMMU with the nesting type: the driver's hook answers for the fresh domain, on two recorded machines and in both kernels.
// The recordings' `errors` phases show EPERM (6.12, SMMUv3), success (6.1, SMMUv3) and EINVAL (Intel).
import { describe, expect, it } from 'vitest';
import type { Request } from '../../src/core/scenario.ts';
import { engineFor, eventsOf, recorded, scenario, task, told } from '../support/runs.ts';

const smmuv3 = recorded('6.12-arm64-smmuv3x3-basic');
const intel = recorded('6.12custom-x86_64-intel-failnth');

const nested = (topology: typeof intel, kernel: string, group: string) => {
  const requests: Request[] = [
    { verb: 'set-container', target: group },
    { verb: 'set-iommu', target: null, options: { nesting: true } },
  ];
  const tasks = [{ ...task('t0', 'close'), requests }];
  return told(engineFor({ kernel, caller: 'vfio-type1' }), scenario(topology, tasks, { kernel }));
};

describe('the nesting type', () => {
  it.each([
    ['arm-smmu-v3', '6.1.y', 'OK', smmuv3, '6'],
    ['arm-smmu-v3', '6.12.y', 'EPERM', smmuv3, '6'],
    ['intel', '6.1.y', 'EINVAL', intel, '5'],
    ['intel', '6.12.y', 'EINVAL', intel, '5'],
  ])('%s, %s: %s', (_, kernel, expected, topology, group) => {
    const { results, world } = nested(topology, kernel, group);
    expect(results).toEqual(['OK', expected]);
    expect(world.containers['c0']!.records).toHaveLength(expected === 'OK' ? 1 : 0);
  });

  it('a refusal says which check, and the fresh domain goes', () => {
    const { events, world } = nested(smmuv3, '6.12.y', '6');
    const refusals = eventsOf(events, 'CheckRefused').map(({ row, errno, class: meaning, values }) => [row, errno, meaning, values]);
    expect(refusals).toEqual([['type1-nesting', 'EPERM', 'device', { 'user.nesting': true }]]);
    expect(Object.values(world.domains).filter(({ type }) => type === 'unmanaged')).toEqual([]);
  });

  it.each([
    ['an SMMU with both stages takes stage 2 and one of its virtual-machine ids', true, 'S2', 1],
    ['an SMMU without stage 2 stays with stage 1', false, 'S1', 0],
  ])('6.1: %s', (_, stage2, stage, ids) => {
    const iommus = smmuv3.iommus.map((iommu) => ({ ...iommu, attributes: { ...iommu.attributes, stage1: true, stage2 } }));
    const { world, results } = nested({ ...smmuv3, iommus }, '6.1.y', '6');
    expect(results).toEqual(['OK', 'OK']);
    const domain = world.domains[world.containers['c0']!.records[0]!.domain]!;
    expect(domain.attributes['stage']).toBe(stage);
    const instance = world.iommus[domain.attributes['iommu'] as string]!;
    expect(2 ** 16 - 1 - Number(instance.attributes['vmidsFree'])).toBe(ids);
  });
});
