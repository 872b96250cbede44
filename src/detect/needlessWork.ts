// A domain that is made and freed within one request that succeeds: work, ids and group switches that another order would not need.
import type { Event, EventOf } from '../core/events.ts';
import type { Because, Detector, Hit } from '../core/finding.ts';
import { allWithin, conclusion, lastUpTo, linkOf, requestStart } from './history.ts';
import { type Answer, quiet, sees, type Table, withEntry, withoutEntry } from './steps.ts';

interface Made {
  readonly made: readonly string[];
  readonly wasted: readonly string[];
}

/** By task, while its request is in progress. */
type State = Table<Made>;

const nothing: Made = { made: [], wasted: [] };

const allocated = (state: State, { task, domain }: EventOf<'DomainAllocated'>): State => {
  const { made, wasted } = state[task] ?? nothing;
  return domain.type === 'unmanaged' ? withEntry(state, task, { made: [...made, domain.id], wasted }) : state;
};

const freed = (state: State, { task, domain }: EventOf<'DomainFreed'>): State => {
  const { made, wasted } = state[task] ?? nothing;
  return made.includes(domain) ? withEntry(state, task, { made: made.filter((id) => id !== domain), wasted: [...wasted, domain] }) : state;
};

const ended = (state: State, { task, target, result }: EventOf<'RequestEnded'>): Answer<State> => {
  const wasted = result === 'OK' ? (state[task]?.wasted ?? []) : [];
  const hits = wasted.map((domain): Hit => ({ entity: `${target ?? task}/${domain}`, subject: { target: target ?? '', domain } }));
  return sees(withoutEntry(state, task), ...hits);
};

const step = (state: State, event: Event): Answer<State> => {
  if (event.type === 'DomainAllocated') return quiet(allocated(state, event));
  if (event.type === 'DomainFreed') return quiet(freed(state, event));
  if (event.type === 'TaskForgotten') return quiet(withoutEntry(state, event.task));
  return event.type === 'RequestEnded' ? ended(state, event) : quiet(state);
};

const explain = (history: readonly Event[], at: number, { subject }: Hit): Because[] => {
  const { domain } = subject as { domain: string };
  const { task } = history[at - 1] as EventOf<'RequestEnded'>;
  const from = requestStart(history, at, task);
  const own = <T extends { task: string }>({ event }: { event: T }): boolean => event.task === task;
  const made = lastUpTo(history, at, 'DomainAllocated', (event) => event.domain.id === domain);
  const dropped = lastUpTo(history, at, 'DomainFreed', (event) => event.domain === domain);
  const attaches = allWithin(history, from, at, 'DeviceAttached').filter(own);
  const onIt = attaches.filter(({ event }) => event.domain === domain).length;
  const ids = allWithin(history, from, at, 'IdTaken').filter(own).length;
  return [
    ...linkOf(made, () => `${domain} is made`),
    ...linkOf(dropped, () => `${domain} is freed`),
    conclusion(`in between ${onIt} of the request's ${attaches.length} device attaches go to it; the request takes ${ids} ids`),
  ];
};

export const detector: Detector<State> = {
  id: 'needless-work',
  level: 'cost',
  title: 'a domain is made and freed again by one attach that succeeds',
  evidence: { kind: 'read', source: 'the workflow of the caller' },
  initial: {},
  hears: ['DomainAllocated', 'DomainFreed', 'TaskForgotten', 'RequestEnded'],
  step,
  explain,
};
