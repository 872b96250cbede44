// The strategies by name. Each takes one scenario ready to be searched; adding one is adding a file and a line here.
import type { Scenario } from '../core/scenario.ts';
import type { Engine } from '../engine/engine.ts';
import { iterated } from './iterated.ts';
import { pct } from './pct.ts';
import { portfolio } from './portfolio.ts';
import { pos } from './pos.ts';
import type { SampleOptions } from './sampling.ts';
import { type Searched, search } from './search.ts';
import type { Turns } from './turns.ts';

export type StrategyName = 'exhaustive' | 'iterated' | 'pct' | 'pos' | 'portfolio';

export type Strategy = (engine: Engine, scenario: Scenario, options: SampleOptions) => Turns<Searched>;

export const strategies: Readonly<Record<StrategyName, Strategy>> = { exhaustive: search, iterated, pct, pos, portfolio };

/** Why a strategy's result is not complete, where it is by its nature. */
export const limits: Readonly<Partial<Record<StrategyName, string>>> = {
  pct: 'PCT samples: what it does not show may still happen',
  pos: 'POS samples: what it does not show may still happen',
  portfolio: 'the portfolio ends with samples: what they do not show may still happen',
};
