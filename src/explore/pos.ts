// Partial-order sampling: every step has a random priority, the highest goes first, and steps that race with it are drawn anew
// (Yuan, Yang and Gu, CAV 2018).

import type { Scenario } from '../core/scenario.ts';
import type { Engine } from '../engine/engine.ts';
import type { Leaf } from './memo.ts';
import type { Model } from './model.ts';
import type { Dice } from './sample.ts';
import { type SampleOptions, type Sampler, sample } from './sampling.ts';
import type { Searched } from './search.ts';
import type { Turns } from './turns.ts';

const touches = (leaf: Leaf, written: ReadonlySet<number>): boolean =>
  leaf.reads.some((read) => written.has(read)) || leaf.branches.some(({ cells }) => cells.some((cell) => written.has(cell)));

const writesOf = (leaf: Leaf): ReadonlySet<number> => new Set(leaf.branches.flatMap(({ cells }) => cells));

const begin = (dice: Dice, { memo, tasks }: Model) => {
  const draw = (): number => dice.below(1 << 20);
  const priorities = tasks.map(draw);
  return (able: readonly number[]): number => {
    const first = able.reduce((best, task) => (priorities[task]! > priorities[best]! ? task : best));
    const leaf = memo.leaf(first);
    const written = writesOf(leaf);
    for (const task of able) {
      const other = task === first ? null : memo.leaf(task);
      if (other && (touches(other, written) || touches(leaf, writesOf(other)))) priorities[task] = draw();
    }
    priorities[first] = draw();
    return first;
  };
};

/** The bound of the paper for a given order of all races needs their number, which is not known: a walk of fair choices at each step is. */
const sampler: Sampler = {
  begin: (dice, model) => begin(dice, model),
  chance: (tasks, steps) => ({ one: 1 / tasks ** Math.min(steps, 1000), words: 'one given order of all steps' }),
};

export const pos = (engine: Engine, scenario: Scenario, options: SampleOptions): Turns<Searched> =>
  sample(engine, scenario, options, sampler);
