// The matrix: one scenario under every kernel and caller, each cell a judgement, n/a with its reason, or marked hypothetical.
import type { Cell } from '../core/cell.ts';
import type { Scenario } from '../core/scenario.ts';
import type { Caller } from '../core/workflow.ts';
import { byName, type Recipe, type Resolve } from '../engine/recipe.ts';
import { absence, basisOf, callerTable, missingDriver, profileTable } from '../kernels/build.ts';
import { recordedFor } from '../kernels/evidence.ts';
import { lookUp } from '../kernels/model.ts';
import { lastCalls, openContainers, timesPinned } from './guest.ts';
import { domainsOf, expectationFor, type Judgement, judge, lastResult, problemsOf, resultsOf } from './judge.ts';

export interface MatrixOptions {
  readonly kernels?: readonly string[];
  readonly callers?: readonly string[];
  readonly contract?: string;
  readonly continueOn?: Recipe['continueOn'];
  readonly resolve?: Resolve;
  /** What a run rests on that does not hold; null: nothing is known of its kernel. */
  readonly mark?: (judgement: Judgement) => readonly string[] | null;
}

/** Only where a tree was checked. */
export const markedBy = (mark: MatrixOptions['mark'], judgements: readonly Judgement[]): Pick<Cell, 'notValid'> => {
  const found = judgements.map((judgement) => mark?.(judgement) ?? null).filter((marks) => marks !== null);
  return found.length === 0 ? {} : { notValid: [...new Set(found.flat())] };
};

/** No tree has what an overlay changes. */
const isOverlaid = ({ engine: { model } }: Judgement): boolean => model.kernel !== model.profile.name;

/** Recorded where a recording of that machine, caller and kind of failure exists; read where the trees are; else model. */
const evidenceOf = (judgement: Judgement): string => {
  const { engine, recipe } = judgement;
  if (engine.model.hypothetical !== null || recipe.contract !== undefined || recipe.continueOn !== undefined) return 'model';
  if (isOverlaid(judgement)) return 'model';
  const { topology, set } = recipe.scenario;
  // A machine written by hand, or one with other attributes, was never recorded.
  if (!topology.source.startsWith('recording ') || Object.keys(set).some((part) => part !== 'system')) return 'read';
  const drivers = [...new Set(Object.values(judgement.run.world.devices).map((device) => device.driver))];
  return recordedFor(recipe.kernel, recipe.caller, drivers, recipe.scenario.faults.length > 0) === null ? 'read' : 'recorded';
};

const none = {
  result: null,
  results: [],
  calls: [],
  domains: {},
  containers: null,
  pinned: null,
  findings: [],
  evidence: null,
  expected: null,
  problems: [],
};

/** Callers may be files that `resolve` knows. */
export const callerNamed = (kernel: string, caller: string, resolve: Resolve): Caller => {
  const options = resolve({ kernel, caller });
  return typeof options.caller === 'object' ? options.caller : lookUp('caller', options.caller ?? caller, callerTable);
};

/** Why there is no such cell, null where there is one; kernels may be files too. */
export const absentReason = (kernel: string, found: Caller, resolve: Resolve, { topology, tasks }: Scenario): string | null => {
  const options = resolve({ kernel, caller: found.name });
  const { profile, drivers } = typeof options.kernel === 'object' ? options.kernel : basisOf(options.kernel ?? kernel);
  const { column } = profile;
  const own = tasks.flatMap((task) => (task.caller === null ? [] : (callerTable.get(task.caller) ?? [])));
  const absent = [found, ...own].map((each) => absence(each, column)).find((reason) => reason !== null);
  return absent ?? missingDriver(drivers, column, topology);
};

const cellOf = (scenario: Scenario, kernel: string, caller: string, options: MatrixOptions): Cell => {
  const resolve = options.resolve ?? byName;
  const found = callerNamed(kernel, caller, resolve);
  const userSpace = found.above !== undefined;
  const absent = absentReason(kernel, found, resolve, scenario);
  if (absent !== null) return { kernel, caller, userSpace, absent, hypothetical: null, ...none };
  const { contract, continueOn } = options;
  const recipe: Recipe = {
    scenario,
    kernel,
    caller,
    decisions: [],
    ...(contract === undefined ? {} : { contract }),
    ...(continueOn === undefined ? {} : { continueOn }),
  };
  const judgement = judge(recipe, { resolve });
  // What a scenario expects, it expects of kernels and callers as they are; of an overlay when it names it.
  const asIs = contract === undefined && continueOn === undefined;
  const named = !isOverlaid(judgement) || kernel === scenario.kernel;
  const spoken = named ? scenario.expect : scenario.expect.filter((entry) => entry.kernel === kernel);
  const expected = asIs ? expectationFor(spoken, kernel, caller) : null;
  const problems = expected ? problemsOf(judgement, expected) : [];
  return {
    kernel,
    caller,
    userSpace,
    absent,
    hypothetical: judgement.engine.model.hypothetical,
    result: lastResult(judgement.events),
    results: resultsOf(judgement.events),
    calls: lastCalls(judgement.events),
    domains: domainsOf(judgement),
    containers: openContainers(judgement.run.world),
    pinned: timesPinned(judgement.run.world),
    findings: [...new Set(judgement.findings.filter(({ level }) => level === 'bug').map(({ rule }) => rule))],
    evidence: evidenceOf(judgement),
    expected: expected ? problems.length === 0 : null,
    problems,
    ...markedBy(options.mark, [judgement]),
  };
};

/** Every cell, kernels within callers, in the order given (default: every profile, every caller that can make the script's requests). */
export const matrix = (scenario: Scenario, options: MatrixOptions = {}): Cell[] => {
  const kernels = options.kernels ?? [...profileTable.keys()];
  const callers = options.callers ?? callersFor(scenario);
  return callers.flatMap((caller) => kernels.map((kernel) => cellOf(scenario, kernel, caller, options)));
};

const common = new Set(['kill', 'unplug', 'bind-driver', 'unbind-driver']);

/**
 * Callers of the package that know every verb of the script; those of user space where the scenario names them, or all with `userSpace`.
 */
export const callersFor = (scenario: Scenario, userSpace = false): string[] => {
  const verbs = new Set(scenario.tasks.filter((task) => task.caller === null).flatMap((task) => task.requests.map(({ verb }) => verb)));
  const named = new Set([scenario.caller, ...scenario.expect.map(({ caller }) => caller)]);
  return [...callerTable.values()]
    .filter(({ above, name }) => above === undefined || userSpace || named.has(name))
    .filter((caller) => [...verbs].every((verb) => common.has(verb) || verb in caller.requests))
    .map(({ name }) => name);
};

const named = (names: readonly string[]): string[] => names.filter((name) => name !== '*');

/** Every profile, and what else the scenario runs under or expects something of: overlays in files. */
export const expectedKernels = ({ kernel, expect }: Scenario): string[] => [
  ...new Set([...profileTable.keys(), kernel, ...named(expect.map((entry) => entry.kernel))]),
];

/** Callers that the scenario expects something of, those in files too; every one that can make its requests when it names none. */
export const expectedCallers = (scenario: Scenario, userSpace = false): string[] => {
  const expected = scenario.expect.map(({ caller }) => caller);
  const said = [scenario.caller, ...named(expected)];
  const isOpen = expected.length === 0 || expected.includes('*');
  const able = callersFor(scenario, userSpace).filter(
    (caller) => isOpen || said.includes(caller) || (userSpace && callerTable.get(caller)?.above !== undefined),
  );
  return [...new Set([...able, ...said.filter((caller) => !callerTable.has(caller))])];
};
