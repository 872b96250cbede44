// Runs by chance: recorded machines, models, tasks with scripts, who steps when, and which allocation or kernel API fails.
import * as fc from 'fast-check';
import type { Question } from '../../src/core/choose.ts';
import type { Event } from '../../src/core/events.ts';
import { Failure } from '../../src/core/failure.ts';
import type { Request, Scenario, TaskScript, Verb } from '../../src/core/scenario.ts';
import type { Topology } from '../../src/core/topology.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { type Decisions, type Run, runScenario } from '../../src/engine/run.ts';
import { callerTable, profileTable } from '../../src/kernels/build.ts';
import { engineFor, recorded, scenario } from './runs.ts';

/** A caller of one kernel. */
export interface Pair {
  readonly kernel: string;
  readonly caller: string;
}

const engines = new Map<string, Engine>();

/** Engines are closed lazily, so one is shared by all runs of its model. */
export const engineOfPair = ({ kernel, caller }: Pair): Engine => {
  const name = `${kernel} ${caller}`;
  const found = engines.get(name) ?? engineFor({ kernel, caller });
  engines.set(name, found);
  return found;
};

const exists = (pair: Pair): boolean => {
  try {
    engineOfPair(pair);
    return true;
  } catch (error) {
    if (error instanceof Failure && error.message.includes('n/a')) return false;
    throw error;
  }
};

/** Every caller on every kernel that has it. */
export const pairs: readonly Pair[] = [...profileTable.keys()]
  .flatMap((kernel) => [...callerTable.keys()].map((caller) => ({ kernel, caller })))
  .filter(exists);

/** A machine with the groups that stories are about. */
export interface Place {
  readonly topology: Topology;
  readonly groups: readonly string[];
}

const placeOf = (name: string, ...groups: string[]): Place => ({ topology: recorded(name), groups });

export const intel = placeOf('6.12custom-x86_64-intel-failnth', '5', '9', '11');
export const smmuv3 = placeOf('6.12-arm64-smmuv3x3-basic', '6', '8', '9');
export const virtio = placeOf('6.12-x86_64-virtio-basic', '5', '8', '10');
export const rmrr = placeOf('6.1-x86_64-intel_rmrr-basic', '5', '6', '11');

export interface Story {
  readonly pair: Pair;
  readonly scenario: Scenario;
  /** Answers to "who steps next", one after the other and then the first again: mostly 0, who stepped last. */
  readonly order: readonly number[];
  /** Which of the allocations and kernel APIs fails, counted over all tasks; null: none. */
  readonly failing: number | null;
}

const devicesOf = ({ topology }: Place, group: string): string[] =>
  topology.groups.find(({ id }) => id === group)!.devices.map(({ id }) => id);

const range = fc.record({ iova: fc.constantFrom(0x1000000, 0x1010000, 0x2000000), size: fc.constantFrom(4096, 65536) });

/** A request that names what its verb needs; `verbs` may name one more than once, to be likelier. */
const requestOn = (place: Place, verb: Verb, tasks: readonly string[]): fc.Arbitrary<Request> => {
  const group = fc.constantFrom(...place.groups);
  const device = group.chain((id) => fc.constantFrom(...devicesOf(place, id)));
  if (verb === 'map' || verb === 'unmap') return range.map((found) => ({ verb, target: null, ...found }));
  if (verb === 'close' || verb === 'set-iommu') return fc.constant({ verb, target: null });
  if (verb === 'kill') return fc.constantFrom(...tasks).map((target) => ({ verb, target }));
  if (verb === 'unplug') return device.map((target) => ({ verb, target }));
  return fc.oneof({ weight: 3, arbitrary: group }, { weight: 1, arbitrary: device }).map((target) => ({ verb, target }));
};

interface Shape {
  readonly places: readonly Place[];
  readonly pairs: readonly Pair[];
  readonly verbs: readonly Verb[];
  /** Each task has a container of its own, or all draw from two. */
  readonly shared: boolean;
}

const taskOn = (place: Place, verbs: readonly Verb[], tasks: readonly string[], id: string, shared: boolean): fc.Arbitrary<TaskScript> => {
  const requests = fc.array(
    fc.constantFrom(...verbs).chain((verb) => requestOn(place, verb, tasks)),
    { minLength: 1, maxLength: 6 },
  );
  const container = shared ? fc.constantFrom('c0', 'c1') : fc.constant(id.replace('t', 'c'));
  return fc.record({ id: fc.constant(id), caller: fc.constant(null), container, requests });
};

/** Page tables by name and what only one kind of caller knows are left out: not every pair has them. */
const known = ({ kernel, caller }: Pair, verbs: readonly Verb[]): Verb[] => {
  const { requests } = engineOfPair({ kernel, caller }).model;
  return verbs.filter((verb) => verb === 'kill' || requests[verb] !== undefined);
};

export const story = ({ places, pairs: among, verbs, shared }: Shape): fc.Arbitrary<Story> =>
  fc
    .record({ place: fc.constantFrom(...places), pair: fc.constantFrom(...among), count: fc.integer({ min: 1, max: 3 }) })
    .chain(({ place, pair, count }) => {
      const ids = Array.from({ length: count }, (_, index) => `t${index}`);
      const tasks = fc.tuple(...ids.map((id) => taskOn(place, known(pair, verbs), ids, id, shared)));
      const parts = fc.record({
        pair: fc.constant(pair),
        scenario: tasks.map((made) => scenario(place.topology, made, pair)),
        order: fc.array(fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(2) }), {
          minLength: 1,
          maxLength: 60,
        }),
        failing: fc.option(fc.nat(250), { nil: null }),
      });
      return parts.map((made) => ({ ...made, [fc.toStringMethod]: () => printed(made) }));
    });

const said = ({ verb, target, iova, size }: Request): string =>
  [verb, target, iova?.toString(16), size].filter((part) => part !== null && part !== undefined).join(' ');

/** A counterexample without the machine's details. */
const printed = ({ pair, scenario: { topology, tasks }, order, failing }: Story): string => {
  const scripts = tasks.map(({ id, container, requests }) => `${id} in ${container}: ${requests.map(said).join('; ')}`);
  return `${topology.name}, ${pair.caller} on ${pair.kernel}; ${scripts.join(' | ')}; order ${order.join('')}, failing ${failing}`;
};

export interface Played {
  readonly run: Run;
  readonly events: readonly Event[];
}

/** Runs a story; with decisions, those alone decide. */
export const play = ({ pair, scenario: given, order, failing }: Story, decisions?: Decisions): Played => {
  const events: Event[] = [];
  let steps = 0;
  let asked = 0;
  const ask = (question: Question): number => {
    if (question.kind === 'task') return order[steps++ % order.length]! % question.options.length;
    return asked++ === failing ? 1 : 0;
  };
  const listen = (event: Event): void => {
    events.push(event);
  };
  const run = runScenario(engineOfPair(pair), given, { listen, ...(decisions ? { decisions } : { ask }) });
  return { run, events };
};
