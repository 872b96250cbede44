// The last events of a history that is not kept whole, with the world as it was before them: enough to tell why something came about.
import type { Event, EventOf } from '../core/events.ts';
import { evolve } from '../core/evolve.ts';
import { assert } from '../core/failure.ts';
import { emptyWorld } from '../core/world.ts';
import { fruitless } from './history.ts';

export interface WindowLimits {
  /** So many events are kept. */
  readonly events: number;
  /** So many where a request that is not over began before them. */
  readonly whileOpen: number;
}

export const windowLimits: WindowLimits = { events: 2 ** 14, whileOpen: 2 ** 17 };

export interface LastEvents {
  /** Begins with RunStarted, as every history does; its world is the one before the next event. */
  readonly history: readonly Event[];
  /** Events that were let go: to be added to the numbers of this history. */
  readonly before: number;
  /** Whether something was looked for and not found that may be among those. */
  readonly isShort: () => boolean;
}

export class Window {
  readonly #limits: WindowLimits;
  #start: EventOf<'RunStarted'> | null = null;
  readonly #base = emptyWorld();
  #events: Event[] = [];
  /** Events at the beginning of the array that were let go already: they are cut off when they are half of it. */
  #past = 0;
  #before = 0;
  /** Numbers of the first events of requests in progress, by task, in the order of these numbers. */
  readonly #requests = new Map<string, number>();
  /** Of whom the last event ended a request: it is kept until the next one, as findings are seen at the end. */
  #ended: string | null = null;
  /** What never came cannot be among what was let go. */
  readonly #types = new Set<string>();

  constructor(limits: WindowLimits = windowLimits) {
    this.#limits = limits;
  }

  take(event: Event): void {
    this.#types.add(event.type);
    if (this.#start === null) {
      assert(event.type === 'RunStarted', 'a history begins with RunStarted');
      this.#start = event;
      evolve(this.#base, event);
      return;
    }
    if (this.#ended !== null) this.#requests.delete(this.#ended);
    this.#events.push(event);
    this.#note(event);
    while (this.#isFull()) this.#letGo();
  }

  #note(event: Event): void {
    if (event.type === 'RequestStarted') this.#requests.set(event.task, this.#before + this.#count + 1);
    this.#ended = event.type === 'RequestEnded' || event.type === 'TaskForgotten' ? event.task : null;
  }

  get #count(): number {
    return this.#events.length - this.#past;
  }

  #isFull(): boolean {
    const count = this.#count;
    if (count <= this.#limits.events) return false;
    const [oldest] = this.#requests.values();
    return oldest === undefined || oldest > this.#before + 2 || count > this.#limits.whileOpen;
  }

  #letGo(): void {
    evolve(this.#base, this.#events[this.#past]!);
    this.#past += 1;
    this.#before += 1;
    if (this.#past * 2 < this.#events.length) return;
    this.#events = this.#events.slice(this.#past);
    this.#past = 0;
  }

  last(): LastEvents {
    const before = this.#before;
    const history: Event[] = [{ ...this.#start!, world: this.#base }, ...this.#events.slice(this.#past)];
    let isShort = false;
    const note = (type: string): void => {
      isShort ||= before > 0 && this.#types.has(type);
    };
    return { history: Object.assign(history, { [fruitless]: note }), before, isShort: () => isShort };
  }
}
