// What strategies that sample share: runs one after the other, each from the start to its end, with failures at random places.
import type { Scenario } from '../core/scenario.ts';
import type { Engine } from '../engine/engine.ts';
import type { Branch } from './facts.ts';
import { Model } from './model.ts';
import { Dice, type PickTask, walk } from './sample.ts';
import type { Searched, SearchOptions } from './search.ts';
import { Found } from './strategy.ts';
import type { Turns } from './turns.ts';
import { Visited } from './visited.ts';
import { Walker } from './walker.ts';

export interface SampleOptions extends SearchOptions {
  readonly seed: number;
  readonly runs: number;
}

/** What a sampler knows before each run: how long the longest one was. */
export interface Sampler {
  readonly begin: (dice: Dice, model: Model, steps: number) => PickTask;
  /** Chance that one run shows a given thing, in words. */
  readonly chance: (tasks: number, steps: number) => { readonly one: number; readonly words: string };
}

/** Failures happen at places drawn among as many as the longest run had. */
class Failures {
  readonly #dice: Dice;
  readonly #most: number;
  #places = new Set<number>();
  #seen = 0;
  #longest = 1;

  constructor(dice: Dice, most: number) {
    this.#dice = dice;
    this.#most = most;
  }

  begin(): void {
    this.#longest = Math.max(this.#longest, this.#seen);
    this.#seen = 0;
    this.#places = new Set(Array.from({ length: this.#most }, () => this.#dice.below(this.#longest * 2)));
  }

  readonly answer = (branches: readonly Branch[]): number => {
    if (branches.length === 1) return 0;
    return this.#places.has(this.#seen++) ? 1 + this.#dice.below(branches.length - 1) : 0;
  };
}

/** Chance that at least one of so many runs shows it; exact for chances far below one. */
const shown = (one: number, runs: number): string => (one >= 1 ? 1 : -Math.expm1(runs * Math.log1p(-one))).toPrecision(2);

export function* sample(engine: Engine, scenario: Scenario, options: SampleOptions, sampler: Sampler): Turns<Searched> {
  const model = new Model(engine, scenario, options);
  const dice = new Dice(options.seed);
  const { labels, wanted, bounds, control, memory, runs } = options;
  const found = new Found((label) => labels.list[label]!.id === wanted);
  if (model.startLabels !== null) found.note(model.startLabels, () => []);
  const space = { model, walker: new Walker(model.cells, model.memo, null), visited: new Visited(memory), found };
  const failures = new Failures(dice, bounds.faults + bounds.apiFaults);
  let [depth, transitions, done] = [1, 0, 0];
  for (; done < runs && !found.isEnough; done++) {
    failures.begin();
    const length = walk(space, sampler.begin(dice, model, depth), failures.answer);
    depth = Math.max(depth, length);
    transitions += length;
    if (!control.goesOn(space.visited.size, transitions, depth)) break;
    yield;
  }
  const { one, words } = sampler.chance(model.tasks.length, depth);
  return {
    states: space.visited.size,
    transitions,
    ends: done,
    depth,
    isComplete: false,
    isStale: false,
    isPruned: false,
    tasks: model.tasks,
    paths: found.paths,
    omission: space.visited.omissionOf(),
    exchanges: [],
    evaluations: model.memo.evaluations,
    uses: model.liveness.uses,
    rowsMet: model.rowsMet,
    chance: `${done} runs, seed ${options.seed}; ${words} is shown with chance ${shown(one, done)} or more`,
  };
}
