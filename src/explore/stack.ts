// The stack of a depth-first search: what each depth goes through, in typed arrays that grow together.
import type { Leaf } from './memo.ts';

export class Stack {
  size = 0;
  actor = new Int32Array(1024);
  until = new Int32Array(1024);
  branch = new Int32Array(1024);
  mark = new Int32Array(1024);
  /** Whether some task could step. */
  moved = new Uint8Array(1024);
  last = new Int32Array(1024);
  left = new Int32Array(1024);
  /** States found before the depth was entered. */
  began = new Float64Array(1024);
  /** Choices tried at each depth, wherever, and the states that those brought whose depths are left again. */
  tried = new Float64Array(1024);
  brought = new Float64Array(1024);
  readonly leaf: (Leaf | null)[] = [];

  push(actor: number, until: number, mark: number, last: number, left: number, states: number): void {
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
    this.began[at] = states;
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
      const branches = this.leaf[at]?.branches.length ?? 0;
      const untried = Math.max(0, branches - this.branch[at]!) + Math.max(0, this.until[at]! - this.actor[at]! - 1);
      if (untried > 0) left += untried * (this.brought[at]! / Math.max(1, this.tried[at]! - 1));
    }
    return left;
  }

  #grow(): void {
    for (const name of ['actor', 'until', 'branch', 'mark', 'last', 'left'] as const) {
      const next = new Int32Array(this[name].length * 2);
      next.set(this[name]);
      this[name] = next;
    }
    for (const name of ['began', 'tried', 'brought'] as const) {
      const next = new Float64Array(this[name].length * 2);
      next.set(this[name]);
      this[name] = next;
    }
    const moved = new Uint8Array(this.moved.length * 2);
    moved.set(this.moved);
    this.moved = moved;
  }
}
