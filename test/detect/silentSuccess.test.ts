// A second sprd device on the first one's domain: refused by 6.1, silently accepted by 6.12 although its IOMMU has other tables.
import { describe, expect, it } from 'vitest';
import { audited, chain, ids } from './audited.ts';
import { sprd } from './machines.ts';

const id = 'silent-success:second/c0.d0';

describe('a device of another Unisoc IOMMU', () => {
  it.each([
    ['6.1.y', 'vfio-type1', []],
    ['6.12.y', 'vfio-type1', [id]],
    ['6.12.y', 'iommufd-auto', [id]],
  ])('%s, %s: %j', (kernel, caller, expected) => {
    const run = audited({ kernel, caller, topology: sprd, script: 'attach 1; map 4K; attach 2' });
    expect(ids(run.findings).filter((found) => found.startsWith('silent-success'))).toEqual(expected);
  });

  it('needs no failure and is told from the binding to the attach', () => {
    const { events, findings } = audited({ kernel: '6.12.y', caller: 'vfio-type1', topology: sprd, script: 'attach 1; map 4K; attach 2' });
    const [finding, ...others] = findings;
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ id, level: 'bug', plausible: null, evidence: { kind: 'read' } });
    expect(finding!.subject).toEqual({ device: 'second', domain: 'c0.d0', bound: 'iommu0', served: 'iommu1' });
    expect(chain(events, finding!.because)).toEqual(['AttributeChanged', 'RequestStarted', 'DeviceAttached', '-']);
    expect(finding!.because.map(({ words }) => words)).toEqual([
      'c0.d0 is bound to iommu0 (sprd/bind)',
      'attach 2 begins',
      'second, served by iommu1, is attached to it; no row of the driver compares instances',
      'iommu1 does not have the tables of c0.d0: DMA of second is not translated as mapped; only iommu0 is',
    ]);
  });
});
