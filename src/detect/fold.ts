// Folds a history through detectors: one world, one state a detector, and what each saw at which event. Audit and watch both use it.
import type { Event } from '../core/events.ts';
import { evolve } from '../core/evolve.ts';
import type { Detector, Hit, Probe } from '../core/finding.ts';
import { emptyWorld, type World } from '../core/world.ts';
import { hearing } from './hearing.ts';

/** A detector that saw its rule broken at an event, numbered from 1. */
export interface Seen {
  readonly detector: Detector;
  readonly at: number;
  readonly hit: Hit;
}

/** Three of four events of a recording: lines of the trace as they stand. What they change comes as events of its own. */
const asTraced: ReadonlySet<Event['type']> = new Set(['FunctionEntered', 'FunctionLeft']);

const none: Seen[] = [];

/** Takes the events of one history in order, from its RunStarted on. The world follows them; nobody else may change it. */
export const openFold = (detectors: readonly Detector[], probe: Probe, world: World = emptyWorld()): ((event: Event) => Seen[]) => {
  const listeners = hearing(detectors.map((detector) => ({ detector, state: detector.initial })));
  let at = 0;
  return (event) => {
    at += 1;
    if (asTraced.has(event.type)) return none;
    evolve(world, event);
    return listeners(event.type).flatMap((listener) => {
      const { detector } = listener;
      const { state, hits } = detector.step(listener.state, event, world, probe);
      listener.state = state;
      return hits.map((hit) => ({ detector, at, hit }));
    });
  };
};
