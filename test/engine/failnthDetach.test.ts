// The model's fail-nth sweeps of VFIO_GROUP_UNSET_CONTAINER against a real 6.12.117 kernel's (the guests of failnthOther.test.ts): every
// failure is tolerated, so what a table shows is the order of the sites, as the stacks of the failed allocations gave it.
import { describe, expect, it } from 'vitest';
import { engineFor, nth, recorded, scenario, task, told } from '../support/runs.ts';
import { repeated, siteOf, sweepOf } from '../support/sweeps.ts';

const machine = (name: string) => {
  const found = recorded(`6.12custom-x86_64-${name}-failnth`);
  // The guests had it on; the snapshots are from before.
  return { ...found, system: { ...found.system, allowUnsafeInterrupts: true } };
};

interface Sweep {
  readonly title: string;
  readonly machine: string;
  readonly script: string;
  readonly sites: string;
}

const copies = (entries: number): string => `${entries}*vfio_iommu_iova_insert:1928_(vfio_iommu_iova_get_copy)`;
const rebuilt = 'vfio_iommu_iova_insert:1928_(vfio_iommu_aper_resize)';
const request = '__viommu_add_req:233 alloc_indirect_split:506';

const sweeps: readonly Sweep[] = [
  {
    title: 'amd: the only group leaves',
    machine: 'amd',
    script: 'attach 5; map 4K; unset-container 5',
    sites: `${copies(3)} unmap_unpin_fast:978 ${rebuilt} pdom_attach_iommu:2273`,
  },
  {
    title: 'intel, 39 bits: the only group leaves',
    machine: 'intel_39',
    script: 'attach 5; map 4K; unset-container 5',
    sites: `${copies(2)} unmap_unpin_fast:978 ${rebuilt} domain_attach_iommu:1506 cache_tag_assign:52`,
  },
  {
    title: 'intel, 39 bits: one of two groups leaves',
    machine: 'intel_39',
    script: 'attach 5; map 4K; attach 11; unset-container 11',
    sites: `
      ${copies(2)} intel_iommu_get_resv_regions:4105 iommu_insert_resv_region:778
      ${rebuilt} 2*vfio_iommu_iova_insert:1928_(vfio_iommu_resv_exclude)
      domain_attach_iommu:1506 cache_tag_assign:52 domain_attach_iommu:1506 cache_tag_assign:52 domain_attach_iommu:1506 cache_tag_assign:52`,
  },
  {
    title: 'virtio: the only group, of two devices, leaves',
    machine: 'virtio',
    script: 'attach 4; map 4K; unset-container 4',
    sites: `${copies(2)} ${request} ${request} unmap_unpin_fast:978 ${rebuilt} ${request} ${request}`,
  },
  {
    title: 'virtio: one of two groups leaves',
    machine: 'virtio',
    script: 'attach 4; map 4K; attach 9; unset-container 9',
    sites: `
      ${copies(2)} ${request}
      viommu_get_resv_regions:952 iommu_insert_resv_region:778 viommu_get_resv_regions:952 iommu_insert_resv_region:778
      ${rebuilt} 2*vfio_iommu_iova_insert:1928_(vfio_iommu_resv_exclude) ${request}`,
  },
];

const runWith = ({ machine: name, script }: Sweep, n: number) => {
  const last = script.split(';').length - 1;
  const given = scenario(machine(name), [task('t0', script)], { faults: [nth(last, n, 'VFIO_GROUP_UNSET_CONTAINER')] });
  return told(engineFor({ kernel: '6.12.y' }), given);
};

/** Site of the n-th allocation for every n; each run must end well. */
const sweep = (given: Sweep): readonly string[] => {
  const { rows, last } = sweepOf(
    (n) => runWith(given, n),
    (failed, { results }) => {
      expect(results.at(-1)).toBe('OK');
      return siteOf(failed);
    },
  );
  expect(last.results.at(-1)).toBe('OK');
  return rows;
};

describe('fail-nth sweeps of a detach on a real 6.12 kernel', () => {
  it.each(sweeps)('$title', (given) => {
    expect(sweep(given)).toEqual(repeated(given.sites.trim().split(/\s+/)));
  });

  /** Group 11 (second) reserves what group 5 does; the list of two entries is rebuilt equal, or kept. */
  it.each([1, 4, 5, 6])('whatever fails, the list of valid addresses stays right: allocation %i', (n) => {
    const { world } = runWith(sweeps[2]!, n);
    expect(world.containers['c0']!.valid).toEqual([
      { start: 0, end: 0xfedfffff },
      { start: 0xfef00000, end: 2 ** 39 - 1 },
    ]);
  });

  it('a region that the driver could not list is offered afterwards', () => {
    expect(runWith(sweeps[2]!, 3).world.containers['c0']!.valid).toEqual([{ start: 0, end: 2 ** 39 - 1 }]);
  });
});
