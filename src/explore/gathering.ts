// The first worker's side of a search with several: gathers the others once a search is long enough, exchanges the table of states when it
// is full, and adds up what all of them did.
import type { Scenario } from '../core/scenario.ts';
import { Desk, FULL } from './desk.ts';
import type { Footprints } from './footprints.ts';
import type { Labels } from './observer.ts';
import type { PassKnowledge } from './passRecord.ts';
import type { PersistentSets } from './reduction.ts';
import type { Control, Crew, Divisible, Found, Pass, Team, Unit } from './strategy.ts';
import { Member } from './team.ts';
import type { Turns } from './turns.ts';
import type { Visited } from './visited.ts';
import type { Order, Part, Report } from './worker.ts';

/** What a pass is about. */
export interface Errand {
  readonly scenario: Scenario;
  readonly symmetry: boolean;
  readonly control: Control;
  readonly visited: Visited;
  readonly knowledge: () => PassKnowledge;
}

/** A pass, and what of it only several workers together know. */
export interface Sum extends Pass {
  readonly evaluations: number;
  readonly rowsMet: readonly string[];
}

const partOf = (report: Report): Part => {
  if (report.kind === 'failed') throw new Error(`a worker of the search failed: ${report.message}`);
  return report;
};

/** One pass of a search with a crew. */
export class Gathering implements Team {
  readonly #crew: Crew;
  readonly #errand: Errand;
  #desk: Desk | null = null;
  #member: Member | null = null;
  /** Something was learned that no worker had taken into account. */
  hasNews = false;

  constructor(crew: Crew, errand: Errand) {
    this.#crew = crew;
    this.#errand = errand;
  }

  /** Of all workers; null: the first one is alone. */
  get states(): number | null {
    return this.#desk?.states ?? null;
  }

  look(search: Divisible): boolean {
    if (this.#member === null) {
      if (this.#errand.visited.size < this.#crew.worth) return true;
      this.#gather();
    }
    return this.#member!.look(search);
  }

  *more(search: Divisible): Turns<boolean> {
    return this.#member === null ? false : yield* this.#member.more(search);
  }

  #idle(): void {
    this.#exchange(1);
    const desk = this.#desk!;
    if (!this.#errand.control.goesOn(desk.states, 0, 0)) desk.stop();
  }

  #gather(): void {
    const { scenario, symmetry, visited, knowledge } = this.#errand;
    visited.isShared = true;
    const desk = new Desk(this.#crew.jobs);
    desk.open(visited.size, visited.entries);
    const { patience } = desk;
    this.#desk = desk;
    this.#member = new Member(desk, visited, false, {
      exchange: () => void (this.#exchange(0) || patience.wait(FULL, 1)),
      idle: () => this.#idle(),
      renew: () => {},
    });
    const job = { scenario, workers: desk.workers, desk: desk.buffer, table: visited.table, symmetry, ...knowledge() };
    this.#crew.order<Order>({ kind: 'job', job });
  }

  #exchange(self: number): boolean {
    return this.#desk!.exchange(self, () => {
      const { visited } = this.#errand;
      visited.use(visited.larger());
      this.#crew.order<Order>({ kind: 'table', table: visited.table });
    });
  }

  /** What all of them did together. */
  finish(own: Pass, found: Found, labels: Labels, footprints: Footprints, reduction: PersistentSets | null): Sum {
    if (this.#desk === null) return { ...own, evaluations: 0, rowsMet: [] };
    if (!own.isComplete) this.#desk.stop();
    const parts = this.#crew.replies<Report>().map(partOf);
    for (const part of parts) {
      for (const [label, path] of part.labels) found.note([labels.number(label)], () => path);
      footprints.places.hear(part.told);
      reduction?.restOn(part.rested);
    }
    this.#errand.visited.isShared = false;
    this.hasNews = parts.some(({ hasNews }) => hasNews);
    const passes = [own, ...parts.map(({ pass }) => pass)];
    const sum = (of: (pass: Pass) => number): number => passes.reduce((total, pass) => total + of(pass), 0);
    const open = passes.flatMap((pass) => pass.open ?? []);
    return {
      states: sum(({ states }) => states),
      transitions: sum(({ transitions }) => transitions),
      ends: sum(({ ends }) => ends),
      depth: Math.max(...passes.map(({ depth }) => depth)),
      isComplete: passes.every(({ isComplete }) => isComplete),
      isStale: own.isStale || this.hasNews,
      isPruned: false,
      open: [...open, ...this.#untaken()],
      evaluations: parts.reduce((total, { evaluations }) => total + evaluations, 0),
      rowsMet: parts.flatMap(({ rowsMet }) => rowsMet),
    };
  }

  #untaken(): Unit[] {
    const unit = this.#desk!.offered();
    return unit === null ? [] : [unit];
  }
}
