// A portfolio under one budget: bounds 0, 1 and 2 in full, then samples by PCT, then by POS; ends early where a bound kept nothing out.
import type { Scenario } from '../core/scenario.ts';
import type { Engine } from '../engine/engine.ts';
import { iteratedUpTo } from './iterated.ts';
import { pct } from './pct.ts';
import { pos } from './pos.ts';
import type { SampleOptions } from './sampling.ts';
import type { Searched } from './search.ts';
import type { Turns } from './turns.ts';

const BOUND = 2;

/** States of its parts may be the same ones: the numbers are of the work done. */
const together = (parts: readonly Searched[]): Searched => {
  const sum = (of: (part: Searched) => number): number => parts.reduce((total, part) => total + of(part), 0);
  return {
    ...parts[0]!,
    states: sum(({ states }) => states),
    transitions: sum(({ transitions }) => transitions),
    ends: sum(({ ends }) => ends),
    depth: Math.max(...parts.map(({ depth }) => depth)),
    evaluations: sum(({ evaluations }) => evaluations),
    isComplete: false,
    rowsMet: new Set(parts.flatMap(({ rowsMet }) => [...rowsMet])),
    paths: new Map(parts.toReversed().flatMap(({ paths }) => [...paths])),
    chance: parts.map(({ chance }) => chance).join('; '),
  };
};

export function* portfolio(engine: Engine, scenario: Scenario, options: SampleOptions): Turns<Searched> {
  const bounded = yield* iteratedUpTo(engine, scenario, options, BOUND);
  if (!bounded.isPruned || !bounded.isComplete) return bounded;
  return together([bounded, yield* pct(engine, scenario, options), yield* pos(engine, scenario, options)]);
}
