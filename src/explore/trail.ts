// Where a depth-first search is: the choices that led it where it began, its stack since then, and what of it is not tried yet, so that
// another worker, or a later process, can go on with it.
import { Leaves, START } from './leaves.ts';
import type { Model } from './model.ts';
import { Stack, TRY } from './stack.ts';
import type { Choice, Divisible, Unit } from './strategy.ts';
import type { Walker } from './walker.ts';

/** The world at the search's start, how many states were found, whether what was learned still holds, and who takes what is to be tried. */
interface Start {
  readonly walker: Walker;
  readonly states: number;
  readonly goesOn: () => boolean;
  readonly tries: (branch: number, left: number) => void;
}

export class Trail {
  readonly stack = new Stack();
  readonly leaves: Leaves;
  readonly #model: Model;
  #prefix: readonly Choice[] = [];
  /** The same as task and branch by number. */
  #numbers: readonly number[] = [];

  constructor(model: Model) {
    this.#model = model;
    this.leaves = new Leaves(model.memo, model.tasks.length);
  }

  get depth(): number {
    return this.#prefix.length + this.stack.size;
  }

  /** Every choice that led to the top, first to last. */
  path(): Choice[] {
    const steps = [...this.#prefix];
    for (let at = 0; at < this.stack.size - 1; at++) steps.push(this.choice(this.stack.taken[at]!));
    return steps;
  }

  choice(branch: number): Choice {
    const { moves } = this.#model.memo;
    return { actor: moves.actor(branch), answers: moves.all[branch]!.answers };
  }

  /** Goes on with a unit, from the search's start. Whoever learns on the way that it is another one goes nowhere: it proves nothing. */
  begin({ path, untried, last }: Unit, { walker, states, goesOn, tries }: Start): void {
    const prefix: Choice[] = [];
    for (let at = 0; at < path.length; at += 2) {
      const found = this.#move(path[at]!, path[at + 1]!);
      if (!goesOn()) return;
      prefix.push(this.choice(found));
      walker.enter(found);
    }
    this.#prefix = prefix;
    this.#numbers = path;
    this.stack.push(last, 0, states);
    this.leaves.inherit(0, START);
    for (let at = 0; at < untried.length && goesOn(); at += 3) tries(this.#move(untried[at]!, untried[at + 1]!), untried[at + 2]!);
  }

  #move(actor: number, branch: number): number {
    return this.#model.memo.leaf(actor).branches[branch]!.number;
  }

  /** Takes on the last unit of what others left open; false: there is none. */
  goOn(search: Divisible, backlog: Unit[] | undefined): boolean {
    const unit = backlog?.pop();
    if (unit !== undefined) search.take(unit);
    return unit !== undefined;
  }

  /** Gives away what others left open, else what is left to try at the least depth; `accept` says whether it is taken. The top is kept. */
  give(accept: (unit: Unit) => boolean, backlog: Unit[] = []): void {
    if (backlog.length > 0) {
      if (accept(backlog[0]!)) backlog.shift();
      return;
    }
    const { stack } = this;
    for (let at = 0; at < stack.size - 1; at++) {
      if (stack.next[at] === stack.end[at]) continue;
      // The depth is left as soon as the search comes back to it.
      if (accept(this.#unit(at))) stack.next[at] = stack.end[at]!;
      return;
    }
  }

  /** All that is not tried yet, deepest last. */
  open(): Unit[] {
    const units: Unit[] = [];
    for (let at = 0; at < this.stack.size; at++) if (this.stack.next[at] !== this.stack.end[at]) units.push(this.#unit(at));
    return units;
  }

  #unit(at: number): Unit {
    const { taken, tries, next, end, last } = this.stack;
    const path = [...this.#numbers];
    for (let below = 0; below < at; below++) path.push(...this.#place(taken[below]!));
    const untried: number[] = [];
    for (let one = next[at]!; one < end[at]!; one += TRY) untried.push(...this.#place(tries[one]!), tries[one + TRY - 1]!);
    return { path, untried, last: last[at]! };
  }

  /** Task and branch by number within its leaf. */
  #place(branch: number): [actor: number, branch: number] {
    const { moves } = this.#model.memo;
    return [moves.actor(branch), moves.all[branch]!.index];
  }
}
