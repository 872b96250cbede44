// The smallest run that still shows a finding: fewest failures and switches, then without every task, request and device that it does
// without. 1-minimal: no single further removal leaves a run that shows it, within the same bounds.
import { Failure } from '../core/failure.ts';
import type { Scenario } from '../core/scenario.ts';
import type { Engine } from '../engine/engine.ts';
import { type Edit, edited, furtherEdits } from './edits.ts';
import { canFail, type FaultBounds } from './evaluate.ts';
import type { Uses } from './liveness.ts';
import { Labels } from './observer.ts';
import { type Searched, search } from './search.ts';
import type { Choice } from './strategy.ts';

export interface Minimal {
  readonly scenario: Scenario;
  readonly edits: readonly Edit[];
  readonly tasks: readonly string[];
  readonly path: readonly Choice[];
  /** Every single further removal was searched in full and shows nothing. */
  readonly isProven: boolean;
}

export interface MinimiseOptions {
  readonly bounds: FaultBounds;
  /** States of one search; beyond them a removal counts as not shown to be possible. */
  readonly states: number;
  readonly goesOn: () => boolean;
  /** What the search that found it learned. */
  readonly uses: Uses;
}

interface Reach {
  /** Only allocations that can plausibly fail. */
  readonly plausible: boolean;
  readonly faults: number;
  readonly apiFaults: number;
  readonly preemptions: number | null;
}

const MEMORY = 2 ** 28;

/** Switches are counted up to here, then any number is allowed. */
const MOST_PREEMPTIONS = 3;

class Minimiser {
  readonly #engine: Engine;
  readonly #wanted: string;
  readonly #options: MinimiseOptions;

  constructor(engine: Engine, wanted: string, options: MinimiseOptions) {
    this.#engine = engine;
    this.#wanted = wanted;
    this.#options = options;
  }

  /** The first path within the bounds, in the order of the search; null: there is none, or it was not found in time. */
  reach(
    scenario: Scenario,
    { plausible, faults, apiFaults, preemptions }: Reach,
  ): { searched: Searched; path: readonly Choice[] | null } | null {
    const labels = new Labels();
    const { bounds, states, goesOn, uses } = this.#options;
    if (!goesOn()) return null;
    try {
      const searched = search(this.#engine, withClaim(scenario, this.#wanted), {
        bounds: { faults, apiFaults, mayFail: (found) => bounds.mayFail(found) && (!plausible || canFail(found)) },
        labels,
        control: { goesOn: (seen) => seen < states && goesOn() },
        preemptions,
        reduce: preemptions === null,
        symmetry: false,
        memory: MEMORY,
        wanted: this.#wanted,
        uses,
      });
      const label = labels.list.findIndex(({ id }) => id === this.#wanted);
      return { searched, path: label < 0 ? null : (searched.paths.get(label) ?? null) };
    } catch (error) {
      // A scenario that lost what its claim or another request speaks of is no scenario.
      if (error instanceof Failure && error.code !== 'model-error') return null;
      throw error;
    }
  }

  /** Bounds from the smallest on: one more failure costs more than an unlikely one, and that more than one more switch. */
  *deepening(scenario: Scenario): Generator<Reach> {
    const { faults, apiFaults } = this.#options.bounds;
    const switches = scenario.tasks.length > 1 ? [...Array(MOST_PREEMPTIONS + 1).keys(), null] : [null];
    for (let total = 0; total <= faults + apiFaults; total++)
      for (let memory = Math.min(total, faults); memory >= 0 && total - memory <= apiFaults; memory--)
        for (const plausible of memory > 0 ? [true, false] : [false])
          for (const preemptions of switches) yield { plausible, faults: memory, apiFaults: total - memory, preemptions };
  }

  smallest(scenario: Scenario): { reach: Reach; found: { searched: Searched; path: readonly Choice[] } } | null {
    for (const reach of this.deepening(scenario)) {
      const found = this.reach(scenario, reach);
      if (found?.path) return { reach, found: { searched: found.searched, path: found.path } };
    }
    return null;
  }

  /** Removes what can be removed within the bounds, one thing at a time, until nothing can. */
  reduce(scenario: Scenario, reach: Reach): { edits: Edit[]; isProven: boolean } {
    let edits: Edit[] = [];
    for (;;) {
      let isProven = true;
      let removed: Edit | null = null;
      for (const edit of furtherEdits(scenario, edits)) {
        const found = this.reach(edited(scenario, [...edits, edit]), reach);
        if (found?.path) {
          removed = edit;
          break;
        }
        if (found === null ? !this.#options.goesOn() : !found.searched.isComplete) isProven = false;
      }
      if (removed === null) return { edits, isProven };
      edits = [...edits, removed];
    }
  }
}

/** Only the claim that is wanted is judged: others may speak of what was removed. */
const withClaim = (scenario: Scenario, wanted: string): Scenario => ({
  ...scenario,
  claims: scenario.claims.filter(({ mood, text }) => wanted.startsWith(`${mood} ${text}: `)),
});

/** Null: not found again within the states allowed. */
export const minimise = (engine: Engine, scenario: Scenario, wanted: string, options: MinimiseOptions): Minimal | null => {
  const minimiser = new Minimiser(engine, wanted, options);
  const first = minimiser.smallest(scenario);
  if (!first) return null;
  const { edits, isProven } = minimiser.reduce(scenario, first.reach);
  const reduced = edited(scenario, edits);
  const last = edits.length === 0 ? first : minimiser.smallest(reduced);
  if (!last) return null;
  return { scenario: withClaim(reduced, wanted), edits, tasks: last.found.searched.tasks, path: last.found.path, isProven };
};
