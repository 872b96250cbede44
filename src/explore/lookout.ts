// Asks now and then, while a search goes on, whether it may, and what its team wants.
import type { Divisible, SearchSpace } from './strategy.ts';

/** How many transitions between two looks at the control, and how many steps come upon, of which one may take as long as a thousand transitions. */
const LOOK = 1 << 12;
const LOOK_STEPS = 32;
/** How many transitions between two looks at the team. */
const TEAM = 1 << 9;

export class Lookout {
  readonly #space: SearchSpace;
  readonly #search: Divisible;
  readonly #left: () => number;
  /** Transitions and steps come upon at the last look, and transitions at the last look at the team. */
  #looked = 0;
  #steps: number;
  #met = 0;
  #hasLooked = false;

  constructor(space: SearchSpace, search: Divisible, left: () => number) {
    this.#space = space;
    this.#search = search;
    this.#left = left;
    this.#steps = space.model.memo.leaves.length;
  }

  goesOn(transitions: number, depth: number): boolean {
    const { control, team, model, visited } = this.#space;
    if (team !== undefined && transitions - this.#met >= TEAM) {
      this.#met = transitions;
      if (!team.look(this.#search)) return false;
    }
    const steps = model.memo.leaves.length;
    if (transitions - this.#looked < LOOK && steps - this.#steps < LOOK_STEPS) return true;
    this.#looked = transitions;
    this.#steps = steps;
    this.#hasLooked = true;
    return control.goesOn(visited.size, transitions, depth, this.#left);
  }

  /** Whether the control was asked since this was. */
  hasLooked(): boolean {
    const hasLooked = this.#hasLooked;
    this.#hasLooked = false;
    return hasLooked;
  }
}
