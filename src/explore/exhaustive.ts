// Depth-first search over every order and every fault, each state once: complete within its bounds.
import type { Branch, Leaf } from './memo.ts';
import type { Pass, SearchSpace } from './strategy.ts';

/** Fingerprints under a preemption bound carry the last task and what is left of the bound. */
const salted = (hash: number, last: number, left: number): number => hash ^ Math.imul((last + 2) * 131 + left + 1, 0x9e3779b1);

/** The stack: what each depth goes through, in typed arrays that grow together. */
class Stack {
  size = 0;
  actor = new Int32Array(1024);
  until = new Int32Array(1024);
  branch = new Int32Array(1024);
  mark = new Int32Array(1024);
  /** Whether some task could step. */
  moved = new Uint8Array(1024);
  last = new Int32Array(1024);
  left = new Int32Array(1024);
  readonly leaf: (Leaf | null)[] = [];

  push(actor: number, until: number, mark: number, last: number, left: number): void {
    if (this.size === this.actor.length) this.#grow();
    const at = this.size++;
    this.actor[at] = actor;
    this.until[at] = until;
    this.branch[at] = 0;
    this.mark[at] = mark;
    this.moved[at] = 0;
    this.last[at] = last;
    this.left[at] = left;
    this.leaf[at] = null;
  }

  #grow(): void {
    for (const name of ['actor', 'until', 'branch', 'mark', 'last', 'left'] as const) {
      const next = new Int32Array(this[name].length * 2);
      next.set(this[name]);
      this[name] = next;
    }
    const moved = new Uint8Array(this.moved.length * 2);
    moved.set(this.moved);
    this.moved = moved;
  }
}

/** How many transitions between two looks at the control. */
const LOOK = 1 << 13;

/** `tolerant`: goes on although something was learned on the way; such a pass is good for learning only. */
export const exhaustive = (space: SearchSpace, preemptions: number | null = null, tolerant = false): Pass =>
  new Search(space, preemptions, tolerant).run();

class Search {
  readonly #space: SearchSpace;
  readonly #bound: number | null;
  readonly #stack = new Stack();
  readonly #version: number;
  readonly #tolerant: boolean;
  readonly #actors: number;
  #transitions = 0;
  #ends = 0;
  #depth = 0;
  #isPruned = false;

  constructor(space: SearchSpace, bound: number | null, tolerant: boolean) {
    this.#space = space;
    this.#tolerant = tolerant;
    this.#bound = bound;
    this.#version = space.model.version;
    this.#actors = space.model.tasks.length;
  }

  run(): Pass {
    const { walker, model } = this.#space;
    model.restart();
    walker.restart();
    this.#isNew(-1, this.#bound ?? 0);
    this.#push(-1, this.#bound ?? 0);
    let isComplete = true;
    while (this.#stack.size > 0) {
      if (!this.#advance()) {
        isComplete = false;
        break;
      }
    }
    const { size } = this.#space.visited;
    const isStale = this.#isStale;
    return {
      states: size,
      transitions: this.#transitions,
      ends: this.#ends,
      depth: this.#depth,
      isComplete: isComplete && !isStale,
      isStale,
      isPruned: this.#isPruned,
    };
  }

  get #isStale(): boolean {
    return !this.#tolerant && this.#space.model.version !== this.#version;
  }

  #isNew(last: number, left: number): boolean {
    const { walker, visited } = this.#space;
    if (this.#bound === null) return visited.add(walker.low, walker.high);
    return visited.add(salted(walker.low, last, left), salted(walker.high, left, last));
  }

  #push(last: number, left: number): void {
    const only = this.#bound === null && this.#space.reduction ? this.#space.reduction.only() : -1;
    const { mark } = this.#space.walker;
    if (only < 0) this.#stack.push(0, this.#actors, mark, last, left);
    else this.#stack.push(only, only + 1, mark, last, left);
    if (this.#stack.size > this.#depth) this.#depth = this.#stack.size;
  }

  /** One transition, or one task or depth given up; false: stop. */
  #advance(): boolean {
    const stack = this.#stack;
    const at = stack.size - 1;
    const actor = stack.actor[at]!;
    if (actor >= stack.until[at]!) return this.#pop(at);
    const leaf = stack.leaf[at] ?? this.#space.model.memo.leaf(actor);
    stack.leaf[at] = leaf;
    if (this.#isStale) return false;
    const index = stack.branch[at]!;
    const mayRun = index < leaf.branches.length && this.#mayRun(at, actor);
    if (!mayRun) {
      this.#isPruned ||= index < leaf.branches.length;
      stack.actor[at] = actor + 1;
      stack.branch[at] = 0;
      stack.leaf[at] = null;
      return true;
    }
    stack.branch[at] = index + 1;
    stack.moved[at] = 1;
    return this.#take(at, actor, leaf.branches[index]!);
  }

  #mayRun(at: number, actor: number): boolean {
    if (this.#bound === null) return true;
    const last = this.#stack.last[at]!;
    // Nobody can step any more is found out by looking at all tasks.
    return last < 0 || last === actor || this.#stack.left[at]! > 0 || this.#space.model.memo.leaf(last).branches.length === 0;
  }

  #cost(at: number, actor: number): number {
    const last = this.#stack.last[at]!;
    return this.#bound !== null && last >= 0 && last !== actor && this.#space.model.memo.leaf(last).branches.length > 0 ? 1 : 0;
  }

  #take(at: number, actor: number, branch: Branch): boolean {
    const { walker, control } = this.#space;
    this.#transitions += 1;
    if (branch.labels !== null && this.#note(branch.labels)) return false;
    walker.preview(branch);
    const left = this.#stack.left[at]! - this.#cost(at, actor);
    const last = this.#bound === null ? -1 : actor;
    if (this.#isNew(last, left)) {
      walker.enter(branch);
      this.#push(last, left);
    }
    return (this.#transitions & (LOOK - 1)) !== 0 || control.goesOn(this.#space.visited.size, this.#transitions, this.#stack.size);
  }

  #pop(at: number): boolean {
    const { model, walker } = this.#space;
    if (this.#stack.moved[at] === 0) {
      this.#ends += 1;
      const { labels } = model.memo.leaf(this.#actors).branches[0]!;
      if (this.#isStale || (labels !== null && this.#note(labels))) return false;
      this.#space.control.ended?.(model);
    }
    this.#stack.size = at;
    if (at > 0) walker.leave(this.#stack.mark[at - 1]!);
    return true;
  }

  /** Whether what is wanted is found. */
  #note(labels: readonly number[]): boolean {
    const { found } = this.#space;
    found.note(labels, () => this.#path());
    return found.isEnough;
  }

  /** Every choice on the stack, first to last. */
  #path(): { actor: number; answers: readonly number[] }[] {
    const { actor, branch, leaf, size } = this.#stack;
    const steps: { actor: number; answers: readonly number[] }[] = [];
    for (let at = 0; at < size; at++) {
      const found = leaf[at];
      if (!found || branch[at] === 0) continue;
      steps.push({ actor: actor[at]!, answers: found.branches[branch[at]! - 1]!.answers });
    }
    return steps;
  }
}
