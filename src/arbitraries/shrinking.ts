// Scenarios that shrink as the explorer's minimiser shrinks: fewer failures first, then without a task, a request, a device.
import type * as fastCheck from 'fast-check';
import { Failure } from '../core/failure.ts';
import type { Fault, Scenario } from '../core/scenario.ts';
import { type Edit, edited, furtherEdits } from '../explore/edits.ts';
import { parseScenario } from '../scenario/load.ts';
import { printScenario } from '../scenario/print.ts';
import { arbitraries, type FastCheck, type ScenarioOptions } from './generators.ts';

export interface ShrinkingOptions extends ScenarioOptions {
  /** Where scenarios come from; default: `arbitraries(fc).scenario(options)`. */
  readonly from?: fastCheck.Arbitrary<Scenario>;
}

/** What loses a part that something else speaks of is no scenario; a property must not be asked about it. */
const isWhole = (scenario: Scenario): boolean => {
  try {
    parseScenario(printScenario(scenario), 'shrunk.yaml');
    return true;
  } catch (error) {
    if (error instanceof Failure) return false;
    throw error;
  }
};

/** The same failure in the edited script, null where it went with its request; one that names no task counts every request. */
const faultAfter = (fault: Fault, edit: Edit): Fault | null => {
  const { request } = fault;
  const task = 'task' in fault ? fault.task : undefined;
  if (edit.drop === 'device' || request === undefined || (task !== undefined && task !== edit.task)) return fault;
  if (edit.drop === 'task') return task === undefined ? fault : null;
  if (request === edit.request) return null;
  return request > edit.request ? { ...fault, request: request - 1 } : fault;
};

const afterEdit = (scenario: Scenario, edit: Edit): Scenario => ({
  ...edited(scenario, [edit]),
  faults: scenario.faults.flatMap((fault) => faultAfter(fault, edit) ?? []),
});

const without = <T>(list: readonly T[], index: number): T[] => list.filter((_, at) => at !== index);

/** Groups that no request names, and instances that then serve nobody, all at once. */
const withoutIdle = (scenario: Scenario): Scenario => {
  const named = new Set(scenario.tasks.flatMap(({ requests }) => requests.map(({ target }) => target)));
  const { topology } = scenario;
  const groups = topology.groups.filter(({ id, devices }) => named.has(id) || devices.some((device) => named.has(device.id)));
  const used = new Set(groups.flatMap(({ devices }) => devices.map(({ iommu }) => iommu)));
  return { ...scenario, topology: { ...topology, groups, iommus: topology.iommus.filter(({ id }) => used.has(id)) } };
};

const withNth = (scenario: Scenario, index: number, nth: number): Scenario => ({
  ...scenario,
  faults: scenario.faults.with(index, { ...scenario.faults[index]!, nth }),
});

/** With less before it, the same failure may be an earlier allocation. */
function* earlier(scenario: Scenario): Generator<Scenario> {
  for (const [index, fault] of scenario.faults.entries()) for (let nth = fault.nth - 1; nth > 0; nth--) yield withNth(scenario, index, nth);
}

/** Every single step towards a smaller scenario, in the minimiser's order; what is no scenario is left out. */
function* smaller(scenario: Scenario): Generator<Scenario> {
  const { faults, topology } = scenario;
  if (faults.length > 1) yield { ...scenario, faults: [] };
  for (const index of faults.keys()) yield { ...scenario, faults: without(faults, index) };
  const busy = withoutIdle(scenario);
  if (busy.topology.groups.length < topology.groups.length || busy.topology.iommus.length < topology.iommus.length) yield busy;
  const edits = furtherEdits(scenario, []).map((edit) => afterEdit(scenario, edit));
  yield* edits;
  for (const given of edits) yield* earlier(given);
  yield* earlier(scenario);
}

/**
 * For a property that fails, fast-check takes the first smaller scenario in which it still fails, again and again: what it shows in
 * the end is 1-minimal, as no single further step keeps the failure.
 */
export const shrinking = (fc: FastCheck, { from, ...options }: ShrinkingOptions = {}): fastCheck.Arbitrary<Scenario> => {
  const source = from ?? arbitraries(fc).scenario(options);
  class Shrinking extends fc.Arbitrary<Scenario> {
    override generate(random: fastCheck.Random, bias: number | undefined): fastCheck.Value<Scenario> {
      return new fc.Value(source.generate(random, bias).value, undefined);
    }

    override canShrinkWithoutContext(value: unknown): value is Scenario {
      return typeof value === 'object' && value !== null && 'tasks' in value && 'topology' in value;
    }

    override shrink(scenario: Scenario): fastCheck.Stream<fastCheck.Value<Scenario>> {
      return fc
        .stream(smaller(scenario))
        .filter(isWhole)
        .map((given) => new fc.Value(given, undefined));
    }
  }
  return new Shrinking();
};
