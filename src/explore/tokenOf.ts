// The token of a counterexample: what the search was of and asked for, what was removed of it, and the run's schedule.

import type { Scenario } from '../core/scenario.ts';
import type { Deviation } from '../core/schedule.ts';
import type { Engine } from '../engine/engine.ts';
import type { ExploreOptions, ModelPart } from './exploreOptions.ts';
import { modelHash, numberingOf, printToken, scenarioHash, type Token } from './token.ts';
import type { Variant } from './variants.ts';

/** What was searched. */
interface Subject {
  readonly scenario: Scenario;
  readonly part: ModelPart;
  readonly engine: Engine;
  readonly options: ExploreOptions;
}

/** One run of it. */
interface Shown {
  readonly variant: Variant;
  readonly edits: Token['edits'];
  readonly schedule: readonly Deviation[];
}

/** What is not as the scenario's file says. */
const overridesOf = (scenario: Scenario, { kernel, caller, contract, continueOn }: ModelPart): Record<string, string> => ({
  ...(kernel === scenario.kernel ? {} : { k: kernel }),
  ...(caller === scenario.caller ? {} : { c: caller }),
  ...(contract === undefined ? {} : { e: contract }),
  ...(continueOn === undefined ? {} : { n: continueOn === 'any' ? 'any' : continueOn.join(',') }),
});

const startOf = ({ bounds: { kills, unplugs }, unknown }: ExploreOptions, { number }: Variant): Token['variant'] =>
  number === 0 && kills + unplugs === 0 ? null : { kills, unplugs, unknown: unknown !== undefined, number };

export const tokenOf = ({ scenario, part, engine, options }: Subject, { variant, edits, schedule }: Shown): string =>
  printToken(
    {
      scenario: scenarioHash(scenario),
      model: modelHash(engine.model.hash),
      overrides: overridesOf(scenario, part),
      variant: startOf(options, variant),
      edits,
      schedule,
    },
    numberingOf(variant.scenario),
  );
