// From a token to the run that it stands for: the scenario is found by its hash, cut down as the token says, and run by its schedule.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../core/failure.ts';
import type { Scenario } from '../core/scenario.ts';
import { unknownsOf } from '../engine/assumed.ts';
import { engineFor, type Recipe, type Resolve } from '../engine/recipe.ts';
import { edited } from '../explore/edits.ts';
import { modelHash, numberingOf, type ReadToken, readToken, scenarioHash } from '../explore/token.ts';
import { variantsOf } from '../explore/variants.ts';
import { resolverFor } from './recipes.ts';
import { readScenario } from './scenarios.ts';

const folder = 'scenarios';

const hashOf = (file: string): string | null => {
  try {
    return scenarioHash(readScenario(file));
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
};

const found = (hash: string): string => {
  let files: string[] = [];
  try {
    files = readdirSync(folder).filter((name) => /\.(ya?ml|json)$/.test(name));
  } catch {
    // No folder is no scenario.
  }
  const file = files.map((name) => join(folder, name)).find((path) => hashOf(path) === hash);
  if (file) return file;
  throw new Failure('bad-usage', `no file in ${folder}/ is the scenario of this token (${hash}); name it: attachlab replay TOKEN SCENARIO`);
};

const scenarioOf = ({ scenario: hash }: ReadToken, file: string | undefined): Scenario => {
  const path = file ?? found(hash);
  const scenario = readScenario(path);
  const own = scenarioHash(scenario);
  if (own === hash) return scenario;
  throw new Failure('bad-usage', `the token is for another scenario (${hash}); ${path} is ${own}, or was edited since`, { file: path });
};

export interface TokenRun {
  readonly token: ReadToken;
  readonly recipe: Recipe;
  readonly resolve: Resolve;
  /** The model is not the one that the token was made with. */
  readonly isOtherModel: boolean;
}

/** Fails where the token is broken, or speaks of another scenario. */
export const tokenRun = async (text: string, file?: string): Promise<TokenRun> => {
  const token = readToken(text);
  const whole = scenarioOf(token, file);
  const { k, c, e, n } = token.overrides;
  const { kills, unplugs, unknown, number } = token.variant ?? { kills: 0, unplugs: 0, unknown: false, number: 0 };
  const part = { kernel: k ?? whole.kernel, caller: c ?? whole.caller };
  const known = unknown ? { unknown: unknownsOf(engineFor(part, await resolverFor([part])), whole) } : {};
  const variant = variantsOf(whole, { kills, unplugs, ...known })[number];
  if (!variant) throw new Failure('bad-usage', `the token names start ${number} of the scenario, which has fewer`);
  const { edits, schedule } = token.within(numberingOf(variant.scenario));
  const scenario: Scenario = { ...edited(variant.scenario, edits), schedule };
  const recipe: Recipe = {
    scenario,
    ...part,
    ...(e === undefined ? {} : { contract: e }),
    ...(n === undefined ? {} : { continueOn: n === 'any' ? ('any' as const) : n.split(',') }),
    decisions: [],
  };
  const resolve = await resolverFor([recipe]);
  return { token, recipe, resolve, isOtherModel: modelHash(engineFor(recipe, resolve).model.hash) !== token.model };
};
