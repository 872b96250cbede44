// Faults of a plan that never came about in a run: said, so that a quiet run is not taken for a tolerated failure.
import type { Event, EventOf } from '../core/events.ts';
import type { Fault, Scenario } from '../core/scenario.ts';
import { plan } from './faults.ts';

const failures = (events: readonly Event[]) =>
  events.filter(
    (event): event is EventOf<'AllocationFailed' | 'ApiFailed'> => event.type === 'AllocationFailed' || event.type === 'ApiFailed',
  );

/** Allocations that the counted call of a request made, if it was reached. */
const counted = (events: readonly Event[]): number | null =>
  events.findLast((event): event is EventOf<'CallEnded'> => event.type === 'CallEnded' && event.allocations !== null)?.allocations ?? null;

const hits = (fault: Fault, events: readonly Event[]): boolean => {
  const answer = plan([
    { ...fault, nth: fault.kind === 'nth' ? fault.nth : 1, ...(fault.kind === 'nth' ? {} : { sticky: true }) } as Fault,
  ]);
  let request = 0;
  let call: string | null = null;
  for (const event of events) {
    if (event.type === 'RequestStarted') request = event.request;
    if (event.type === 'CallStarted') call = event.call;
    if (event.type === 'AllocationFailed') {
      const { task, row, site, plausible, device, domain, n } = event;
      if (answer({ kind: 'allocation', task, request, call, row, site, plausible, device, domain, n }) !== 0) return true;
    }
    if (event.type === 'ApiFailed' && fault.kind === 'api' && (fault.api === event.api || fault.api === event.row)) return true;
  }
  return false;
};

const words = (fault: Fault, events: readonly Event[]): string => {
  if (fault.kind === 'api')
    return `${fault.api} was not called${fault.on ? ` on ${fault.on}` : ''}${fault.nth > 1 ? `, or less than ${fault.nth} times` : ''}`;
  if (fault.kind === 'site')
    return `${fault.site}() did not allocate under the conditions named${fault.nth > 1 ? `, or less than ${fault.nth} times` : ''}`;
  const made = counted(events);
  return `allocation ${fault.nth} of request ${fault.request + 1}${made === null ? ': its call was not made' : `: the call made ${made}`}`;
};

/** One line for each fault that no event shows. */
export const unreachedFaults = (scenario: Scenario, events: readonly Event[]): string[] => {
  if (scenario.faults.length === 0) return [];
  const seen = failures(events).length > 0;
  return scenario.faults.filter((fault) => !seen || !hits(fault, events)).map((fault) => words(fault, events));
};
