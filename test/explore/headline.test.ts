// The duplicate domain of the 2022 thread, found from a script that does not hint at it; its smallest run; and that searches repeat.
import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../src/core/scenario.ts';
import { edited, furtherEdits } from '../../src/explore/edits.ts';
import { explore } from '../../src/explore/explore.ts';
import type { Exploration, ExploreOptions } from '../../src/explore/exploreOptions.ts';
import type { StrategyName } from '../../src/explore/strategies.ts';
import { loadTopology } from '../../src/index.ts';
import { task } from '../support/runs.ts';
import { cutTo, on } from '../support/searching.ts';

const patience = { timeout: 120_000 };
const bounds = { faults: 1, apiFaults: 0, kills: 0, unplugs: 0, plausible: false, preemptions: null };
const headline = on(loadTopology('scenarios/topologies/q35-intel.yaml'), [task('t0', 'attach 5; map 64K; attach 11')]);

const explored = (given: Scenario, caller: string, kernel: string, more: Partial<ExploreOptions> = {}): Exploration =>
  explore({ ...given, caller, kernel }, { caller, kernel }, { bounds, ...more });

const bugs = ({ counterexamples }: Exploration): string[] => counterexamples.map(({ label }) => label.id);

const stuck = ['group-split:11', 'group-stuck-on-blocking:11', 'group-stuck-on-blocking:5'];

describe('the headline, without a hint', () => {
  it.each([
    ['vfio-type1', '6.1.y', ['duplicate-domain:c0/c0.d1', 'freed-domain-recorded:11/c0.d1', ...stuck], 7512],
    ['vfio-type1', '6.12.y', ['duplicate-domain:c0/c0.d1'], 5202],
    // No duplicate; a failed claim that leaves a group behind is 6.1's own.
    ['vfio-type1-seed', '6.1.y+seed-v6', stuck, 4765],
    ['vfio-type1-seed', '6.12.y', [], 3622],
    ['iommufd-auto', '6.12.y', [], 3349],
  ])('%s on %s', patience, (caller, kernel, found, states) => {
    const exploration = explored(headline, caller, kernel, { shrink: false });
    const { verdict } = exploration;
    expect(bugs(exploration)).toEqual(found);
    expect(verdict.outcome).toBe(found.length > 0 ? 'violated' : 'holds');
    expect(verdict.because).toEqual([]);
    expect(verdict.effort.states).toBe(states);
  });

  it('is two requests and one failure, and loses nothing more', patience, () => {
    const [found] = explored(headline, 'vfio-type1', '6.12.y').counterexamples;
    expect(found!.isProven).toBe(true);
    expect(found!.judgement.recipe.scenario.tasks.map(({ requests }) => requests.map(({ verb, target }) => `${verb} ${target}`))).toEqual([
      ['attach 5', 'attach 11'],
    ]);
    expect(found!.schedule).toEqual([{ kind: 'fails', task: 't0', request: 1, nth: 2, site: 'cache_tag_assign' }]);
    expect(found!.token.length).toBeLessThan(60);
    expect(found!.judgement.findings.map(({ id }) => id)).toContain('duplicate-domain:c0/c0.d1');
    const { scenario } = found!.judgement.recipe;
    for (const edit of furtherEdits(scenario, []))
      expect(bugs(explored(edited(scenario, [edit]), 'vfio-type1', '6.12.y', { shrink: false })), JSON.stringify(edit)).toEqual([]);
    const without = explored(scenario, 'vfio-type1', '6.12.y', { shrink: false, bounds: { ...bounds, faults: 0 } });
    expect([bugs(without), without.verdict.outcome]).toEqual([[], 'holds']);
  });
});

const small = on(cutTo('q35-intel', '5', '11'), [task('t0', 'attach 5'), task('t1', 'map 4K; close')]);

describe('two searches of one scenario', () => {
  const told = ({ verdict, counterexamples }: Exploration) => ({
    verdict,
    found: counterexamples.map(({ label, token, schedule, isProven }) => ({ label, token, schedule, isProven })),
  });
  it.each<[StrategyName]>([['exhaustive'], ['iterated'], ['pct'], ['pos'], ['portfolio']])('%s: are equal', patience, (strategy) => {
    const once = explored(small, 'vfio-type1', '6.12.y', { strategy, runs: 20, shrink: false, bounds: { ...bounds, faults: 0 } });
    expect(told(explored(small, 'vfio-type1', '6.12.y', { strategy, runs: 20, shrink: false, bounds: { ...bounds, faults: 0 } }))).toEqual(
      told(once),
    );
    expect(once.verdict.effort.states).toBeGreaterThan(0);
  });
});

describe('strategies of one small scenario', () => {
  const shown = (strategy: StrategyName) => {
    const { verdict } = explored(small, 'vfio-type1', '6.12.y', { strategy, runs: 20, shrink: false });
    return { outcome: verdict.outcome, because: verdict.because, labels: verdict.labels.map(({ id }) => id).sort() };
  };
  it('an iterated bound that kept nothing out says what the exhaustive search says', patience, () => {
    expect(shown('iterated')).toEqual(shown('exhaustive'));
  });
  it.each<[StrategyName, string]>([
    ['pct', 'PCT samples: what it does not show may still happen'],
    ['pos', 'POS samples: what it does not show may still happen'],
  ])('%s is no complete search, and says so', (strategy, because) => {
    expect(shown(strategy)).toMatchObject({ because: [because] });
  });
});

describe('the smallest runs', () => {
  it('are a function of the scenario, not of how they were found', patience, () => {
    const smallest = (more: Partial<ExploreOptions>): string[] =>
      explored(small, 'vfio-type1', '6.1.y', more)
        .counterexamples.map(({ label, token, isProven }) => `${label.id} ${token} ${isProven}`)
        .sort();
    const found = smallest({});
    expect(found.length).toBeGreaterThan(0);
    expect(found.every((line) => line.endsWith(' true'))).toBe(true);
    expect(smallest({ strategy: 'iterated' })).toEqual(found);
  });
});
