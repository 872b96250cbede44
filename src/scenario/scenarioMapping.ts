// A scenario in the shape of its file: what the loader would read to make it.
import type { Claim, Expectation, Fault, PreState, Request, Scenario, TaskScript } from '../core/scenario.ts';
import type { Topology } from '../core/topology.ts';
import { printComparison } from './claims.ts';
import { deviationMapping } from './scheduleSchema.ts';
import { printSize } from './sizes.ts';
import { deviceIds } from './targets.ts';
import { hexadecimal, plainNumber, topologyMapping } from './topologyYaml.ts';
import { verbs } from './verbs.ts';

type Mapping = Record<string, unknown>;

export const scenarioMapping = (scenario: Scenario): Mapping => {
  const { name, title, topology, kernel, caller, tasks, order, schedule, before, faults, set, claims, expect } = scenario;
  return {
    name,
    title,
    kernel,
    caller,
    ...actors(tasks, topology),
    ...(order === undefined ? {} : { order }),
    ...(schedule === undefined ? {} : { schedule: schedule.map(deviationMapping) }),
    ...(before === undefined ? {} : { before: before.map((state) => preStateMapping(state, topology)) }),
    ...unlessEmpty('faults', faults.map(faultMapping)),
    ...(Object.keys(set).length === 0 ? {} : { set }),
    ...unlessEmpty('claims', claims.map(claimMapping)),
    ...unlessEmpty('expect', expect.map(expectationMapping)),
    topology: topologyMapping(topology),
  };
};

const unlessEmpty = (key: string, list: readonly unknown[]): Mapping => (list.length === 0 ? {} : { [key]: list });

const preStateMapping = ({ name, tasks, set }: PreState, topology: Topology): Mapping => ({
  name,
  ...(tasks.length === 0 ? {} : actors(tasks, topology)),
  ...(Object.keys(set).length === 0 ? {} : { set }),
});

/** The shorthand where it says the same. */
const actors = (tasks: readonly TaskScript[], topology: Topology): Mapping => {
  const [task] = tasks;
  const plain = task !== undefined && task.id === 't0' && task.container === 'c0' && task.caller === null && task.context === undefined;
  if (tasks.length === 1 && plain) return { script: scriptOf(task, topology) };
  return { tasks: tasks.map((given) => taskMapping(given, topology)) };
};

const taskMapping = (task: TaskScript, topology: Topology): Mapping => ({
  id: task.id,
  container: task.container,
  ...(task.caller === null ? {} : { caller: task.caller }),
  ...(task.context === undefined ? {} : { context: task.context }),
  script: scriptOf(task, topology),
});

const scriptOf = ({ requests }: TaskScript, topology: Topology): unknown[] => requests.map((request) => requestMapping(request, topology));

const requestMapping = (request: Request, topology: Topology): unknown => {
  const detail = detailMapping(request, topology);
  const keys = Object.keys(detail);
  if (keys.length === 0) return request.verb;
  const { bare } = verbs[request.verb];
  const only = keys.length === 1 && (bare === keys[0] || (bare === 'target' && (keys[0] === 'group' || keys[0] === 'device')));
  return { [request.verb]: only ? detail[keys[0]!] : detail };
};

const detailMapping = ({ verb, target, iova, size, pageTable, container, options }: Request, topology: Topology): Mapping => {
  const { parent, nested, ...flags } = options ?? {};
  const nests = verb === 'make-page-table';
  const left = nests ? flags : (options ?? {});
  return {
    ...(target === null ? {} : targetMapping(verb, target, topology)),
    ...(iova === undefined ? {} : { iova: hexadecimal(iova) }),
    ...(size === undefined ? {} : { size: printSize(size) }),
    ...(pageTable === undefined ? {} : { [verbs[verb].keys.includes('name') ? 'name' : 'page-table']: pageTable }),
    ...(nests && parent !== undefined ? { parent } : {}),
    ...(nests && nested !== undefined ? { nested } : {}),
    ...(container === undefined ? {} : { container }),
    ...(Object.keys(left).length === 0 ? {} : { with: left }),
  };
};

const targetMapping = (verb: Request['verb'], target: string, topology: Topology): Mapping => {
  if (verb === 'kill') return { task: target };
  return deviceIds(topology).includes(target) ? { device: target } : { group: plainNumber(target) };
};

/** Requests are counted from 1 in files. */
const faultMapping = (fault: Fault): Mapping => {
  const { kind: _kind, request, nth, ...rest } = fault;
  const { sticky, ...named } = { sticky: false, ...rest };
  return { ...named, ...(request === undefined ? {} : { request: request + 1 }), nth, ...(sticky ? { sticky } : {}) };
};

const claimMapping = (claim: Claim): unknown => {
  if (claim.kind === 'compare') return { [claim.mood]: printComparison(claim) };
  if (Object.keys(claim.parameters).length === 0) return claim.detector;
  return { detector: claim.detector, with: claim.parameters };
};

const expectationMapping = ({ place: _place, ...expectation }: Expectation): Mapping => expectation;
