// A recipe run and judged: events, findings, claims, and whether it came out as the scenario expects.
import type { ClaimResult } from '../core/claim.ts';
import type { Event, EventOf } from '../core/events.ts';
import type { Finding } from '../core/finding.ts';
import type { Expectation } from '../core/scenario.ts';
import { audit, detectors, shownDetectors } from '../detect/audit.ts';
import { evaluateClaims } from '../detect/claims.ts';
import { probeOf } from '../engine/probe.ts';
import { type Performance, perform, type Recipe, type Resolve } from '../engine/recipe.ts';
import type { RunOptions } from '../engine/run.ts';
import { unreachedFaults } from '../engine/unreached.ts';
import { attachingVerbs, openContainers, timesPinned } from './guest.ts';

export interface Judgement extends Performance {
  readonly recipe: Recipe;
  readonly findings: readonly Finding[];
  readonly claims: readonly ClaimResult[];
  /** Planned faults that did not come about: the run says nothing about them. */
  readonly unreached: readonly string[];
  /** A claim is violated or a finding of level bug was made. */
  readonly violated: boolean;
  /** A `sometimes` that was never met, tasks that wait for ever, a planned fault that did not come about, or a run that was stopped. */
  readonly inconclusive: boolean;
}

export interface JudgeOptions {
  /** Shows findings of level cost too. */
  readonly cost?: boolean;
  readonly run?: RunOptions;
  readonly resolve?: Resolve;
}

/** Runs a recipe and judges it. Only claims and findings of level bug violate. */
export const judge = (recipe: Recipe, options: JudgeOptions = {}): Judgement => {
  const performed = perform(recipe, options.run, options.resolve);
  const probe = probeOf(performed.engine);
  const findings = audit(performed.events, probe, options.cost ? detectors : shownDetectors);
  const claims = evaluateClaims(performed.events, recipe.scenario.claims, probe);
  const violated = claims.some(({ outcome }) => outcome === 'violated') || findings.some(({ level }) => level === 'bug');
  const { stuck, stopped } = performed.run;
  const unreached = unreachedFaults(recipe.scenario, performed.events);
  const unmet = claims.some(({ outcome }) => outcome === 'never met');
  const inconclusive = unmet || stuck.length > 0 || stopped || unreached.length > 0;
  return { ...performed, recipe, findings, claims, unreached, violated, inconclusive };
};

export const resultsOf = (events: readonly Event[]): string[] =>
  events
    .filter((event): event is EventOf<'RequestEnded'> => event.type === 'RequestEnded')
    .map(({ result }) => (result === 'OK' ? 'ok' : result));

/** Result of the last request that attaches; of the last request when none does. */
export const lastResult = (events: readonly Event[]): string | null => {
  const ended = events.filter((event): event is EventOf<'RequestEnded'> => event.type === 'RequestEnded');
  return (ended.findLast(({ verb }) => attachingVerbs.has(verb)) ?? ended.at(-1))?.result ?? null;
};

/** Domains by container at the end, containers of the first task's first. */
export const domainsOf = (judgement: Performance): Record<string, number> =>
  Object.fromEntries(Object.values(judgement.run.world.containers).map((container) => [container.id, container.records.length]));

/** The expectation that speaks of this kernel and caller; the most exact one. */
export const expectationFor = (expected: readonly Expectation[], kernel: string, caller: string): Expectation | null => {
  const rank = (entry: Expectation): number => Number(entry.kernel === kernel) * 2 + Number(entry.caller === caller);
  const matching = expected.filter((entry) => [kernel, '*'].includes(entry.kernel) && [caller, '*'].includes(entry.caller));
  return matching.toSorted((a, b) => rank(b) - rank(a))[0] ?? null;
};

interface Counts {
  readonly containers: number;
  readonly domains: number;
  readonly pinned: number;
}

const countWords: Readonly<Record<keyof Counts, string>> = {
  containers: 'open containers',
  domains: 'domains',
  pinned: 'times pinned',
};

const countsOf = (judgement: Performance): Counts => ({
  containers: openContainers(judgement.run.world),
  domains: Object.values(domainsOf(judgement)).reduce((sum, count) => sum + count, 0),
  pinned: timesPinned(judgement.run.world),
});

const same = (expected: readonly string[], found: readonly string[]): boolean =>
  expected.length === found.length && expected.every((item, index) => item === found[index]);

/** What differs from the expectation, in words; empty: all as expected. */
export const problemsOf = (judgement: Judgement, expected: Expectation): string[] => {
  const problems: string[] = [];
  const results = resultsOf(judgement.events);
  const last = lastResult(judgement.events);
  const result = last === 'OK' ? 'ok' : last;
  if (expected.result !== undefined && expected.result !== result) problems.push(`expected result ${expected.result}, found ${result}`);
  if (expected.results && !same(expected.results, results))
    problems.push(`expected results ${expected.results.join(', ')}, found ${results.join(', ')}`);
  for (const [name, count] of Object.entries(countsOf(judgement))) {
    const wanted = expected[name as keyof Counts];
    if (wanted !== undefined && wanted !== count) problems.push(`expected ${wanted} ${countWords[name as keyof Counts]}, found ${count}`);
  }
  const rules = [...new Set(judgement.findings.filter(({ level }) => level === 'bug').map(({ rule }) => rule))].sort();
  if (expected.findings && !same([...expected.findings].sort(), rules))
    problems.push(`expected findings ${expected.findings.join(', ') || 'none'}, found ${rules.join(', ') || 'none'}`);
  return problems;
};
