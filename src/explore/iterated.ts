// Iterated preemption bound: all orders with 0 switches away from a task that could go on, then with 1, 2, ...: most bugs need few, so
// they show early. What a bound of 2 still keeps out is searched without one.
import type { Scenario } from '../core/scenario.ts';
import type { Engine } from '../engine/engine.ts';
import { type Searched, type SearchOptions, search } from './search.ts';
import type { Turns } from './turns.ts';

const MOST = 2;

/** Up to a bound, or until a bound keeps nothing out. */
export function* iteratedUpTo(engine: Engine, scenario: Scenario, options: SearchOptions, most: number): Turns<Searched> {
  for (let preemptions = 0; ; preemptions++) {
    const searched = yield* search(engine, scenario, { ...options, preemptions });
    if (preemptions < most && searched.isPruned && searched.isComplete) continue;
    return { ...searched, chance: `switches: at most ${preemptions}${searched.isPruned ? '' : ', which kept nothing out'}` };
  }
}

export function* iterated(engine: Engine, scenario: Scenario, options: SearchOptions): Turns<Searched> {
  const { preemptions } = options;
  const bounded = yield* iteratedUpTo(engine, scenario, options, preemptions ?? MOST);
  if (preemptions !== null || !bounded.isPruned || !bounded.isComplete) return bounded;
  const whole = yield* search(engine, scenario, options);
  // What few switches show is told with few.
  return { ...whole, paths: new Map([...whole.paths, ...bounded.paths]), chance: `switches: at most ${MOST}, then any number` };
}
