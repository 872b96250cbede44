// What every strategy works on and gives back: one scenario made ready, the states seen, what was found, and who says when to stop.
import type { Model } from './model.ts';
import type { Turns } from './turns.ts';
import type { Visited } from './visited.ts';
import type { Walker } from './walker.ts';

/** One step of a path: who stepped, and the answers to the step's questions. */
export interface Choice {
  readonly actor: number;
  readonly answers: readonly number[];
}

/** The first path to each label; enough once the wanted one is among them. */
export class Found {
  readonly paths = new Map<number, readonly Choice[]>();
  readonly #isWanted: (label: number) => boolean;
  isEnough = false;

  constructor(isWanted: (label: number) => boolean = () => false) {
    this.#isWanted = isWanted;
  }

  note(labels: readonly number[], path: () => readonly Choice[]): void {
    for (const label of labels) {
      if (this.paths.has(label)) continue;
      this.paths.set(label, path());
      this.isEnough ||= this.#isWanted(label);
    }
  }
}

export interface Control {
  /** Asked now and then; false ends the search before its end. `left`: how many states may be left, guessed; for strategies that can tell. */
  readonly goesOn: (states: number, transitions: number, depth: number, left?: () => number) => boolean;
  /** Told of each state in which nobody can step, with the model in it. */
  readonly ended?: (model: Model) => void;
}

/** Says which task alone is enough in the current world, given the number of each task's leaf; -1: none, all must be tried. */
export interface Reduction {
  readonly only: (leaf: (actor: number) => number) => number;
}

/** A state on the way, and what is still to be tried in it. Plain numbers: equal in every worker and process. */
export interface Unit {
  /** The choices that lead to the state: task and branch by number, in turns. */
  readonly path: readonly number[];
  /** Task, branch, and how many switches are left then, in turns. */
  readonly untried: readonly number[];
  /** Who stepped last; -1: nobody. */
  readonly last: number;
}

/** A search that can give work away and take on other work. */
export interface Divisible {
  /** The choices of least depth that are not tried yet; null: there are none. `accept` says whether they are taken over. */
  readonly give: (accept: (unit: Unit) => boolean) => void;
  readonly take: (unit: Unit) => void;
}

/** Others that work on the same search. */
export interface Team {
  /** Asked every few transitions; false ends the search. */
  readonly look: (search: Divisible) => boolean;
  /** Asked where nothing is left to do: whether there is other work now; others may be heard while it is waited for. */
  readonly more: (search: Divisible) => Turns<boolean>;
}

/** The other workers of a search, as whoever leads it sees them (src/explore/workers.ts). */
export interface Crew {
  /** Workers in all, the first one among them. */
  readonly jobs: number;
  /** States after which a search is worth other workers: each evaluates steps anew. */
  readonly worth: number;
  /** Tells all of them. */
  readonly order: <Order>(order: Order) => void;
  /** One message of each, waited for. */
  readonly replies: <Report>() => Report[];
}

export interface SearchSpace {
  readonly model: Model;
  readonly walker: Walker;
  readonly visited: Visited;
  readonly team?: Team;
  /** What others left open, or will; without it, the search begins at its start. */
  readonly backlog?: Unit[];
  readonly found: Found;
  readonly control: Control;
  readonly reduction: Reduction | null;
}

/** One pass of a strategy. Stale: something was learned on the way that it had not taken into account; it proves nothing. */
export interface Pass {
  readonly states: number;
  readonly transitions: number;
  /** States in which nobody can step. */
  readonly ends: number;
  readonly depth: number;
  readonly isComplete: boolean;
  readonly isStale: boolean;
  /** The bound on switches kept a step out. */
  readonly isPruned: boolean;
  /** What was not tried, where the pass ended early. */
  readonly open?: readonly Unit[];
}
