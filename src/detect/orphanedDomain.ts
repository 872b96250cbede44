// A domain that was made for a user and that nothing refers to any more: its page tables and ids are lost until reboot.
import { ask } from '../core/ask.ts';
import type { Event } from '../core/events.ts';
import type { Because, Detector, Hit } from '../core/finding.ts';
import { holdsName, isOn } from '../core/inHand.ts';
import type { Domain, World } from '../core/world.ts';
import { conclusion, lastUpTo, linkOf } from './history.ts';
import { type Answer, quiet, sees, type Table, withEntry, withoutEntry } from './steps.ts';

/** Domains made for users that live, by their owner: `c0.d1` is of c0. */
type Made = Table<readonly string[]>;

/** A stand-in for the blocking domain stays with its group for ever. */
const isForUsers = ({ id, type }: Domain): boolean => (type === 'unmanaged' || type === 'nested') && !id.endsWith('.blocking');

const ownerOf = (domain: string): string => domain.slice(0, domain.lastIndexOf('.'));

const isReferredTo = ({ groups, containers, tasks, domains }: World, id: string): boolean =>
  Object.values(groups).some((group) => isOn(group, id) || group.default === id || group.blocking === id) ||
  Object.values(containers).some((container) =>
    ask(container, 'records', `has ${id}`, (records) => records.some(({ domain }) => domain === id)),
  ) ||
  Object.values(tasks).some((task) => holdsName(task, id)) ||
  Object.values(domains).some(({ parent }) => parent === id);

const orphans = (world: World, made: readonly string[]): Hit[] =>
  made.filter((id) => !isReferredTo(world, id)).map((id) => ({ entity: id, subject: { domain: id } }));

const changed = (made: Made, domain: string, isMade: boolean): Made => {
  const owner = ownerOf(domain);
  const others = (made[owner] ?? []).filter((id) => id !== domain);
  const next = isMade ? [...others, domain].sort() : others;
  return next.length === 0 ? withoutEntry(made, owner) : withEntry(made, owner, next);
};

/** A request is judged for the domains of its task's own container; the rest when a task ends. */
const step = (made: Made, event: Event, world: World): Answer<Made> => {
  switch (event.type) {
    case 'DomainAllocated':
      return quiet(isForUsers(event.domain) ? changed(made, event.domain.id, true) : made);
    case 'DomainFreed':
      return quiet(changed(made, event.domain, false));
    case 'ContainerForgotten':
      return quiet(withoutEntry(made, event.container));
    case 'RequestEnded':
      return sees(made, ...orphans(world, made[world.tasks[event.task]!.container] ?? []));
    case 'TaskEnded':
      return sees(made, ...orphans(world, Object.values(made).flat()));
    default:
      return quiet(made);
  }
};

const explain = (history: readonly Event[], at: number, { subject }: Hit): Because[] => {
  const { domain } = subject;
  return [
    ...linkOf(
      lastUpTo(history, at, 'DomainAllocated', (event) => event.domain.id === domain),
      () => `${domain} is made`,
    ),
    ...linkOf(
      lastUpTo(history, at, 'RecordUnlisted', (event) => event.record === domain),
      ({ container }) => `${container} drops it from its list`,
    ),
    { at, words: 'the request is over' },
    conclusion(`no container, no group and no task refers to ${domain}: nobody can free it`),
  ];
};

export const detector: Detector<Made> = {
  id: 'orphaned-domain',
  level: 'bug',
  title: 'a domain is left that nothing refers to',
  evidence: { kind: 'model', source: 'follows from the workflow of the caller' },
  initial: {},
  hears: ['DomainAllocated', 'DomainFreed', 'ContainerForgotten', 'RequestEnded', 'TaskEnded'],
  step,
  explain,
};
