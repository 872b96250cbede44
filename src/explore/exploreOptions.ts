// What a search of a scenario takes and gives back.
import type { Label } from '../core/label.ts';
import type { Bounds, Verdict } from '../core/verdict.ts';
import type { Engine } from '../engine/engine.ts';
import type { Recipe, Resolve } from '../engine/recipe.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { Followed } from './counterexample.ts';
import type { StrategyName } from './strategies.ts';
import type { Crew } from './strategy.ts';
import type { Unknown } from './variants.ts';

export interface Progress {
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  readonly findings: number;
  /** Which start of how many, from 0; all of them: what was found is being made smaller. */
  readonly variant: number;
  readonly variants: number;
  /** How many states this start may have beyond those found, guessed; for strategies that can tell. */
  readonly left?: () => number;
}

export interface ExploreOptions {
  readonly bounds: Bounds;
  readonly strategy?: StrategyName;
  /** States after which the search ends; those of an earlier search do not count. */
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
  /** Every step is evaluated twice, to catch what depends on more than the world. */
  readonly twice?: boolean;
  /** False: what is found is not made smaller. */
  readonly shrink?: boolean;
  readonly resolve?: Resolve;
  /** Other workers of a search in full. */
  readonly crew?: Crew;
  /** An earlier search to go on with; refused when it is not of the same scenario, model and options. */
  readonly resume?: Checkpoint;
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
  /** One for each bug, violated claim and deadlock, in the order of their ids. */
  readonly counterexamples: readonly Counterexample[];
  /** Where the search ended early, what is needed to go on with it; null: it came to its end, or cannot go on. */
  readonly checkpoint: (() => Checkpoint) | null;
}

export type ModelPart = Omit<Recipe, 'scenario' | 'decisions'>;
