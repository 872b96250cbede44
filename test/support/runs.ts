// What engine tests share: topologies of recorded machines, scenarios as short rows, runs with their events.
import { readFileSync } from 'node:fs';
import type { Event, EventOf, EventType } from '../../src/core/events.ts';
import type { Fault, Request, Scenario, TaskScript } from '../../src/core/scenario.ts';
import type { Topology } from '../../src/core/topology.ts';
import type { World } from '../../src/core/world.ts';
import { type Engine, engineOf } from '../../src/engine/engine.ts';
import { type Run, runScenario } from '../../src/engine/run.ts';
import { buildModel, type ModelOptions, operationTable } from '../../src/kernels/build.ts';
import { topologyFromSnapshot } from '../../src/recordings/snapshot.ts';

/** A recorded machine by the name of its recording, as trimmed for the tests. */
export const recorded = (name: string): Topology =>
  topologyFromSnapshot(readFileSync(`test/recordings/topologies/${name}.txt`, 'utf8'), {}, name).topology;

export const engineFor = (options: ModelOptions): Engine => engineOf(buildModel(options), operationTable);

const sizes: Record<string, number> = { '4K': 4096, '64K': 65536, '2M': 2 ** 21 };

/** `attach 5`, `map 4K`, `map 4K @0x1000000 in c1`, `detach 5`: enough for tests; files have the full syntax. */
export const request = (text: string): Request => {
  const [head, container] = text.split(' in ') as [string, string | undefined];
  const [verb, target, place] = head.trim().split(/\s+/) as [Request['verb'], string | undefined, string | undefined];
  const base: Request = { verb, target: verb === 'map' || verb === 'unmap' ? null : (target ?? null), ...(container ? { container } : {}) };
  if (verb !== 'map' && verb !== 'unmap') return base;
  return { ...base, iova: place ? Number(place.slice(1)) : 0x1000000, size: sizes[target ?? '4K'] ?? Number(target) };
};

export const task = (id: string, script: string, container = 'c0', context?: string): TaskScript => ({
  id,
  caller: null,
  container,
  ...(context ? { context } : {}),
  requests: script.split(';').map((text) => request(text.trim())),
});

export const scenario = (topology: Topology, tasks: readonly TaskScript[], more: Partial<Scenario> = {}): Scenario => ({
  name: 'test',
  title: '',
  topology,
  kernel: '6.12.y',
  caller: 'vfio-type1',
  tasks,
  faults: [],
  set: {},
  claims: [],
  expect: [],
  ...more,
});

export interface Told {
  readonly run: Run;
  readonly events: readonly Event[];
  readonly world: World;
  readonly results: readonly string[];
}

export const told = (engine: Engine, given: Scenario): Told => {
  const events: Event[] = [];
  const run = runScenario(engine, given, { listen: (event) => events.push(event) });
  return { run, events, world: run.world, results: eventsOf(events, 'RequestEnded').map((event) => event.result) };
};

export const eventsOf = <T extends EventType>(events: readonly Event[], type: T): EventOf<T>[] =>
  events.filter((event): event is EventOf<T> => event.type === type);

/** The n-th allocation of a request (from 0) of task t0. */
export const nth = (request: number, n: number, call?: string): Fault => ({
  kind: 'nth',
  task: 't0',
  request,
  nth: n,
  ...(call ? { call } : {}),
});
