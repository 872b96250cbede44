// Which candidate domain each task is trying, and the row that refused it last: what the errno detectors judge.
import type { Event, EventOf } from '../core/events.ts';
import type { Class, Errno } from '../core/rows.ts';
import { type Table, withEntry, withoutEntry } from './steps.ts';

export interface Refusal {
  readonly row: string;
  readonly errno: Errno;
  readonly class: Class;
  readonly device: string | null;
}

export interface Try {
  readonly container: string;
  readonly group: string;
  readonly domain: string;
  readonly refusal: Refusal | null;
}

/** By task; a task that tries nothing has no entry. */
export type Tries = Table<Try>;

const refuse = (tries: Tries, event: EventOf<'CheckRefused'>): Tries => {
  const current = tries[event.task];
  if (!current || current.domain !== event.domain || event.errno === '0') return tries;
  const { row, errno, class: meaning, device } = event;
  return withEntry(tries, event.task, { ...current, refusal: { row, errno, class: meaning, device } });
};

/** What changes the tries. */
export const trying: readonly Event['type'][] = ['CheckRefused', 'CandidateConsidered', 'TaskForgotten', 'RequestEnded', 'StepTaken'];

/** The tries after an event. A way back that refuses speaks of another domain and changes nothing. */
export const nextTries = (tries: Tries, event: Event): Tries => {
  if (event.type === 'CheckRefused') return refuse(tries, event);
  if (event.type === 'CandidateConsidered' && event.tried) {
    const { task, container, group, domain } = event;
    return withEntry(tries, task, { container, group, domain, refusal: null });
  }
  if (event.type === 'TaskForgotten') return withoutEntry(tries, event.task);
  const over = event.type === 'CandidateConsidered' || event.type === 'RequestEnded' || (event.type === 'StepTaken' && event.scanned);
  return over ? withoutEntry(tries, event.task) : tries;
};

/** Names what was tried, under any schedule. */
export const tryEntity = ({ container, domain, group }: Try, row: string): string => `${container}/${domain}/${group}/${row}`;
