// The audit of a history while it goes on: each attach when it ends, each finding when it is seen, each gap when it comes. What it keeps
// has a bound, so that it can go on for ever.
import type { AttachRow } from '../core/attaches.ts';
import type { Event, EventOf } from '../core/events.ts';
import type { Detector, Finding, Probe } from '../core/finding.ts';
import { emptyWorld } from '../core/world.ts';
import { findingOf } from './audit.ts';
import { openFold, type Seen } from './fold.ts';
import { OpenAttaches } from './openAttaches.ts';
import { Window, type WindowLimits, windowLimits } from './window.ts';

export type Notice =
  | { readonly what: 'attach'; readonly row: AttachRow }
  /** `before`: events that were let go, where the because-chain may lack a link for it; null: it is whole. */
  | { readonly what: 'finding'; readonly finding: Finding; readonly before: number | null }
  | { readonly what: 'gap'; readonly gap: EventOf<'RecordingGap'> };

/** The same rule broken for the same entity is told once; whoever was told of so many others since is told again. */
const toldLimit = 2 ** 14;

const newTold = (): ((id: string) => boolean) => {
  const told = new Set<string>();
  return (id) => {
    if (told.has(id)) return true;
    told.add(id);
    if (told.size > toldLimit) told.delete(told.values().next().value!);
    return false;
  };
};

const explained = (window: Window, { detector, at, hit }: Seen, probe: Probe): Notice => {
  const { history, before, isShort } = window.last();
  const found = findingOf(history, { detector, at: at - before, hit }, probe);
  const because = found.because.map((link) => ({ ...link, at: link.at === null ? null : link.at + before }));
  return { what: 'finding', finding: { ...found, at, because }, before: isShort() ? before : null };
};

const none: Notice[] = [];

/** Takes the events of one history in order, from its RunStarted on. */
export const openLive = (
  detectors: readonly Detector[],
  probe: Probe,
  limits: WindowLimits = windowLimits,
): ((event: Event) => Notice[]) => {
  const world = emptyWorld();
  const fold = openFold(detectors, probe, world);
  const attaches = new OpenAttaches();
  const window = new Window(limits);
  const isTold = newTold();
  let at = 0;
  return (event) => {
    at += 1;
    window.take(event);
    const seen = fold(event).filter(({ detector, hit }) => !isTold(`${detector.id}:${hit.entity}`));
    const row = attaches.take(event, at, world);
    if (seen.length === 0 && row === null && event.type !== 'RecordingGap') return none;
    return [
      ...(event.type === 'RecordingGap' ? [{ what: 'gap', gap: event } as const] : []),
      ...(row ? [{ what: 'attach', row } as const] : []),
      ...seen.map((found) => explained(window, found, probe)),
    ];
  };
};
