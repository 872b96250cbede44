// What detector tests share: runs that are audited, histories written by hand, and chains as event types.

import type { Event } from '../../src/core/events.ts';
import type { Because, Detector, Finding, Hit, Probe } from '../../src/core/finding.ts';
import type { Fault, Scenario } from '../../src/core/scenario.ts';
import type { Topology } from '../../src/core/topology.ts';
import { emptyWorld, newGroup, newTask, type World } from '../../src/core/world.ts';
import { audit, detectors, shownDetectors } from '../../src/detect/audit.ts';
import { openFold } from '../../src/detect/fold.ts';
import { probeOf } from '../../src/engine/probe.ts';
import { engineFor, scenario, type Told, task, told } from '../support/runs.ts';

export interface Audited extends Told {
  readonly findings: readonly Finding[];
  readonly probe: Probe;
}

export interface Given {
  readonly kernel: string;
  readonly caller: string;
  readonly topology: Topology;
  readonly script: string;
  readonly faults?: readonly Fault[];
  readonly cost?: boolean;
  readonly set?: Scenario['set'];
  /** The iommufd context of the task. */
  readonly context?: string;
}

/** Runs a script as one task in one container and audits it. */
export const audited = ({ kernel, caller, topology, script, faults = [], cost = false, set = {}, context }: Given): Audited => {
  const engine = engineFor({ kernel, caller });
  const probe = probeOf(engine);
  const run = told(engine, scenario(topology, [task('t0', script, 'c0', context)], { kernel, caller, faults, set }));
  return { ...run, probe, findings: audit(run.events, probe, cost ? detectors : shownDetectors) };
};

export const ids = (findings: readonly Finding[]): string[] => findings.map(({ id }) => id);

/** A site that fails once, or for ever. */
export const siteFault = (site: string, more: Partial<Extract<Fault, { kind: 'site' }>>): Fault => ({
  kind: 'site',
  site,
  nth: 1,
  sticky: false,
  ...more,
});

/** The types of a chain's events; conclusions as `-`. */
export const chain = (events: readonly Event[], because: readonly Because[]): string[] =>
  because.map(({ at }) => (at === null ? '-' : events[at - 1]!.type));

/** A probe that refuses what it is told to. */
export const probeSaying = (refused: readonly string[] = []): Probe => ({
  refusal: (_world, _group, domain) => (refused.includes(domain) ? { row: 'made-up', errno: 'EINVAL' } : null),
  citation: (row) => `made.c: ${row}`,
});

/** Groups 5 (one device) and 11 (two), on their default domains, and two tasks, as after boot. */
export const bootedWorld = (): World => {
  const world = emptyWorld();
  const device = (id: string, group: string) => {
    world.devices[id] = {
      id,
      group,
      iommu: 'dmar0',
      driver: 'intel',
      phase: 'default',
      domain: `g${group}.default`,
      regions: [],
      attributes: {},
    };
  };
  device('a', '5');
  device('b', '11');
  device('c', '11');
  for (const [id, devices] of [
    ['5', ['a']],
    ['11', ['b', 'c']],
  ] as const) {
    const domain = `g${id}.default`;
    world.groups[id] = { ...newGroup(id, devices), domain, default: domain };
    world.domains[domain] = { ...madeDomain(domain), type: 'dma', phase: 'used' };
  }
  world.iommus.dmar0 = { id: 'dmar0', driver: 'intel', phase: 'ready', attributes: { domainIdsFree: 3 } };
  world.tasks.t0 = newTask('t0', 'vfio-type1', 'c0');
  world.tasks.t1 = newTask('t1', 'vfio-type1', 'c1');
  return world;
};

export const madeDomain = (id: string) => ({
  id,
  driver: 'intel',
  type: 'unmanaged',
  static: false,
  phase: 'allocated',
  parent: null,
  mappings: [],
  attributes: {},
});

export const started = (kernel = '6.12.y', world: World = bootedWorld()): Event => ({
  type: 'RunStarted',
  scenario: 'by hand',
  kernel,
  caller: 'vfio-type1',
  model: 'm',
  world,
});

export const ended = (task = 't0', result = 'OK'): Event => ({
  type: 'RequestEnded',
  task,
  request: 0,
  verb: 'attach',
  target: '11',
  result,
});

/** What a detector sees in a history: entity and event number, from 1. */
export const seenBy = (detector: unknown, events: readonly Event[], probe: Probe = probeSaying()): [string, number][] =>
  events.flatMap(openFold([detector as Detector], probe)).map(({ hit, at }): [string, number] => [(hit as Hit).entity, at]);
