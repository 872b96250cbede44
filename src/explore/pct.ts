// Probabilistic concurrency testing: random priorities, lowered at a few random steps. A bug of depth d among n tasks and k steps shows in
// one run with chance 1 / (n k^(d-1)) (Burckhardt and others, ASPLOS 2010), for a given place of the failures.
import type { Scenario } from '../core/scenario.ts';
import type { Engine } from '../engine/engine.ts';
import type { Dice } from './sample.ts';
import { type SampleOptions, type Sampler, sample } from './sampling.ts';
import type { Searched } from './search.ts';
import type { Turns } from './turns.ts';

const DEPTH = 3;

const begin = (dice: Dice, tasks: number, steps: number) => {
  const priorities = Array.from({ length: tasks }, (_, task) => ({ task, priority: DEPTH + dice.below(1 << 20) }));
  const lowered = Array.from({ length: DEPTH - 1 }, (_, index) => ({ at: dice.below(steps), priority: DEPTH - 1 - index }));
  const highest = (able: readonly number[]): number =>
    able.reduce((best, task) => (priorities[task]!.priority > priorities[best]!.priority ? task : best));
  return (able: readonly number[], depth: number): number => {
    for (const change of lowered) if (change.at === depth) priorities[highest(able)]!.priority = change.priority;
    return highest(able);
  };
};

const sampler: Sampler = {
  begin: (dice, model, steps) => begin(dice, model.tasks.length, steps),
  chance: (tasks, steps) => ({ one: 1 / (tasks * steps ** (DEPTH - 1)), words: `an order of depth ${DEPTH}` }),
};

export const pct = (engine: Engine, scenario: Scenario, options: SampleOptions): Turns<Searched> =>
  sample(engine, scenario, options, sampler);
