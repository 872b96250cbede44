// Which calls of a session overlapped, and whose steps came in turn: for these no order of whole calls is what happened, but one may
// explain it, as the kernel holds the container's lock throughout a call (VFIO), or the address space's (iommufd).
import type { ObservedCall } from './sessions.ts';

export interface Overlaps {
  readonly pairs: number;
  /** Of these, pairs in which each was at work between two steps of the other or began to be. */
  readonly inTurn: number;
}

const linesOf = ({ observations }: ObservedCall): { first: number; last: number } => ({
  first: observations[0]!.at,
  last: observations.at(-1)!.at,
});

const areInTurn = (one: ObservedCall, other: ObservedCall): boolean => {
  const [a, b] = [linesOf(one), linesOf(other)];
  return a.first <= b.last && b.first <= a.last;
};

/** Only calls in which something was seen have steps. */
export const overlapsIn = (calls: readonly ObservedCall[]): Overlaps => {
  const seen = calls.filter(({ observations }) => observations.length > 0).sort((a, b) => a.call.start - b.call.start);
  let pairs = 0;
  let inTurn = 0;
  seen.forEach((one, index) => {
    for (let next = index + 1; next < seen.length && seen[next]!.call.start <= one.call.end; next++) {
      pairs += 1;
      if (areInTurn(one, seen[next]!)) inTurn += 1;
    }
  });
  return { pairs, inTurn };
};
