// How containers come apart: closing, kills, detaches and failed ways back. Given a script, when it ends like this, then the events say so;
// section numbers are those of the facts' teardown page.
import { describe, expect, it } from 'vitest';
import type { Question } from '../../src/core/choose.ts';
import type { Event } from '../../src/core/events.ts';
import type { Scenario } from '../../src/core/scenario.ts';
import type { Topology } from '../../src/core/topology.ts';
import { runScenario } from '../../src/engine/run.ts';
import { engineFor, eventsOf, recorded, scenario, type Told, task } from '../support/runs.ts';
import { isDetach, isKill, q35, resultsOf, run, story, virt } from '../support/teardown.ts';

const q35Old = recorded('6.1-x86_64-intel-basic');
const virtOld = recorded('6.1-arm64-smmuv3x3-basic');

describe('a process that is killed with its descriptors open (1.2, 1.5)', () => {
  const killer = task('t1', 'kill t0', 'c1');
  const intelStory = 'det9 rel9 det8 rel8 det6 rel6 det5 unmap-c0.d0 free-c0.d0 rel5 backend-release close-c0';
  // Group 7 is behind another SMMU: its domain goes with its mappings inside.
  const smmuStory = 'det9 rel9 det8 rel8 det7 free-c0.d1 rel7 det6 unmap-c0.d0 free-c0.d0 rel6 backend-release close-c0';

  it.each<[kernel: string, topology: Topology, script: string, expected: string]>([
    ['6.1.y', q35Old, 'attach 5; attach 6; attach 8; attach 9; map 64K', intelStory],
    ['6.12.y', q35, 'attach 5; attach 6; attach 8; attach 9; map 64K', intelStory],
    ['6.1.y', virtOld, 'attach 6; attach 7; attach 8; attach 9; map 64K', smmuStory],
    ['6.12.y', virt, 'attach 6; attach 7; attach 8; attach 9; map 64K', smmuStory],
  ])('%s: groups leave as the recordings saw them, the last one that joined first', (kernel, topology, script, expected) => {
    const { events, world, results } = run(kernel, 'vfio-type1', scenario(topology, [task('t0', script), killer], { kernel }));
    expect(results.slice(0, 5)).toEqual(['OK', 'OK', 'OK', 'OK', 'OK']);
    expect(
      story(events, isKill)
        .map((word) => word.replace(' ', '-'))
        .join(' '),
    ).toBe(expected);
    expect(Object.values(world.groups).map(({ phase, domain, owner }) => [phase, domain, owner])).toEqual(
      Object.values(world.groups).map(({ id }) => ['free', `g${id}.default`, null]),
    );
    expect(world.tasks['t0']!.phase).toBe('ended');
  });

  it('each group goes to blocking and then to default, every device of it', () => {
    const { events } = run('6.1.y', 'vfio-type1', scenario(virtOld, [task('t0', 'attach 6'), killer], { kernel: '6.1.y' }));
    const moves = eventsOf(events.slice(events.findIndex(isKill)), 'DeviceAttached').map(({ device, domain }) => `${device} ${domain}`);
    const devices = virtOld.groups.find(({ id }) => id === '6')!.devices.map(({ id }) => id);
    expect(devices).toHaveLength(2);
    expect(moves).toEqual(['g6.blocking', 'g6.default'].flatMap((domain) => devices.map((device) => `${device} ${domain}`)));
  });

  it('several containers close in falling order of their descriptors', () => {
    const { events } = run('6.12.y', 'vfio-type1', scenario(q35, [task('t0', 'attach 5 in c2; attach 6; attach 9 in c3'), killer]));
    expect(story(events, isKill)).toEqual([
      ...['det9', 'free c3.d0', 'rel9', 'backend-release', 'close c3'],
      ...['det6', 'free c0.d0', 'rel6', 'backend-release', 'close c0'],
      ...['det5', 'free c2.d0', 'rel5', 'backend-release', 'close c2'],
    ]);
  });

  it('iommufd: devices are detached and unbound one by one, the last bound first, then its spaces go', () => {
    const tasks = [task('t0', 'map 64K; attach 5; attach 9', 'c0', 'fd0'), killer];
    const { events } = run('6.12.y', 'iommufd-auto', scenario(q35, tasks, { caller: 'iommufd-auto' }));
    expect(story(events, isKill)).toEqual(['det9', 'rel9', 'det5', 'unmap c0.d0', 'free c0.d0', 'rel5', 'close c0']);
  });

  it('what is gone already cannot be killed again', () => {
    const tasks = [task('t0', 'attach 5'), task('t1', 'kill t0; map 4K; kill t0', 'c1')];
    const events: Event[] = [];
    const ask = (question: Question) => (question.kind === 'task' ? Math.max(0, question.options.indexOf('t0')) : undefined);
    runScenario(engineFor({}), scenario(q35, tasks), { listen: (event) => events.push(event), ask });
    expect(resultsOf({ events }, 't1')).toEqual(['OK', 'EINVAL', 'ESRCH']);
    expect(eventsOf(events, 'TaskKilled')).toHaveLength(1);
  });
});

/** Runs t0, and lets t1 go on once t0 has made `steps` steps in the call; gives null when the call is shorter. */
const interrupted = (
  kernel: string,
  caller: string,
  given: Scenario,
  call: string,
  steps: number,
): (Told & { readonly inside: boolean }) | null => {
  const events: Event[] = [];
  let left: number | null = null;
  let reached = false;
  const listen = (event: Event): void => {
    events.push(event);
    if (event.type === 'CallStarted' && event.task === 't0' && event.call === call) left = steps;
    if (event.type === 'CallEnded' && event.task === 't0' && event.call === call && !reached) left = null;
  };
  const ask = (question: Question): number | undefined => {
    if (question.kind !== 'task' || reached) return undefined;
    const { options } = question;
    if (left !== 0) {
      if (left !== null) left -= 1;
      return Math.max(0, options.indexOf('t0'));
    }
    reached = events.at(-1)?.type === 'RequestStarted';
    return Math.max(0, options.indexOf('t1'));
  };
  const made = runScenario(engineFor({ kernel, caller }), given, { listen, ask });
  const results = eventsOf(events, 'RequestEnded').map((event) => event.result);
  return left === null && !events.some(isKill) ? null : { run: made, events, world: made.world, results, inside: left !== null };
};

describe('a kill inside a call (1.1)', () => {
  const killer = task('t1', 'kill t0', 'c1');

  /** Every step of the call, until there are no more. */
  const everyStep = (given: Scenario, call: string, check: (told: Told, step: number) => void, kernel = given.kernel): number => {
    for (let step = 0; ; step++) {
      const found = interrupted(kernel, given.caller, given, call, step);
      const killed = found?.events.findIndex(isKill) ?? -1;
      const ended = found?.events.findIndex((event) => event.type === 'CallEnded' && event.task === 't0' && event.call === call) ?? -1;
      if (!found || killed === -1 || killed > ended) return step;
      check(found, step);
    }
  };

  it.each([
    ['6.1.y', q35Old, 'VFIO_GROUP_SET_CONTAINER', 'attach 5; attach 11; map 4K', ['killed', 'OK']],
    ['6.12.y', q35, 'VFIO_GROUP_SET_CONTAINER', 'attach 5; attach 11; map 4K', ['killed', 'OK']],
    // It is the last call of its request.
    ['6.12.y', q35, 'VFIO_SET_IOMMU', 'attach 5; map 4K', ['OK', 'OK']],
  ] as const)('%s: $2 runs to its end, then the exit gives everything back', (kernel, topology, call, script, results) => {
    const given = scenario(topology, [task('t0', script), killer], { kernel });
    const steps = everyStep(given, call, ({ events, world }) => {
      const calls = eventsOf(events, 'CallEnded').filter((event) => event.task === 't0');
      expect(calls.filter((event) => event.call === call).map(({ result }) => result)).toEqual(['OK']);
      expect(calls.some((event) => event.call === 'VFIO_IOMMU_MAP_DMA')).toBe(false);
      expect(resultsOf({ events })).toEqual(results);
      expect(world.containers['c0']).toMatchObject({ phase: 'closed', groups: [], records: [], mappings: [] });
      for (const group of Object.values(world.groups)) expect(group).toMatchObject({ phase: 'free', owner: null, ownerCount: 0 });
      expect(world.locks).toEqual({});
    });
    expect(steps).toBeGreaterThan(40);
  });

  it.each(['vfio-type1', 'iommufd-auto'])('%s: a map that has not pinned gives EINTR and maps nothing, later it maps all', (caller) => {
    const call = caller === 'vfio-type1' ? 'VFIO_IOMMU_MAP_DMA' : 'IOMMU_IOAS_MAP';
    const given = scenario(q35, [task('t0', 'attach 5; map 64K'), killer], { caller });
    const seen: string[] = [];
    const steps = everyStep(given, call, ({ events }) => {
      const at = events.findIndex((event) => event.type === 'CallEnded' && event.call === call);
      const { result } = events[at] as Extract<Event, { type: 'CallEnded' }>;
      const made = events.slice(0, at).filter(({ type }) => type === 'DomainMapped' || type === 'MappingAdded');
      expect([result, made.length]).toEqual(result === 'EINTR' ? ['EINTR', 0] : ['OK', 2]);
      if (seen.at(-1) !== result) seen.push(result);
    });
    expect(seen).toEqual(['EINTR', 'OK']);
    expect(steps).toBeGreaterThan(10);
  });

  it('a call that waits for a lock is made all the same, and only then the task exits', () => {
    const tasks = [task('t0', 'attach 9', 'c0'), task('t1', 'attach 5; kill t0; attach 11', 'c0')];
    const events: Event[] = [];
    let blocked = false;
    const ask = (question: Question): number | undefined => {
      if (question.kind !== 'task') return undefined;
      const holds = events.some((event) => event.type === 'LockTaken' && event.task === 't1' && event.lock === 'container.group_lock/c0');
      return Math.max(0, question.options.indexOf(holds && !blocked ? 't0' : 't1'));
    };
    const listen = (event: Event): void => {
      events.push(event);
      blocked ||= event.type === 'TaskBlocked' && event.task === 't0';
    };
    const { world } = runScenario(engineFor({}), scenario(q35, tasks), { listen, ask });
    const killed = events.findIndex(isKill);
    const attached = events.findIndex((event) => event.type === 'GroupJoined' && event.group === '9');
    expect([blocked, killed > -1, attached > killed]).toEqual([true, true, true]);
    expect(resultsOf({ events }, 't1')).toEqual(['OK', 'OK', 'OK']);
    expect(world.groups['9']).toMatchObject({ phase: 'free', owner: null });
  });
});

describe('explicit detach (4)', () => {
  it.each(['6.1.y', '6.12.y'])('%s: UNSET_CONTAINER of a group without a container is EINVAL', (kernel) => {
    const { results } = run(
      kernel,
      'vfio-type1',
      scenario(q35, [task('t0', 'unset-container 5; attach 5; unset-container 5; detach 5')], { kernel }),
    );
    expect(results).toEqual(['EINVAL', 'OK', 'OK', 'EINVAL']);
  });

  it('a group that shares leaves the domain to the others; the container keeps its mappings', () => {
    const { events, world } = run('6.12.y', 'vfio-type1', scenario(q35, [task('t0', 'attach 5; map 64K; attach 11; detach 5')]));
    expect(story(events, isDetach).filter((word) => /^(det5|rel5|unmap|free c0.d0|backend)/.test(word))).toEqual(['det5', 'rel5']);
    expect(world.containers['c0']).toMatchObject({ groups: ['11'], backend: 'type1', mappings: [{ iova: 0x1000000, size: 65536 }] });
    expect(world.containers['c0']!.records).toMatchObject([{ domain: 'c0.d0', groups: ['11'] }]);
    expect(world.domains['c0.d0']!.mappings).toHaveLength(1);
  });

  it('the next user of the container gets a new backend', () => {
    const { events, results, world } = run(
      '6.12.y',
      'vfio-type1',
      scenario(q35, [task('t0', 'attach 5; map 4K; detach 5; map 4K; attach 9; map 4K')]),
    );
    expect(results).toEqual(['OK', 'OK', 'OK', 'EINVAL', 'OK', 'OK']);
    expect(eventsOf(events, 'BackendSet').map(({ backend }) => backend)).toEqual(['type1', null, 'type1']);
    expect(world.containers['c0']).toMatchObject({ groups: ['9'], mappings: [{ iova: 0x1000000, size: 4096 }] });
  });
});

describe('a way back that fails (1.7)', () => {
  const oldFault = (domain: string, request: number) =>
    ({ kind: 'site', site: 'domain_attach_iommu', nth: 1, request, domain, sticky: false }) as const;
  const withFaults = (more: string, ...faults: ReturnType<typeof oldFault>[]): Told =>
    run('6.1.y', 'vfio-type1', scenario(q35Old, [task('t0', `attach 5; detach 5; ${more}`)], { kernel: '6.1.y', faults }));

  it('6.1: detach and release both fail: the record dangles, claims are EBUSY for good, a kernel driver may bind', () => {
    const { events, world, results } = withFaults(
      'attach 5; attach 5; bind-driver 5',
      oldFault('g5.blocking', 1),
      oldFault('g5.default', 1),
    );
    expect(results).toEqual(['OK', 'OK', 'EBUSY', 'EBUSY', 'OK']);
    expect(eventsOf(events, 'DomainFreed')[0]).toMatchObject({ domain: 'c0.d0', recordedBy: [{ group: '5', phase: 'danglingOwned' }] });
    expect(world.groups['5']).toMatchObject({ domain: 'c0.d0', owner: null, ownerCount: 1, phase: 'drivenDangling' });
    expect(world.domains['c0.d0']).toBeUndefined();
    const refused = eventsOf(events, 'CheckRefused').filter(({ errno }) => errno === 'EBUSY');
    expect(refused.map(({ row }) => row)).toEqual(['core-claim-not-default', 'core-claim-not-default']);
    expect(eventsOf(events, 'KernelPrinted').map(({ row, level }) => [row, level])).toEqual([
      ['core-detach-failed', 'WARN'],
      ['core-release-failed', 'WARN'],
    ]);
  });

  it('6.1: only the detach fails: the release repairs the record', () => {
    const { world, results, events } = withFaults('attach 5', oldFault('g5.blocking', 1));
    expect(results).toEqual(['OK', 'OK', 'OK']);
    expect(eventsOf(events, 'DomainFreed')[0]!.recordedBy).toEqual([{ group: '5', phase: 'danglingOwned' }]);
    expect(world.groups['5']).toMatchObject({ phase: 'attached', domain: 'c0.d0' });
  });

  it('6.1: only the release fails: the record is blocking, nobody owns it, claims are EBUSY', () => {
    const { world, results } = withFaults('attach 5; bind-driver 5', oldFault('g5.default', 1));
    expect(results).toEqual(['OK', 'OK', 'EBUSY', 'OK']);
    expect(world.groups['5']).toMatchObject({ domain: 'g5.blocking', owner: null, ownerCount: 1, phase: 'drivenOnBlocking' });
  });

  it.each(['domain_attach_iommu', 'cache_tag_assign'])(
    '6.12: a release that fails at %s leaves the device blocked under the default record',
    (site) => {
      const faults = [{ kind: 'site', site, nth: 1, request: 1, domain: 'g5.default', sticky: false } as const];
      const once = run('6.12.y', 'vfio-type1', scenario(q35, [task('t0', 'attach 5; detach 5')], { faults }));
      expect(once.results).toEqual(['OK', 'OK']);
      expect(once.world.groups['5']).toMatchObject({ domain: 'g5.default', phase: 'free', owner: null });
      expect(once.world.devices['0000:00:10.0']).toMatchObject({ domain: 'g5.blocking', phase: 'blocked' });
      const again = run('6.12.y', 'vfio-type1', scenario(q35, [task('t0', 'attach 5; detach 5; attach 5; map 4K')], { faults }));
      expect(again.results).toEqual(['OK', 'OK', 'OK', 'OK']);
      expect(again.world.devices['0000:00:10.0']).toMatchObject({ domain: 'c0.d0', phase: 'translating' });
    },
  );
});
