// What decided a call in the model: the row or step that came last, and all rows that it met.
import type { Rerun, Rerunning } from './rerun.ts';

/** Row or step. */
export const lastDecision = ({ events }: Rerunning, { from, to }: Rerun): string => {
  for (let at = to; at >= from; at--) {
    const event = events[at - 1]!;
    if (event.type === 'CheckRefused') return `row ${event.row}`;
    if (event.type === 'StepTaken') return `step ${event.workflow}.${event.from}`;
  }
  return 'nothing';
};

export const rowsMet = ({ events }: Rerunning, { from, to }: Rerun): Set<string> =>
  new Set(events.slice(from - 1, to).flatMap((event) => ('row' in event && typeof event.row === 'string' ? [event.row] : [])));
