// Callers of user space: each row of the facts' tables that turn a kernel's errno into containers, domains and pinned memory
// (userspace-callers 2.4, 2.5, 3.3, 6.3, 6.4), and what becomes of containers afterwards.
import { describe, expect, it } from 'vitest';
import { readScenario } from '../../src/cli/scenarios.ts';
import type { Fault, Scenario } from '../../src/core/scenario.ts';
import type { Topology } from '../../src/core/topology.ts';
import { lastCalls, openContainers, timesPinned } from '../../src/explore/guest.ts';
import { engineFor, eventsOf, nth, recorded, scenario, type Told, task, told } from '../support/runs.ts';
import { sweepOf } from '../support/sweeps.ts';

const intel = recorded('6.12custom-x86_64-intel-failnth');
const smmuv3 = recorded('6.12-arm64-smmuv3x3-basic');
const refusing = readScenario('scenarios/virtio-host-refusal.yaml');
const exhausted = readScenario('scenarios/ids-exhausted.yaml');
const exhaustedOnJoin = readScenario('scenarios/ids-exhausted-on-join.yaml');
const dirty = readScenario('scenarios/amd-dirty-tracking.yaml').topology;

/** Group 2 may not use addresses that the guest has memory at. */
const reserved: Topology = {
  ...dirty,
  groups: dirty.groups.map((group) =>
    group.id === '2' ? { ...group, regions: [{ start: 0x1000000, end: 0x1000fff, type: 'reserved' }] } : group,
  ),
};

type More = Partial<Pick<Scenario, 'faults' | 'set'>>;

const run = (kernel: string, caller: string, script: string, topology: Topology, more: More = {}): Told =>
  told(engineFor({ kernel, caller }), scenario(topology, [task('t0', script)], { kernel, caller, ...more }));

/** Open containers, domains, times that memory is pinned. */
const countsOf = ({ world }: Told): [number, number, number] => {
  const domains = Object.values(world.containers).reduce((sum, { records }) => sum + records.length, 0);
  return [openContainers(world), domains, timesPinned(world)];
};

const callsOf = ({ events }: Told): string =>
  lastCalls(events)
    .map(({ result }) => result)
    .join(' ');

const site = (name: string, more: Partial<Extract<Fault, { kind: 'site' }>> = {}): Fault => ({
  kind: 'site',
  site: name,
  nth: 1,
  request: 2,
  sticky: false,
  ...more,
});
/** The host refuses to attach a device to this domain. */
const refused = (errno: string, domain: string): More => ({
  set: refusing.set,
  faults: [{ kind: 'api', api: 'virtio-attach-request-status', errno, nth: 1, domain, request: 2, sticky: false }],
});
const failing = (...faults: Fault[]): More => ({ faults });

const joining = 'attach 5; map 64K; attach 11';
const onVirtio = 'attach 6; map 64K; attach 7';
const claimed = 'attach 5; map 64K; bind-driver 11; attach 11';
const lastId = 'bind-driver 3; attach 1; map 64K; attach 2';
const runtime = 'attach 5; map 64K; map 64K @0x40000000';

/** An errno on the existing domain c0.d0: type1 hides it. */
const hidden = ['EINVAL', 'ENOMEM', 'EIO', 'ENOENT', 'ERANGE'];

type Case = readonly [
  title: string,
  kernel: string,
  script: string,
  topology: Topology,
  more: More,
  result: string,
  calls: string,
  counts: readonly [containers: number, domains: number, pinned: number],
];

const inDuplicate = failing(site('domain_attach_iommu', { domain: 'c0.d0' }));

const container: readonly Case[] = [
  ['nothing fails', '6.12.y', joining, intel, {}, 'OK', 'OK', [1, 1, 1]],
  ['ENOMEM inside type1', '6.12.y', joining, intel, inDuplicate, 'OK', 'OK', [1, 2, 1]],
  ['ENOMEM inside type1', '6.1.y', joining, intel, inDuplicate, 'OK', 'OK', [1, 2, 1]],
  ['ENOMEM that the seed series hands out', '6.1.y+seed-v6', joining, intel, inDuplicate, 'OK', 'ENOMEM OK OK', [2, 2, 2]],
  ...hidden.map(
    (errno): Case => [`${errno} inside type1`, '6.12.y', onVirtio, refusing.topology, refused(errno, 'c0.d0'), 'OK', 'OK', [1, 2, 1]],
  ),
  ...['6.1.y', '6.12.y'].flatMap((kernel) =>
    hidden.map(
      (errno): Case => [
        `${errno} of SET_CONTAINER`,
        kernel,
        onVirtio,
        refusing.topology,
        refused(errno, 'c0.d1'),
        'OK',
        `${errno} OK OK`,
        [2, 2, 2],
      ],
    ),
  ),
  ['EIO of SET_CONTAINER', '6.1.y', joining, intel, failing(site('alloc_domain', { nth: 2 })), 'OK', 'EIO OK OK', [2, 2, 2]],
  ['ENOMEM of SET_CONTAINER', '6.12.y', joining, intel, failing(nth(2, 1)), 'OK', 'ENOMEM OK OK', [2, 2, 2]],
  [
    'ENOMEM again at SET_IOMMU',
    '6.12.y',
    joining,
    intel,
    failing(site('type1-group-alloc', { sticky: true })),
    'ENOMEM',
    'ENOMEM OK ENOMEM',
    [1, 1, 1],
  ],
  ['ENOSPC again', '6.12.y', lastId, exhausted.topology, { set: exhausted.set }, 'ENOSPC', 'ENOSPC OK ENOSPC', [1, 1, 1]],
  ['EBUSY again', '6.12.y', 'attach 7; attach 8', smmuv3, { set: { system: { asidsFree: 1 } } }, 'EBUSY', 'EBUSY OK EBUSY', [1, 1, 0]],
  ['EPERM of the claim', '6.12.y', claimed, intel, {}, 'EPERM', 'EPERM EPERM', [1, 1, 1]],
  ['EPERM of the claim', '6.1.y', claimed, intel, {}, 'EPERM', 'EPERM EPERM', [1, 1, 1]],
  [
    'EPERM of interrupt isolation',
    '6.12.y',
    joining,
    intel,
    { set: { 'device/0000:04:00.0': { isolatedMsi: false } } },
    'EPERM',
    'EPERM OK EPERM',
    [1, 1, 1],
  ],
  [
    'EINVAL of a reserved range, then of MAP_DMA',
    '6.12.y',
    'attach 1; map 64K; attach 2',
    reserved,
    {},
    'EINVAL',
    'EINVAL OK OK',
    [1, 1, 1],
  ],
  [
    'ENOMEM of MAP_DMA in the new container',
    '6.12.y',
    joining,
    intel,
    failing(nth(2, 1, 'VFIO_GROUP_SET_CONTAINER'), nth(2, 1, 'VFIO_IOMMU_MAP_DMA')),
    'ENOMEM',
    'ENOMEM OK OK',
    [1, 1, 1],
  ],
];

const iommufd: readonly Case[] = [
  ['nothing fails', '6.12.y', joining, intel, {}, 'OK', 'OK', [1, 1, 1]],
  ['EINVAL everywhere', '6.12.y', 'attach 7; map 64K; attach 6', smmuv3, {}, 'OK', 'EINVAL OK OK', [1, 2, 1]],
  ['EINVAL of the newest', '6.12.y', 'attach 7; map 64K; attach 6; attach 8', smmuv3, {}, 'OK', 'EINVAL OK', [1, 2, 1]],
  [
    'EINVAL for a second function',
    '6.12.y',
    'attach 0000:42:00.0; attach 7; attach 0000:42:00.1',
    smmuv3,
    {},
    'OK',
    'EINVAL OK',
    [1, 2, 0],
  ],
  ['dirty tracking first', '6.12.y', 'attach 1; map 64K; attach 2', dirty, {}, 'OK', 'EINVAL OK OK', [1, 2, 1]],
  ['dirty tracking second', '6.12.y', 'attach 2; map 64K; attach 1', dirty, {}, 'OK', 'OK', [1, 1, 1]],
  ['ENOMEM', '6.12.y', joining, intel, inDuplicate, 'OK', 'ENOMEM OK OK', [2, 2, 2]],
  [
    'ENOMEM of HWPT_ALLOC',
    '6.12.y',
    'attach 7; map 64K; attach 6',
    smmuv3,
    failing(nth(2, 1, 'IOMMU_HWPT_ALLOC')),
    'OK',
    'EINVAL ENOMEM OK OK',
    [2, 2, 2],
  ],
  [
    'ENOMEM of HWPT_ALLOC again',
    '6.12.y',
    'attach 7; map 64K; attach 6',
    smmuv3,
    failing(site('iommufd-hwpt-object-alloc/object', { sticky: true })),
    'ENOMEM',
    'EINVAL ENOMEM ENOMEM',
    [1, 1, 1],
  ],
  [
    'ENOMEM again',
    '6.12.y',
    joining,
    intel,
    failing(site('domain_attach_iommu', { sticky: true })),
    'ENOMEM',
    'ENOMEM OK ENOMEM',
    [1, 1, 1],
  ],
  ['ENOSPC again', '6.12.y', lastId, exhaustedOnJoin.topology, { set: exhaustedOnJoin.set }, 'ENOSPC', 'ENOSPC OK ENOSPC', [1, 1, 1]],
  [
    'EBUSY again',
    '6.12.y',
    'attach 7; map 64K; attach 6',
    smmuv3,
    { set: { system: { asidsFree: 1 } } },
    'EBUSY',
    'EINVAL EBUSY EBUSY',
    [1, 1, 1],
  ],
  ['EADDRINUSE, then EINVAL of IOAS_MAP', '6.12.y', 'attach 1; map 64K; attach 2', reserved, {}, 'EINVAL', 'EADDRINUSE OK OK', [1, 1, 1]],
  [
    'ENOMEM of IOAS_ALLOC',
    '6.12.y',
    joining,
    intel,
    failing(...inDuplicate.faults!, site('ioas-alloc/object')),
    'ENOMEM',
    'ENOMEM',
    [1, 1, 1],
  ],
  [
    'ENOMEM of IOAS_MAP in the new address space',
    '6.12.y',
    joining,
    intel,
    failing(...inDuplicate.faults!, nth(2, 1, 'IOMMU_IOAS_MAP')),
    'ENOMEM',
    'ENOMEM OK OK',
    [1, 1, 1],
  ],
  ['EPERM of the bind', '6.12.y', claimed, intel, {}, 'EPERM', 'EPERM', [1, 1, 1]],
];

const compat: readonly Case[] = [
  ['nothing fails', '6.12.y', joining, intel, {}, 'OK', 'OK OK', [1, 1, 1]],
  ["EINVAL in the kernel's search", '6.12.y', 'attach 7; map 64K; attach 6', smmuv3, {}, 'OK', 'OK OK', [1, 2, 1]],
  ['ENOMEM as the device is opened', '6.12.y', joining, intel, failing(site('domain_attach_iommu')), 'ENOMEM', 'OK ENOMEM', [1, 1, 1]],
  ['EPERM of the claim', '6.12.y', claimed, intel, {}, 'EPERM', 'OK EPERM', [1, 1, 1]],
  ['EADDRINUSE of a reserved range', '6.12.y', 'attach 1; map 64K; attach 2', reserved, {}, 'EADDRINUSE', 'OK EADDRINUSE', [1, 1, 1]],
  ['ENOMEM of SET_CONTAINER', '6.12.y', joining, intel, failing(site('compat-ioas-alloc/object')), 'OK', 'ENOMEM OK OK OK', [2, 2, 2]],
  [
    'ENOMEM of SET_CONTAINER again',
    '6.12.y',
    joining,
    intel,
    failing(site('compat-ioas-alloc/object', { sticky: true })),
    'ENOMEM',
    'ENOMEM ENOMEM',
    [1, 1, 1],
  ],
];

describe.each([
  ['qemu-container', container],
  ['qemu-iommufd', iommufd],
  ['iommufd-compat', compat],
] as const)('%s', (caller, cases) => {
  it.each(cases)('%s on %s: %s', (_title, kernel, script, topology, more, result, calls, counts) => {
    const made = run(kernel, caller, script, topology, more);
    expect([made.results.at(-1), callsOf(made), countsOf(made)]).toEqual([result, calls, counts]);
    expect(made.results.slice(0, -1)).toEqual(made.results.slice(0, -1).map(() => 'OK'));
    expect(made.world.locks).toEqual({});
  });
});

describe('an allocation that fails as a group joins', () => {
  /** How many of the sweep's runs end with these counts, by result and counts. */
  const tally = (kernel: string, caller: string, call: string): Record<string, number> => {
    const { rows } = sweepOf(
      (n) => run(kernel, caller, joining, intel, failing(nth(2, n, call))),
      (_failed, made) => `${made.results.at(-1)} ${countsOf(made).join(' ')}`,
    );
    const found: Record<string, number> = {};
    for (const row of rows) found[row] = (found[row] ?? 0) + 1;
    return found;
  };

  it.each([
    ['6.12.y', 'qemu-container', 'VFIO_GROUP_SET_CONTAINER', { 'OK 1 1 1': 3, 'OK 1 2 1': 6, 'OK 2 2 2': 16 }],
    ['6.1.y', 'qemu-container', 'VFIO_GROUP_SET_CONTAINER', { 'OK 1 1 1': 3, 'OK 1 2 1': 3, 'OK 2 2 2': 20 }],
    ['6.1.y+seed-v6', 'qemu-container', 'VFIO_GROUP_SET_CONTAINER', { 'OK 1 1 1': 3, 'OK 2 2 2': 14 }],
    ['6.12.y', 'qemu-iommufd', 'VFIO_DEVICE_ATTACH_IOMMUFD_PT', { 'OK 1 1 1': 1, 'OK 2 2 2': 8 }],
    ['6.12.y', 'iommufd-compat', 'VFIO_GROUP_SET_CONTAINER', { 'OK 2 2 2': 1 }],
    ['6.12.y', 'iommufd-compat', 'VFIO_GROUP_GET_DEVICE_FD', { 'ENOMEM 1 1 1': 10, 'OK 1 1 1': 2 }],
  ])('%s, %s: %s', (kernel, caller, call, expected) => {
    expect(tally(kernel, caller, call)).toEqual(expected);
  });
});

it('the first address space of a descriptor takes a node for its id, which is asked for twice', () => {
  const { rows } = sweepOf(
    (n) => run('6.12.y', 'iommufd-compat', 'attach 5', intel, failing(nth(0, n, 'VFIO_GROUP_SET_CONTAINER'))),
    ({ site: where }, { results }) => `${where} ${results[0]}`,
  );
  expect(rows).toEqual(['_iommufd_object_alloc:40 ENOMEM', '_iommufd_object_alloc:55 OK']);
});

describe('memory that comes while the guest runs', () => {
  it.each([
    ['qemu-container', 'VFIO_IOMMU_MAP_DMA'],
    ['qemu-iommufd', 'IOMMU_IOAS_MAP'],
    ['iommufd-compat', 'VFIO_IOMMU_MAP_DMA'],
  ])('%s aborts where %s fails, and its files close', (caller, call) => {
    const made = run('6.12.y', caller, runtime, intel, failing(nth(2, 1, call)));
    expect([made.results.slice(0, 3), countsOf(made)]).toEqual([
      ['OK', 'OK', 'killed'],
      [0, 0, 0],
    ]);
    expect(made.world.groups['5']).toMatchObject({ owner: null, container: null, domain: 'g5.default' });
    expect(made.world.locks).toEqual({});
  });

  it.each(['qemu-container', 'qemu-iommufd', 'iommufd-compat'])(
    '%s maps it in every container, and takes it out of every one',
    (caller) => {
      const first = caller === 'iommufd-compat' ? site('compat-ioas-alloc/object') : inDuplicate.faults![0]!;
      const kernel = caller === 'qemu-container' ? '6.1.y+seed-v6' : '6.12.y';
      const both = run(kernel, caller, `${joining}; map 4K @0x40000000; unmap 64K`, intel, failing(first));
      const mappings = Object.values(both.world.containers).map((found) => [found.id, found.mappings]);
      expect(mappings).toEqual(['c0', 'c0+1'].map((id) => [id, [{ iova: 0x40000000, size: 4096 }]]));
      expect(both.world.system.attributes['guestMemory']).toEqual({ [`c0@${0x40000000}`]: 4096 });
    },
  );

  it.each(['qemu-container', 'qemu-iommufd', 'iommufd-compat'])(
    '%s asks for the same range once, and maps what was there before',
    (caller) => {
      const made = run('6.12.y', caller, 'map 64K; map 4K; attach 5', intel);
      expect([made.results, countsOf(made)]).toEqual([
        ['OK', 'EEXIST', 'OK'],
        [1, 1, 1],
      ]);
      expect(eventsOf(made.events, 'CallEnded').filter(({ call }) => call.includes('MAP'))).toHaveLength(1);
    },
  );
});

describe('containers afterwards', () => {
  const duplicated = failing(nth(2, 1));

  it.each([
    ['later groups join the duplicate', 'attach 9', { c0: ['5'], 'c0+1': ['11', '9'] }, [2, 2, 2]],
    ['the last group closes it', 'detach 11', { c0: ['5'], 'c0+1': [] }, [1, 1, 1]],
    ['then the first is the one', 'detach 11; attach 11', { c0: ['5', '11'], 'c0+1': [] }, [1, 1, 1]],
    ['the first may close before', 'detach 5; attach 5', { c0: [], 'c0+1': ['11', '5'] }, [1, 1, 1]],
    ['a group that is open is not asked for again', 'attach 11', { c0: ['5'], 'c0+1': ['11'] }, [2, 2, 2]],
    ['the end of QEMU closes all', 'close', { c0: [], 'c0+1': [] }, [0, 0, 0]],
  ])('%s', (_title, script, groups, counts) => {
    const made = run('6.12.y', 'qemu-container', `${joining}; ${script}`, intel, duplicated);
    const found = Object.fromEntries(Object.values(made.world.containers).map((each) => [each.id, each.groups]));
    expect([found, countsOf(made)]).toEqual([groups, counts]);
    expect(made.results).toEqual(made.results.map(() => 'OK'));
  });

  it('a container that failed gives its name back', () => {
    const once = failing(nth(0, 1, 'VFIO_SET_IOMMU'));
    const made = run('6.12.y', 'qemu-container', 'attach 5; attach 5', intel, once);
    expect([made.results, countsOf(made), Object.keys(made.world.containers)]).toEqual([['ENOMEM', 'OK'], [1, 1, 0], ['c0']]);
  });

  it.each(['qemu-container', 'qemu-iommufd', 'iommufd-compat'])('%s refuses to part what it never had', (caller) => {
    const made = run('6.12.y', caller, 'detach 5', intel);
    expect([made.results, eventsOf(made.events, 'CallStarted')]).toEqual([['EINVAL'], []]);
  });

  it('two threads of a QEMU look for a container one after the other', () => {
    const tasks = [task('t0', 'attach 5'), task('t1', 'attach 11')];
    const engine = engineFor({ kernel: '6.12.y', caller: 'qemu-container' });
    const { events, world } = told(engine, scenario(intel, tasks, { caller: 'qemu-container' }));
    expect(
      eventsOf(events, 'LockTaken')
        .filter(({ lock }) => lock === 'qemu.bql/c0')
        .map((event) => event.task),
    ).toEqual(['t0', 't1']);
    expect(Object.values(world.containers).map(({ id, groups }) => [id, groups])).toEqual([['c0', ['5', '11']]]);
  });
});
