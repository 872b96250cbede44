// Runs the calls of a session through the model, one after the other, and keeps what the model shows of each.

import type { Value } from '../core/conditions.ts';
import type { Event } from '../core/events.ts';
import type { Fault, Request, Scenario, TaskScript } from '../core/scenario.ts';
import type { Topology } from '../core/topology.ts';
import type { Engine } from '../engine/engine.ts';
import { openRun } from '../engine/run.ts';
import type { ProgramCall } from '../recordings/kernel/programCalls.ts';
import { iommufdCalls } from './iommufdRequests.ts';
import { Modelled } from './modelled.ts';
import type { Observation } from './observation.ts';
import { type Handler, type Known, newKnown, type Placed, request, skipped, type Translated, unsaid } from './placed.ts';
import type { ObservedCall, Session } from './sessions.ts';
import { deviceCalls, vfioCalls } from './vfioRequests.ts';

/** A run has one caller: beside an iommufd, groups only join and leave a container in the translator's eyes. */
const besideIommufd: Handler = (call, known) => {
  vfioCalls[call.op]!(call, known);
  return skipped(call, 'beside an iommufd');
};

/** Killing a task closes what it holds; a container that no call of the session named is nobody's here. */
const exits: Handler = (call, { tasks }) =>
  call.container === null || !tasks.has(call.container)
    ? skipped(call, 'of a process that the log does not name')
    : request('others', { verb: 'kill', target: call.container });

const handlerOf = ({ op }: ProgramCall, { iommufd }: Known): Handler => {
  if (op in vfioCalls) return iommufd ? besideIommufd : vfioCalls[op]!;
  return op === 'exit' ? exits : (deviceCalls[op] ?? iommufdCalls[op] ?? unsaid);
};

export interface TranslatedCall {
  readonly observed: ObservedCall;
  readonly translated: Translated;
}

/** Every call with its requests, or with why it has none. */
export const translate = (session: Session): TranslatedCall[] => {
  const known = newKnown(session.calls.map(({ call }) => call));
  return session.calls.map((observed) => {
    const translated = handlerOf(observed.call, known)(observed.call, known);
    if ('requests' in translated) for (const { task } of translated.requests) known.tasks.add(task);
    return { observed, translated };
  });
};

export const placedOf = ({ translated }: TranslatedCall): readonly Placed[] => ('requests' in translated ? translated.requests : []);

const scriptsOf = (placed: readonly Placed[]): TaskScript[] => {
  const scripts = new Map<string, { first: Placed; requests: Request[] }>();
  for (const one of placed) {
    const script = scripts.get(one.task) ?? { first: one, requests: [] };
    script.requests.push(one.request);
    scripts.set(one.task, script);
  }
  return [...scripts].map(([id, { first, requests }]) => {
    const { container, context } = first;
    return { id, caller: null, container, ...(context ? { context } : {}), requests };
  });
};

const withTypes = (topology: Topology, types: Session['types']): Topology => ({
  ...topology,
  groups: topology.groups.map((group) => ({ ...group, type: types.get(group.id) ?? group.type })),
});

export interface Machine {
  readonly topology: Topology;
  readonly kernel: string;
  readonly caller: string;
  /** Attributes that were assumed, by part. */
  readonly set: Record<string, Record<string, Value>>;
}

export const scenarioOf = (session: Session, calls: readonly TranslatedCall[], machine: Machine, faults: readonly Fault[]): Scenario => ({
  ...{ name: session.name, title: '', claims: [], expect: [] },
  topology: withTypes(machine.topology, session.types),
  ...{ kernel: machine.kernel, caller: machine.caller, set: machine.set },
  ...{ tasks: scriptsOf(calls.flatMap(placedOf)), faults },
});

export interface Rerun {
  readonly call: TranslatedCall;
  readonly observations: readonly Observation[];
  /** The first failure among the call's requests, as the program would see it; null: it never ended. */
  readonly result: string | null;
  /** A planned failure was reached. */
  readonly hit: boolean;
  /** Numbers of the call's events in the run. */
  readonly from: number;
  readonly to: number;
}

export interface Rerunning {
  readonly reruns: readonly Rerun[];
  readonly events: readonly Event[];
}

const resultOf = (events: readonly Event[], tasks: readonly string[]): string | null => {
  const results = events.flatMap((event) => (event.type === 'RequestEnded' && tasks.includes(event.task) ? [event.result] : []));
  return results.find((result) => result !== 'OK') ?? results.at(-1) ?? null;
};

export const rerun = (engine: Engine, scenario: Scenario, calls: readonly TranslatedCall[]): Rerunning => {
  const events: Event[] = [];
  const nameOf = (workflow: string): string => engine.machine(workflow)?.facts.kernel?.replace('()', '') ?? workflow;
  const { session } = openRun(engine, scenario, { listen: (event) => events.push(event) });
  const reruns = calls.flatMap((call): Rerun[] => {
    const placed = placedOf(call);
    if (placed.length === 0) return [];
    const from = events.length;
    for (const { task, request: asked } of placed) session.submit(task, asked);
    session.drive();
    const since = events.slice(from);
    const modelled = new Modelled(nameOf);
    for (const [index, event] of since.entries()) modelled.take(event, from + index + 1);
    const hit = since.some(({ type }) => type === 'AllocationFailed');
    const result = resultOf(
      since,
      placed.map(({ task }) => task),
    );
    return [{ call, observations: modelled.comparable, result, hit, from: from + 1, to: events.length }];
  });
  session.finish();
  return { reruns, events };
};
