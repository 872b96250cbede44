// Where a depth-first search is: the choices that led it where it began, its stack since then, and what of it is not tried yet, so that
// another worker, or a later process, can go on with it.
import type { Model } from './model.ts';
import { Stack } from './stack.ts';
import type { Choice, Unit } from './strategy.ts';
import type { Walker } from './walker.ts';

/** The world at the search's start, how many states were found, and whether what was learned still holds. */
interface Start {
  readonly model: Model;
  readonly walker: Walker;
  readonly states: number;
  readonly goesOn: () => boolean;
}

export class Trail {
  readonly stack = new Stack();
  #prefix: readonly Choice[] = [];
  /** The same as task and branch by number. */
  #numbers: readonly number[] = [];

  get depth(): number {
    return this.#prefix.length + this.stack.size;
  }

  /** Every choice, first to last. */
  path(): Choice[] {
    const { actor, branch, leaf, size } = this.stack;
    const steps = [...this.#prefix];
    for (let at = 0; at < size; at++) {
      const found = leaf[at];
      if (!found || branch[at] === 0) continue;
      steps.push({ actor: actor[at]!, answers: found.branches[branch[at]! - 1]!.answers });
    }
    return steps;
  }

  /** Goes on with a unit, from the search's start. Whoever learns on the way that it is another one goes nowhere: it proves nothing. */
  begin(unit: Unit, { model, walker, states, goesOn }: Start): void {
    const prefix: Choice[] = [];
    for (let at = 0; at < unit.path.length; at += 2) {
      const actor = unit.path[at]!;
      const found = model.memo.leaf(actor).branches[unit.path[at + 1]!]!;
      if (!goesOn()) return;
      prefix.push({ actor, answers: found.answers });
      walker.enter(found);
    }
    this.#prefix = prefix;
    this.#numbers = unit.path;
    this.stack.push(unit.actor, unit.until, walker.mark, unit.last, unit.left, states);
    this.stack.branch[0] = unit.branch;
    this.stack.moved[0] = unit.moved;
  }

  /** Gives away what is left to try at the least depth; `accept` says whether it is taken. The top is kept. */
  give(accept: (unit: Unit) => boolean): void {
    const { stack } = this;
    for (let at = 0; at < stack.size - 1; at++) {
      if (!this.#isOpen(at)) continue;
      // The depth is left as soon as the search comes back to it.
      if (accept(this.#unit(at))) stack.until[at] = stack.actor[at]!;
      return;
    }
  }

  /** All that is not tried yet, deepest last. */
  open(): Unit[] {
    const units: Unit[] = [];
    for (let at = 0; at < this.stack.size; at++) if (this.#isOpen(at) || this.stack.moved[at] === 0) units.push(this.#unit(at));
    return units;
  }

  #isOpen(at: number): boolean {
    const { actor, until, branch, leaf } = this.stack;
    if (actor[at]! >= until[at]!) return false;
    return actor[at]! + 1 < until[at]! || branch[at]! < (leaf[at]?.branches.length ?? Number.POSITIVE_INFINITY);
  }

  #unit(at: number): Unit {
    const { actor, branch, until, moved, last, left } = this.stack;
    const path = [...this.#numbers];
    for (let below = 0; below < at; below++) path.push(actor[below]!, branch[below]! - 1);
    return { path, actor: actor[at]!, branch: branch[at]!, until: until[at]!, moved: moved[at]!, last: last[at]!, left: left[at]! };
  }
}
