// From what was searched and found to the verdict.
import { type Label, violates } from '../core/label.ts';
import type { Scenario } from '../core/scenario.ts';
import type { Effort, Verdict } from '../core/verdict.ts';
import type { Engine } from '../engine/engine.ts';
import type { ExploreOptions } from './exploreOptions.ts';
import { claimId } from './observer.ts';
import { rowsOf } from './rowsReached.ts';
import type { Searched } from './search.ts';
import { limits } from './strategies.ts';
import type { Variant } from './variants.ts';

const effortOf = (all: readonly Searched[]): Effort => {
  const sum = (of: (searched: Searched) => number): number => all.reduce((total, searched) => total + of(searched), 0);
  const bitStates = all.flatMap(({ omission }) => omission.bitState ?? []);
  return {
    states: sum(({ states }) => states),
    transitions: sum(({ transitions }) => transitions),
    ends: sum(({ ends }) => ends),
    depth: Math.max(0, ...all.map(({ depth }) => depth)),
    evaluations: sum(({ evaluations }) => evaluations),
    omission: sum(({ omission }) => omission.collision),
    bitState: bitStates.length === 0 ? null : Math.max(...bitStates),
  };
};

const claimsOf = (scenario: Scenario, labels: readonly Label[]): Verdict['claims'] => {
  const ids = new Set(labels.map(({ id }) => id));
  return scenario.claims.map((claim) => {
    const text = claim.kind === 'compare' ? `${claim.mood} ${claim.text}` : claim.text;
    if (claim.mood === 'sometimes') return { text, outcome: ids.has(claimId(claim, 'met')) ? ('met' as const) : ('never met' as const) };
    return { text, outcome: ids.has(claimId(claim, 'violated')) ? ('violated' as const) : ('held' as const) };
  });
};

/** What was done, all that was found, and why it ended early; null: it did not. */
export interface Outcome {
  readonly scenario: Scenario;
  readonly engine: Engine;
  readonly options: ExploreOptions;
  readonly searched: readonly Searched[];
  readonly variants: readonly Variant[];
  readonly labels: readonly Label[];
  readonly stopped: string | null;
}

export const verdictOf = ({ scenario, engine, options, searched, variants, labels, stopped }: Outcome): Verdict => {
  const { model } = engine;
  const { bounds, strategy = 'exhaustive', reduce = true } = options;
  const effort = effortOf(searched);
  const claims = claimsOf(scenario, labels);
  const unmet = claims.filter(({ outcome }) => outcome === 'never met').map(({ text }) => `never met: ${text}`);
  const isComplete = searched.length === variants.length && searched.every(({ isComplete: own }) => own);
  const because = [
    ...(stopped === null ? [] : [stopped]),
    ...(isComplete || stopped !== null ? [] : [limits[strategy] ?? 'the search did not come to its end']),
    ...(effort.bitState === null ? [] : ['the memory limit was reached: some states may have been left out']),
    ...unmet,
  ];
  const violated = labels.some(violates);
  const { tasks } = scenario;
  const requests = tasks.flatMap((task) => task.requests);
  return {
    scenario: scenario.name,
    kernel: model.kernel,
    model: model.profile.title,
    caller: model.caller.name,
    groups: new Set(requests.flatMap(({ verb, target }) => (target === null || verb === 'kill' ? [] : [target]))).size,
    containers: new Set(tasks.map(({ container }) => container)).size,
    tasks: tasks.length,
    bounds,
    strategy,
    outcome: violated ? 'violated' : because.length > 0 ? 'inconclusive' : 'holds',
    because,
    effort,
    variants: { covered: searched.length, total: variants.length, names: variants.map(({ name }) => name) },
    reduced: reduce && bounds.preemptions === null && strategy === 'exhaustive' && tasks.length > 1,
    symmetry: [...new Set(searched.flatMap(({ exchanges }) => exchanges))],
    chances: searched.flatMap(({ chance }) => chance ?? []),
    labels,
    claims,
    rows: rowsOf(engine, scenario, new Set(searched.flatMap(({ rowsMet }) => [...rowsMet]))),
  };
};
