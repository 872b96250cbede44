// Symmetry looks at the fingerprint only: a mirrored run must end in the state that the renaming makes of the other one's, and no claim may
// be judged on one of two mirror images alone.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { engineFor } from '../../src/engine/recipe.ts';
import { explore } from '../../src/explore/explore.ts';
import { learnBySearch, learnFirst } from '../../src/explore/learn.ts';
import { Model } from '../../src/explore/model.ts';
import { Labels } from '../../src/explore/observer.ts';
import { Symmetry } from '../../src/explore/symmetry.ts';
import { atOnce } from '../../src/explore/turns.ts';
import { Walker } from '../../src/explore/walker.ts';
import { loadScenario, parseScenario } from '../../src/index.ts';
import { printVerdict } from '../../src/report/verdict.ts';
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

test('claims on two mirror images are both decided', () => {
  const text = 'name: x\ntitle: x\ntopology: topologies/q35-intel.yaml\nkernel: 6.12.y\ncaller: vfio-type1\nscript: [attach: 5]\n';
  const { claims } = parseScenario(`${text}claims:\n  - at-end: domains(c0) == 1\n`, 'scenarios/x.yaml');
  const mirrored = claims.map((claim) => ({ ...claim, text: 'domains(c1) == 1', left: { reading: 'domains', of: ['c1'] } }));
  const both = [task('t0', 'attach 1'), task('t1', 'attach 2', 'c1')];
  const given = scenario(pair, both, { claims: [...claims, ...mirrored] as typeof claims });
  const bounds = { faults: 1, apiFaults: 0, kills: 0, unplugs: 0, plausible: false, preemptions: null };
  const verdictOf = (symmetry: boolean) =>
    explore(given, { kernel: '6.12.y', caller: 'vfio-type1' }, { bounds, symmetry, shrink: false }).verdict.claims;
  expect(verdictOf(true).map(({ outcome }) => outcome)).toEqual(['violated', 'violated']);
  expect(verdictOf(true)).toEqual(verdictOf(false));
});

test('the verdict says what is interchangeable, and that a finding stands for its mirror images', () => {
  const given = scenario(pair, [task('t0', 'attach 1'), task('t1', 'attach 2')], {});
  const bounds = { faults: 1, apiFaults: 0, kills: 0, unplugs: 0, plausible: false, preemptions: null };
  const { verdict } = explore(given, { kernel: '6.1.y', caller: 'vfio-type1' }, { bounds, shrink: false });
  const words = printVerdict(verdict).replaceAll(/\s+/g, ' ');
  expect(words).toContain('; what is found stands for its mirror images, too');
  expect(words).toContain('symmetry: t0 and t1');
});
