// The smallest run that still shows a finding: fewest failures and switches, then without every task, request and device that it does
// without. 1-minimal: no single further removal leaves a run that shows it, within the same bounds. What a plain run shows needs no search.
import type { Label } from '../core/label.ts';
import type { Scenario } from '../core/scenario.ts';
import type { Deviation } from '../core/schedule.ts';
import type { Candidates, Result, Wanted } from './candidates.ts';
import { withClaim } from './candidates.ts';
import { type Edit, edited, furtherEdits, inOrder, isFurther } from './edits.ts';
import { covers, type Level, levels, MOST_PREEMPTIONS, type Reach } from './reach.ts';
import { shifted } from './shifted.ts';
import type { Choice } from './strategy.ts';
import type { Trial } from './trial.ts';
import type { Turns } from './turns.ts';

export interface Minimal {
  readonly scenario: Scenario;
  readonly edits: readonly Edit[];
  readonly tasks: readonly string[];
  readonly path: readonly Choice[];
  /** Every single further removal was searched in full and shows nothing. */
  readonly isProven: boolean;
}

/** States of one search of the whole scenario: with any number of switches, where each state costs most, and with few. */
export const WHOLE_STATES = 60_000;
const FEW_SWITCHES_STATES = 200_000;
/** Of one from which something was removed. */
const CUT_STATES = 200_000;

const statesOf = (isWhole: boolean, { preemptions }: Reach): number => {
  if (!isWhole) return CUT_STATES;
  return preemptions === null ? WHOLE_STATES : FEW_SWITCHES_STATES;
};

interface Shown {
  readonly reach: Reach;
  readonly result: Result;
  readonly path: readonly Choice[];
}

/** What was removed so far, and a schedule under which the rest shows it. */
interface Cut {
  readonly edits: readonly Edit[];
  readonly schedule: readonly Deviation[];
}

class Minimiser {
  readonly #candidates: Candidates;
  readonly #label: Label;

  constructor(candidates: Candidates, label: Label) {
    this.#candidates = candidates;
    this.#label = label;
  }

  *#find(edits: readonly Edit[], reach: Reach): Turns<Result | null> {
    const isWhole = edits.length === 0;
    const wanted: Wanted = { label: this.#label, states: statesOf(isWhole, reach), all: isWhole };
    return yield* this.#candidates.find(edits, reach, wanted);
  }

  *#shown(edits: readonly Edit[], reach: Reach): Turns<Shown | null> {
    const result = yield* this.#find(edits, reach);
    const path = result?.paths.get(this.#label.id);
    return result && path ? { reach, result, path } : null;
  }

  /** Within the smallest bounds that show it: fewest failures, then fewest switches. */
  *smallest(edits: readonly Edit[]): Turns<Shown | null> {
    for (const level of levels(this.#candidates.bounds)) {
      const reach = { ...level, preemptions: null };
      const result = yield* this.#find(edits, reach);
      if (result === null) continue;
      const path = result.paths.get(this.#label.id);
      const found = path || !result.isComplete ? yield* this.#fewestSwitches(edits, level, path ? { reach, result, path } : null) : null;
      if (found) return found;
    }
    return null;
  }

  *#fewestSwitches(edits: readonly Edit[], level: Level, unbounded: Shown | null): Turns<Shown | null> {
    const isAlone = edited(this.#candidates.scenario, edits).tasks.length === 1;
    // Of the whole only the bounds are wanted, not the first path within them: where a path has few switches, fewer are looked for.
    const known = edits.length === 0 && unbounded && !isAlone ? this.#switchesOf(unbounded) : null;
    const most = isAlone ? -1 : Math.min(MOST_PREEMPTIONS, known === null ? MOST_PREEMPTIONS : known - 1);
    for (let preemptions = 0; preemptions <= most; preemptions++) {
      const found = yield* this.#shown(edits, { ...level, preemptions });
      if (found) return found;
    }
    return unbounded && known !== null && known <= MOST_PREEMPTIONS ? { ...unbounded, reach: { ...level, preemptions: known } } : unbounded;
  }

  #switchesOf({ result, path }: Shown): number | null {
    return this.#candidates.try([], this.#candidates.scheduleOf([], result.tasks, path))?.reach.preemptions ?? null;
  }

  /** Removes what can be removed within the bounds, one thing at a time, until nothing can. */
  *reduce(first: Shown): Turns<{ edits: readonly Edit[]; isProven: boolean }> {
    const { reach } = first;
    let edits: readonly Edit[] = [];
    let schedule = this.#candidates.scheduleOf(edits, first.result.tasks, first.path);
    for (;;) {
      ({ edits, schedule } = yield* this.#byRuns(edits, schedule, reach));
      const next = yield* this.#bySearch(edits, reach);
      if (next.edit === null) return { edits: inOrder(this.#candidates.scenario, edits), isProven: next.isProven };
      edits = [...edits, next.edit];
      schedule = this.#candidates.scheduleOf(edits, next.shown.result.tasks, next.shown.path);
    }
  }

  /** What the same failures and switches still show. */
  *#byRuns(edits: readonly Edit[], schedule: readonly Deviation[], reach: Reach): Turns<Cut> {
    const { scenario } = this.#candidates;
    let found: Cut = { edits, schedule };
    for (const edit of furtherEdits(scenario, edits)) {
      if (!isFurther(scenario, found.edits, edit)) continue;
      const next = [...found.edits, edit];
      const trial = this.#trial(next, shifted(scenario, found.edits, edit, found.schedule), reach);
      if (trial) found = { edits: next, schedule: trial.schedule };
      yield;
    }
    return this.#withoutNeedless(found, reach);
  }

  #trial(edits: readonly Edit[], schedules: readonly (readonly Deviation[])[], reach: Reach): Trial | null {
    for (const schedule of schedules) {
      const trial = this.#candidates.goesOn() ? this.#candidates.try(edits, schedule) : null;
      if (trial?.isWithin && covers(reach, trial.reach) && trial.shows(this.#label)) return trial;
    }
    return null;
  }

  /** Devices of a group that nobody names any more are no removal that counts. */
  #withoutNeedless(found: Cut, reach: Reach): Cut {
    const { scenario } = this.#candidates;
    const without = (edit: Edit): Edit[] => found.edits.filter((other) => other !== edit);
    const edits = found.edits.filter((edit) => edit.drop !== 'device' || isFurther(scenario, without(edit), edit));
    if (edits.length === found.edits.length) return found;
    return this.#trial(edits, [found.schedule], reach) ? { edits, schedule: found.schedule } : found;
  }

  /** The first removal that a search allows; null: none, and whether every search came to its end. */
  *#bySearch(edits: readonly Edit[], reach: Reach): Turns<{ edit: Edit; shown: Shown } | { edit: null; isProven: boolean }> {
    let isProven = true;
    for (const edit of furtherEdits(this.#candidates.scenario, edits)) {
      const result = yield* this.#find([...edits, edit], reach);
      const path = result?.paths.get(this.#label.id);
      if (result && path) return { edit, shown: { reach, result, path } };
      if (result === null ? !this.#candidates.goesOn() : !result.isComplete) isProven = false;
    }
    return { edit: null, isProven };
  }
}

/** Null: not found again within the states allowed. */
export function* minimise(candidates: Candidates, label: Label): Turns<Minimal | null> {
  const minimiser = new Minimiser(candidates, label);
  const first = yield* minimiser.smallest([]);
  if (!first) return null;
  const { edits, isProven } = yield* minimiser.reduce(first);
  const last = edits.length === 0 ? first : yield* minimiser.smallest(edits);
  if (!last) return null;
  const scenario = withClaim(edited(candidates.scenario, edits), label);
  return { scenario, edits, tasks: last.result.tasks, path: last.path, isProven };
}
