// Depth-first search over every order and every fault, each state once: complete within its bounds. Where all branches of a
// state lead is looked up as soon as it is entered, so that the table of states is waited for once; what may be new is tried afterwards.
import { type Leaves, START } from './leaves.ts';
import { Lookout } from './lookout.ts';
import { LABELLED, MOVE } from './moves.ts';
import { TRY } from './stack.ts';
import type { Divisible, Pass, SearchSpace, Unit } from './strategy.ts';
import { Trail } from './trail.ts';
import type { Turns } from './turns.ts';
import { salted } from './walker.ts';

/** `tolerant`: goes on although something was learned on the way; such a pass is good for learning only. */
export const exhaustive = (space: SearchSpace, preemptions: number | null = null, tolerant = false): Turns<Pass> =>
  new Search(space, preemptions, tolerant).run();

class Search implements Divisible {
  readonly #space: SearchSpace;
  readonly #visited: SearchSpace['visited'];
  readonly #walker: SearchSpace['walker'];
  readonly #moves: SearchSpace['model']['memo']['moves'];
  readonly #bound: number | null;
  readonly #trail: Trail;
  readonly #stack: Trail['stack'];
  readonly #leaves: Leaves;
  readonly #lookout: Lookout;
  readonly #version: number;
  readonly #tolerant: boolean;
  readonly #actors: number;
  readonly #leaf = (actor: number): number => this.#leaves.of(this.#stack.size - 1, actor);
  #transitions = 0;
  #ends = 0;
  #depth = 0;
  #isPruned = false;
  /** Whether everybody may step in every state, whoever stepped last; among symmetric states also, whether one worker finds them all. */
  readonly #commutes: boolean;

  constructor(space: SearchSpace, bound: number | null, tolerant: boolean) {
    this.#space = space;
    this.#visited = space.visited;
    this.#walker = space.walker;
    this.#moves = space.model.memo.moves;
    this.#tolerant = tolerant;
    this.#bound = bound;
    const isInOrder = space.team === undefined && space.backlog === undefined;
    this.#commutes = bound === null && space.reduction === null && (isInOrder || !space.walker.isSymmetric);
    this.#trail = new Trail(space.model);
    this.#stack = this.#trail.stack;
    this.#leaves = this.#trail.leaves;
    this.#version = space.model.version;
    this.#actors = space.model.tasks.length;
    this.#lookout = new Lookout(space, this, () => this.#stack.remaining());
  }

  *run(): Turns<Pass> {
    const { walker, model, backlog, team, visited } = this.#space;
    model.where = () => this.#trail.path();
    let isComplete = true;
    if (backlog === undefined) {
      model.restart();
      walker.restart();
      const left = this.#bound ?? 0;
      const { low, high, near } = walker;
      if (this.#bound === null) visited.add(low, high, near);
      else visited.add(salted(low, -1, left), salted(high, left, -1), near);
      isComplete = this.#open(START, -1, left);
    }
    do {
      while (isComplete && this.#stack.size > 0) {
        isComplete = this.#advance();
        if (this.#lookout.hasLooked()) yield;
      }
    } while (isComplete && !this.#isStale && (this.#trail.goOn(this, backlog) || (team && (yield* team.more(this)))));
    const isStale = this.#isStale;
    return {
      states: visited.size,
      transitions: this.#transitions,
      ends: this.#ends,
      depth: this.#depth,
      isComplete: isComplete && !isStale,
      isStale,
      isPruned: this.#isPruned,
      open: isComplete ? [] : [...(backlog ?? []), ...this.#trail.open()],
    };
  }

  give(accept: (unit: Unit) => boolean): void {
    this.#trail.give(accept, this.#space.backlog);
  }

  take(unit: Unit): void {
    const { model, walker, visited } = this.#space;
    model.restart();
    walker.restart();
    this.#trail.begin(unit, { walker, states: visited.size, goesOn: () => !this.#isStale, tries: (move, left) => this.#try(move, left) });
    this.#depth = Math.max(this.#depth, this.#trail.depth);
  }

  get #isStale(): boolean {
    return !this.#tolerant && this.#space.model.version !== this.#version;
  }

  /** The next choice of the top, or a depth given up; false: stop. */
  #advance(): boolean {
    const visited = this.#visited;
    const stack = this.#stack;
    const at = stack.size - 1;
    const next = stack.next[at]!;
    if (next === stack.end[at]) {
      stack.pop(visited.size);
      if (at > 0) this.#walker.leave(stack.taken[at - 1]!);
      return true;
    }
    stack.next[at] = next + TRY;
    stack.tried[at]! += 1;
    const { tries } = stack;
    if (!visited.add(tries[next + 1]!, tries[next + 2]!, tries[next + 3]!)) return true;
    const branch = tries[next]!;
    stack.taken[at] = branch;
    this.#walker.enter(branch);
    return this.#open(branch, this.#moves.actor(branch), tries[next + 4]!);
  }

  /** Looks at all that can be done in a state that was just entered; false: stop. */
  #open(branch: number, last: number, left: number): boolean {
    const { reduction } = this.#space;
    const stack = this.#stack;
    stack.push(last, left, this.#visited.size);
    if (this.#trail.depth > this.#depth) this.#depth = this.#trail.depth;
    const at = stack.size - 1;
    this.#leaves.inherit(at, branch);
    const before = this.#transitions;
    const only = this.#bound === null && reduction !== null ? reduction.only(this.#leaf) : -1;
    if (only >= 0) this.#look(at, only);
    else for (let actor = 0; actor < this.#actors; actor++) this.#look(at, actor);
    if (this.#isStale || this.#space.found.isEnough) return false;
    if (this.#transitions === before && !this.#end()) return false;
    return this.#lookout.goesOn(this.#transitions, stack.size);
  }

  /**
   * What a task can do, and what of it may lead to states that are new. Where two steps are independent, the state behind both is come
   * upon in one order only: the state behind the earlier task's step was tried before the later task stepped, so it is looked at by
   * whoever found it, and the later task can do the same there. In that state, a step may be passed over in turn for that of a still
   * later task only, so that of all orders one is gone. Symmetric states have other tasks later: there it counts that one worker tries the
   * one state before it comes to the other.
   */
  #look(at: number, actor: number): void {
    const isOther = !this.#leaves.isKnown(at, actor);
    const leaf = this.#leaves.of(at, actor);
    const moves = this.#moves;
    const end = moves.first(leaf + 1);
    let move = moves.first(leaf);
    const left = this.#bound === null ? 0 : this.#leftAfter(at, actor);
    if (left < 0) {
      this.#isPruned ||= move < end;
      return;
    }
    this.#transitions += end - move;
    const last = this.#stack.last[at]!;
    const mayBeCovered = this.#commutes && actor < last && !isOther && this.#visited.isExact;
    const before = mayBeCovered ? this.#leaves.of(at - 1, last) : -1;
    for (; move < end; move++) {
      if (!mayBeCovered || moves.meets(move, before)) this.#try(move, left);
      const labels = moves.table[move * MOVE + LABELLED] === 1 ? moves.all[move]!.labels : null;
      if (labels !== null) this.#space.found.note(labels, () => [...this.#trail.path(), this.#trail.choice(move)]);
    }
  }

  /** Whatever is known stays known. */
  #try(move: number, left: number): void {
    const walker = this.#walker;
    walker.preview(move);
    const { low, high, near } = walker;
    const actor = this.#bound === null ? 0 : this.#moves.actor(move);
    const first = this.#bound === null ? low : salted(low, actor, left);
    const second = this.#bound === null ? high : salted(high, left, actor);
    if (!this.#visited.has(first, second, near)) this.#stack.add(move, first, second, near, left);
  }

  /** Switches left after a step of the task; below 0: it may not step. Nobody is switched away from who cannot go on. */
  #leftAfter(at: number, actor: number): number {
    const last = this.#stack.last[at]!;
    const left = this.#stack.left[at]!;
    if (last < 0 || last === actor) return left;
    const leaf = this.#leaves.of(at, last);
    return this.#moves.isEmpty(leaf) ? left : left - 1;
  }

  /** Nobody can step; false: what is wanted is found, or this proves nothing. */
  #end(): boolean {
    const { model, found, control } = this.#space;
    this.#ends += 1;
    const { labels } = model.memo.leaf(this.#actors).branches[0]!;
    if (this.#isStale) return false;
    if (labels !== null) found.note(labels, () => this.#trail.path());
    if (found.isEnough) return false;
    control.ended?.(model);
    return true;
  }
}
