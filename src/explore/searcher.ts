// The passes of one search: what a pass knows when it begins, alone, with other workers, or where an earlier one ended, and what is to be
// made of it.
import type { Scenario } from '../core/scenario.ts';
import { exhaustive } from './exhaustive.ts';
import { Footprints } from './footprints.ts';
import { Gathering, type Sum } from './gathering.ts';
import { renamingWords } from './interchange.ts';
import { knowledgeOf, Lessons, learnLessons } from './lessons.ts';
import { noteMirrors } from './mirrors.ts';
import type { Model } from './model.ts';
import type { PassKnowledge, PassRecord } from './passRecord.ts';
import { PersistentSets } from './reduction.ts';
import type { Searched, SearchOptions } from './search.ts';
import { type Control, Found, type SearchSpace } from './strategy.ts';
import { Symmetry } from './symmetry.ts';
import type { Turns } from './turns.ts';
import { Visited } from './visited.ts';
import { Walker } from './walker.ts';

/** What a pass works on, its choices resting on footprints. */
type Space = SearchSpace & { readonly reduction: PersistentSets | null };

export class Searcher {
  readonly #model: Model;
  readonly #options: SearchOptions;
  readonly #scenario: Scenario;
  readonly #footprints: Footprints;
  /** From `learn` on: what walks taught before is what every worker learns by itself. */
  #lessons!: Lessons;
  /** Whether the last pass came upon reads that were not known. */
  hasLearnedReads = false;
  /** Whether it came upon those, or upon questions; else only a footprint grew. */
  hasNews = false;
  /** Whether other workers took part in the last pass. */
  isShared = false;

  constructor(model: Model, scenario: Scenario, options: SearchOptions) {
    this.#model = model;
    this.#scenario = scenario;
    this.#options = options;
    this.#footprints = new Footprints(model.cells, model.tasks);
    model.memo.listen = this.#isReduced ? (actor, leaf) => this.#footprints.learn(actor, leaf) : () => {};
  }

  /** A bound on switches depends on who stepped last, which reduction does not look at. */
  get #isReduced(): boolean {
    return this.#options.reduce && this.#options.preemptions === null && this.#model.tasks.length > 1;
  }

  get #renamings(): Model['renamings'] {
    return this.#options.symmetry && this.#options.preemptions === null ? this.#model.renamings : [];
  }

  /** What another pass knew; null: there is none to go on with, or its knowledge cannot be had again. */
  learn(resume: PassRecord | undefined): PassRecord | null {
    const knows = resume === undefined || learnLessons(this.#model, resume.lessons, resume.knowledge);
    this.#lessons = new Lessons(this.#model, resume?.lessons ?? [], (resume?.round ?? 1) - 1);
    const { listen } = this.#model.memo;
    this.#model.memo.listen = (actor, leaf) => {
      listen(actor, leaf);
      this.#lessons.note(actor);
    };
    return resume !== undefined && knows ? resume : null;
  }

  get #knowledge(): PassKnowledge {
    return {
      lessons: this.#lessons.list,
      knowledge: knowledgeOf(this.#model),
      frozen: this.#isReduced ? this.#footprints.places.told(true) : null,
    };
  }

  /** Where symmetric states are reduced, too, what is enough to try in them depends on which of them came first: one worker. */
  #gathering(visited: Visited): Gathering | undefined {
    const { crew, control, preemptions } = this.#options;
    const symmetry = this.#renamings.length > 0;
    if (!crew || preemptions !== null || (this.#isReduced && symmetry)) return undefined;
    return new Gathering(crew, { scenario: this.#scenario, symmetry, control, visited, knowledge: () => this.#knowledge });
  }

  #found(resumed: PassRecord | null): Found {
    const { labels, wanted } = this.#options;
    const found = new Found((label) => labels.list[label]!.id === wanted);
    const { startLabels } = this.#model;
    if (startLabels !== null) found.note(startLabels, () => []);
    for (const [label, path] of resumed?.labels ?? []) found.note([labels.number(label)], () => path);
    return found;
  }

  /** Frozen as it was when the pass began; what was learned since then is taken in afterwards. */
  #reduction(resumed: PassRecord | null): PersistentSets | null {
    if (!this.#isReduced) return null;
    this.#footprints.places.hear(resumed?.frozen ?? []);
    const reduction = new PersistentSets(this.#model, this.#footprints);
    this.#footprints.places.hear(resumed?.told ?? []);
    reduction.restOn(resumed?.rested ?? []);
    return reduction;
  }

  *pass(resumed: PassRecord | null): Turns<Searched> {
    const model = this.#model;
    model.memo.clear();
    this.#footprints.forget();
    this.#lessons.round += 1;
    const walker = new Walker(model.cells, model.memo, this.#renamings.length === 0 ? null : new Symmetry(model.cells, this.#renamings));
    const reduction = this.#reduction(resumed);
    const found = this.#found(resumed);
    const visited = new Visited(this.#options.memory, resumed?.table, resumed?.states);
    const { questions } = model.cells;
    const asked = questions.length;
    const sum = yield* this.#run({ model, walker, visited, found, reduction, ...(resumed && { backlog: [...resumed.units] }) });
    noteMirrors(found, this.#options.labels, this.#scenario, { tasks: model.tasks, renamings: this.#renamings });
    const pass = resumed ? continued(sum, resumed) : sum;
    this.hasLearnedReads = pass.isStale;
    this.hasNews = pass.isStale || (reduction !== null && questions.length !== asked);
    const isStale = this.hasNews || (reduction?.isStale ?? false);
    const rowsMet = new Set([...model.rowsMet, ...sum.rowsMet, ...(resumed?.rowsMet ?? [])]);
    const searched = {
      ...pass,
      isStale,
      isComplete: pass.isComplete && !isStale,
      tasks: model.tasks,
      paths: found.paths,
      omission: visited.omissionOf(pass.states),
      exchanges: this.#renamings.map(renamingWords),
      evaluations: model.memo.evaluations + sum.evaluations,
      uses: model.liveness.uses,
      rowsMet,
    };
    return pass.isComplete || isStale ? searched : { ...searched, record: () => this.#record(searched, visited, reduction) };
  }

  *#run(alone: Omit<Space, 'control'>): Turns<Sum> {
    const { control, preemptions, labels } = this.#options;
    const team = this.#gathering(alone.visited);
    const goesOn: Control['goesOn'] = (states, ...rest) => control.goesOn(team?.states ?? states, ...rest);
    const own = yield* exhaustive({ ...alone, control: { ...control, goesOn }, ...(team && { team }) }, preemptions);
    this.isShared = team !== undefined && team.states !== null;
    return team?.finish(own, alone.found, labels, this.#footprints, alone.reduction) ?? { ...own, evaluations: 0, rowsMet: [] };
  }

  #record(pass: Searched, visited: Visited, reduction: PersistentSets | null): PassRecord {
    const { states, transitions, ends, depth, isPruned, open = [], paths, rowsMet } = pass;
    return {
      ...this.#knowledge,
      ...{ states, transitions, ends, depth, isPruned, units: open },
      round: this.#lessons.round,
      told: reduction === null ? [] : this.#footprints.places.told(false),
      rested: reduction?.rested ?? [],
      labels: this.#options.labels.named(paths),
      rowsMet: [...rowsMet],
      table: visited.table,
    };
  }
}

/** Its states are counted on by the table itself. */
const continued = (sum: Sum, before: PassRecord): Sum => ({
  ...sum,
  transitions: sum.transitions + before.transitions,
  ends: sum.ends + before.ends,
  depth: Math.max(sum.depth, before.depth),
  isPruned: sum.isPruned || before.isPruned,
});
