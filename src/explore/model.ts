// One scenario made ready for a search: the booted world as cells, the real session stepping on them, each step remembered.
import type { Event } from '../core/events.ts';
import type { AnyDetector } from '../core/finding.ts';
import type { Request, Scenario, TaskScript } from '../core/scenario.ts';
import { shownDetectors } from '../detect/audit.ts';
import { boot } from '../engine/boot.ts';
import type { Engine } from '../engine/engine.ts';
import { prepared, wholeScripts } from '../engine/preState.ts';
import { probeOf } from '../engine/probe.ts';
import { Session } from '../engine/session.ts';
import { Cells, fieldName } from './cells.ts';
import { Answers, type FaultBounds } from './evaluate.ts';
import type { Branch, Evaluated } from './facts.ts';
import type { Fields } from './fields.ts';
import { interchangeable } from './interchange.ts';
import { graphsOf, Liveness, type Uses } from './liveness.ts';
import { Memo } from './memo.ts';
import { type Labels, Observer } from './observer.ts';
import { Parts } from './parts.ts';
import type { Renaming } from './renaming.ts';
import { stacksOf } from './stacks.ts';
import type { Choice } from './strategy.ts';
import { Tracker } from './tracker.ts';
import { twice } from './twice.ts';

export interface ModelOptions {
  readonly bounds: FaultBounds;
  readonly labels: Labels;
  readonly detectors?: readonly AnyDetector[];
  /** Evaluates every step twice, to catch what depends on more than the world. */
  readonly twice?: boolean;
  /** What another search of the same engine learned about registers. */
  readonly uses?: Uses;
}

export class Model {
  /** Tasks in the order in which they step where nothing else decides; the number after the last one is the end of all. */
  readonly tasks: readonly string[];
  readonly cells = new Cells();
  readonly memo: Memo;
  readonly liveness: Liveness;
  readonly parts: Parts;
  /** What the script before the search came upon. */
  readonly startLabels: readonly number[] | null;
  readonly labels: Labels;
  /** Renamings that map the scenario onto itself. */
  readonly renamings: readonly Renaming[];
  /** The choices that lead to the current world; whoever searches says so. */
  where: () => readonly Choice[] = () => [];
  readonly #session: Session;
  readonly #budget: Fields;
  readonly #answers: Answers;
  readonly #observer: Observer;
  readonly #tracker: Tracker;
  readonly #start: Int32Array;
  #mayFail!: FaultBounds['mayFail'];
  #lock = -1;
  /** What was known when the walk or search that goes on began. */
  #known = 0;

  constructor(engine: Engine, scenario: Scenario, options: ModelOptions) {
    this.labels = options.labels;
    const graphs = graphsOf(engine);
    this.liveness = new Liveness(graphs, options.uses);
    this.#tracker = new Tracker(this.cells, this.liveness);
    this.parts = new Parts(this.cells, this.#tracker, this.liveness.uses.entries);
    this.#budget = this.parts.table('budget');
    this.#answers = new Answers(options.bounds, this.#budget);
    const start = prepared(scenario);
    const world = boot(engine, wholeScripts(start));
    this.tasks = Object.keys(world.tasks);
    this.renamings = start.before.length === 0 ? interchangeable(scenario, world) : [];
    const stacks = this.tasks.map((task) => this.cells.cell(fieldName(`tasks/${task}`, 'stack')));
    for (const [task, own] of stacksOf(this.cells, stacks, graphs).entries()) this.liveness.addStack(stacks[task]!, own);
    this.parts.load(world);
    const files = this.parts.files(this.tasks);
    const detectors = options.detectors ?? shownDetectors;
    this.#observer = new Observer(this.parts, probeOf(engine), detectors, scenario.claims, world, this.labels);
    const { kernel, caller, hash: model } = engine.model;
    this.#observer.start({ type: 'RunStarted', scenario: scenario.name, kernel, caller: caller.name, model, world });
    this.#session = new Session({
      engine,
      world: this.parts.world,
      choose: this.#answers.choose,
      listen: (event) => this.#listen(event),
      counts: () => false,
      files,
    });
    this.parts.settle();
    this.startLabels = this.#prepare(start.before);
    this.#submit(scenario.tasks);
    this.parts.settle();
    this.#start = this.cells.current.slice();
    this.memo = new Memo(this.cells, stacks, {
      evaluate: options.twice ? twice(this.#evaluate, (actor) => this.tasks[actor] ?? 'the end') : this.#evaluate,
      kept: (cell, value) => this.liveness.kept(cell, value),
      mayFail: (plausible) => this.#mayFail(plausible),
    });
    this.restrict(options.bounds);
    if (options.uses !== undefined) this.liveness.keepsAll = false;
    this.#known = this.version;
  }

  /** For a search within narrower bounds than those that the model was made for. */
  restrict({ faults, apiFaults, mayFail }: FaultBounds): void {
    Object.assign(this.#budget.proxy, { faults, apiFaults });
    this.#tracker.settle(this.#start);
    this.#mayFail = mayFail;
    this.memo.clear();
  }

  /** Back to the state that the search begins in. */
  restart(): void {
    this.cells.current.fill(0);
    this.cells.current.set(this.#start);
    this.#known = this.version;
  }

  /** Rows that were performed in some evaluation. */
  get rowsMet(): ReadonlySet<string> {
    return this.#observer.rowsMet;
  }

  /** Grows when something is learned that earlier evaluations did not take into account. */
  get version(): number {
    return this.liveness.version + this.parts.grown;
  }

  #submit(tasks: readonly { readonly id: string; readonly requests: readonly Request[] }[]): void {
    for (const { id, requests } of tasks) for (const request of requests) this.#session.submit(id, request);
  }

  #prepare(before: readonly TaskScript[]): readonly number[] | null {
    this.#submit(before);
    while (this.#session.step()) this.parts.settle();
    return this.#observer.take();
  }

  #listen(event: Event): void {
    if (event.type === 'LockTaken') this.#lock = this.cells.cell(fieldName(`locks/${event.lock}`, 'holder'));
    this.#observer.listen(event);
  }

  readonly #evaluate = (actor: number): Evaluated => {
    this.#tracker.reset();
    this.#answers.reset();
    let branches: readonly Branch[] = [];
    let failed = false;
    try {
      branches = this.#branches(actor);
    } catch (error) {
      // A step that missed a register which was dropped too early proves nothing: what it read is known by now, from this step or from
      // another since the search began, and the search starts anew.
      if (this.version === this.#known) throw error;
      failed = true;
    }
    const { reads, listed } = this.#tracker;
    const evaluated = { reads, listed: [...listed], branches, failed };
    this.#tracker.reset();
    return evaluated;
  };

  #branches(actor: number): Branch[] {
    const branches: Branch[] = [];
    do {
      this.#tracker.again();
      this.#lock = -1;
      this.#observer.take();
      if (!this.#perform(actor)) break;
      branches.push(this.#branch());
    } while (this.#answers.next());
    return branches;
  }

  #perform(actor: number): boolean {
    const task = this.tasks[actor];
    if (task === undefined) {
      this.#observer.end(this.#session.finish().map((waiting) => waiting.task));
      return true;
    }
    // What a task may still touch depends on its request: steps of two requests are never remembered as one.
    void this.parts.world.tasks[task]!.request;
    if (!this.#session.can(task)) return false;
    this.#session.act(task);
    return true;
  }

  #branch(): Branch {
    const { cells, values } = this.#tracker.written();
    return {
      cells,
      values,
      answers: this.#answers.given,
      failed: this.#answers.failed,
      labels: this.#observer.take(),
      lock: this.#lock,
    };
  }
}
