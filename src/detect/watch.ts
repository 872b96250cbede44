// Lifts detectors into a stream: the only file here that knows RxJS. Each subscription folds its own world from the first event on.
import { defer, mergeMap, type OperatorFunction } from 'rxjs';
import type { Event } from '../core/events.ts';
import type { Detector, Probe } from '../core/finding.ts';
import { openFold, type Seen } from './fold.ts';

/** What the detectors see, at the moment of the event that shows it. */
export const watch =
  (detectors: readonly Detector[], probe: Probe): OperatorFunction<Event, Seen> =>
  (events) =>
    defer(() => events.pipe(mergeMap(openFold(detectors, probe))));
