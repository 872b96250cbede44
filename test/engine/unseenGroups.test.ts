// What type1 does for a container whose only group is emulated (an mdev): no domain, no list of valid addresses, mappings all the same.
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/core/scenario.ts';
import { engineFor, recorded, scenario, task, told } from '../support/runs.ts';

const q35 = recorded('6.12custom-x86_64-intel-failnth');
const pin: Fault = { kind: 'api', api: 'type1-replay/pin', errno: 'ENOMEM', nth: 1, sticky: false };

const run = (kernel: string, script: string, faults: readonly Fault[] = []) =>
  told(engineFor({ kernel }), scenario(q35, [task('t0', script)], { kernel, set: { 'group/5': { emulated: true } }, faults: [...faults] }));

describe.each(['6.1.y', '6.12.y'])('%s: a container with an emulated group only', (kernel) => {
  it('lets user space map anywhere (vfio_iommu_iova_dma_valid: the list is empty)', () => {
    const { results, world } = run(kernel, 'attach 5; map 4K @0xfee00000');
    expect(results).toEqual(['OK', 'OK']);
    expect(world.containers['c0']).toMatchObject({ valid: [], records: [], mappings: [{ iova: 0xfee00000, size: 4096 }] });
  });

  it('pins what is mapped when the first domain comes', () => {
    expect(run(kernel, 'attach 5; map 4K; attach 8').results).toEqual(['OK', 'OK', 'OK']);
    expect(run(kernel, 'attach 5; map 4K; attach 8', [pin]).results).toEqual(['OK', 'OK', 'ENOMEM']);
  });
});

describe.each(['6.1.y', '6.12.y'])('%s: the last real group leaves a container with an emulated one', (kernel) => {
  it('whose mappings go from the domain, and stay in the container (vfio_iommu_unmap_unpin_reaccount)', () => {
    const { results, world, events } = run(kernel, 'attach 5; attach 8; map 4K; detach 8');
    expect(results).toEqual(['OK', 'OK', 'OK', 'OK']);
    expect(world.containers['c0']).toMatchObject({ groups: ['5'], records: [], mappings: [{ size: 4096 }] });
    expect(events.filter(({ type }) => type === 'DomainUnmapped' || type === 'DomainFreed')).toHaveLength(2);
  });

  it('and are replayed when a group comes again', () => {
    expect(run(kernel, 'attach 5; attach 8; map 4K; detach 8; attach 8').results).toEqual(['OK', 'OK', 'OK', 'OK', 'OK']);
    expect(run(kernel, 'attach 5; attach 8; map 4K; detach 8; attach 8', [{ ...pin }]).results.at(-1)).toBe('ENOMEM');
  });

  it('and go with the last real one where there is no emulated one', () => {
    const { world } = told(
      engineFor({ kernel }),
      scenario(q35, [task('t0', 'attach 5; attach 8; map 4K; detach 8; detach 5')], { kernel }),
    );
    expect(world.containers['c0']!.mappings).toEqual([]);
  });
});
