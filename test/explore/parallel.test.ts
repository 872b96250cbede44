// Several workers find what one finds: the same states, transitions, ends and labels, whoever was where.
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { readScenario } from '../../src/cli/scenarios.ts';
import type { Bounds, Verdict } from '../../src/core/verdict.ts';
import { explore } from '../../src/explore/explore.ts';
import type { ExploreOptions } from '../../src/explore/exploreOptions.ts';
import { Workers } from '../../src/explore/workers.ts';

const bounds: Bounds = { faults: 1, apiFaults: 0, kills: 0, unplugs: 0, plausible: false, preemptions: null };
const entry = new URL('../../src/cli/searchThread.ts', import.meta.url);
/** A by-hand run of the hundred: PARALLEL_RUNS=100. */
const RUNS = Number(process.env.PARALLEL_RUNS ?? 2);

const crews: Workers[] = [];
afterAll(() => Promise.all(crews.map((crew) => crew.end())));

const rows = [
  { file: 'ids-exhausted-by-another', reduce: false, worth: 8000 },
  { file: 'ownership-two-containers', reduce: true, worth: 12_000 },
  { file: 'ownership-two-containers', reduce: false, worth: 20_000 },
];

const comparable = ({ effort, labels, outcome, claims, rows: met }: Verdict) => ({
  counts: [effort.states, effort.transitions, effort.ends],
  labels: labels.map(({ id }) => id),
  outcome,
  claims,
  rows: met,
});

describe.each(rows)('$file, reduction: $reduce', ({ file, reduce, worth }) => {
  const scenario = readScenario(fileURLToPath(new URL(`../../scenarios/${file}.yaml`, import.meta.url)));
  const part = { kernel: scenario.kernel, caller: scenario.caller };
  const options = { bounds, reduce, symmetry: false, shrink: false };
  const alone = comparable(explore(scenario, part, options).verdict);

  it.each([2, 3])('is the same with %i workers', (jobs) => {
    const crew = new Workers({ entry, data: { part, bounds }, jobs, worth });
    crews.push(crew);
    for (let run = 0; run < RUNS; run++) expect(comparable(explore(scenario, part, { ...options, crew }).verdict)).toEqual(alone);
  });
});

it('makes the same smallest runs of what two workers found', () => {
  const scenario = readScenario(fileURLToPath(new URL('../../scenarios/enomem-duplicate-domain.yaml', import.meta.url)));
  const part = { kernel: '6.1.y', caller: 'vfio-type1' };
  const crew = new Workers({ entry, data: { part, bounds }, jobs: 2, worth: 1000 });
  crews.push(crew);
  const tokens = (options: ExploreOptions): string[] => explore(scenario, part, options).counterexamples.map(({ token }) => token);
  expect(tokens({ bounds, symmetry: false, crew })).toEqual(tokens({ bounds, symmetry: false }));
});

it('finds every state that is not symmetric to another one with three workers', () => {
  const scenario = readScenario(fileURLToPath(new URL('../../scenarios/three-containers-two-instances.yaml', import.meta.url)));
  const part = { kernel: '6.12.y', caller: 'vfio-type1' };
  const nothingFails = { ...bounds, faults: 0 };
  const crew = new Workers({ entry, data: { part, bounds: nothingFails }, jobs: 3 });
  crews.push(crew);
  const { verdict } = explore(scenario, part, { bounds: nothingFails, reduce: false, shrink: false, crew });
  expect(comparable(verdict).counts).toEqual([2_013_031, 5_957_296, 1]);
});
