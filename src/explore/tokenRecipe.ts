// From a token and its scenario to the run that it stands for: the start it names, cut down as it says, and its schedule.
import { Failure } from '../core/failure.ts';
import type { Scenario } from '../core/scenario.ts';
import { unknownsOf } from '../engine/assumed.ts';
import { byName, engineFor, type Recipe, type Resolve } from '../engine/recipe.ts';
import { edited } from './edits.ts';
import { numberingOf, type ReadToken, scenarioHash } from './token.ts';
import { variantsOf } from './variants.ts';

/** Under which model the token's run is. */
export const partOfToken = ({ overrides }: ReadToken, whole: Scenario): Omit<Recipe, 'scenario' | 'decisions'> => {
  const { k, c, e, n } = overrides;
  return {
    kernel: k ?? whole.kernel,
    caller: c ?? whole.caller,
    ...(e === undefined ? {} : { contract: e }),
    ...(n === undefined ? {} : { continueOn: n === 'any' ? ('any' as const) : n.split(',') }),
  };
};

/**
 * `whole` is the scenario that was searched, `file` where it comes from, for the message when it is another one.
 * Throws a Failure where the token speaks of another scenario or of a part that it lacks.
 */
export const recipeOfToken = (token: ReadToken, whole: Scenario, { resolve = byName, file }: TokenOptions = {}): Recipe => {
  const own = scenarioHash(whole);
  if (own !== token.scenario) {
    const found = `the token is for another scenario (${token.scenario}); ${file ?? whole.name} is ${own}, or was edited since`;
    throw new Failure('bad-usage', found, file === undefined ? undefined : { file });
  }
  const part = partOfToken(token, whole);
  const { kills, unplugs, unknown, number } = token.variant ?? { kills: 0, unplugs: 0, unknown: false, number: 0 };
  const known = unknown ? { unknown: unknownsOf(engineFor(part, resolve), whole) } : {};
  const variant = variantsOf(whole, { kills, unplugs, ...known })[number];
  if (!variant) throw new Failure('bad-usage', `the token names start ${number} of the scenario, which has fewer`);
  const { edits, schedule } = token.within(numberingOf(variant.scenario));
  return { scenario: { ...edited(variant.scenario, edits), schedule }, ...part, decisions: [] };
};

export interface TokenOptions {
  readonly resolve?: Resolve;
  readonly file?: string;
}
