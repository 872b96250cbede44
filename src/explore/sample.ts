// Random walks. They teach the model what steps read before a search begins; PCT and POS are walks of their own.
import type { Branch } from './facts.ts';
import type { Choice, SearchSpace } from './strategy.ts';

/** A small generator, seeded: equal seeds give equal walks. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed ^ 0x6d2b79f5) | 0;
  }

  /** A number from 0 up to, not including, `bound`. */
  below(bound: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
  }
}

/** Steps after which a walk ends: tasks that go round for ever have nothing new to show by then. */
const LONGEST = 1 << 16;

/** Picks the task that steps next among those that can, by their places in the model's list. */
export type PickTask = (able: readonly number[], depth: number) => number;

/** One walk from the start to its end; gives its length. Stops early when the model learns something. */
export const walk = (
  space: Omit<SearchSpace, 'reduction' | 'control'>,
  pick: PickTask,
  answer: (branches: readonly Branch[]) => number,
): number => {
  const { model, walker, found, visited } = space;
  model.restart();
  walker.restart();
  const path: Choice[] = [];
  for (;;) {
    const leaves = model.tasks.map((_, actor) => model.memo.leaf(actor));
    const able = leaves.flatMap((leaf, actor) => (leaf.branches.length > 0 ? [actor] : []));
    if (able.length === 0) break;
    if (path.length === LONGEST) return LONGEST;
    const actor = pick(able, path.length);
    const { branches } = leaves[actor]!;
    const branch = branches[answer(branches)]!;
    path.push({ actor, answers: branch.answers });
    if (branch.labels !== null) found.note(branch.labels, () => [...path]);
    walker.preview(branch.number);
    visited.add(walker.low, walker.high, walker.near);
    walker.enter(branch.number);
  }
  const { labels } = model.memo.leaf(model.tasks.length).branches[0]!;
  if (labels !== null) found.note(labels, () => [...path]);
  return path.length;
};
