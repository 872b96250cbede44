// What may interleave and what cannot (facts: core-and-consumers 4), each row in every order: what cannot is never come upon in a
// complete search (on 6.12 with one failed allocation too), what may is.
import { describe, expect, test } from 'vitest';
import type { Scenario, TaskScript } from '../../src/core/scenario.ts';
import type { Topology } from '../../src/core/topology.ts';
import { shownDetectors } from '../../src/detect/audit.ts';
import { loadScenario, parseScript } from '../../src/index.ts';
import { type Inside, results, scanErrnos, seenIn, shared, skipped, together } from '../support/explored.ts';
import { scenario, task } from '../support/runs.ts';

const oneUnit = loadScenario('scenarios/ids-exhausted-by-another.yaml').topology;

/** Groups 2 and 3 behind a second unit. */
const twoUnits: Topology = {
  ...oneUnit,
  iommus: [...oneUnit.iommus, { ...oneUnit.iommus[0]!, id: 'dmar1', attributes: { ...oneUnit.iommus[0]!.attributes, index: 1 } }],
  groups: oneUnit.groups.map((group) => ({
    ...group,
    devices: group.devices.map((device) => ({ ...device, iommu: group.id === '1' ? 'dmar0' : 'dmar1' })),
  })),
};

/** Two devices in group 1. */
const oneGroup: Topology = {
  ...oneUnit,
  groups: oneUnit.groups
    .slice(0, 1)
    .map((group) => ({ ...group, devices: [group.devices[0]!, { ...group.devices[0]!, id: '0000:01:00.1' }] })),
};

const type1Attach: Inside = { workflow: 'type1Attach', outside: ['lock'] };
const type1Detach: Inside = { workflow: 'type1Detach', outside: ['lock'] };
const mapDma: Inside = { workflow: 'mapDma', outside: ['backend', 'lock'] };
const claim: Inside = { workflow: 'claimOwner', outside: ['null', 'noGroup', 'lock'] };
const attachGroup: Inside = { workflow: 'attachGroup', outside: ['lock'] };
const attachHandle: Inside = { workflow: 'attachGroupHandle', outside: ['lock'] };
const attachPt: Inside = { workflow: 'attachPt', outside: ['object', 'type', 'lock'] };
const bind: Inside = { workflow: 'bindDevice', outside: ['lockSet'] };
const detachDevice: Inside = { workflow: 'detachDevice', outside: ['lock'] };
const attachTable: Inside = { workflow: 'attachTable', outside: ['lock'] };
const addDomain: Inside = { workflow: 'addDomain', outside: ['lock'] };
const ioasMap: Inside = { workflow: 'ioasMap', outside: ['open', 'lock'] };
const unlink: Inside = {
  workflow: 'putTable',
  outside: ['unused', 'lock', 'lockRanges', 'unmap', 'unmapOne', 'ranges', 'unlockRanges', 'free'],
};

const kernels = { 'vfio-type1': ['6.1.y', '6.12.y'], 'iommufd-auto': ['6.12.y'], 'iommufd-hwpt': ['6.12.y'] } as const;

interface Row {
  readonly what: string;
  readonly caller: keyof typeof kernels;
  readonly tasks: readonly TaskScript[];
  readonly both: readonly [Inside, Inside];
  readonly meets: boolean;
  readonly topology?: Topology;
}

const ownTable = (id: string, group: string): TaskScript => ({
  ...task(id, 'attach 1'),
  requests: parseScript(`make-page-table name=${id}p device=0000:0${group}:00.0; attach ${group} page-table=${id}p`, oneUnit),
});

const join = [task('t0', 'attach 1'), task('t1', 'attach 2')];
const apart = [task('t0', 'attach 1'), task('t1', 'attach 2', 'c1')];
const apartAgain = [task('t0', 'attach 1; attach 2'), task('t1', 'attach 3', 'c1')];
const leaves = [task('t0', 'attach 1; detach 1'), task('t1', 'attach 2')];
const maps = [task('t0', 'attach 1'), task('t1', 'map 4K')];

const rows: readonly Row[] = [
  { what: 'one container: attach, attach', caller: 'vfio-type1', tasks: join, both: [type1Attach, type1Attach], meets: false },
  { what: 'one container: attach, detach', caller: 'vfio-type1', tasks: leaves, both: [type1Attach, type1Detach], meets: false },
  { what: 'one container: attach, map', caller: 'vfio-type1', tasks: maps, both: [type1Attach, mapDma], meets: false },
  // Different group mutexes would let them; SET_CONTAINER claims under container.group_lock (2.2).
  { what: 'one container: claim, claim', caller: 'vfio-type1', tasks: join, both: [claim, claim], meets: false },
  { what: 'two containers: claim, claim', caller: 'vfio-type1', tasks: apart, both: [claim, claim], meets: true },
  // SET_IOMMU attaches under vfio.iommu_drivers_lock, which all containers share (2.1); a later group joins without it.
  {
    what: 'two containers: first attach, first attach',
    caller: 'vfio-type1',
    tasks: apart,
    both: [type1Attach, type1Attach],
    meets: false,
  },
  { what: 'two containers: attach, attach', caller: 'vfio-type1', tasks: apartAgain, both: [type1Attach, type1Attach], meets: true },
  { what: 'two containers: in the core', caller: 'vfio-type1', tasks: apartAgain, both: [attachGroup, attachGroup], meets: true },
  { what: 'one IOAS: bind, bind', caller: 'iommufd-auto', tasks: join, both: [bind, bind], meets: true },
  { what: 'one IOAS: claim, claim', caller: 'iommufd-auto', tasks: join, both: [claim, claim], meets: true },
  { what: 'one IOAS: search, search', caller: 'iommufd-auto', tasks: join, both: [attachPt, attachPt], meets: false },
  { what: 'one IOAS: search, detach', caller: 'iommufd-auto', tasks: leaves, both: [attachPt, detachDevice], meets: true },
  { what: 'one IOAS: search, unlink', caller: 'iommufd-auto', tasks: leaves, both: [attachPt, unlink], meets: false },
  { what: 'one IOAS: fill, map', caller: 'iommufd-auto', tasks: maps, both: [addDomain, ioasMap], meets: false },
  { what: 'one IOAS: search, map', caller: 'iommufd-auto', tasks: maps, both: [attachPt, ioasMap], meets: true },
  {
    what: 'user-made page tables, down to the driver',
    caller: 'iommufd-hwpt',
    tasks: [ownTable('t0', '1'), ownTable('t1', '2')],
    both: [attachHandle, attachHandle],
    meets: true,
  },
  {
    what: 'one group, two devices: bind, bind',
    caller: 'iommufd-auto',
    topology: oneGroup,
    tasks: [task('t0', 'attach 0000:01:00.0'), task('t1', 'attach 0000:01:00.1')],
    both: [bind, bind],
    meets: true,
  },
  {
    what: 'one group, two devices: the first attach',
    caller: 'iommufd-auto',
    topology: oneGroup,
    tasks: [task('t0', 'attach 0000:01:00.0'), task('t1', 'attach 0000:01:00.1', 'ioas1', 'c0')],
    both: [attachTable, attachTable],
    meets: false,
  },
];

describe('two tasks at once', () => {
  for (const { what, caller, tasks, both, meets, topology = oneUnit } of rows)
    for (const kernel of kernels[caller])
      test(`${kernel} ${what}: ${meets ? 'may' : 'cannot'}`, () => {
        const { isComplete, labels } = seenIn(scenario(topology, tasks, { kernel, caller }), meets || kernel === '6.1.y' ? 0 : 1, [
          together(...both),
        ]);
        expect([isComplete, labels]).toEqual([true, meets ? ['together:met'] : []]);
      });
});

const given = (topology: Topology, kernel: string, caller: string, tasks: readonly TaskScript[], more: Partial<Scenario> = {}) =>
  scenario(topology, tasks, { kernel, caller, ...more });

const released = ['t0 attach 1: OK', 't0 attach 2: ENOSPC', 't0 attach 2: OK', 't1 attach 3: ENOSPC', 't1 attach 3: OK'];
const lateErrnos = ['scan:reattach ENOSPC', 'scan:tryExisting ENOSPC'];
const race = [
  { kernel: '6.12.y', labels: [...released.map((words) => `results:${words}`), ...lateErrnos] },
  {
    // The stand-in costs an id as well: the detach of 18a fails, and everything that one failed allocation shows comes about without one.
    kernel: '6.1.y',
    labels: [
      'duplicate-domain:c0/c0.d1',
      'freed-domain-recorded:2/c0.d1',
      'group-stuck-on-blocking:2',
      'group-stuck-on-blocking:3',
      'ownership-broken:2/unclaimable',
      ...[...released, 't0 attach 2: EBUSY'].sort().map((words) => `results:${words}`),
      ...[...lateErrnos, 'scan:reattach EBUSY', 'scan:tryExisting EBUSY'].sort(),
    ],
  },
];
const owners = [
  { second: 'EINVAL', what: 'two containers', topology: oneUnit, tasks: [task('t0', 'attach 1'), task('t1', 'attach 1', 'c1')] },
  {
    second: 'EPERM',
    what: 'a container and an iommufd context',
    topology: oneUnit,
    tasks: [task('t0', 'attach 1'), { ...task('t1', 'attach 1', 'ioas1', 'x1'), caller: 'iommufd-auto' }],
  },
  {
    second: 'EPERM',
    what: 'two iommufd contexts',
    topology: oneGroup,
    tasks: [
      { ...task('t0', 'attach 0000:01:00.0', 'ioas0', 'x0'), caller: 'iommufd-auto' },
      { ...task('t1', 'attach 0000:01:00.1', 'ioas1', 'x1'), caller: 'iommufd-auto' },
    ],
  },
];

describe('what comes of it, without any failure', () => {
  test('a dying page table is seen on the list and skipped', () => {
    expect(seenIn(given(oneUnit, '6.12.y', 'iommufd-auto', leaves), 0, [skipped]).labels).toEqual([
      'skipped:being destroyed: no users are left',
    ]);
  });

  test.each(race)('$kernel: another container takes the id released in between', ({ kernel, labels }) => {
    const tasks = [task('t0', 'attach 1; attach 2'), task('t1', 'attach 3', 'c1')];
    const free = { set: { 'iommu/dmar1': { domainIdsFree: 1 } } };
    const search = seenIn(given(twoUnits, kernel, 'vfio-type1', tasks, free), 0, [scanErrnos, results, ...shownDetectors]);
    expect(search).toMatchObject({ isComplete: true, labels });
  });

  test.each(owners)('one group, $what: each gets it or $second', ({ topology, tasks, second }) => {
    const { isComplete, labels } = seenIn(given(topology, '6.12.y', 'vfio-type1', tasks), 0, [results]);
    const each = tasks.flatMap(({ id, requests }) =>
      [second, 'OK'].map((result) => `results:${id} attach ${requests[0]!.target}: ${result}`),
    );
    expect({ isComplete, labels }).toEqual({ isComplete: true, labels: each });
  });

  test('one group, a kernel driver and a container: EBUSY or EPERM', () => {
    const tasks = [task('t0', 'attach 1'), task('t1', 'bind-driver 1')];
    const { isComplete, labels } = seenIn(given(oneUnit, '6.12.y', 'vfio-type1', tasks), 0, [results]);
    const expected = ['t0 attach 1: EPERM', 't0 attach 1: OK', 't1 bind-driver 1: EBUSY', 't1 bind-driver 1: OK'];
    expect({ isComplete, labels }).toEqual({ isComplete: true, labels: expected.map((words) => `results:${words}`) });
  });

  test('two address spaces never share a domain', () => {
    const two = [task('t0', 'attach 1; detach 1'), task('t1', 'attach 2', 'c1')];
    const { isComplete, labels } = seenIn(given(oneUnit, '6.12.y', 'iommufd-auto', two), 1, [shared]);
    expect({ isComplete, labels }).toEqual({ isComplete: true, labels: [] });
  });
});

/** Two equal groups of one unit. */
const pair: Topology = {
  ...oneUnit,
  groups: oneUnit.groups.slice(0, 2).map((group) => ({
    ...group,
    devices: group.devices.map((device) => ({ ...device, attributes: { ...device.attributes, bus: '01' } })),
  })),
};

const attaches = 'attach';
const returns = 'attach and detach';
const dangling61 = ['1/c0.d0', '1/c0.d1', '2/c0.d0', '2/c0.d1'].map((entity) => `freed-domain-recorded:${entity}`);
const stuck = ['group-stuck-on-blocking:1', 'group-stuck-on-blocking:2'];
const unclaimable = ['ownership-broken:1/unclaimable', 'ownership-broken:2/unclaimable'];
const duplicate = 'duplicate-domain:c0/c0.d1';

/** Kernel, caller, what both tasks do, failures at most, states, every hazard; the tasks are interchangeable, so often of one of them. */
const hazards: readonly (readonly [string, string, string, number, number, readonly string[]])[] = [
  ['6.1.y', 'vfio-type1', attaches, 0, 2798, []],
  ['6.1.y', 'vfio-type1', attaches, 1, 12289, [duplicate, dangling61[1]!, dangling61[3]!, stuck[1]!]],
  ['6.1.y', 'vfio-type1', attaches, 2, 32490, [duplicate, ...dangling61, ...stuck, unclaimable[1]!]],
  ['6.1.y', 'vfio-type1', returns, 0, 7123, []],
  ['6.12.y', 'vfio-type1', attaches, 0, 2665, []],
  ['6.12.y', 'vfio-type1', attaches, 1, 10516, [duplicate]],
  ['6.12.y', 'vfio-type1', attaches, 2, 24363, [duplicate]],
  ['6.12.y', 'vfio-type1', returns, 0, 5553, []],
  ['6.12.y', 'iommufd-auto', attaches, 0, 1020, []],
  ['6.12.y', 'iommufd-auto', attaches, 1, 4518, []],
  ['6.12.y', 'iommufd-auto', attaches, 2, 8243, []],
  ['6.12.y', 'iommufd-auto', returns, 0, 8070, []],
  ['6.12.y', 'iommufd-hwpt', attaches, 2, 1415, []],
  ['6.12.y', 'iommufd-hwpt', returns, 1, 952, []],
  ['6.1.y', 'vhost-vdpa', attaches, 1, 3525, []],
  ['6.1.y', 'vhost-vdpa', attaches, 2, 6519, ['group-stuck-on-blocking:2']],
  ['6.1.y', 'vhost-vdpa', returns, 1, 22643, ['freed-domain-recorded:1/c0.d0', 'freed-domain-recorded:2/c1.d0', ...unclaimable]],
  ['6.12.y', 'vhost-vdpa', attaches, 2, 1463, []],
  ['6.12.y', 'vhost-vdpa', returns, 1, 3553, []],
];

describe('every hazard that two tasks show', () => {
  test.each(hazards)('%s %s, both %s, %i failures', (kernel, caller, script, faults, states, labels) => {
    const words = (group: string): string => (script === returns ? `attach ${group}; detach ${group}` : `attach ${group}`);
    const tasks = [task('t0', words('1')), task('t1', words('2'), caller === 'vhost-vdpa' ? 'c1' : 'c0')];
    expect(seenIn(given(pair, kernel, caller, tasks), faults)).toEqual({ isComplete: true, states, labels });
  });
});
