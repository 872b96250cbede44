// A search that ended early, as plain data: what was searched and found, and the pass to go on with. Another process with the same
// scenario, model and options goes on as if nothing had happened.
import { canonical } from '../core/canonical.ts';
import { Failure } from '../core/failure.ts';
import type { Label } from '../core/label.ts';
import type { Scenario } from '../core/scenario.ts';
import type { Engine } from '../engine/engine.ts';
import type { ExploreOptions } from './exploreOptions.ts';
import type { PassRecord } from './passRecord.ts';
import type { Searched } from './search.ts';
import type { Choice } from './strategy.ts';
import { scenarioHash } from './token.ts';

/** What must be the same for a search to go on. */
interface Key {
  readonly scenario: string;
  readonly model: string;
  readonly options: string;
}

export interface Checkpoint {
  readonly key: Key;
  /** One for each start that was searched to its end. */
  readonly searched: readonly Searched[];
  /** In the order of their numbers. */
  readonly labels: readonly Label[];
  readonly found: readonly { readonly label: number; readonly variant: number; readonly path: readonly Choice[] }[];
  /** Of the next start; null: not begun. */
  readonly pass: PassRecord | null;
}

const keyOf = (scenario: Scenario, { model }: Engine, options: ExploreOptions): Key => {
  const { bounds, strategy = 'exhaustive', reduce = true, symmetry = true, before = null, unknown = null } = options;
  const callers = [model.caller.name, ...scenario.tasks.map(({ caller }) => caller ?? null)];
  return {
    scenario: scenarioHash(scenario),
    model: canonical([model.hash, model.kernel, callers]),
    options: canonical({ bounds, strategy, reduce, symmetry, before, unknown: unknown as unknown }),
  };
};

const others: Readonly<Record<keyof Key, string>> = {
  scenario: 'of another scenario',
  model: 'of another kernel, caller, or version of the model',
  options: 'of a search with other bounds or options',
};

/** Refuses a checkpoint that belongs to another search. */
export const checkedFor = (checkpoint: Checkpoint, scenario: Scenario, engine: Engine, options: ExploreOptions): Checkpoint => {
  const key = keyOf(scenario, engine, options);
  for (const part of ['scenario', 'model', 'options'] as const)
    if (checkpoint.key[part] !== key[part])
      throw new Failure(
        'bad-usage',
        `the checkpoint is ${others[part]}`,
        undefined,
        'Name another file, or repeat the command that wrote it.',
      );
  return checkpoint;
};

/** `searched`: of every start that was begun, in order. */
export const checkpointOf = (
  scenario: Scenario,
  engine: Engine,
  options: ExploreOptions,
  { searched, labels, found }: Pick<Checkpoint, 'searched' | 'labels' | 'found'>,
): Checkpoint => {
  // One that ended in a pass that proved nothing is neither whole nor gone on with: its start is searched anew.
  const whole = searched.filter(({ isComplete }) => isComplete);
  return {
    key: keyOf(scenario, engine, options),
    searched: whole,
    labels,
    found: found.filter(({ variant }) => variant < whole.length),
    pass: searched.at(-1)?.record?.() ?? null,
  };
};
