// What costs no states: groups that nobody names, registers that no later step reads. And what a search found is a run of the engine.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { follow } from '../../src/explore/counterexample.ts';
import { Liveness } from '../../src/explore/liveness.ts';
import { Labels } from '../../src/explore/observer.ts';
import { search } from '../../src/explore/search.ts';
import { loadTopology } from '../../src/index.ts';
import { engineFor, task } from '../support/runs.ts';
import { cutTo, on, optionsFor, searchOf, type1 } from '../support/searching.ts';
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

describe('a path of a search', () => {
  it('followed in the engine gives a run in which the audit sees the same (seed 21)', { timeout: 60_000 }, () => {
    let followed = 0;
    fc.assert(
      fc.property(small, (given) => {
        const { scenario, caller, kernel, faults } = given;
        const labels = new Labels();
        const found = search(
          engineFor({ caller, kernel }),
          scenario,
          optionsFor({ faults, labels, control: { goesOn: (states) => states < 9000 } }),
        );
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
    expect(followed).toBe(7);
  });
});
