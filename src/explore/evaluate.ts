// Evaluates a step with every combination of answers to its questions: memory that fails, kernel APIs that fail, as far as the budget goes.
import type { Choose, Question } from '../core/choose.ts';
import type { Plausible } from '../core/rows.ts';
import type { Fields } from './fields.ts';

/** The kernel gives small sleeping allocations everything it has: they fail by injection only (facts: plausible_rule). */
const impossible: readonly Plausible[] = ['small-sleeping', 'no-memory'];

export const canFail = (plausible: Plausible): boolean => !impossible.includes(plausible);

/** How many of each kind may fail in one run. */
export interface FaultBounds {
  readonly faults: number;
  readonly apiFaults: number;
  /** Which allocations may fail at all. */
  readonly mayFail: (plausible: Plausible) => boolean;
}

/** An odometer over the answers of one step. */
export class Answers {
  readonly #bounds: FaultBounds;
  readonly #budget: Fields;
  /** Position and size of each wheel, in the order of the questions that had more than one answer. */
  #wheels: { at: number; size: number }[] = [];
  #turn = 0;
  #given: number[] = [];
  #failed: Plausible[] = [];

  constructor(bounds: FaultBounds, budget: Fields) {
    this.#bounds = bounds;
    this.#budget = budget;
  }

  /** Answers of the evaluation that ran last, without trailing zeros. */
  get given(): readonly number[] {
    return this.#given.slice(0, this.#given.findLastIndex((answer) => answer !== 0) + 1);
  }

  /** Allocations that failed in it. */
  get failed(): readonly Plausible[] {
    return this.#failed;
  }

  reset(): void {
    this.#wheels = [];
    this.#begin();
  }

  #begin(): void {
    this.#turn = 0;
    this.#given = [];
    this.#failed = [];
  }

  /** Turns to the next combination; false after the last. */
  next(): boolean {
    while (this.#wheels.length > 0 && this.#wheels.at(-1)!.at + 1 === this.#wheels.at(-1)!.size) this.#wheels.pop();
    const last = this.#wheels.at(-1);
    if (last) last.at += 1;
    this.#begin();
    return last !== undefined;
  }

  readonly choose: Choose = (bound, question) => {
    const kind = this.#kindOf(question);
    const left = kind === null ? 0 : Number(this.#budget.read(kind) ?? 0);
    const answer = left > 0 ? this.#turned(bound) : 0;
    if (answer > 0) this.#budget.write(kind!, left - 1);
    if (answer > 0 && question.kind === 'allocation') this.#failed.push(question.plausible);
    this.#given.push(answer);
    return answer;
  };

  #kindOf(question: Question): 'faults' | 'apiFaults' | null {
    if (question.kind === 'task') return null;
    if (question.kind === 'api') return this.#bounds.apiFaults > 0 ? 'apiFaults' : null;
    return this.#bounds.faults > 0 && this.#bounds.mayFail(question.plausible) ? 'faults' : null;
  }

  #turned(size: number): number {
    if (this.#turn === this.#wheels.length) this.#wheels.push({ at: 0, size });
    return this.#wheels[this.#turn++]!.at;
  }
}
