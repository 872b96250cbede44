// One more worker of a search: learns what the first one knows, takes work from the desk until there is none, and tells what it did.
import type { MessagePort } from 'node:worker_threads';
import type { Label } from '../core/label.ts';
import type { Scenario } from '../core/scenario.ts';
import type { Engine } from '../engine/engine.ts';
import { Desk } from './desk.ts';
import type { FaultBounds } from './evaluate.ts';
import { exhaustive } from './exhaustive.ts';
import { Footprints } from './footprints.ts';
import { learnFirst } from './learn.ts';
import { knowledgeOf, learnLessons } from './lessons.ts';
import { Model } from './model.ts';
import { Labels } from './observer.ts';
import type { PassKnowledge } from './passRecord.ts';
import { PersistentSets } from './reduction.ts';
import { type Choice, Found, type Pass } from './strategy.ts';
import { Symmetry } from './symmetry.ts';
import { Member } from './team.ts';
import type { Rested, Told } from './told.ts';
import { atOnce } from './turns.ts';
import { type Table, Visited } from './visited.ts';
import { Walker } from './walker.ts';
import { nextMessage } from './workers.ts';

/** A search to help with; plain data. */
export interface Job extends PassKnowledge {
  readonly scenario: Scenario;
  readonly workers: number;
  readonly desk: SharedArrayBuffer;
  readonly table: Table;
  readonly symmetry: boolean;
}

/** To the worker. */
export type Order = { readonly kind: 'job'; readonly job: Job } | { readonly kind: 'table'; readonly table: Table };

/** What one worker did; with `told` and `rested` only where it learned something of footprints. */
export interface Part {
  readonly kind: 'part';
  readonly pass: Pass;
  readonly labels: readonly (readonly [Label, readonly Choice[]])[];
  /** Something was learned that no worker had taken into account: the pass proves nothing. */
  readonly hasNews: boolean;
  readonly evaluations: number;
  readonly rowsMet: readonly string[];
  readonly told: readonly Told[];
  readonly rested: readonly Rested[];
}

/** From the worker. */
export type Report = Part | { readonly kind: 'failed'; readonly message: string };

/** Serves one job after the other. */
export const serve = (engine: Engine, bounds: FaultBounds, port: MessagePort): void => {
  port.on('message', (order: Order) => {
    if (order.kind !== 'job') return;
    const report = (told: Report): void => port.postMessage(told);
    try {
      report(new Helper(engine, bounds, port, order.job).part());
    } catch (error) {
      new Desk(order.job.workers, order.job.desk).stop();
      report({ kind: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
};

const nothing: Pass = { states: 0, transitions: 0, ends: 0, depth: 0, isComplete: true, isStale: false, isPruned: false };

class Helper {
  readonly #port: MessagePort;
  readonly #job: Job;
  readonly #labels = new Labels();
  readonly #model: Model;
  readonly #footprints: Footprints;
  readonly #desk: Desk;
  readonly #visited: Visited;
  /** Tables that were exchanged until now. */
  #table = 0;

  constructor(engine: Engine, bounds: FaultBounds, port: MessagePort, job: Job) {
    this.#port = port;
    this.#job = job;
    this.#model = new Model(engine, job.scenario, { bounds, labels: this.#labels });
    this.#footprints = new Footprints(this.#model.cells, this.#model.tasks);
    if (job.frozen) this.#model.memo.listen = (actor, leaf) => this.#footprints.learn(actor, leaf);
    this.#desk = new Desk(job.workers, job.desk);
    this.#visited = new Visited(0, job.table);
    this.#visited.isShared = true;
  }

  part(): Part {
    const knows = this.#learn();
    const { frozen, symmetry, knowledge } = this.#job;
    const reduction = frozen ? new PersistentSets(this.#model, this.#footprints) : null;
    const found = new Found();
    const model = this.#model;
    const walker = new Walker(model.cells, model.memo, symmetry ? new Symmetry(model.cells, model.renamings) : null);
    const team = new Member(this.#desk, this.#visited, true, {
      exchange: () => {
        this.#desk.park();
        this.#renew();
      },
      idle: () => {},
      renew: () => this.#renew(),
    });
    const control = { goesOn: () => !this.#desk.isStopped };
    // Whoever could not learn the same helps nobody, and counts as idle.
    const space = { model, walker, visited: this.#visited, found, control, reduction, team, backlog: [] };
    const pass = knows ? atOnce(exhaustive(space)) : nothing;
    if (!pass.isComplete) this.#desk.stop();
    this.#renew();
    const hasNews = knows && (pass.isStale || knowledgeOf(model).questions !== knowledge.questions);
    const tells = reduction !== null && knows && !hasNews;
    return {
      kind: 'part',
      pass,
      labels: this.#labels.named(found.paths),
      hasNews,
      evaluations: model.memo.evaluations,
      rowsMet: [...model.rowsMet],
      told: tells ? this.#footprints.places.told(false) : [],
      rested: tells ? reduction.rested : [],
    };
  }

  /** Whether the model knows as much as the first worker's. */
  #learn(): boolean {
    const { lessons, knowledge, frozen } = this.#job;
    atOnce(learnFirst(this.#model, { goesOn: () => !this.#desk.isStopped }));
    const knows = learnLessons(this.#model, lessons, knowledge);
    this.#footprints.forget();
    if (frozen && knows) this.#footprints.places.hear(frozen);
    return knows;
  }

  #renew(): void {
    for (; this.#table < this.#desk.table; this.#table++) {
      const order = nextMessage<Order>(this.#port);
      if (order.kind === 'table') this.#visited.use(order.table);
    }
  }
}
