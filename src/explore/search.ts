// One scenario searched in one state to begin in: learns what its steps touch, then searches until a whole pass rested on nothing that
// turned out otherwise.
import type { AnyDetector } from '../core/finding.ts';
import type { Scenario } from '../core/scenario.ts';
import type { Engine } from '../engine/engine.ts';
import type { FaultBounds } from './evaluate.ts';
import { exhaustive } from './exhaustive.ts';
import { Footprints } from './footprints.ts';
import { renamingWords } from './interchange.ts';
import { learnBySearch, learnByWalks } from './learn.ts';
import type { Uses } from './liveness.ts';
import { Model } from './model.ts';
import type { Labels } from './observer.ts';
import { PersistentSets } from './reduction.ts';
import { type Choice, type Control, Found, type Pass, type SearchSpace } from './strategy.ts';
import { Symmetry } from './symmetry.ts';
import { type Omission, Visited } from './visited.ts';
import { Walker } from './walker.ts';

export interface SearchOptions {
  readonly bounds: FaultBounds;
  /** What watches the runs; by default every detector but those of level cost. */
  readonly detectors?: readonly AnyDetector[];
  readonly labels: Labels;
  readonly control: Control;
  /** At most so many switches away from a task that could go on; null: any number. */
  readonly preemptions: number | null;
  readonly reduce: boolean;
  readonly symmetry: boolean;
  /** Bytes for the states seen. */
  readonly memory: number;
  readonly twice?: boolean;
  /** Id of a label with which the search is over. */
  readonly wanted?: string;
  /** What an earlier search of the same engine learned; it is added to. */
  readonly uses?: Uses;
}

export interface Searched extends Pass {
  readonly tasks: readonly string[];
  readonly paths: ReadonlyMap<number, readonly Choice[]>;
  readonly omission: Omission;
  /** What is interchangeable, in words. */
  readonly exchanges: readonly string[];
  readonly evaluations: number;
  readonly uses: Uses;
  readonly rowsMet: ReadonlySet<string>;
  /** What a strategy that bounds or samples says of itself. */
  readonly chance?: string;
}

export const search = (engine: Engine, scenario: Scenario, options: SearchOptions): Searched => {
  const model = new Model(engine, scenario, options);
  const searcher = new Searcher(model, options);
  if (options.uses === undefined) learnByWalks(model, options.control);
  else model.liveness.keepsAll = false;
  for (let round = 0; ; round++) {
    const searched = searcher.pass();
    if (!searched.isStale) return searched;
    if (searcher.hasLearnedReads) learnBySearch(model, round, options.control);
  }
};

class Searcher {
  readonly #model: Model;
  readonly #options: SearchOptions;
  readonly #footprints: Footprints;
  /** Whether the last pass came upon reads that were not known; else only a footprint grew. */
  hasLearnedReads = false;

  constructor(model: Model, options: SearchOptions) {
    this.#model = model;
    this.#options = options;
    this.#footprints = new Footprints(model.cells, model.tasks);
    if (this.#isReduced) model.memo.listen = (actor, leaf) => this.#footprints.learn(actor, leaf);
  }

  /** A bound on switches depends on who stepped last, which reduction does not look at. */
  get #isReduced(): boolean {
    return this.#options.reduce && this.#options.preemptions === null && this.#model.tasks.length > 1;
  }

  pass(): Searched {
    const model = this.#model;
    const { control, preemptions, memory } = this.#options;
    model.memo.clear();
    this.#footprints.forget();
    const renamings = this.#options.symmetry && preemptions === null ? model.renamings : [];
    const walker = new Walker(model.cells, renamings.length === 0 ? null : new Symmetry(model.cells, renamings));
    const reduction = this.#isReduced ? new PersistentSets(model, this.#footprints) : null;
    const { labels, wanted } = this.#options;
    const found = new Found((label) => labels.list[label]!.id === wanted);
    if (model.startLabels !== null) found.note(model.startLabels, () => []);
    const space: SearchSpace = { model, walker, visited: new Visited(memory), found, control, reduction };
    const questions = model.cells.questions.length;
    const pass = exhaustive(space, preemptions);
    this.hasLearnedReads = pass.isStale;
    const isStale = pass.isStale || (reduction !== null && (questions !== model.cells.questions.length || reduction.isStale));
    return {
      ...pass,
      isStale,
      isComplete: pass.isComplete && !isStale,
      tasks: model.tasks,
      paths: found.paths,
      omission: space.visited.omission,
      exchanges: renamings.map(renamingWords),
      evaluations: model.memo.evaluations,
      uses: model.liveness.uses,
      rowsMet: model.rowsMet,
    };
  }
}
