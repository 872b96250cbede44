// What holds for every run, whoever steps when and whatever fails: laws of the engine over runs by chance.
import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { canonical } from '../../src/core/canonical.ts';
import type { Event, EventOf, EventType } from '../../src/core/events.ts';
import { evolve } from '../../src/core/evolve.ts';
import { emptyWorld, type World } from '../../src/core/world.ts';
import { phases } from '../../src/kernels/phases.ts';
import { exportLines, readExport } from '../../src/store/codec.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import { SqliteStore } from '../../src/store/sqlite.ts';
import type { EventStore } from '../../src/store/store.ts';
import { validateEvent } from '../../src/store/validate.ts';
import { newFile } from '../store/files.ts';
import { eventsOf } from '../support/runs.ts';
import { intel, pairs, play, rmrr, type Story, smmuv3, story, virtio } from '../support/stories.ts';

const patience = { timeout: 60_000 };

/** What everybody does all day. */
const orderly = story({
  places: [intel, smmuv3],
  pairs,
  verbs: ['attach', 'attach', 'attach', 'detach', 'map', 'map', 'unmap', 'close'],
  shared: false,
});

/** Everything at once: containers are shared, tasks die, devices go, kernel drivers come. */
const rough = story({
  places: [intel, smmuv3, virtio, rmrr],
  pairs,
  verbs: [
    ...(['attach', 'attach', 'attach', 'detach', 'map', 'unmap', 'close', 'kill', 'unplug', 'bind-driver', 'unbind-driver'] as const),
    ...(['set-container', 'set-iommu', 'unset-container', 'bind', 'unbind', 'replace'] as const),
  ],
  shared: true,
});

/** The seed is in the title, so that a failure can be had again. */
const law = (title: string, seed: number, numRuns: number, stories: fc.Arbitrary<Story>, holds: (told: Story) => void): void => {
  it(`${title} (seed ${seed}, ${numRuns} runs)`, patience, () => {
    fc.assert(fc.property(stories, holds), { seed, numRuns });
  });
};

const stores: readonly EventStore<Event>[] = [new MemoryStore<Event>(), new SqliteStore<Event>(newFile())];
afterAll(() => {
  for (const store of stores) store.close();
});

const text = (events: Iterable<Event>): string[] => [...events].map(canonical);

const folded = (events: Iterable<Event>, each: (world: World, event: Event) => void = () => {}): World => {
  const world = emptyWorld();
  for (const event of events) {
    each(world, event);
    evolve(world, event);
  }
  return world;
};

describe('every run', () => {
  law('is made again by its decisions, byte for byte', 1001, 300, rough, (told) => {
    const { run, events } = play(told);
    const again = play(told, run.decisions);
    expect(text(again.events)).toEqual(text(events));
    expect(again.run).toEqual(run);
  });

  law('is folded from its events', 1002, 300, rough, (told) => {
    const { run, events } = play(told);
    expect(canonical(folded(events))).toBe(canonical(run.world));
  });

  law('comes back from stores and from its export as it was', 1003, 100, rough, (told) => {
    const { events } = play(told);
    const id = `r${stores[0]!.streams().length + 1}`;
    for (const store of stores) {
      store.append(id, 'absent', events);
      const { header, events: read } = readExport<Event>(id, exportLines(id, store.version(id), store.read(id)), validateEvent);
      expect([header.stream, header.events]).toEqual([id, events.length]);
      expect(text(read)).toEqual(text(events));
    }
  });

  law('moves parts only along their machines', 1004, 300, rough, (told) => {
    folded(play(told).events, (world, event) => {
      for (const [kind, id, phase] of phasesIn(event)) {
        if (phase !== null) expect([kind, phaseIn(world, kind, id), phase]).toSatisfy(isMove);
      }
    });
  });
});

const kinds = { device: 'devices', group: 'groups', domain: 'domains', iommu: 'iommus', container: 'containers' } as const;
type Kind = keyof typeof kinds;
type Move = readonly [kind: Kind, from: string | null, to: string];

const phaseIn = (world: World, kind: Kind, id: string): string | null => world[kinds[kind]][id]?.phase ?? null;

type Given = readonly [kind: Kind, id: string, phase: string | null];
const container = (event: { container: string; phase: string }): Given[] => [['container', event.container, event.phase]];
const group = (event: { group: string; phase: string }): Given[] => [['group', event.group, event.phase]];
const pool = (event: EventOf<'IdTaken' | 'IdGiven'>): Given[] => (event.part === 'iommu' ? [['iommu', event.id, event.phase]] : []);
const attachment = (event: EventOf<'DeviceAttached' | 'DeviceLeft'>): Given[] => [
  ['device', event.device, event.phase],
  ['domain', event.domain, event.domainPhase],
];

/** The phases that events give to parts; a domain's is null where it does not change. */
const given: { readonly [T in EventType]?: (event: EventOf<T>) => Given[] } = {
  DeviceAttached: attachment,
  DeviceLeft: attachment,
  DeviceUnplugged: ({ device, phase }) => [['device', device, phase]],
  DomainFreed: ({ recordedBy }) => recordedBy.map(({ group: id, phase }) => ['group', id, phase]),
  GroupDomainRecorded: group,
  GroupClaimed: group,
  GroupReleased: group,
  DriverBound: group,
  DriverUnbound: group,
  ContainerOpened: container,
  ContainerClosed: container,
  BackendSet: container,
  GroupJoined: container,
  GroupParted: container,
  IdTaken: pool,
  IdGiven: pool,
};

const phasesIn = (event: Event): Given[] => (given[event.type] as ((event: Event) => Given[]) | undefined)?.(event) ?? [];

const transitionsOf = (kind: Kind, state: string): string[] => {
  const { states } = (phases[kind] as unknown as { config: { states: Record<string, { on?: Record<string, string> }> } }).config;
  return Object.values(states[state]?.on ?? {});
};

/** A part begins in any phase: containers are opened ready or empty, and opened anew where they were closed. */
const isMove = ([kind, before, to]: Move): boolean =>
  before === null || (kind === 'container' && before === 'closed') || transitionsOf(kind, before).includes(to);

/** How many requests each task asks for; a QEMU that cannot map the guest's memory ends itself, and what it still had to do. */
const requestsOf = ({ scenario }: Story, events: readonly Event[]): [string, number][] => {
  const ended = new Set(eventsOf(events, 'TaskKilled').map(({ task }) => task));
  return scenario.tasks.flatMap(({ id, requests }) => (ended.has(id) ? [] : [[id, requests.length]]));
};

const counted = (events: readonly { task: string }[], id: string): number => events.filter(({ task }) => task === id).length;

/** Domains that no list, no group and no other domain speaks of. */
const orphans = ({ domains, containers, groups }: World): string[] => {
  const listed = Object.values(containers).flatMap(({ records }) => records.map(({ domain }) => domain));
  const own = Object.values(groups).flatMap(({ domain, default: usual, blocking }) => [domain, usual, blocking]);
  const spoken = new Set<string | null>([...listed, ...own]);
  return Object.keys(domains).filter((id) => !spoken.has(id));
};

/** Ranges that an address space holds for a device that is not attached to it, or a domain that it does not list. */
const forgotten = ({ containers, groups }: World): string[] =>
  Object.values(containers).flatMap(({ records, reserved }) => {
    const attached = records.flatMap((record) => record.groups.flatMap((id) => groups[id]!.attachedDevices));
    const owners = new Set([...attached, ...records.map(({ domain }) => domain)]);
    return reserved.flatMap(({ owner }) => (owners.has(owner) ? [] : [owner]));
  });

/** Groups whose container and whose domain do not agree: what is attached is listed, and what is listed is attached. */
const disagreements = ({ containers, groups }: World): string[] =>
  Object.values(containers).flatMap(({ kind, records, groups: joined, backend }) => {
    const wrong = records.filter((record) => record.groups.some((id) => groups[id]!.domain !== record.domain)).map(({ id }) => id);
    const unlisted = joined.filter((id) => kind === 'vfio' && backend !== null && !records.some((record) => record.groups.includes(id)));
    return [...wrong, ...unlisted];
  });

describe('interleaved tasks, with at most one failure', () => {
  law('end every request and give every lock back', 2001, 600, orderly, (told) => {
    const { run, events } = play(told);
    expect(run.stuck).toEqual([]);
    expect(run.world.locks).toEqual({});
    const [started, answered] = [eventsOf(events, 'RequestStarted'), eventsOf(events, 'RequestEnded')];
    expect(answered).toHaveLength(started.length);
    for (const [id, count] of requestsOf(told, events)) expect([counted(started, id), counted(answered, id)]).toEqual([count, count]);
    expect(Object.values(run.world.tasks).map(({ phase, stack, call }) => [phase, stack, call])).toEqual(
      told.scenario.tasks.map(() => ['ended', [], null]),
    );
  });

  law(
    'leave no domain or range that nobody lists, on 6.12',
    2002,
    600,
    orderly.filter(({ pair }) => pair.kernel === '6.12.y'),
    (told) => {
      const { world } = play(told).run;
      expect(orphans(world)).toEqual([]);
      expect(disagreements(world)).toEqual([]);
      expect(forgotten(world)).toEqual([]);
    },
  );

  /** Instances, devices and groups, without what a first claim leaves for good: the blocking domain. */
  const machineOf = ({ devices, groups, iommus }: World): unknown =>
    withoutNulls({ devices, iommus, groups: Object.values(groups).map((found) => ({ ...found, blocking: null })) });

  /** What was never set and what was cleared read the same. */
  const withoutNulls = (parts: object): unknown => JSON.parse(JSON.stringify(parts, (_key, part: unknown) => part ?? undefined));

  const closing = (told: Story): Story => {
    const tasks = told.scenario.tasks.map((task) => ({ ...task, requests: [...task.requests, { verb: 'close' as const, target: null }] }));
    return { ...told, failing: null, scenario: { ...told.scenario, tasks } };
  };

  const onStatic = story({
    places: [intel, smmuv3],
    pairs: pairs.filter(({ kernel }) => kernel === '6.12.y'),
    verbs: ['attach', 'attach', 'map', 'detach'],
    shared: false,
  });

  law('give the machine back as it was when all is closed, where blocking costs nothing', 2003, 300, onStatic, (told) => {
    const { run, events } = play(closing(told));
    const booted = events[0] as EventOf<'RunStarted'>;
    expect(machineOf(run.world)).toEqual(machineOf(booted.world));
    for (const { phase, groups, records, mappings, reserved } of Object.values(run.world.containers))
      expect({ phase, groups, records, mappings, reserved }).toEqual({
        phase: 'closed',
        groups: [],
        records: [],
        mappings: [],
        reserved: [],
      });
  });
});

describe('tasks that share, die and lose their devices', () => {
  law('wait for ever only for an owner who never gives up', 2004, 600, rough, (told) => {
    const { run, events } = play(told);
    expect(run.stuck.filter(({ lock }) => lock !== 'until group.owner is given up')).toEqual([]);
    const waiting = run.stuck.map(({ task }) => task);
    const open = eventsOf(events, 'RequestStarted').length - eventsOf(events, 'RequestEnded').length;
    expect(open).toBe(waiting.length);
    expect(run.world.locks).toEqual({});
    for (const { task } of eventsOf(events, 'TaskKilled')) if (!waiting.includes(task)) expect(run.world.tasks[task]!.phase).toBe('ended');
  });

  law('leave nothing of a task that was killed', 2005, 600, rough, (told) => {
    const { run, events } = play(told);
    const killed = new Set(eventsOf(events, 'TaskKilled').map(({ task }) => task));
    const opened = eventsOf(events, 'ContainerOpened').filter(({ task }) => killed.has(task) && run.world.tasks[task]!.phase === 'ended');
    const others = told.scenario.tasks.filter(({ id }) => !killed.has(id)).map(({ container }) => container);
    for (const { container } of opened) {
      if (others.includes(container)) continue;
      const { phase, groups, records } = run.world.containers[container]!;
      expect([phase, groups, records]).toEqual([expect.stringMatching(/^clos(ed|ing)$/), [], []]);
    }
  });
});
