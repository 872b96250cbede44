// What makes a run: scenario, model options and decisions. Two equal recipes give byte for byte equal events.
import type { Event } from '../core/events.ts';
import type { Scenario } from '../core/scenario.ts';
import { buildModel, type ModelOptions, operationTable } from '../kernels/build.ts';
import { type Engine, engineOf } from './engine.ts';
import { type Decisions, type Run, type RunOptions, runScenario } from './run.ts';

export interface Recipe {
  readonly scenario: Scenario;
  readonly kernel: string;
  readonly caller: string;
  readonly contract?: string;
  readonly continueOn?: 'any' | readonly string[];
  readonly decisions: Decisions;
}

/** Finds what a recipe names outside the package: overlays and callers in a user's files. */
export type Resolve = (recipe: Pick<Recipe, 'kernel' | 'caller' | 'contract' | 'continueOn'>) => ModelOptions;

/** Names of the package only. */
export const byName: Resolve = ({ kernel, caller, contract, continueOn }) => ({
  kernel,
  caller,
  ...(contract === undefined ? {} : { contract }),
  ...(continueOn === undefined ? {} : { continueOn }),
});

const enginesByName = new Map<string, Engine>();

/** Made once for each model that names say all about; what a user's files hold may be another thing under the same name. */
export const engineFor = (recipe: Pick<Recipe, 'kernel' | 'caller' | 'contract' | 'continueOn'>, resolve: Resolve = byName): Engine => {
  const options = resolve(recipe);
  if (typeof options.kernel === 'object' || typeof options.caller === 'object') return engineOf(buildModel(options), operationTable);
  const { kernel, caller, contract, continueOn } = options;
  const key = JSON.stringify([kernel, caller, contract, continueOn]);
  const engine = enginesByName.get(key) ?? engineOf(buildModel(options), operationTable);
  enginesByName.set(key, engine);
  return engine;
};

export interface Performance {
  readonly engine: Engine;
  readonly run: Run;
  readonly events: readonly Event[];
}

/** Runs a recipe and keeps every event. */
export const perform = (recipe: Recipe, options: RunOptions = {}, resolve: Resolve = byName): Performance => {
  const engine = engineFor(recipe, resolve);
  const events: Event[] = [];
  const listen = (event: Event): void => {
    events.push(event);
    options.listen?.(event);
  };
  const run = runScenario(engine, recipe.scenario, { decisions: recipe.decisions, ...options, listen });
  return { engine, run, events };
};
