// What a search learned of reads and questions, as the places where it did: another worker goes there, evaluates the same steps, and knows
// the same. Answers to questions are functions, which cannot be sent.
import type { Branch } from './facts.ts';
import type { Model } from './model.ts';
import type { Choice } from './strategy.ts';
import { Walker } from './walker.ts';

export interface Lesson {
  /** Lessons of one round rest on the same knowledge of reads. */
  readonly round: number;
  readonly keepsAll: boolean;
  readonly path: readonly Choice[];
  readonly actor: number;
}

/** How much a model knows: equal for equal models that learned the same. */
export interface Knowledge {
  readonly version: number;
  readonly questions: number;
}

export const knowledgeOf = ({ version, cells }: Model): Knowledge => ({ version, questions: cells.questions.length });

const isEqual = (left: Knowledge, right: Knowledge): boolean => left.version === right.version && left.questions === right.questions;

export class Lessons {
  readonly list: Lesson[];
  /** Grows with every pass. */
  round: number;
  readonly #model: Model;
  #known: Knowledge;

  /** From now on, after earlier ones; what was learned before any of them is what every worker learns by itself. */
  constructor(model: Model, earlier: readonly Lesson[], round: number) {
    this.list = [...earlier];
    this.round = round;
    this.#model = model;
    this.#known = knowledgeOf(model);
  }

  /** After each evaluation. */
  note(actor: number): void {
    const known = knowledgeOf(this.#model);
    if (isEqual(known, this.#known)) return;
    this.#known = known;
    const { keepsAll } = this.#model.liveness;
    this.list.push({ round: this.round, keepsAll, path: this.#model.where(), actor });
  }
}

const follow = (model: Model, walker: Walker, { actor, answers }: Choice): boolean => {
  const isMeant = (branch: Branch): boolean =>
    branch.answers.length === answers.length && branch.answers.every((answer, index) => answer === answers[index]);
  const branch = model.memo.leaf(actor).branches.find(isMeant);
  if (branch) walker.enter(branch.number);
  return branch !== undefined;
};

/** Whether the model knows as much as is expected afterwards. */
export const learnLessons = (model: Model, lessons: readonly Lesson[], expected: Knowledge): boolean => {
  const walker = new Walker(model.cells, model.memo, null);
  let before: Lesson | null = null;
  for (const lesson of lessons) {
    if (lesson.round !== before?.round || lesson.keepsAll !== before.keepsAll) model.memo.clear();
    before = lesson;
    model.liveness.keepsAll = lesson.keepsAll;
    model.restart();
    walker.restart();
    if (!lesson.path.every((choice) => follow(model, walker, choice))) return false;
    model.memo.leaf(lesson.actor);
  }
  model.liveness.keepsAll = false;
  model.memo.clear();
  return isEqual(knowledgeOf(model), expected);
};
