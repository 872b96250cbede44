// The model's fail-nth sweeps on three SMMUv3 against a real 6.12 kernel's (recording 6.12custom-arm64-smmuv3x3-failnth_conc): VFIO_SET_IOMMU
// with one group, five threads at once, each for its own group. What was recorded for an n, and where a call ran out of allocations, is
// what the sweep gives; its sites are read in the sources.
import { describe, expect, it } from 'vitest';
import { injected } from '../../src/conform/causes.ts';
import type { ProgramCall } from '../../src/recordings/kernel/programCalls.ts';
import { readRecorded } from '../support/recorded.ts';
import { engineFor, nth, recorded, scenario, task, told } from '../support/runs.ts';
import { outcomeRow, rowsOf, sweepOf } from '../support/sweeps.ts';

const recording = '6.12custom-arm64-smmuv3x3-failnth_conc';
const machine = recorded(recording);
const engine = engineFor({ kernel: '6.12.y', caller: 'vfio-type1' });

/** One row an n: site, result, domains afterwards. */
const sweep = (group: string): readonly string[] => {
  const runWith = (n: number) =>
    told(engine, scenario(machine, [task('t0', `attach ${group}`)], { faults: [nth(0, n, 'VFIO_SET_IOMMU')] }));
  return sweepOf(runWith, outcomeRow(0)).rows;
};

const before = `
  vfio_iommu_type1_open:2544                             ENOMEM 0
  vfio_iommu_type1_attach_group:2170                     ENOMEM 0
  vfio_iommu_type1_attach_group:2189                     ENOMEM 0
  arm_smmu_domain_alloc:2328                             ENOMEM 0
  arm_lpae_alloc_pgtable:914                             ENOMEM 0`;
const prepare = `
  arm_smmu_attach_prepare:2736                           ENOMEM 0`;
const regions = `
  arm_smmu_get_resv_regions:3445                         OK 1
  iommu_insert_resv_region:778                           ENOMEM 0`;
const after = `
  vfio_iommu_iova_insert:1928_(vfio_iommu_aper_resize)   ENOMEM 0
  vfio_iommu_iova_insert:1928_(vfio_iommu_resv_exclude)  ENOMEM 0
  vfio_iommu_iova_insert:1928_(vfio_iommu_resv_exclude)  ENOMEM 0
  vfio_test_domain_fgsp:1830                             OK 1
  __arm_lpae_map:421                                     OK 1
  __arm_lpae_map:421                                     OK 1
  __arm_lpae_map:421                                     OK 1
  vfio_batch_init:483_(vfio_iommu_replay)                OK 1
  cookie_alloc_(iommu_get_msi_cookie:426)                ENOMEM 0`;
const stage1 = `
  arm_64_lpae_alloc_pgtable_s1:1026                      ENOMEM 0`;
const stage2 = `
  arm_64_lpae_alloc_pgtable_s2:1128                      ENOMEM 0`;

const one = (root: string): string => before + root + prepare + regions + after;
const two = before + stage1 + prepare + prepare + regions + regions + after;

describe('fail-nth sweeps of a real 6.12 kernel on SMMUv3', () => {
  it.each([
    ['6', '21 allocations: two devices', two, 21],
    ['7', '18 allocations', one(stage1), 18],
    ['8', '18 allocations', one(stage1), 18],
    ['9', '18 allocations', one(stage1), 18],
    ['10', '18 allocations: its SMMU translates in stage 2 only', one(stage2), 18],
  ])('group %s: %s', (group, _, rows, sites) => {
    expect(sweep(group)).toEqual(rowsOf(rows));
    expect(rowsOf(rows)).toHaveLength(sites);
  });

  /** What the kernel gave for each n that its thread came to; `-` where the call had fewer allocations. */
  const table = [
    ['6', '1 ENOMEM, 4 ENOMEM, 7 ENOMEM, 10 ENOMEM, 13 ENOMEM, 16 OK, 19 OK, 22 -'],
    ['7', '3 ENOMEM, 6 ENOMEM, 9 ENOMEM, 12 ENOMEM, 15 OK, 18 ENOMEM, 21 -, 24 -'],
    ['8', '2 ENOMEM, 5 ENOMEM, 8 OK, 11 ENOMEM, 14 OK, 17 OK, 20 -, 23 -'],
    ['9', '1 ENOMEM, 4 ENOMEM, 7 ENOMEM, 10 ENOMEM, 13 OK, 16 OK, 19 -, 22 -'],
    ['10', '3 ENOMEM, 6 ENOMEM, 9 ENOMEM, 12 ENOMEM, 15 OK, 18 ENOMEM, 21 -, 24 -'],
  ] as const;

  const calls = readRecorded(recording).then(({ facts }) => facts.calls!);
  const swept = async (group: string): Promise<ProgramCall[]> => {
    const all = await calls;
    const joined = all.filter(({ op }) => op === 'VFIO_GROUP_SET_CONTAINER');
    const containers = new Set(joined.filter((call) => call.group === group).map(({ container }) => container));
    return all.filter((call) => injected(call) !== null && containers.has(call.container));
  };
  const results = (found: readonly ProgramCall[]): [n: number, result: string][] =>
    found
      .map((call): [number, string] => [injected(call)!.nth, injected(call)!.hit ? (call.errno ?? 'OK') : '-'])
      .sort(([a], [b]) => a - b);

  it.each(table)('recorded, group %s: %s', async (group, row) => {
    const found = await swept(group);
    const given = new Map(results(found));
    expect([...given].map(([n, result]) => `${n} ${result}`).join(', ')).toBe(row);
    expect(found).toHaveLength(12);
    const rows = sweep(group);
    expect([...given].map(([n]) => [n, rows[n - 1]?.split(' ')[1] ?? '-'])).toEqual([...given]);
  });
});
