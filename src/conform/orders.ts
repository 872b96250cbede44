// Calls that overlapped have no one order: other orders of whole calls that no clock forbids, for where the first guess does not explain
// what was seen.
import type { ProgramCall } from '../recordings/kernel/programCalls.ts';

interface Timed {
  readonly call: ProgramCall;
}

/** `later` may come before everything from `index` on that had not ended when it started. */
const mayMove = (calls: readonly Timed[], index: number, later: number): boolean =>
  calls.slice(index, later).every((other) => other.call.end >= calls[later]!.call.start);

const moved = <C>(calls: readonly C[], from: number, to: number): C[] => {
  const rest = calls.filter((_, index) => index !== from);
  return [...rest.slice(0, to), calls[from]!, ...rest.slice(to)];
};

/** So far around a call others are looked at. */
const REACH = 24;

/** Orders in which another call comes before the one at `index`, or an earlier one behind it; the nearest first. */
export function* ordersAround<C extends Timed>(calls: readonly C[], index: number): Generator<C[]> {
  for (let distance = 1; distance <= REACH; distance++) {
    const later = index + distance;
    if (later < calls.length && mayMove(calls, index, later)) yield moved(calls, later, index);
    const earlier = index - distance;
    const isFree = earlier >= 0 && calls.slice(earlier + 1, index + 1).every((other) => other.call.start <= calls[earlier]!.call.end);
    if (isFree) yield moved(calls, earlier, index);
  }
}
