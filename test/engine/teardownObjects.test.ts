// How single objects come apart: unplugged devices, iommufd's page tables and bound devices, and groups between kernel drivers and owners.
// Section numbers are those of the facts' teardown page.
import { describe, expect, it } from 'vitest';
import type { Question } from '../../src/core/choose.ts';
import type { Event } from '../../src/core/events.ts';
import type { Scenario } from '../../src/core/scenario.ts';
import { runScenario } from '../../src/engine/run.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { engineFor, eventsOf, scenario, type Told, task, told } from '../support/runs.ts';
import { isDetach, q35, resultsOf, run, story, virt } from '../support/teardown.ts';

describe('an unplug (3.1, 3.2)', () => {
  it.each(['6.1.y', '6.12.y'])('%s: waits until the owner gives the group up, then takes the device out of it', (kernel) => {
    const tasks = [task('t0', 'attach 5; map 4K; close'), task('t1', 'unplug 0000:00:10.0; attach 5', 'c1')];
    const events: Event[] = [];
    const claimed = () => events.some(({ type }) => type === 'GroupClaimed');
    const ask = (question: Question) =>
      question.kind === 'task' ? Math.max(0, question.options.indexOf(claimed() ? 't1' : 't0')) : undefined;
    const { world, stuck } = runScenario(engineFor({ kernel }), scenario(q35, tasks, { kernel }), {
      listen: (event) => events.push(event),
      ask,
    });
    const at = (found: (event: Event) => boolean): number => events.findIndex(found);
    const released = at(({ type }) => type === 'GroupReleased');
    const unplugged = at(({ type }) => type === 'DeviceUnplugged');
    expect(eventsOf(events, 'TaskBlocked').map(({ task: id, lock }) => [id, lock])).toContainEqual(['t1', 'until group.owner is given up']);
    expect([released > 0, unplugged > released]).toEqual([true, true]);
    expect(stuck).toEqual([]);
    expect([resultsOf({ events }), resultsOf({ events }, 't1')]).toEqual([
      ['OK', 'OK', 'OK'],
      ['OK', 'ENODEV'],
    ]);
    expect(world.devices['0000:00:10.0']).toMatchObject({ phase: 'gone', domain: null, iommu: null });
    expect(world.groups['5']!.devices).toEqual([]);
  });

  it('waits for ever while the owner keeps the group', () => {
    const { run: made, world } = run(
      '6.12.y',
      'vfio-type1',
      scenario(q35, [task('t0', 'attach 5'), task('t1', 'unplug 0000:00:10.0', 'c1')]),
    );
    expect(made.stuck).toEqual([{ task: 't1', lock: 'until group.owner is given up', holder: 'c0' }]);
    expect([world.groups['5']!.devices, world.locks]).toEqual([['0000:00:10.0'], {}]);
  });

  it('of one device leaves the others of its group to whoever comes next', () => {
    const script = 'unplug 0000:05:01.0; unplug 0000:05:01.0; attach 11; map 4K';
    const { results, world } = run('6.12.y', 'vfio-type1', scenario(q35, [task('t0', script)]));
    expect(results).toEqual(['OK', 'OK', 'OK', 'OK']);
    const left = q35.groups
      .find(({ id }) => id === '11')!
      .devices.map(({ id }) => id)
      .filter((id) => id !== '0000:05:01.0');
    expect(world.groups['11']).toMatchObject({ devices: left, domain: 'c0.d0' });
    expect(left.map((id) => world.devices[id]!.domain)).toEqual(left.map(() => 'c0.d0'));
    expect(world.devices['0000:05:01.0']).toMatchObject({ phase: 'gone', domain: null });
  });

  it.each(['iommufd-auto', 'vhost-vdpa'])('%s finds no device any more', (caller) => {
    const { results } = run(
      '6.12.y',
      caller,
      scenario(q35, [task('t0', 'unplug 0000:00:10.0; attach 5; attach 0000:00:10.0')], { caller }),
    );
    const errno = caller === 'vhost-vdpa' ? 'ENOTSUPP' : 'EINVAL';
    expect(results).toEqual(['OK', errno, errno]);
  });
});

describe("iommufd's objects (2.2, 2.3, 4)", () => {
  const iommufd = (caller: string, ...scripts: string[]): Told =>
    run(
      '6.12.y',
      caller,
      scenario(
        q35,
        scripts.map((script, index) => task(`t${index}`, script, `c${index}`, 'fd0')),
        { caller },
      ),
    );

  it('the last device that leaves an automatic page table destroys it: unlisted, unmapped, freed; others keep it', () => {
    const { events, world, results } = iommufd('iommufd-auto', 'map 64K; attach 5; attach 9; detach 5; detach 9');
    expect(results).toEqual(['OK', 'OK', 'OK', 'OK', 'OK']);
    expect(eventsOf(events, 'RecordUsersChanged').map(({ users }) => users)).toEqual([2, 1, 0]);
    const last = events.slice(events.findLastIndex(isDetach));
    expect(story(last)).toEqual(['det9', 'unmap c0.d0', 'free c0.d0']);
    expect(last.findIndex(({ type }) => type === 'RecordUnlisted')).toBeLessThan(last.findIndex(({ type }) => type === 'DomainUnmapped'));
    expect(world.containers['c0']).toMatchObject({ records: [], mappings: [{ iova: 0x1000000, size: 65536 }], phase: 'ready' });
    expect(Object.values(world.groups).map(({ owner, phase }) => [owner, phase])).toEqual([
      ['fd0', 'owned'],
      ['fd0', 'owned'],
    ]);
  });

  it('a device file that closes while attached is detached before it is unbound', () => {
    const { events, world } = iommufd('iommufd-auto', 'attach 5; map 4K; unbind 5');
    expect(story(events, (event) => event.type === 'RequestStarted' && event.verb === 'unbind')).toEqual([
      'det5',
      'unmap c0.d0',
      'free c0.d0',
      'rel5',
    ]);
    expect(world.groups['5']).toMatchObject({ phase: 'free', domain: 'g5.default', owner: null, pageTable: null, attachedDevices: [] });
    expect(world.containers['c0']!.reserved).toEqual([]);
  });

  it.each([
    ['detach 5', ['EINVAL']],
    ['bind 5; detach 5', ['OK', 'OK']],
    ['unbind 5', ['OK']],
    ['bind 5; bind 5', ['OK', 'EINVAL']],
    ['unmap 4K', ['ENOENT']],
    ['map 64K; unmap 4K; unmap 64K; unmap 64K', ['OK', 'ENOENT', 'OK', 'ENOENT']],
  ])('%s: %j', (script, results) => {
    expect(iommufd('iommufd-auto', script).results).toEqual(results);
  });

  const table = (
    verb: 'make-page-table' | 'attach' | 'destroy-page-table',
    pageTable: string,
    target: string | null = null,
    more = {},
  ) => ({ verb, target, pageTable, ...more });
  const byHand = (...requests: object[]): Told => {
    const script = { ...task('t0', 'map 4K', 'c0', 'fd0'), requests: requests as Scenario['tasks'][number]['requests'] };
    return run('6.12.y', 'iommufd-hwpt', scenario(q35, [script], { caller: 'iommufd-hwpt' }));
  };

  it('a page table in use cannot be destroyed, a free one can, once', () => {
    const device = '0000:00:10.0';
    const detach = { verb: 'detach', target: device };
    const destroy = table('destroy-page-table', 'p0');
    const { results, world } = byHand(
      table('make-page-table', 'p0', device),
      table('attach', 'p0', device),
      destroy,
      detach,
      destroy,
      destroy,
    );
    expect(results).toEqual(['OK', 'OK', 'EBUSY', 'OK', 'OK', 'ENOENT']);
    expect(Object.keys(world.domains).filter((id) => id.startsWith('c0'))).toEqual([]);
  });

  it('nesting needs a parent that is there, and a driver that knows it', () => {
    const nested = (parent: string, device = '0000:00:10.0') =>
      table('make-page-table', 'p1', device, { options: { parent, nested: true } });
    expect(byHand(nested('p0')).results).toEqual(['ENOENT']);
    const arm = {
      ...task('t0', 'map 4K', 'c0', 'fd0'),
      requests: [table('make-page-table', 'p0', '0000:41:00.0'), nested('p0', '0000:41:00.0')],
    };
    const { results, world } = run('6.12.y', 'iommufd-hwpt', scenario(virt, [arm], { caller: 'iommufd-hwpt' }));
    expect(results).toEqual(['OK', 'EOPNOTSUPP']);
    expect(world.containers['c0']!.records).toMatchObject([{ id: 'p0', users: 0 }]);
  });

  it('a nested table needs memory for its record, and lets go of its parent without it', () => {
    const loaded = loadScenario('scenarios/intel-nested-narrow-instance.yaml');
    const faults = [{ kind: 'site', site: 'intel_nested_domain_alloc', nth: 1, sticky: false } as const];
    const { results, world } = told(engineFor({ kernel: '6.12.y', caller: 'iommufd-hwpt' }), { ...loaded, faults });
    expect(results.filter((result) => result === 'ENOMEM')).toHaveLength(1);
    expect(Object.values(world.domains).filter(({ type }) => type === 'nested')).toHaveLength(0);
  });

  it('a replace moves the users, and drops the old table once nobody is left on it', () => {
    const { events, world } = iommufd('iommufd-auto', 'map 4K; map 4K in c1; attach 5; attach 5 in c1');
    expect(world.containers['c0']).toMatchObject({ records: [], reserved: [] });
    expect(world.containers['c1']!.records).toMatchObject([{ domain: 'c1.d0', users: 1, groups: ['5'] }]);
    expect(story(events, (event) => event.type === 'RequestStarted' && event.request === 3)).toEqual(['unmap c0.d0', 'free c0.d0']);
  });
});

describe('kernel drivers and owners (3.3)', () => {
  it.each<[caller: string, script: string, results: string[]]>([
    ['vfio-type1', 'bind-driver 5; attach 5; unbind-driver 5; attach 5', ['OK', 'EPERM', 'OK', 'OK']],
    [
      'vfio-type1',
      'attach 5; bind-driver 5; unbind-driver 5; detach 5; bind-driver 5; bind-driver 5',
      ['OK', 'EBUSY', 'ENODEV', 'OK', 'OK', 'OK'],
    ],
    [
      'iommufd-auto',
      'bind-driver 5; attach 5; unbind-driver 5; bind 5; bind-driver 5; unbind 5; bind-driver 5',
      ['OK', 'EPERM', 'OK', 'OK', 'EBUSY', 'OK', 'OK'],
    ],
    // It claims nothing: the two do not see each other.
    ['vhost-vdpa', 'bind-driver 5; attach 5; close; unbind-driver 5; attach 5; bind-driver 5', ['OK', 'OK', 'OK', 'OK', 'OK', 'OK']],
  ])('%s: %s', (caller, script, results) => {
    for (const kernel of caller === 'iommufd-auto' ? ['6.12.y'] : ['6.1.y', '6.12.y'])
      expect(run(kernel, caller, scenario(q35, [task('t0', script)], { kernel, caller })).results).toEqual(results);
  });

  it('a driver of a partner keeps the whole group from its user, and the other way round', () => {
    const script =
      'bind-driver 0000:05:02.0; attach 0000:05:01.0; unbind-driver 0000:05:02.0; attach 0000:05:01.0; bind-driver 0000:05:02.0';
    expect(run('6.12.y', 'vfio-type1', scenario(q35, [task('t0', script)])).results).toEqual(['OK', 'EPERM', 'OK', 'OK', 'EBUSY']);
  });

  it('the first of two wins, whoever it is', () => {
    const tasks = [task('t0', 'attach 5'), task('t1', 'bind-driver 5', 'c1')];
    const pairs = ([first, second]: readonly string[]): string[] => {
      const events: Event[] = [];
      const ask = (question: Question) => (question.kind === 'task' ? Math.max(0, question.options.indexOf(first!)) : undefined);
      runScenario(engineFor({}), scenario(q35, tasks), { listen: (event) => events.push(event), ask });
      return [...resultsOf({ events }, first), ...resultsOf({ events }, second)];
    };
    expect([pairs(['t0', 't1']), pairs(['t1', 't0'])]).toEqual([
      ['OK', 'EBUSY'],
      ['OK', 'EPERM'],
    ]);
  });
});
