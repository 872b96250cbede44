// Iterated preemption bound: all orders with 0 switches away from a task that could go on, then with 1, 2, ...; complete once a bound
// kept nothing out. Most bugs need few switches, so they show early.
import type { Scenario } from '../core/scenario.ts';
import type { Engine } from '../engine/engine.ts';
import { type Searched, type SearchOptions, search } from './search.ts';

export const iterated = (engine: Engine, scenario: Scenario, options: SearchOptions): Searched =>
  iteratedUpTo(engine, scenario, options, options.preemptions);

/** Up to a bound; null: until nothing is kept out. */
export const iteratedUpTo = (engine: Engine, scenario: Scenario, options: SearchOptions, most: number | null): Searched => {
  for (let preemptions = 0; ; preemptions++) {
    const searched = search(engine, scenario, { ...options, preemptions });
    const isLast = preemptions === most || !searched.isPruned || !searched.isComplete;
    if (isLast) return { ...searched, chance: `switches: at most ${preemptions}${searched.isPruned ? '' : ', which kept nothing out'}` };
  }
};
