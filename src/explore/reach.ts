// How far a search of the minimiser may go: which and how many failures, how many switches. From the least on.
import type { FaultBounds } from './evaluate.ts';
import { canFail } from './evaluate.ts';

/** Failures of one run. */
export interface Level {
  /** Only allocations that can plausibly fail. */
  readonly plausible: boolean;
  readonly faults: number;
  readonly apiFaults: number;
}

export interface Reach extends Level {
  /** Switches away from a task that could go on; null: any number. */
  readonly preemptions: number | null;
}

/** Switches are counted up to here, then any number is allowed. */
export const MOST_PREEMPTIONS = 3;

/** One more failure costs more than an unlikely one. */
export const levels = ({ faults, apiFaults }: FaultBounds): Level[] => {
  const all: Level[] = [];
  for (let total = 0; total <= faults + apiFaults; total++)
    for (let memory = Math.min(total, faults); memory >= 0 && total - memory <= apiFaults; memory--)
      for (const plausible of memory > 0 ? [true, false] : [false]) all.push({ plausible, faults: memory, apiFaults: total - memory });
  return all;
};

/** Whether everything within `inner` is within `outer`. */
export const covers = (outer: Reach, inner: Reach): boolean =>
  outer.faults >= inner.faults &&
  outer.apiFaults >= inner.apiFaults &&
  (!outer.plausible || inner.plausible || inner.faults === 0) &&
  (outer.preemptions === null || (inner.preemptions !== null && outer.preemptions >= inner.preemptions));

/** What may fail within the reach, of what may fail at all. */
export const boundsWithin = ({ mayFail }: FaultBounds, { plausible, faults, apiFaults }: Level): FaultBounds => ({
  faults,
  apiFaults,
  mayFail: (found) => mayFail(found) && (!plausible || canFail(found)),
});
