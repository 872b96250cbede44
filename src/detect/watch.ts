// Lifts folds into a stream: the only file here that knows RxJS. Each subscription folds its own world from the first event on.
import { defer, mergeMap, type OperatorFunction } from 'rxjs';
import type { Event } from '../core/events.ts';
import type { Detector, Probe } from '../core/finding.ts';
import { openFold, type Seen } from './fold.ts';
import { type Notice, openLive } from './live.ts';
import type { WindowLimits } from './window.ts';

const lifted =
  <T>(open: () => (event: Event) => readonly T[]): OperatorFunction<Event, T> =>
  (events) =>
    defer(() => events.pipe(mergeMap(open())));

/** What the detectors see, at the moment of the event that shows it. */
export const watch = (detectors: readonly Detector[], probe: Probe): OperatorFunction<Event, Seen> =>
  lifted(() => openFold(detectors, probe));

/** Attaches, explained findings and gaps, at the moment of the event that ends or shows them. */
export const watchLive = (detectors: readonly Detector[], probe: Probe, limits?: WindowLimits): OperatorFunction<Event, Notice> =>
  lifted(() => openLive(detectors, probe, limits));
