// What costs no states: groups that nobody names, registers that no later step reads. And what a search found is a run of the engine.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readScenario } from '../../src/cli/scenarios.ts';
import { follow } from '../../src/explore/counterexample.ts';
import { canFail } from '../../src/explore/evaluate.ts';
import { Liveness } from '../../src/explore/liveness.ts';
import type { Model } from '../../src/explore/model.ts';
import { Labels } from '../../src/explore/observer.ts';
import { search } from '../../src/explore/search.ts';
import { atOnce } from '../../src/explore/turns.ts';
import { loadTopology } from '../../src/index.ts';
import { engineFor, task } from '../support/runs.ts';
import { bounds, cutTo, on, optionsFor, searchOf, type1 } from '../support/searching.ts';
import { small, words } from './smallScenarios.ts';

const engine = type1();
const script = [task('t0', 'attach 7; attach 8')];

describe('no states are added', () => {
  it('by groups that nobody names', () => {
    const padded = searchOf(engine, on(loadTopology('scenarios/topologies/virt-smmuv3x3.yaml'), script), { faults: 1 });
    expect(padded.states).toBe(searchOf(engine, on(cutTo('virt-smmuv3x3', '7', '8'), script), { faults: 1 }).states);
  });

  it('by registers that nobody reads any more', () => {
    const given = on(cutTo('virt-smmuv3x3', '7', '8'), script);
    const dropped = searchOf(engine, given, { faults: 1 }).states;
    const own = Object.getOwnPropertyDescriptor(Liveness.prototype, 'settled')!;
    // As it is while what is read is still being learned: every register stays.
    Liveness.prototype.settled = function (this: Liveness, stack: unknown) {
      this.keepsAll = true;
      return own.value.call(this, stack);
    };
    const kept = searchOf(engine, given, { faults: 1 }).states;
    Object.defineProperty(Liveness.prototype, 'settled', own);
    expect([dropped, kept]).toEqual([1347, 1410]);
  });
});

describe('steps that were evaluated', () => {
  const given = { ...readScenario('scenarios/enomem-duplicate-domain.yaml'), faults: [] };

  it.each([
    // What has no failure left in store is another world.
    { words: 'nothing fails', bounds: bounds(0), states: 713, more: 13 },
    { words: 'what can fail by itself fails', bounds: { ...bounds(1), mayFail: canFail }, states: 2501, more: 0 },
  ])('serve a search within narrower bounds: $words', ({ bounds: narrow, states, more }) => {
    const models: Model[] = [];
    const wide = searchOf(engine, given, { faults: 1, made: (model) => models.push(model) });
    const [model] = models;
    const after = searchOf(engine, given, { bounds: narrow, model: model!, labels: model!.labels });
    const alone = searchOf(engine, given, { bounds: narrow });
    expect([after.states, alone.states]).toEqual([states, states]);
    expect([after.transitions, after.ends, after.depth]).toEqual([alone.transitions, alone.ends, alone.depth]);
    expect([wide.evaluations, after.evaluations]).toEqual([2785, 2785 + more]);
  });
});

describe('a path of a search', () => {
  it('followed in the engine gives a run in which the audit sees the same (seed 21)', { timeout: 60_000 }, () => {
    let followed = 0;
    fc.assert(
      fc.property(small, (given) => {
        const { scenario, caller, kernel, faults } = given;
        const labels = new Labels();
        const options = optionsFor({ faults, labels, control: { goesOn: (states) => states < 9000 } });
        const found = atOnce(search(engineFor({ caller, kernel }), scenario, options));
        for (const [number, path] of found.paths) {
          const label = labels.list[number]!;
          const { judgement } = follow({ scenario, caller, kernel, decisions: [] }, found.tasks, path);
          followed += 1;
          if (label.kind === 'finding')
            expect(
              judgement.findings.map(({ id }) => id),
              words(given),
            ).toContain(label.id);
          if (label.kind === 'deadlock') expect(judgement.run.stuck.map((one) => one.task)).toEqual(label.waiting);
        }
      }),
      { seed: 21, numRuns: 20 },
    );
    expect(followed).toBe(21);
  });
});
