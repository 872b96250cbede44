// Looking back in a history, and the links of because-chains that several detectors share. Event numbers count from 1.
import type { Event, EventOf, EventType } from '../core/events.ts';
import { evolve } from '../core/evolve.ts';
import { assert } from '../core/failure.ts';
import type { Because, Probe } from '../core/finding.ts';
import { emptyWorld, type World } from '../core/world.ts';

export interface Numbered<T extends EventType = EventType> {
  readonly at: number;
  readonly event: EventOf<T>;
}

/** A history whose first events were let go has a function here: it is told the type of each event that was looked for in vain. */
export const fruitless: unique symbol = Symbol('fruitless');

const toldInVain = (history: readonly Event[], type: EventType): void =>
  (history as { readonly [fruitless]?: (type: EventType) => void })[fruitless]?.(type);

/** The last event of a type up to and including number `at`, that `matches`. */
export const lastUpTo = <T extends EventType>(
  history: readonly Event[],
  at: number,
  type: T,
  matches: (event: EventOf<T>) => boolean = () => true,
): Numbered<T> | null => {
  for (let number = at; number >= 1; number--) {
    const event = history[number - 1]!;
    if (event.type === type && matches(event as EventOf<T>)) return { at: number, event: event as EventOf<T> };
  }
  toldInVain(history, type);
  return null;
};

/** All events of a type numbered from `from` to `to`, both included. */
export const allWithin = <T extends EventType>(history: readonly Event[], from: number, to: number, type: T): Numbered<T>[] =>
  history.slice(from - 1, to).flatMap((event, index) => (event.type === type ? [{ at: from + index, event: event as EventOf<T> }] : []));

export const startOf = (history: readonly Event[]): EventOf<'RunStarted'> => {
  const first = history[0];
  assert(first?.type === 'RunStarted', 'a history begins with RunStarted');
  return first;
};

/** The caller whose search in the kernel the events show. */
export const searcherOf = (history: readonly Event[]): string => {
  const { caller, above } = startOf(history);
  return above ?? caller;
};

/** The world after event number `at`. */
export const worldAfter = (history: readonly Event[], at: number): World => {
  const world = emptyWorld();
  for (const event of history.slice(0, at)) evolve(world, event);
  return world;
};

/** The events of the request that event number `at` of a task belongs to begin here. */
export const requestStart = (history: readonly Event[], at: number, task: string): number =>
  lastUpTo(history, at, 'RequestStarted', (event) => event.task === task)?.at ?? 1;

export const errnoText = (errno: string): string => (/^E[A-Z0-9]+$/.test(errno) ? `-${errno}` : errno);

/** `domain_attach_iommu:1506` → `domain_attach_iommu() line 1506`. */
export const siteText = (site: string): string => site.replace(/^(\w+):(\d+)/, '$1() line $2');

const allocationText = (event: EventOf<'AllocationFailed'>): string => {
  const count = event.n === null ? '' : `, allocation ${event.n} of the call`;
  const about = event.device === null ? '' : ` for ${event.device}`;
  return `${siteText(event.site)} gets no memory${about} (${event.gfp}${count}): ${errnoText(event.outcome)}`;
};

const refusalText = (event: EventOf<'CheckRefused'>, probe: Probe): string => {
  const about = event.device === null ? '' : ` for ${event.device}`;
  return `${event.row} refuses${about} with ${errnoText(event.errno)} (${event.class}): ${probe.citation(event.row)}`;
};

/** The allocation or kernel API that failed right before a refusal and made it; null when a check refused. */
export const failureBehind = (history: readonly Event[], refused: Numbered<'CheckRefused'>): Numbered | null => {
  const { task, row } = refused.event;
  for (let number = refused.at - 1; number >= 1; number--) {
    const event = history[number - 1]!;
    if (!('task' in event) || event.task !== task || event.type === 'KernelPrinted') continue;
    const isBehind = (event.type === 'AllocationFailed' || event.type === 'ApiFailed') && event.row === row;
    return isBehind ? { at: number, event } : null;
  }
  return null;
};

/** A refusal, and before it the failed allocation that made it. */
export const refusalLinks = (history: readonly Event[], refused: Numbered<'CheckRefused'> | null, probe: Probe): Because[] => {
  if (!refused) return [];
  const behind = failureBehind(history, refused);
  const link = { at: refused.at, words: refusalText(refused.event, probe) };
  if (behind?.event.type === 'AllocationFailed') return [{ at: behind.at, words: allocationText(behind.event) }, link];
  if (behind?.event.type === 'ApiFailed') {
    const { api, errno, on } = behind.event;
    return [{ at: behind.at, words: `${api} gives ${errnoText(errno)}${on === null ? '' : ` on ${on}`}` }, link];
  }
  return [link];
};

/** Refusals on devices of a group after number `from`, up to `at`. */
export const refusalsOn = (history: readonly Event[], from: number, at: number, group: string): Numbered<'CheckRefused'>[] => {
  const devices = startOf(history).world.groups[group]?.devices ?? [];
  return allWithin(history, from + 1, at, 'CheckRefused').filter(
    ({ event }) => event.device !== null && devices.includes(event.device) && event.errno !== '0',
  );
};

/** Links in the order of their events. */
export const inOrder = (links: readonly Because[]): Because[] => links.toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0));

/** A link for an event when it was found. */
export const linkOf = <T extends EventType>(found: Numbered<T> | null, words: (event: EventOf<T>) => string): Because[] =>
  found ? [{ at: found.at, words: words(found.event) }] : [];

export const conclusion = (words: string): Because => ({ at: null, words });
