// The events that the store's tests write: each carries its number, so that a missing, doubled or moved one shows.
export interface Counted {
  readonly type: 'Counted';
  readonly at: number;
}

/** Events `from` to `to`, inclusive. */
export const counted = (from: number, to: number): Counted[] =>
  Array.from({ length: to - from + 1 }, (_, index) => ({ type: 'Counted', at: from + index }));

export const numbers = (events: Iterable<Counted>): number[] => [...events].map(({ at }) => at);
