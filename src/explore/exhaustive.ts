// Depth-first search over every order and every fault, each state once: complete within its bounds.
import type { Branch } from './facts.ts';
import type { Divisible, Pass, SearchSpace, Unit } from './strategy.ts';
import { Trail } from './trail.ts';

/** Fingerprints under a preemption bound carry the last task and what is left of the bound. */
const salted = (hash: number, last: number, left: number): number => hash ^ Math.imul((last + 2) * 131 + left + 1, 0x9e3779b1);

/** How many transitions between two looks at the control, and how many steps come upon, of which one may take as long as a thousand transitions. */
const LOOK = 1 << 12;
const LOOK_STEPS = 32;
/** How many transitions between two looks at the team. */
const TEAM = 1 << 7;

/** `tolerant`: goes on although something was learned on the way; such a pass is good for learning only. */
export const exhaustive = (space: SearchSpace, preemptions: number | null = null, tolerant = false): Pass =>
  new Search(space, preemptions, tolerant).run();

class Search implements Divisible {
  readonly #space: SearchSpace;
  readonly #bound: number | null;
  readonly #trail = new Trail();
  readonly #stack = this.#trail.stack;
  readonly #version: number;
  readonly #tolerant: boolean;
  readonly #actors: number;
  readonly #left = (): number => this.#stack.remaining();
  #transitions = 0;
  /** Steps come upon at the last look. */
  #steps: number;
  #ends = 0;
  #depth = 0;
  #isPruned = false;

  constructor(space: SearchSpace, bound: number | null, tolerant: boolean) {
    this.#space = space;
    this.#tolerant = tolerant;
    this.#bound = bound;
    this.#version = space.model.version;
    this.#actors = space.model.tasks.length;
    this.#steps = space.model.memo.leaves.length;
  }

  run(): Pass {
    const { walker, model, backlog, team } = this.#space;
    if (backlog === undefined) {
      model.restart();
      walker.restart();
      this.#isNew(-1, this.#bound ?? 0);
      this.#push(-1, this.#bound ?? 0);
    }
    model.where = () => this.#trail.path();
    let isComplete = true;
    do {
      while (isComplete && this.#stack.size > 0) isComplete = this.#advance();
    } while (isComplete && !this.#isStale && (this.#fromBacklog() || team?.more(this)));
    const isStale = this.#isStale;
    return {
      states: this.#space.visited.size,
      transitions: this.#transitions,
      ends: this.#ends,
      depth: this.#depth,
      isComplete: isComplete && !isStale,
      isStale,
      isPruned: this.#isPruned,
      open: isComplete ? [] : [...(this.#space.backlog ?? []), ...this.#trail.open()],
    };
  }

  #fromBacklog(): boolean {
    const unit = this.#space.backlog?.pop();
    if (unit !== undefined) this.take(unit);
    return unit !== undefined;
  }

  give(accept: (unit: Unit) => boolean): void {
    const { backlog } = this.#space;
    if (backlog === undefined || backlog.length === 0) this.#trail.give(accept);
    else if (accept(backlog[0]!)) backlog.shift();
  }

  take(unit: Unit): void {
    const { model, walker, visited } = this.#space;
    model.restart();
    walker.restart();
    this.#trail.begin(unit, { model, walker, states: visited.size, goesOn: () => !this.#isStale });
    this.#depth = Math.max(this.#depth, this.#trail.depth);
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
    const { walker, visited } = this.#space;
    if (only < 0) this.#stack.push(0, this.#actors, walker.mark, last, left, visited.size);
    else this.#stack.push(only, only + 1, walker.mark, last, left, visited.size);
    if (this.#trail.depth > this.#depth) this.#depth = this.#trail.depth;
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
    stack.tried[at]! += 1;
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
    const { walker } = this.#space;
    this.#transitions += 1;
    if (branch.labels !== null && this.#note(branch.labels)) return false;
    walker.preview(branch);
    const left = this.#stack.left[at]! - this.#cost(at, actor);
    const last = this.#bound === null ? -1 : actor;
    if (this.#isNew(last, left)) {
      walker.enter(branch);
      this.#push(last, left);
    }
    return this.#goesOn();
  }

  #goesOn(): boolean {
    const { control, model, visited, team } = this.#space;
    if (team !== undefined && (this.#transitions & (TEAM - 1)) === 0 && !team.look(this)) return false;
    const steps = model.memo.leaves.length;
    if ((this.#transitions & (LOOK - 1)) !== 0 && steps - this.#steps < LOOK_STEPS) return true;
    this.#steps = steps;
    return control.goesOn(visited.size, this.#transitions, this.#stack.size, this.#left);
  }

  #pop(at: number): boolean {
    const { model, walker, visited } = this.#space;
    if (this.#stack.moved[at] === 0) {
      this.#ends += 1;
      const { labels } = model.memo.leaf(this.#actors).branches[0]!;
      if (this.#isStale || (labels !== null && this.#note(labels))) return false;
      this.#space.control.ended?.(model);
    }
    this.#stack.pop(visited.size);
    if (at > 0) walker.leave(this.#stack.mark[at - 1]!);
    return true;
  }

  /** Whether what is wanted is found. */
  #note(labels: readonly number[]): boolean {
    const { found } = this.#space;
    found.note(labels, () => this.#trail.path());
    return found.isEnough;
  }
}
