// From a token to the run that it stands for: the scenario is found by its hash, cut down as the token says, and run by its schedule.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../core/failure.ts';
import { engineFor, type Recipe, type Resolve } from '../engine/recipe.ts';
import { modelHash, type ReadToken, readToken, scenarioHash } from '../explore/token.ts';
import { partOfToken, recipeOfToken } from '../explore/tokenRecipe.ts';
import { resolverFor } from './recipes.ts';
import { searchedScenario } from './recordedScenario.ts';
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
  const path = file ?? found(token.scenario);
  const whole = await searchedScenario(path);
  const resolve = await resolverFor([partOfToken(token, whole)]);
  const recipe = recipeOfToken(token, whole, { resolve, file: path });
  return { token, recipe, resolve, isOtherModel: modelHash(engineFor(recipe, resolve).model.hash) !== token.model };
};
