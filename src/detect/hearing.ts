// Who looks at an event of a type: most events concern few detectors, and most steps of a search show events that concern none.
import type { Event } from '../core/events.ts';
import type { AnyDetector } from '../core/finding.ts';

/** Of those who have a detector, by type of event, in their order. */
export const hearing = <Listener extends { readonly detector: AnyDetector }>(
  all: readonly Listener[],
): ((type: Event['type']) => readonly Listener[]) => {
  const byType = new Map<Event['type'], readonly Listener[]>();
  return (type) => {
    const known = byType.get(type) ?? all.filter(({ detector }) => detector.hears?.includes(type) ?? true);
    byType.set(type, known);
    return known;
  };
};
