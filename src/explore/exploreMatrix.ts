// The matrix of searches: a scenario under every kernel and caller, each cell all orders and failures within bounds instead of one run.
import type { Evidence } from '../core/finding.ts';
import type { Scenario } from '../core/scenario.ts';
import type { SearchCell } from '../core/searchCell.ts';
import { byName } from '../engine/recipe.ts';
import { profileTable } from '../kernels/build.ts';
import { exploreInTurns } from './explore.ts';
import type { Counterexample, ExploreOptions, ModelPart } from './exploreOptions.ts';
import { absentReason, callerNamed, callersFor, type MatrixOptions, markedBy } from './matrix.ts';
import { atOnce, type Turns } from './turns.ts';

export interface ExploreMatrixOptions extends MatrixOptions {
  readonly bounds: ExploreOptions['bounds'];
  /** States of one cell after which it is inconclusive, unless something was found. */
  readonly states?: number;
  /** Made anew for each cell: what ends its search, such as a budget of time. */
  readonly stop?: () => NonNullable<ExploreOptions['stop']>;
}

const ruleOf = ({ label, judgement }: Counterexample): { rule: string; evidence: Evidence['kind'] } | null => {
  if (label.kind === 'claim') return null;
  if (label.kind === 'deadlock') return { rule: 'deadlock', evidence: 'model' };
  const finding = judgement.findings.find(({ id }) => id === label.id);
  return { rule: label.rule, evidence: finding?.evidence.kind ?? 'model' };
};

/** One a rule, whatever it was found for. */
const rulesOf = (counterexamples: readonly Counterexample[]): SearchCell['rules'] => {
  const found = counterexamples.flatMap((counterexample) => ruleOf(counterexample) ?? []);
  return found.filter(({ rule }, index) => found.findIndex((other) => other.rule === rule) === index);
};

const none = { hypothetical: null, outcome: null, states: null, rules: [], claims: [], because: [] } as const;

function* cellOf(scenario: Scenario, part: ModelPart, options: ExploreMatrixOptions): Turns<SearchCell> {
  const { kernel, caller } = part;
  const { resolve = byName, bounds, states, stop, mark } = options;
  const absent = absentReason(kernel, callerNamed(kernel, caller, resolve), resolve, scenario);
  if (absent !== null) return { kernel, caller, absent, ...none };
  const { verdict, engine, counterexamples } = yield* exploreInTurns(scenario, part, {
    bounds,
    resolve,
    shrink: false,
    ...(states === undefined ? {} : { states }),
    ...(stop === undefined ? {} : { stop: stop() }),
  });
  return {
    kernel,
    caller,
    absent,
    hypothetical: engine.model.hypothetical,
    outcome: verdict.outcome,
    states: verdict.effort.states,
    rules: rulesOf(counterexamples),
    claims: verdict.claims.flatMap(({ text, outcome }) => (outcome === 'violated' ? [text] : [])),
    because: verdict.because,
    ...markedBy(
      mark,
      counterexamples.map(({ judgement }) => judgement),
    ),
  };
}

/** Every cell, kernels within callers, in the order given (default: as in `matrix`). Counterexamples are not made smaller. */
export const exploreMatrix = (scenario: Scenario, options: ExploreMatrixOptions): SearchCell[] =>
  atOnce(exploreMatrixInTurns(scenario, options));

/** For whoever has to listen to something else meanwhile. */
export function* exploreMatrixInTurns(scenario: Scenario, options: ExploreMatrixOptions): Turns<SearchCell[]> {
  const { kernels = [...profileTable.keys()], callers = callersFor(scenario), contract, continueOn } = options;
  const rules = { ...(contract === undefined ? {} : { contract }), ...(continueOn === undefined ? {} : { continueOn }) };
  const parts = callers.flatMap((caller) => kernels.map((kernel) => ({ kernel, caller, ...rules })));
  const cells: SearchCell[] = [];
  for (const part of parts) cells.push(yield* cellOf(scenario, part, options));
  return cells;
}
