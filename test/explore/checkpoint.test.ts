// A search that is ended and gone on with says what one says that nobody ended.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readScenario } from '../../src/cli/scenarios.ts';
import type { Bounds, Verdict } from '../../src/core/verdict.ts';
import type { Checkpoint } from '../../src/explore/checkpoint.ts';
import { explore } from '../../src/explore/explore.ts';
import type { Exploration, ExploreOptions } from '../../src/explore/exploreOptions.ts';

const bounds: Bounds = { faults: 1, apiFaults: 0, kills: 0, unplugs: 0, plausible: false, preemptions: null };

const comparable = ({ verdict }: Exploration) => {
  const { effort, labels, outcome, claims, because, rows, variants }: Verdict = verdict;
  return {
    counts: [effort.states, effort.transitions, effort.ends, effort.depth],
    labels: labels.map(({ id }) => id),
    ...{ outcome, claims, because, rows, variants },
  };
};

/** Ends after so many more states each time, until it comes to its end. */
const inParts = (scenario: string, options: ExploreOptions, most: number): { readonly last: Exploration; readonly parts: number } => {
  const file = readScenario(`scenarios/${scenario}.yaml`);
  const part = { kernel: file.kernel, caller: file.caller };
  let resume: Checkpoint | null = null;
  for (let parts = 1; ; parts++) {
    const found: Exploration = explore(file, part, { ...options, states: most, ...(resume && { resume }) });
    if (found.checkpoint === null) return { last: found, parts };
    resume = found.checkpoint();
    expect(found.verdict.because[0]).toMatch(/^stopped at \d+ states$/);
  }
};

const whole = (scenario: string, options: ExploreOptions): Exploration => {
  const file = readScenario(`scenarios/${scenario}.yaml`);
  return explore(file, { kernel: file.kernel, caller: file.caller }, options);
};

const free: Omit<ExploreOptions, 'bounds'> = { reduce: false, shrink: false };
const reduced: Omit<ExploreOptions, 'bounds'> = { shrink: false };

const rows: readonly { scenario: string; options: ExploreOptions; most: number; parts: number }[] = [
  { scenario: 'ownership-two-containers', options: { bounds, ...reduced }, most: 15_000, parts: 2 },
  { scenario: 'smmuv3-two-instances', options: { bounds, ...reduced }, most: 2500, parts: 2 },
  { scenario: 'ids-exhausted-by-another', options: { bounds, ...free }, most: 7000, parts: 6 },
  { scenario: 'kill-during-attach', options: { bounds: { ...bounds, faults: 0, preemptions: 1 }, ...free }, most: 1500, parts: 3 },
];

describe('a search that is ended and gone on with', () => {
  it.each(rows)('$scenario: says what one says that nobody ended', ({ scenario, options, most, parts }) => {
    const found = inParts(scenario, options, most);
    expect(comparable(found.last)).toEqual(comparable(whole(scenario, options)));
    expect(found.parts).toBe(parts);
  });

  it('wherever it is ended (seed 12)', () => {
    const options: ExploreOptions = { bounds, ...free };
    const expected = comparable(whole('enomem-duplicate-domain', options));
    fc.assert(
      fc.property(fc.integer({ min: 2000, max: 6000 }), (most) => {
        expect(comparable(inParts('enomem-duplicate-domain', options, most).last)).toEqual(expected);
      }),
      { seed: 12, numRuns: 3 },
    );
  });
});

describe('a search that ends as a pass begins anew', () => {
  const kill = (options: Omit<ExploreOptions, 'bounds'>): Exploration => whole('kill-during-attach', { bounds, ...options });

  it.each([10_000, 11_000, 12_000])('still says what the pass before it found (%i states)', (states) => {
    const { verdict } = kill({ shrink: false, states });
    expect([verdict.outcome, verdict.labels.length]).toEqual(['violated', 7]);
  });

  it('leaves a checkpoint in which nothing is that only making findings smaller taught', () => {
    const knowledge = (shrink: boolean) => kill({ shrink, states: 5400 }).checkpoint!().pass!.knowledge;
    expect(knowledge(true)).toEqual(knowledge(false));
  });
});
