// What each worker of a shared search does at the desk, now and then and when it has nothing left to do.
import type { Desk } from './desk.ts';
import type { Divisible, Team } from './strategy.ts';
import type { Turns } from './turns.ts';
import type { Visited } from './visited.ts';

/** What one worker does besides. */
export interface Duties {
  /** While the table is full. */
  readonly exchange: () => void;
  /** While there is no work. */
  readonly idle: () => void;
  /** Before it takes work. */
  readonly renew: () => void;
}

export class Member implements Team {
  readonly #desk: Desk;
  readonly #visited: Visited;
  readonly #duties: Duties;
  /** Whether it counts as idle although it did not say so. */
  #isNew: boolean;
  /** States of its own that the others know of. */
  #told: number;
  /** The same of entries. */
  #entries: number;

  constructor(desk: Desk, visited: Visited, isNew: boolean, duties: Duties) {
    this.#desk = desk;
    this.#visited = visited;
    this.#duties = duties;
    this.#isNew = isNew;
    this.#told = visited.size;
    this.#entries = visited.entries;
  }

  #tell(): void {
    this.#desk.tell(this.#visited.size - this.#told, this.#visited.entries - this.#entries);
    this.#told = this.#visited.size;
    this.#entries = this.#visited.entries;
  }

  look(search: Divisible): boolean {
    this.#tell();
    if (this.#desk.entries > this.#visited.most) this.#desk.callForTable();
    while (this.#desk.isFull && !this.#desk.isStopped) this.#duties.exchange();
    if (this.#desk.isStopped) return false;
    if (this.#desk.isAsking) search.give((unit) => this.#desk.offer(unit));
    return true;
  }

  *more(search: Divisible): Turns<boolean> {
    this.#tell();
    if (!this.#isNew) this.#desk.rest();
    this.#isNew = false;
    const unit = yield* this.#desk.wait(this.#duties.idle);
    if (unit === null) return false;
    this.#duties.renew();
    search.take(unit);
    return true;
  }
}
