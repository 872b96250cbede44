// What the tests of reproductions share: scenarios by file, small ones of two tasks, and their reproductions.
import { readScenario } from '../../src/cli/scenarios.ts';
import type { Reproduction } from '../../src/core/reproduction.ts';
import type { Fault, Scenario } from '../../src/core/scenario.ts';
import type { RunOptions } from '../../src/engine/run.ts';
import { judge } from '../../src/explore/judge.ts';
import { reproductionOf } from '../../src/explore/repro.ts';
import { recorded, scenario, task } from '../support/runs.ts';

export const reproduced = (given: Scenario, model: { kernel?: string; caller?: string } = {}, run: RunOptions = {}): Reproduction =>
  reproductionOf(judge({ scenario: given, kernel: given.kernel, caller: given.caller, ...model, decisions: [] }, { run }));

export const fromFile = (name: string, model: { kernel?: string; caller?: string } = {}): Reproduction =>
  reproduced(readScenario(`scenarios/${name}.yaml`), model);

const q35 = recorded('6.12custom-x86_64-intel-failnth');

/** Two containers of two tasks; the second task's second attach meets the faults. */
export const twoTasks = (faults: readonly Fault[]): Scenario =>
  scenario(q35, [task('t0', 'attach 5; map 64K; attach 11'), task('t1', 'attach 8; map 64K; attach 9', 'c1')], {
    name: 'two-tasks',
    faults,
  });

export const oneTask = (script: string, faults: readonly Fault[], caller = 'vfio-type1'): Scenario =>
  scenario(q35, [task('t0', script)], { name: 'one-task', caller, faults });

/** Changes the task at every step, so that calls overlap. */
export const alternating = (): RunOptions => {
  let last: string | undefined;
  return {
    ask: (question) => {
      if (question.kind !== 'task') return undefined;
      const other = Math.max(
        0,
        question.options.findIndex((id) => id !== last),
      );
      last = question.options[other];
      return other;
    },
  };
};

export const site = (name: string, more: Partial<Extract<Fault, { kind: 'site' }>> = {}): Fault => ({
  kind: 'site',
  site: name,
  nth: 1,
  sticky: false,
  ...more,
});
