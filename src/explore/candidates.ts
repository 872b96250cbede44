// Searches of one scenario and of what edits leave of it, each done once for all that is to be made smaller: what a search finds or
// rules out holds for every label.
import type { Label } from '../core/label.ts';
import type { Scenario } from '../core/scenario.ts';
import type { Deviation } from '../core/schedule.ts';
import type { Engine } from '../engine/engine.ts';
import { scheduleOf } from './counterexample.ts';
import { type Edit, edited } from './edits.ts';
import type { FaultBounds } from './evaluate.ts';
import type { Uses } from './liveness.ts';
import { Model } from './model.ts';
import { Labels } from './observer.ts';
import { boundsWithin, covers, type Reach } from './reach.ts';
import { type Searched, search } from './search.ts';
import type { Choice } from './strategy.ts';
import { claimsOf, isNoScenario, type Trial, tryOut } from './trial.ts';
import type { Turns } from './turns.ts';

/** What a search says of a candidate: the first path to each label. */
export interface Result {
  readonly reach: Reach;
  readonly tasks: readonly string[];
  readonly paths: ReadonlyMap<string, readonly Choice[]>;
  readonly isComplete: boolean;
  /** Nothing is gained by searching again. */
  readonly isFinal: boolean;
}

export interface CandidateOptions {
  readonly bounds: FaultBounds;
  readonly goesOn: () => boolean;
  /** What the search that found it learned. */
  readonly uses: Uses;
  /** Its model, where it was kept. */
  readonly model?: Model | undefined;
}

export interface Wanted {
  readonly label: Label;
  /** States after which a search ends; what it has not found counts as not shown to be possible. */
  readonly states: number;
  /** Finds every label, not this one only. */
  readonly all?: boolean;
}

const MEMORY = 2 ** 28;

const byId = (labels: Labels, paths: Searched['paths']): Result['paths'] =>
  new Map(labels.named(paths).map(([{ id }, path]) => [id, path]));

/** Only the claim that is wanted is judged: others may speak of what was removed. */
export const withClaim = (scenario: Scenario, label: Label): Scenario => ({
  ...scenario,
  claims: claimsOf(scenario, label),
});

/** The same edits in another order leave the same. */
const editsKey = (edits: readonly Edit[]): string =>
  edits
    .map((edit) => JSON.stringify(edit))
    .sort()
    .join();

export class Candidates {
  readonly scenario: Scenario;
  readonly bounds: FaultBounds;
  readonly goesOn: () => boolean;
  readonly #engine: Engine;
  readonly #uses: Uses;
  readonly #whole: Model | undefined;
  /** Of the last search: the next one is often of the same candidate, within other bounds. */
  #last: { readonly key: string; readonly model: Model } | null = null;
  /** By edits and claims; null: it is no scenario. */
  readonly #results = new Map<string, Result[] | null>();
  readonly #trials = new Map<string, Trial | null>();
  /** By edits and path: one path often shows several things. */
  readonly #schedules = new Map<string, readonly Deviation[]>();

  constructor(engine: Engine, scenario: Scenario, { bounds, goesOn, uses, model }: CandidateOptions) {
    this.#engine = engine;
    this.scenario = { ...scenario, claims: scenario.claims.filter(({ mood }) => mood !== 'sometimes') };
    this.bounds = bounds;
    this.goesOn = goesOn;
    this.#uses = uses;
    this.#whole = model;
  }

  /** Takes over what a search of the whole scenario found. */
  know(bounds: FaultBounds, { tasks, isComplete, paths }: Searched, labels: Labels): void {
    const reach: Reach = { plausible: false, faults: bounds.faults, apiFaults: bounds.apiFaults, preemptions: null };
    this.#results.set(editsKey([]), [{ reach, tasks, paths: byId(labels, paths), isComplete, isFinal: true }]);
  }

  /** One plain run; null: what is left is no scenario. */
  try(edits: readonly Edit[], schedule: readonly Deviation[]): Trial | null {
    const key = `${editsKey(edits)} ${JSON.stringify(schedule)}`;
    const known = this.#trials.get(key);
    if (known !== undefined) return known;
    const trial = tryOut(this.#engine, edited(this.scenario, edits), schedule, this.bounds);
    this.#trials.set(key, trial);
    return trial;
  }

  /** The schedule of a path that a search found. */
  scheduleOf(edits: readonly Edit[], tasks: readonly string[], path: readonly Choice[]): readonly Deviation[] {
    const key = `${editsKey(edits)} ${JSON.stringify(path)}`;
    const known = this.#schedules.get(key);
    if (known !== undefined) return known;
    const schedule = scheduleOf(this.#engine, edited(this.scenario, edits), tasks, path);
    this.#schedules.set(key, schedule);
    return schedule;
  }

  /** Null: what is left is no scenario, or time is up. */
  *find(edits: readonly Edit[], given: Reach, wanted: Wanted): Turns<Result | null> {
    const scenario = edited(this.scenario, edits);
    const key = editsKey(edits);
    const isAlone = scenario.tasks.length === 1;
    // A task alone has nobody to switch to.
    const reach = isAlone ? { ...given, preemptions: null } : given;
    if (isAlone && reach.faults + reach.apiFaults === 0) return this.#alone(edits, scenario, reach, wanted.label);
    const together = yield* this.#once(key, scenario, reach, wanted);
    if (together !== undefined) return together;
    return (yield* this.#once(`${key} ${wanted.label.id}`, withClaim(scenario, wanted.label), reach, wanted)) ?? null;
  }

  /** One task of which nothing fails has one run. */
  #alone(edits: readonly Edit[], scenario: Scenario, reach: Reach, label: Label): Result | null {
    const trial = this.try(edits, []);
    if (trial === null) return null;
    const paths = new Map(trial.shows(label) ? [[label.id, []]] : []);
    return { reach, tasks: scenario.tasks.map(({ id }) => id), paths, isComplete: true, isFinal: true };
  }

  /** Undefined: with these claims it is no scenario. */
  *#once(key: string, scenario: Scenario, reach: Reach, wanted: Wanted): Turns<Result | null | undefined> {
    const known = this.#results.get(key);
    if (known === null) return undefined;
    const answer = known?.find((result) => answers(result, reach, wanted));
    if (answer) return answer;
    if (!this.goesOn()) return null;
    const made = yield* this.#search(key, scenario, reach, wanted);
    this.#results.set(key, made && [made, ...(known ?? [])]);
    return made ?? undefined;
  }

  #model(key: string, scenario: Scenario): Model {
    if (key === editsKey([]) && this.#whole) return this.#whole;
    const model =
      this.#last?.key === key
        ? this.#last.model
        : new Model(this.#engine, scenario, { bounds: this.bounds, labels: new Labels(), uses: this.#uses });
    this.#last = { key, model };
    return model;
  }

  *#search(key: string, scenario: Scenario, reach: Reach, { label, states, all = false }: Wanted): Turns<Result | null> {
    const { goesOn } = this;
    const { preemptions } = reach;
    try {
      const model = this.#model(key, scenario);
      const { labels } = model;
      const { tasks, isComplete, ...searched } = yield* search(this.#engine, scenario, {
        bounds: boundsWithin(this.bounds, reach),
        labels,
        control: { goesOn: (seen) => seen < states && goesOn() },
        preemptions,
        reduce: preemptions === null,
        symmetry: false,
        memory: MEMORY,
        ...(all ? {} : { wanted: label.id }),
        model,
      });
      const paths = byId(labels, searched.paths);
      return { reach, tasks, paths, isComplete, isFinal: isComplete || all || !paths.has(label.id) };
    } catch (error) {
      if (isNoScenario(error)) return null;
      throw error;
    }
  }
}

/** Whether an earlier search says all that this one would. */
const answers = (result: Result, reach: Reach, { label }: Wanted): boolean => {
  const shows = result.paths.has(label.id);
  if (covers(result.reach, reach) && result.isComplete && !shows) return true;
  return covers(result.reach, reach) && covers(reach, result.reach) && (result.isFinal || shows);
};
