// Searches a scenario in every variant of its start, and brings back a verdict with the smallest run for each thing that is wrong.
import { type Label, violates } from '../core/label.ts';
import type { Scenario } from '../core/scenario.ts';
import type { Bounds, Effort, Verdict } from '../core/verdict.ts';
import type { Engine } from '../engine/engine.ts';
import { byName, engineFor, type Recipe, type Resolve } from '../engine/recipe.ts';
import { type Followed, follow } from './counterexample.ts';
import { canFail, type FaultBounds } from './evaluate.ts';
import { minimise } from './minimise.ts';
import { claimId, Labels } from './observer.ts';
import type { Searched } from './search.ts';
import { limits, type StrategyName, strategies } from './strategies.ts';
import type { Choice } from './strategy.ts';
import { modelHash, numberingOf, printToken, scenarioHash } from './token.ts';
import { type Unknown, type Variant, variantsOf } from './variants.ts';

export interface Progress {
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  readonly findings: number;
  readonly variant: number;
  readonly variants: number;
}

export interface ExploreOptions {
  readonly bounds: Bounds;
  readonly strategy?: StrategyName;
  /** States in all after which the search ends. */
  readonly states?: number;
  /** Bytes for the states seen. */
  readonly memory?: number;
  readonly reduce?: boolean;
  readonly symmetry?: boolean;
  readonly before?: readonly string[];
  readonly unknown?: readonly Unknown[];
  /** For strategies that sample. */
  readonly seed?: number;
  readonly runs?: number;
  /** False: what is found is not made smaller. */
  readonly shrink?: boolean;
  readonly resolve?: Resolve;
  /** Asked now and then; a reason ends the search, and the verdict says it. */
  readonly stop?: (progress: Progress) => string | null;
}

export interface Counterexample extends Followed {
  readonly label: Label;
  readonly token: string;
  /** 1-minimal: no single further removal shows it; null: it was not made smaller. */
  readonly isProven: boolean | null;
}

export interface Exploration {
  readonly verdict: Verdict;
  readonly engine: Engine;
  /** One for each bug, violated claim and deadlock, in the order in which they were found. */
  readonly counterexamples: readonly Counterexample[];
}

export const faultBounds = ({ faults, apiFaults, plausible }: Bounds): FaultBounds => ({
  faults,
  apiFaults,
  mayFail: (found) => !plausible || canFail(found),
});

const DEFAULT_MEMORY = 2 ** 31;
/** States of one search of the minimiser. */
const SHRINK_STATES = 400_000;

export type ModelPart = Omit<Recipe, 'scenario' | 'decisions'>;

export const explore = (scenario: Scenario, part: ModelPart, options: ExploreOptions): Exploration =>
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
  #stopped: string | null = null;

  constructor(scenario: Scenario, part: ModelPart, options: ExploreOptions) {
    this.#scenario = scenario;
    this.#part = part;
    this.#options = options;
    this.#engine = engineFor(part, options.resolve ?? byName);
    const { kills, unplugs } = options.bounds;
    const { before, unknown } = options;
    this.#variants = variantsOf(scenario, { kills, unplugs, ...(before ? { before } : {}), ...(unknown ? { unknown } : {}) });
  }

  run(): Exploration {
    this.#variants.forEach((variant, number) => {
      if (this.#stopped === null) this.#search(variant, number);
    });
    const counterexamples = [...this.#found.keys()]
      .filter((label) => violates(this.#labels.list[label]!))
      .map((label) => this.#counterexample(label));
    return { verdict: this.#verdict(), engine: this.#engine, counterexamples };
  }

  #search(variant: Variant, number: number): void {
    const {
      reduce = true,
      symmetry = true,
      memory = DEFAULT_MEMORY,
      bounds,
      strategy = 'exhaustive',
      seed = 1,
      runs = 1000,
    } = this.#options;
    const searched = strategies[strategy](this.#engine, variant.scenario, {
      bounds: faultBounds(bounds),
      labels: this.#labels,
      control: { goesOn: (states, transitions, depth) => this.#goesOn(states, transitions, depth, number) },
      preemptions: bounds.preemptions,
      reduce,
      symmetry,
      memory,
      seed,
      runs,
    });
    this.#searched.push(searched);
    for (const [label, path] of searched.paths) if (!this.#found.has(label)) this.#found.set(label, { variant: number, searched, path });
  }

  #goesOn(states: number, transitions: number, depth: number, variant: number): boolean {
    const { states: most, stop } = this.#options;
    const before = this.#searched.reduce((sum, searched) => sum + searched.states, 0);
    if (most !== undefined && before + states >= most) this.#stopped ??= `stopped at ${most} states`;
    const progress = { states: before + states, transitions, depth, findings: this.#found.size, variant, variants: this.#variants.length };
    this.#stopped ??= stop?.(progress) ?? null;
    return this.#stopped === null;
  }

  #recipe(scenario: Scenario): Recipe {
    return { ...this.#part, scenario, decisions: [] };
  }

  #counterexample(number: number): Counterexample {
    const label = this.#labels.list[number]!;
    const { variant, searched, path } = this.#found.get(number)!;
    const { scenario } = this.#variants[variant]!;
    const { shrink = true, bounds, resolve, stop } = this.#options;
    const goesOn = (): boolean => this.#stopped === null || stop === undefined;
    const minimal = shrink
      ? minimise(this.#engine, scenario, label.id, { bounds: faultBounds(bounds), states: SHRINK_STATES, goesOn })
      : null;
    const followed = minimal
      ? follow(this.#recipe(minimal.scenario), minimal.tasks, minimal.path, resolve)
      : follow(this.#recipe(scenario), searched.tasks, path, resolve);
    const token = printToken(
      {
        scenario: scenarioHash(this.#scenario),
        model: modelHash(this.#engine.model.hash),
        overrides: this.#overrides(),
        variant: this.#variants.length === 1 ? null : { kills: bounds.kills, unplugs: bounds.unplugs, number: variant },
        edits: minimal?.edits ?? [],
        schedule: followed.schedule,
      },
      numberingOf(scenario),
    );
    return { ...followed, label, token, isProven: minimal?.isProven ?? null };
  }

  /** What is not as the scenario's file says. */
  #overrides(): Record<string, string> {
    const { kernel, caller, contract, continueOn } = this.#part;
    return {
      ...(kernel === this.#scenario.kernel ? {} : { k: kernel }),
      ...(caller === this.#scenario.caller ? {} : { c: caller }),
      ...(contract === undefined ? {} : { e: contract }),
      ...(continueOn === undefined ? {} : { n: continueOn === 'any' ? 'any' : continueOn.join(',') }),
    };
  }

  #effort(): Effort {
    const sum = (of: (searched: Searched) => number): number => this.#searched.reduce((total, searched) => total + of(searched), 0);
    const bitStates = this.#searched.flatMap(({ omission }) => omission.bitState ?? []);
    return {
      states: sum(({ states }) => states),
      transitions: sum(({ transitions }) => transitions),
      ends: sum(({ ends }) => ends),
      depth: Math.max(0, ...this.#searched.map(({ depth }) => depth)),
      evaluations: sum(({ evaluations }) => evaluations),
      omission: sum(({ omission }) => omission.collision),
      bitState: bitStates.length === 0 ? null : Math.max(...bitStates),
    };
  }

  #claims(): Verdict['claims'] {
    const ids = new Set([...this.#found.keys()].map((label) => this.#labels.list[label]!.id));
    return this.#scenario.claims.map((claim) => {
      const text = claim.kind === 'compare' ? `${claim.mood} ${claim.text}` : claim.text;
      if (claim.mood === 'sometimes') return { text, outcome: ids.has(claimId(claim, 'met')) ? ('met' as const) : ('never met' as const) };
      return { text, outcome: ids.has(claimId(claim, 'violated')) ? ('violated' as const) : ('held' as const) };
    });
  }

  #verdict(): Verdict {
    const { model } = this.#engine;
    const { bounds, strategy = 'exhaustive', reduce = true } = this.#options;
    const effort = this.#effort();
    const labels = [...this.#found.keys()].map((label) => this.#labels.list[label]!);
    const claims = this.#claims();
    const unmet = claims.filter(({ outcome }) => outcome === 'never met').map(({ text }) => `never met: ${text}`);
    const isComplete = this.#searched.length === this.#variants.length && this.#searched.every((searched) => searched.isComplete);
    const because = [
      ...(this.#stopped === null ? [] : [this.#stopped]),
      ...(isComplete || this.#stopped !== null ? [] : [limits[strategy] ?? 'the search did not come to its end']),
      ...(effort.bitState === null ? [] : ['the memory limit was reached: some states may have been left out']),
      ...unmet,
    ];
    const violated = labels.some(violates);
    const { tasks } = this.#scenario;
    const requests = tasks.flatMap((task) => task.requests);
    return {
      scenario: this.#scenario.name,
      kernel: model.kernel,
      model: model.profile.title,
      caller: model.caller.name,
      groups: new Set(requests.flatMap(({ verb, target }) => (target === null || verb === 'kill' ? [] : [target]))).size,
      containers: new Set(tasks.map(({ container }) => container)).size,
      tasks: tasks.length,
      bounds,
      strategy,
      outcome: violated ? 'violated' : because.length > 0 ? 'inconclusive' : 'holds',
      because,
      effort,
      variants: { covered: this.#searched.length, total: this.#variants.length, names: this.#variants.map(({ name }) => name) },
      reduced: reduce && bounds.preemptions === null && strategy === 'exhaustive' && tasks.length > 1,
      symmetry: [...new Set(this.#searched.flatMap(({ exchanges }) => exchanges))],
      chances: this.#searched.flatMap(({ chance }) => chance ?? []),
      labels,
      claims,
    };
  }
}
