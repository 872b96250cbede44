// Symmetry looks at the fingerprint only: a mirrored run must end in the state that the renaming makes of the other one's, and no claim may
// be judged on one of two mirror images alone.
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Value } from '../../src/core/conditions.ts';
import type { Claim, Mood, TaskScript } from '../../src/core/scenario.ts';
import type { Topology, TopologyDevice } from '../../src/core/topology.ts';
import { engineFor } from '../../src/engine/recipe.ts';
import { explore } from '../../src/explore/explore.ts';
import type { Exploration, ExploreOptions } from '../../src/explore/exploreOptions.ts';
import { learnBySearch, learnFirst } from '../../src/explore/learn.ts';
import { Model } from '../../src/explore/model.ts';
import { Labels } from '../../src/explore/observer.ts';
import { renamed } from '../../src/explore/renaming.ts';
import { Symmetry } from '../../src/explore/symmetry.ts';
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

/** Two groups on each of two instances. */
const intel = loadScenario('scenarios/three-containers-two-instances.yaml').topology;
const fourth = intel.groups[0]!.devices.map((device) => ({ ...device, id: '0000:00:02.1' }));
const twoPairs = { ...intel, groups: [...intel.groups, { ...intel.groups[0]!, id: '4', devices: fourth }] };
const onOne = (device: TopologyDevice): TopologyDevice => ({ ...device, iommu: 'dmar1', attributes: { ...device.attributes, bus: '03' } });
const onePlace = { ...twoPairs, groups: twoPairs.groups.map((group) => ({ ...group, devices: group.devices.map(onOne) })) };

const shared = [task('t0', 'attach 1'), task('t1', 'attach 2')];
const apart = [task('t0', 'attach 1; detach 1'), task('t1', 'attach 2; detach 2', 'c1')];
const four = ['1', '4', '2', '3'].map((group, index) => task(`t${index}`, `attach ${group}; map 4K`, `c${index}`));

const walked: readonly (readonly [string, string, string, Topology, readonly TaskScript[], number])[] = [
  ['two tasks', '6.1.y', 'vfio-type1', pair, apart, 1],
  ['two tasks of one container', '6.12.y', 'vfio-type1', pair, shared, 1],
  ['two tasks on iommufd', '6.12.y', 'iommufd-auto', pair, apart, 1],
  ['four tasks, two and two', '6.12.y', 'vfio-type1', twoPairs, four, 3],
  ['four tasks', '6.12.y', 'vfio-type1', onePlace, four, 23],
];
const seed = 4;

test.each(walked)(
  `a mirrored walk ends in the mirrored state, seed ${seed}: %s, %s, %s`,
  (_, kernel, caller, machine, tasks, renamings) => {
    const bounds = { faults: 2, apiFaults: 0, mayFail: () => true };
    const model = new Model(engineFor({ kernel, caller }), scenario(machine, tasks, { kernel, caller }), { bounds, labels: new Labels() });
    const control = { goesOn: () => true };
    atOnce(learnFirst(model, control));
    atOnce(learnBySearch(model, 0, control));
    expect(model.renamings).toHaveLength(renamings);
    const walk = (picks: readonly number[], actorOf: (task: number) => number): void => {
      model.restart();
      const walker = new Walker(model.cells, model.memo, null);
      for (const pick of picks) {
        const { branches } = model.memo.leaf(actorOf(pick % tasks.length));
        const branch = branches[pick % 7 === 0 ? branches.length - 1 : 0];
        if (branch) walker.enter(branch.number);
      }
    };
    const symmetry = new Symmetry(model.cells, model.renamings);
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { minLength: 1, maxLength: 500 }), fc.nat(renamings - 1), (picks, picked) => {
        const renaming = model.renamings[picked]!;
        walk(picks, (actor) => actor);
        const mirrored = new Int32Array(3 * renamings);
        for (const cell of model.cells.names.keys()) symmetry.add(mirrored, 0, cell, model.cells.current[cell]!);
        walk(picks, (actor) => model.tasks.indexOf(renaming.get(model.tasks[actor]!) ?? model.tasks[actor]!));
        expect(model.cells.fingerprint()).toEqual([...mirrored.subarray(3 * picked, 3 * picked + 3)]);
      }),
      { seed, numRuns: 100 },
    );
  },
);

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
