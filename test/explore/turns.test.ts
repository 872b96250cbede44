// A search done in turns, with another one between any two of them, says what it says alone.
import { describe, expect, it } from 'vitest';
import {
  type Exploration,
  type ExploreOptions,
  explore,
  exploreInTurns,
  exploreMatrix,
  exploreMatrixInTurns,
  loadScenario,
} from '../../src/index.ts';

const bounds: ExploreOptions['bounds'] = { faults: 1, apiFaults: 0, kills: 0, unplugs: 0, plausible: false, preemptions: null };

const begun = (name: string, options: ExploreOptions) => {
  const scenario = loadScenario(`scenarios/${name}.yaml`);
  return exploreInTurns(scenario, scenario, options);
};

const atOnce = (name: string, options: ExploreOptions): Exploration => {
  const scenario = loadScenario(`scenarios/${name}.yaml`);
  return explore(scenario, scenario, options);
};

/** All that is printed of it. */
const said = ({ verdict, counterexamples }: Exploration) => ({
  verdict,
  runs: counterexamples.map(({ label, token, isProven, judgement }) => [label.id, token, isProven, judgement.events.length]),
});

/** Each search takes a turn after the other. */
const alternating = (searches: readonly ReturnType<typeof begun>[]): Exploration[] => {
  const ended: Exploration[] = [];
  while (searches.some((_, index) => ended[index] === undefined))
    for (const [index, search] of searches.entries()) {
      if (ended[index]) continue;
      const { done, value } = search.next();
      if (done) ended[index] = value;
    }
  return ended;
};

const between = 'smmuv3-two-instances';
const few = { ...bounds, faults: 0, preemptions: 1 };
const rows: readonly { what: string; name: string; options: ExploreOptions; counts: readonly number[] }[] = [
  { what: 'of which nothing is found', name: 'three-containers-two-instances', options: { bounds }, counts: [163_490, 169_536, 11, 1236] },
  { what: 'in full', name: 'enomem-duplicate-domain', options: { bounds, reduce: false, symmetry: false }, counts: [5202, 5238, 8, 2785] },
  { what: 'from seven states', name: 'states-to-begin-in', options: { bounds }, counts: [18_571, 18_766, 59, 11_720] },
  { what: 'of few switches', name: 'kill-during-attach', options: { bounds: few }, counts: [3337, 4041, 8, 2077] },
  { what: 'that samples', name: between, options: { bounds, strategy: 'pct', runs: 50 }, counts: [3495, 29_646, 50, 1349] },
];

describe('a search in turns', () => {
  it.each(rows)('$what is the same', ({ name, options, counts }) => {
    const alone = atOnce(name, options);
    const { states, transitions, ends, evaluations } = alone.verdict.effort;
    expect([states, transitions, ends, evaluations]).toEqual(counts);
    const [own, other] = alternating([begun(name, options), begun(between, { bounds })]);
    expect(said(own!)).toEqual(said(alone));
    expect(said(other!)).toEqual(said(atOnce(between, { bounds })));
  });

  it('asks once in a turn whether to go on', () => {
    let asked = 0;
    const searching = new Set<number>();
    const stop: ExploreOptions['stop'] = ({ variant, variants }) => {
      if (variant < variants) asked += 1;
      return null;
    };
    for (const search = begun('ids-race', { bounds, stop }); !search.next().done; asked = 0) searching.add(asked);
    expect([...searching].sort()).toEqual([0, 1]);
  });

  it('ends early where it is told to between two turns, and is gone on with', () => {
    let reason: string | null = null;
    const options: ExploreOptions = { bounds, reduce: false, symmetry: false, shrink: false };
    const search = begun('ids-exhausted-by-another', { ...options, stop: () => reason });
    for (let turns = 0; turns < 20; turns++) search.next();
    reason = 'interrupted';
    const [first] = alternating([search]);
    expect(first!.verdict.because).toEqual(['interrupted']);
    const [second] = alternating([begun('ids-exhausted-by-another', { ...options, resume: first!.checkpoint!() })]);
    expect(second!.verdict.effort).toMatchObject({ states: 46_527, transitions: 92_939, ends: 8 });
  });
});

describe('a matrix of searches in turns', () => {
  it('has the same cells', () => {
    const scenario = loadScenario('scenarios/enomem-duplicate-domain.yaml');
    const options = { bounds, kernels: ['6.1.y', '6.12.y'], callers: ['vfio-type1', 'iommufd-auto'] };
    const search = exploreMatrixInTurns(scenario, options);
    let last = search.next();
    while (!last.done) last = search.next();
    expect(last.value).toEqual(exploreMatrix(scenario, options));
  });
});
