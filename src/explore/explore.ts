// Searches a scenario in every variant of its start, and brings back a verdict with the smallest run for each thing that is wrong.
import { violates } from '../core/label.ts';
import type { Scenario } from '../core/scenario.ts';
import type { Bounds } from '../core/verdict.ts';
import type { Engine } from '../engine/engine.ts';
import { byName, engineFor, type Recipe } from '../engine/recipe.ts';
import { Candidates } from './candidates.ts';
import { type Checkpoint, checkedFor, checkpointOf } from './checkpoint.ts';
import { follow } from './counterexample.ts';
import { canFail, type FaultBounds } from './evaluate.ts';
import type { Counterexample, Exploration, ExploreOptions, ModelPart, Progress } from './exploreOptions.ts';
import { minimise, WHOLE_STATES } from './minimise.ts';
import type { Model } from './model.ts';
import { Labels } from './observer.ts';
import type { Searched } from './search.ts';
import { strategies } from './strategies.ts';
import type { Choice } from './strategy.ts';
import { tokenOf } from './tokenOf.ts';
import { atOnce, type Turns } from './turns.ts';
import { type Variant, variantsOf } from './variants.ts';
import { type Outcome, verdictOf } from './verdictOf.ts';

const DEFAULT_MEMORY = 2 ** 31;

export const faultBounds = ({ faults, apiFaults, plausible }: Bounds): FaultBounds => ({
  faults,
  apiFaults,
  mayFail: (found) => !plausible || canFail(found),
});

export const explore = (scenario: Scenario, part: ModelPart, options: ExploreOptions): Exploration =>
  atOnce(exploreInTurns(scenario, part, options));

/** For whoever has to listen to something else meanwhile. */
export const exploreInTurns = (scenario: Scenario, part: ModelPart, options: ExploreOptions): Turns<Exploration> =>
  new Explorer(scenario, part, options).run();

class Explorer {
  readonly #scenario: Scenario;
  readonly #part: ModelPart;
  readonly #options: ExploreOptions;
  readonly #engine: Engine;
  readonly #labels = new Labels();
  readonly #variants: readonly Variant[];
  readonly #found = new Map<number, { readonly variant: number; readonly searched: Searched; readonly path: readonly Choice[] }>();
  readonly #searched: Searched[] = [];
  /** States of the search that this one goes on with. */
  #resumed = 0;
  readonly #candidates = new Map<number, Candidates>();
  #model: Model | undefined;
  #stopped: string | null = null;
  #isShrinking = true;

  constructor(scenario: Scenario, part: ModelPart, options: ExploreOptions) {
    this.#scenario = scenario;
    this.#part = part;
    this.#options = options;
    this.#engine = engineFor(part, options.resolve ?? byName);
    const { kills, unplugs } = options.bounds;
    const { before, unknown } = options;
    this.#variants = variantsOf(scenario, { kills, unplugs, ...(before ? { before } : {}), ...(unknown ? { unknown } : {}) });
    if (options.resume) this.#resume(checkedFor(options.resume, scenario, this.#engine, options));
  }

  #resume({ searched, labels, found, pass }: Checkpoint): void {
    for (const label of labels) this.#labels.number(label);
    this.#searched.push(...searched);
    for (const { label, variant, path } of found) this.#found.set(label, { variant, searched: searched[variant]!, path });
    this.#resumed = this.#states() + (pass?.states ?? 0);
  }

  *run(): Turns<Exploration> {
    for (let number = this.#searched.length; number < this.#variants.length; number++) {
      // A small search ends before it asks whether to go on.
      if (number === 0 || this.#goesOn({ states: 0, transitions: 0, depth: 0, variant: number }))
        yield* this.#search(this.#variants[number]!, number);
    }
    const counterexamples: Counterexample[] = [];
    for (const label of this.#foundLabels)
      if (violates(this.#labels.list[label]!)) counterexamples.push(yield* this.#counterexample(label));
    return { verdict: verdictOf(this.#outcome()), engine: this.#engine, counterexamples, checkpoint: this.#checkpoint() };
  }

  /** Findings first, each in an order that no workers change. */
  get #foundLabels(): number[] {
    const key = (label: number): string => `${this.#labels.list[label]!.kind === 'finding' ? 0 : 1} ${this.#labels.list[label]!.id}`;
    return [...this.#found.keys()].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  }

  #checkpoint(): (() => Checkpoint) | null {
    const searched = this.#searched;
    const isWhole = searched.length === this.#variants.length && searched.every(({ isComplete }) => isComplete);
    if (isWhole || (this.#options.strategy ?? 'exhaustive') !== 'exhaustive') return null;
    const found = [...this.#found].map(([label, { variant, path }]) => ({ label, variant, path }));
    return () => checkpointOf(this.#scenario, this.#engine, this.#options, { searched, labels: this.#labels.list, found });
  }

  #outcome(): Outcome {
    return {
      scenario: this.#scenario,
      engine: this.#engine,
      options: this.#options,
      searched: this.#searched,
      variants: this.#variants,
      labels: this.#foundLabels.map((label) => this.#labels.list[label]!),
      stopped: this.#stopped,
    };
  }

  *#search(variant: Variant, number: number): Turns<void> {
    const { bounds, strategy = 'exhaustive', resume, crew } = this.#options;
    const { reduce = true, symmetry = true, memory = DEFAULT_MEMORY, seed = 1, runs = 1000, twice = false } = this.#options;
    const searched = yield* strategies[strategy](this.#engine, variant.scenario, {
      bounds: faultBounds(bounds),
      labels: this.#labels,
      control: {
        goesOn: (states, transitions, depth, left) => this.#goesOn({ states, transitions, depth, variant: number, ...(left && { left }) }),
      },
      preemptions: bounds.preemptions,
      ...{ reduce, symmetry, memory, seed, runs, twice },
      ...(crew && { crew }),
      made: (model) => this.#keep(model),
      ...(resume?.pass && resume.searched.length === number && { resume: resume.pass }),
    });
    this.#searched.push(searched);
    for (const [label, path] of searched.paths) if (!this.#found.has(label)) this.#found.set(label, { variant: number, searched, path });
  }

  /** That of the only start: many would take much memory. */
  #keep(model: Model): void {
    if (this.#variants.length === 1) this.#model = model;
  }

  #goesOn(now: Omit<Progress, 'findings' | 'variants'>): boolean {
    const { states: most, stop } = this.#options;
    const states = now.states + this.#states();
    if (most !== undefined && states >= most + this.#resumed) this.#stopped ??= `stopped at ${most + this.#resumed} states`;
    this.#stopped ??= stop?.({ ...now, states, findings: this.#found.size, variants: this.#variants.length }) ?? null;
    return this.#stopped === null;
  }

  #states(): number {
    return this.#searched.reduce((sum, { states }) => sum + states, 0);
  }

  /** A search that came to its end stays complete when time runs out while its findings are made smaller. */
  #shrinks(): boolean {
    const { stop } = this.#options;
    if (stop === undefined) return true;
    const { length } = this.#variants;
    const now = { states: this.#states(), transitions: 0, depth: 0, findings: this.#found.size, variant: length, variants: length };
    this.#isShrinking &&= stop(now) === null;
    return this.#isShrinking;
  }

  #recipe(scenario: Scenario): Recipe {
    return { ...this.#part, scenario, decisions: [] };
  }

  *#counterexample(number: number): Turns<Counterexample> {
    yield;
    const label = this.#labels.list[number]!;
    const { variant, searched, path } = this.#found.get(number)!;
    const { scenario } = this.#variants[variant]!;
    const { shrink = true, resolve } = this.#options;
    const minimal = shrink && this.#shrinks() ? yield* minimise(this.#candidatesOf(variant), label) : null;
    const followed = minimal
      ? follow(this.#recipe(minimal.scenario), minimal.tasks, minimal.path, resolve)
      : follow(this.#recipe(scenario), searched.tasks, path, resolve);
    const token = tokenOf(
      { scenario: this.#scenario, part: this.#part, engine: this.#engine, options: this.#options },
      { variant: this.#variants[variant]!, edits: minimal?.edits ?? [], schedule: followed.schedule },
    );
    return { ...followed, label, token, isProven: minimal?.isProven ?? null };
  }

  #candidatesOf(variant: number): Candidates {
    const known = this.#candidates.get(variant);
    if (known) return known;
    const searched = this.#searched[variant]!;
    const { scenario } = this.#variants[variant]!;
    const bounds = faultBounds(this.#options.bounds);
    // What the minimiser learned would become part of a checkpoint, and nobody who goes on from there could learn the same.
    const model = searched.isComplete ? this.#model : undefined;
    const made = new Candidates(this.#engine, scenario, { bounds, goesOn: () => this.#shrinks(), uses: searched.uses, model });
    if (this.#isInOrder(searched)) made.know(bounds, searched, this.#labels);
    this.#candidates.set(variant, made);
    return made;
  }

  /** Whether the minimiser's own search of the whole would find the same paths, whatever this one was asked for. */
  #isInOrder({ isComplete, states, exchanges }: Searched): boolean {
    const { strategy = 'exhaustive', reduce = true, bounds, crew, resume } = this.#options;
    const isPlain = strategy === 'exhaustive' && reduce && bounds.preemptions === null && crew === undefined && resume === undefined;
    return isPlain && isComplete && states <= WHOLE_STATES && exchanges.length === 0;
  }
}
