// Symmetry looks at the fingerprint only: a mirrored run must end in the state that the renaming makes of the other one's, and no claim may
// be judged on one of two mirror images alone.
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Value } from '../../src/core/conditions.ts';
import type { Claim, Mood } from '../../src/core/scenario.ts';
import { engineFor } from '../../src/engine/recipe.ts';
import { explore } from '../../src/explore/explore.ts';
import type { Exploration, ExploreOptions } from '../../src/explore/exploreOptions.ts';
import { learnBySearch, learnFirst } from '../../src/explore/learn.ts';
import { Model } from '../../src/explore/model.ts';
import { Labels } from '../../src/explore/observer.ts';
import { renamed, Symmetry } from '../../src/explore/symmetry.ts';
import { atOnce } from '../../src/explore/turns.ts';
import { Walker } from '../../src/explore/walker.ts';
import { loadScenario } from '../../src/index.ts';
import { printVerdict } from '../../src/report/verdict.ts';
import { parseComparison } from '../../src/scenario/claims.ts';
import { scenario, task } from '../support/runs.ts';

const one = loadScenario('scenarios/ids-exhausted-by-another.yaml').topology;
const pair = {
  ...one,
  groups: one.groups.slice(0, 2).map((group) => ({
    ...group,
    devices: group.devices.map((device) => ({ ...device, attributes: { ...device.attributes, bus: '01' } })),
  })),
};
const tasks = [task('t0', 'attach 1; detach 1'), task('t1', 'attach 2; detach 2', 'c1')];
const seed = 4;

test(`a mirrored walk ends in the mirrored state, seed ${seed}`, () => {
  const kernel = '6.1.y';
  const caller = 'vfio-type1';
  const bounds = { faults: 2, apiFaults: 0, mayFail: () => true };
  const model = new Model(engineFor({ kernel, caller }), scenario(pair, tasks, { kernel, caller }), { bounds, labels: new Labels() });
  const control = { goesOn: () => true };
  atOnce(learnFirst(model, control));
  atOnce(learnBySearch(model, 0, control));
  expect(model.renamings).toHaveLength(1);
  const walk = (picks: readonly number[], isMirrored: boolean): Walker => {
    model.restart();
    const walker = new Walker(model.cells, model.memo, null);
    for (const pick of picks) {
      const actor = isMirrored ? 1 - (pick % 2) : pick % 2;
      const { branches } = model.memo.leaf(actor);
      const branch = branches[pick % 7 === 0 ? branches.length - 1 : 0];
      if (branch) walker.enter(branch.number);
    }
    return walker;
  };
  const hash = (renamed: boolean): number[] => {
    const symmetry = new Symmetry(model.cells, model.renamings);
    const { current, names } = model.cells;
    return (['low', 'high', 'near'] as const).map((part) =>
      names.reduce((sum, _, cell) => {
        const value = current[cell]!;
        return sum ^ (renamed ? symmetry[part](1, cell, value) : model.cells[part][cell]![value]!);
      }, 0),
    );
  };
  fc.assert(
    fc.property(fc.array(fc.nat(1000), { minLength: 1, maxLength: 120 }), (picks) => {
      walk(picks, false);
      const mirrored = hash(true);
      walk(picks, true);
      expect(hash(false)).toEqual(mirrored);
    }),
    { seed, numRuns: 100 },
  );
});

const bounds = { faults: 1, apiFaults: 0, kills: 0, unplugs: 0, plausible: false, preemptions: null };
const model = { kernel: '6.1.y', caller: 'vfio-type1' };

const detecting = (detector: string, parameters: Record<string, Value>): Claim => ({
  kind: 'detector',
  mood: 'always',
  text: `${detector} ${JSON.stringify(parameters)}`,
  detector,
  parameters,
});

const both = (text: string): Claim[] => {
  const [mood, ...words] = text.split(' ');
  const [there, back] = [words.join(' '), words.map((word) => word.replace(/c[01]/, (name) => (name === 'c0' ? 'c1' : 'c0'))).join(' ')];
  return [there, back].map((said) => parseComparison(mood as Mood, said));
};

/** Claims, the container of the second task, and what becomes of them where each task attaches a group of its own. */
const decided: readonly (readonly [string, readonly Claim[], string, string])[] = [
  ['at the end', both('at-end domains(c0) == 1'), 'c1', 'violated'],
  ['of each other', both('at-end domains(c0) <= domains(c1)'), 'c1', 'violated'],
  ['always', both('always domains(c0) <= 1'), 'c1', 'held'],
  ['sometimes', both('sometimes domains(c0) < domains(c1)'), 'c1', 'met'],
  ['sometimes, of nobody', both('sometimes domains(c0) == 2'), 'c1', 'never met'],
  ['of a detector', ['1', '2'].map((group) => detecting('group-stuck-on-blocking', { group })), 'c0', 'violated'],
  ['of a detector, by number', [1, 2].map((group) => detecting('group-stuck-on-blocking', { group })), 'c0', 'violated'],
  ['one of them twice', [...both('at-end domains(c0) == 1'), { ...both('at-end domains(c0) == 1')[0]!, text: 'again' }], 'c1', 'violated'],
];

describe('claims on two mirror images', () => {
  const searched = (claims: readonly Claim[], container: string, options: Partial<ExploreOptions>): Exploration =>
    explore(scenario(pair, [task('t0', 'attach 1'), task('t1', 'attach 2', container)], { claims }), model, { bounds, ...options });

  const claimed = ({ counterexamples }: Exploration): string[] =>
    counterexamples.flatMap(({ label, token }) => (label.kind === 'claim' ? [`${label.id} ${token}`] : []));

  it.each(decided)('are both decided, and shown by the same smallest runs: %s', (_, claims, container, outcome) => {
    const known = searched(claims, container, {});
    const whole = searched(claims, container, { symmetry: false });
    expect(known.verdict.symmetry).toHaveLength(1);
    expect(known.verdict.effort.states).toBeLessThan(whole.verdict.effort.states);
    expect(known.verdict.claims.map((claim) => claim.outcome)).toEqual(claims.map(() => outcome));
    expect(known.verdict.claims).toEqual(whole.verdict.claims);
    expect(claimed(known)).toEqual(claimed(whole));
  });

  it('are both shown where nothing is made smaller, the one that was not met by the mirror image of the other run', () => {
    const claims = ['1', '2'].map((group) => detecting('group-stuck-on-blocking', { group }));
    const { counterexamples } = searched(claims, 'c0', { shrink: false });
    const shown = counterexamples.filter(({ label }) => label.kind === 'claim');
    expect(shown.map(({ judgement }) => judgement.claims.map(({ outcome }) => outcome))).toEqual([
      ['violated', 'held'],
      ['held', 'violated'],
    ]);
    // Tasks that are left at the end are ended in the order of their names.
    const ordered = ['RunStarted', 'TaskEnded'];
    const [one, other] = shown.map(({ judgement }) => judgement.events.filter(({ type }) => !ordered.includes(type)));
    const [first = '', second = ''] = ['1', '2'].map((group) => pair.groups.find(({ id }) => id === group)!.devices[0]!.id);
    const names = [
      ['t0', 't1'],
      ['1', '2'],
      [first, second],
    ] as const;
    const renaming = new Map(names.flatMap(([from, to]) => [[from, to] as const, [to, from] as const]));
    expect(renamed(one, renaming)).toEqual(other);
  });

  it('hinder an exchange where one of them is not claimed', () => {
    const { verdict } = searched([...both('at-end domains(c0) == 1'), ...both('always domains(c0) <= 1').slice(1)], 'c1', {
      shrink: false,
    });
    expect(verdict.symmetry).toEqual([]);
  });
});

test('the verdict says what is interchangeable, and that a finding stands for its mirror images', () => {
  const given = scenario(pair, [task('t0', 'attach 1'), task('t1', 'attach 2')], {});
  const { verdict } = explore(given, { kernel: '6.1.y', caller: 'vfio-type1' }, { bounds, shrink: false });
  const words = printVerdict(verdict).replaceAll(/\s+/g, ' ');
  expect(words).toContain('; what is found stands for its mirror images, too');
  expect(words).toContain('symmetry: t0 and t1');
});
