// Scenarios made in TypeScript: the same content as a file, and the same checks.

import type { Value } from '../core/conditions.ts';
import { Failure } from '../core/failure.ts';
import type { Mood, Scenario } from '../core/scenario.ts';
import type { Topology } from '../core/topology.ts';
import { assemble } from './assemble.ts';
import { openTaskBuilder, type TaskBuilder } from './builderTask.ts';
import type { Known } from './names.ts';
import type { RequestFile } from './requestSchema.ts';
import type { ExpectationFile, FaultFile, PreStateFile, ScenarioFile, TaskFile } from './schema.ts';
import { type PlaceOf, pathPlaces, topologyKind } from './source.ts';
import { topologyFromFile } from './topologies.ts';
import type { TopologyFile } from './topologySchema.ts';

type FaultOf<K extends string> = Extract<FaultFile, { [key in K]: unknown }>;
type CountedFault = Exclude<FaultFile, FaultOf<'site'> | FaultOf<'api'>>;
type Actor = Omit<TaskFile, 'id' | 'script'>;

/** Each method gives the builder itself; `build` checks everything as the loader of files does. */
export interface ScenarioBuilder {
  readonly title: (title: string) => ScenarioBuilder;
  /** A topology, or one in the shape of a topology file. */
  readonly topology: (topology: Topology | TopologyFile) => ScenarioBuilder;
  readonly kernel: (kernel: string) => ScenarioBuilder;
  readonly caller: (caller: string) => ScenarioBuilder;
  readonly task: (id: string, script: (task: TaskBuilder) => unknown, actor?: Actor) => ScenarioBuilder;
  readonly order: (...tasks: string[]) => ScenarioBuilder;
  /** A state to begin in: a run takes the first, a search all. */
  readonly before: (state: PreStateFile) => ScenarioBuilder;
  readonly schedule: (...deviations: NonNullable<ScenarioFile['schedule']>) => ScenarioBuilder;
  /** Requests are numbered from 1, as in files. */
  readonly failNth: (fault: CountedFault) => ScenarioBuilder;
  readonly failSite: (fault: FaultOf<'site'>) => ScenarioBuilder;
  readonly failApi: (fault: FaultOf<'api'>) => ScenarioBuilder;
  readonly set: (part: string, attributes: Record<string, Value>) => ScenarioBuilder;
  readonly claim: (mood: Mood, comparison: string) => ScenarioBuilder;
  readonly claimDetector: (detector: string, parameters?: Record<string, Value>) => ScenarioBuilder;
  readonly expect: (expectation: ExpectationFile) => ScenarioBuilder;
  /** Names are not checked when `known` is absent. */
  readonly build: (known?: Known) => Scenario;
}

interface Parts {
  readonly single: Record<string, unknown>;
  readonly tasks: TaskFile[];
  readonly faults: FaultFile[];
  readonly set: Record<string, Record<string, Value>>;
  readonly claims: unknown[];
  readonly expect: ExpectationFile[];
}

export const scenario = (name: string): ScenarioBuilder => {
  const parts: Parts = { single: { name }, tasks: [], faults: [], set: {}, claims: [], expect: [] };
  const put = (key: string, value: unknown): ScenarioBuilder => {
    parts.single[key] = value;
    return builder;
  };
  const add = <T>(list: T[], item: T): ScenarioBuilder => {
    list.push(item);
    return builder;
  };
  const builder: ScenarioBuilder = {
    title: (title) => put('title', title),
    topology: (topology) => put('topology', topology),
    kernel: (kernel) => put('kernel', kernel),
    caller: (caller) => put('caller', caller),
    order: (...tasks) => put('order', tasks),
    before: (state) => put('before', [...((parts.single.before as PreStateFile[]) ?? []), state]),
    schedule: (...deviations) => put('schedule', deviations),
    task: (id, script, actor = {}) => add(parts.tasks, taskOf(id, script, actor)),
    failNth: (fault) => add(parts.faults, fault),
    failSite: (fault) => add(parts.faults, fault),
    failApi: (fault) => add(parts.faults, fault),
    set: (part, attributes) => {
      parts.set[part] = { ...parts.set[part], ...attributes };
      return builder;
    },
    claim: (mood, comparison) => add(parts.claims, { [mood]: comparison }),
    claimDetector: (detector, parameters = {}) => add(parts.claims, { detector, with: parameters }),
    expect: (expectation) => add(parts.expect, expectation),
    build: (known) => built(name, parts, known),
  };
  return builder;
};

const taskOf = (id: string, write: (task: TaskBuilder) => unknown, actor: Actor): TaskFile => {
  const script: RequestFile[] = [];
  write(openTaskBuilder(script));
  return { id, ...actor, script };
};

const built = (name: string, { single, ...lists }: Parts, known: Known | undefined): Scenario => {
  const source = { value: { ...single, ...lists }, place: pathPlaces(`scenario ${name}`) };
  return assemble(source, { known, resolve: (path) => path, topology: (file, place) => topologyIn(file, place, name, known) });
};

const topologyIn = (file: ScenarioFile['topology'], place: PlaceOf, name: string, known: Known | undefined): Topology => {
  if (typeof file === 'object' && !('snapshot' in file))
    return topologyFromFile(file, place, { name, source: 'made by hand', drivers: known?.drivers });
  throw new Failure(topologyKind.code, 'expected a topology, found where one can be read', place([]), 'Read it with loadTopology() first.');
};
