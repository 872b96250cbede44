// Tasks of one scenario: who goes first, callers of their own, and machines that a kernel has no driver for.
import { describe, expect, it } from 'vitest';
import type { Topology } from '../../src/core/topology.ts';
import { engineFor as engine, eventsOf, recorded, scenario, task, told } from '../support/runs.ts';

const q35 = recorded('6.12custom-x86_64-intel-failnth');
const onIommufd = (script: string) => ({ ...task('t1', script, 'ioas0', 'iommufd0'), caller: 'iommufd-auto' });

describe('order', () => {
  const both = [task('t0', 'attach 5', 'c0'), task('t1', 'attach 5', 'c1')];

  it.each([
    [undefined, 'c0', ['t0', 't1']],
    [['t0', 't1'], 'c0', ['t0', 't1']],
    [['t1', 't0'], 'c1', ['t1', 't0']],
    [['t1'], 'c1', ['t1', 't0']],
  ] as const)('%j gives group 5 to %s', (order, owner, ended) => {
    const { events, world } = told(engine({ kernel: '6.12.y' }), scenario(q35, both, order ? { order } : {}));
    expect(world.groups['5']!.owner).toBe(owner);
    expect(eventsOf(events, 'RequestEnded').map((event) => event.task)).toEqual(ended);
  });
});

describe('a task with a caller of its own', () => {
  it('asks as that caller asks, beside the others', () => {
    const { events, results, world } = told(
      engine({ kernel: '6.12.y' }),
      scenario(q35, [task('t0', 'attach 5'), onIommufd('attach 6; attach 5')]),
    );
    expect(results).toEqual(['OK', 'OK', 'EPERM']);
    expect(eventsOf(events, 'CallStarted').map(({ call }) => call)).toEqual([
      'VFIO_GROUP_SET_CONTAINER',
      'VFIO_SET_IOMMU',
      'VFIO_DEVICE_BIND_IOMMUFD',
      'VFIO_DEVICE_ATTACH_IOMMUFD_PT',
      'VFIO_DEVICE_BIND_IOMMUFD',
    ]);
    expect([world.containers['c0']!.kind, world.containers['ioas0']!.kind]).toEqual(['vfio', 'ioas']);
  });

  it('is refused before anything runs where the kernel does not have it', () => {
    expect(() => told(engine({ kernel: '6.1.y' }), scenario(q35, [task('t0', 'attach 5'), onIommufd('attach 6')]))).toThrow(
      'iommufd-auto on 6.1.y: n/a, iommufd was merged in v6.2',
    );
  });
});

describe('a kernel driver and vhost-vdpa', () => {
  it.each(['6.1.y', '6.12.y'])('use one group side by side on %s: vdpa claims nothing', (kernel) => {
    const given = scenario(q35, [task('t0', 'bind-driver 5; attach 5; detach 5; unbind-driver 5')]);
    const { events, results, world } = told(engine({ kernel, caller: 'vhost-vdpa' }), given);
    expect(results).toEqual(['OK', 'OK', 'OK', 'OK']);
    expect(eventsOf(events, 'GroupDomainRecorded').map(({ domain, phase }) => [domain, phase])).toEqual([
      ['c0.d0', 'drivenInUse'],
      ['g5.default', 'driven'],
    ]);
    expect(world.groups['5']!.phase).toBe('free');
  });
});

describe('a machine whose driver the kernel lacks', () => {
  const tegra: Topology = {
    name: 'tegra20',
    source: 'by hand',
    system: {},
    iommus: [{ id: 'gart', driver: 'tegra-gart', attributes: {} }],
    groups: [{ id: '1', type: 'DMA', devices: [{ id: 'host1x', iommu: 'gart', attributes: {} }], regions: [] }],
  };

  it('is refused with the reason', () => {
    expect(() => told(engine({ kernel: '6.12.y' }), scenario(tegra, [task('t0', 'attach 1')]))).toThrow(
      'tegra20 on 6.12.y: n/a, no driver tegra-gart: the driver was removed before 6.12',
    );
  });
});

describe('pass-through groups of Intel', () => {
  const passThrough = (kernel: string) => {
    const groups = q35.groups.map((group) => ({ ...group, type: 'identity' }));
    const { world } = told(engine({ kernel }), scenario({ ...q35, groups }, [task('t0', 'bind-driver 5; bind-driver 6; bind-driver 8')]));
    return { domains: Object.keys(world.domains), ids: world.iommus['dmar0']!.attributes['domainIdsFree'] };
  };

  it('share one domain and one id in 6.1, and take no id in 6.12', () => {
    expect(passThrough('6.1.y')).toEqual({ domains: ['intel.identity'], ids: 65533 });
    expect(passThrough('6.12.y')).toEqual({ domains: ['g5.default', 'g6.default', 'g8.default'], ids: 65534 });
  });
});
