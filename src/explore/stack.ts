// The stack of a depth-first search: what is left to try at each depth, in typed arrays that grow together.
import { wide } from './wide.ts';

/** Words of one thing to try: the branch, the fingerprint of the state behind it in three, and how many switches are left then. */
export const TRY = 5;

export class Stack {
  size = 0;
  /** Where in `tries` what is left begins and ends; deeper depths have theirs behind it. */
  next = new Int32Array(1024);
  end = new Int32Array(1024);
  /** The branch that led deeper. */
  taken = new Int32Array(1024);
  /** Who stepped last (-1: nobody), and under a bound on switches how many are left. */
  last = new Int32Array(1024);
  left = new Int32Array(1024);
  /** States found before the depth was entered. */
  began = new Float64Array(1024);
  /** Choices tried at each depth, wherever, and the states that those brought whose depths are left again. */
  tried = new Float64Array(1024);
  brought = new Float64Array(1024);
  tries = new Int32Array(1024 * TRY);

  push(last: number, left: number, states: number): void {
    if (this.size === this.next.length) this.#grow();
    const at = this.size++;
    const end = at === 0 ? 0 : this.end[at - 1]!;
    this.next[at] = end;
    this.end[at] = end;
    this.last[at] = last;
    this.left[at] = left;
    this.began[at] = states;
  }

  /** Adds what is to be tried at the top. */
  add(branch: number, low: number, high: number, near: number, left: number): void {
    const top = this.size - 1;
    const at = this.end[top]!;
    if (at + TRY > this.tries.length) this.tries = wide(this.tries, at + TRY);
    const { tries } = this;
    tries[at] = branch;
    tries[at + 1] = low;
    tries[at + 2] = high;
    tries[at + 3] = near;
    tries[at + 4] = left;
    this.end[top] = at + TRY;
  }

  /** `states` found so far; the top's last choice led to a state that is left now. */
  pop(states: number): void {
    const at = --this.size;
    if (at > 0) this.brought[at - 1]! += states - this.began[at]!;
  }

  /**
   * How many states may be left, guessed: each choice that is not tried yet brings as many as the finished ones of its depth did on
   * average (Knuth's estimate of a tree's size, of the tree that is left when known states are cut off).
   */
  remaining(): number {
    let left = 0;
    for (let at = 0; at < this.size; at++) {
      const untried = (this.end[at]! - this.next[at]!) / TRY;
      if (untried > 0) left += untried * (this.brought[at]! / Math.max(1, this.tried[at]! - 1));
    }
    return left;
  }

  #grow(): void {
    for (const name of ['next', 'end', 'taken', 'last', 'left'] as const) this[name] = wide(this[name], this.size + 1);
    for (const name of ['began', 'tried', 'brought'] as const) this[name] = wide(this[name], this.size + 1);
  }
}
