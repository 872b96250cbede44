// How a duplicate domain came about: the older domain, what refused it, what the caller made of the errno, and what the second one costs.
import { counted } from '../core/counted.ts';
import type { Event } from '../core/events.ts';
import { evolve } from '../core/evolve.ts';
import type { Because, Hit, Probe } from '../core/finding.ts';
import { emptyWorld, type World } from '../core/world.ts';
import { conclusion, errnoText, lastUpTo, linkOf, type Numbered, refusalLinks, searcherOf } from './history.ts';

interface Story {
  readonly kept: Numbered<'RecordListed'>;
  readonly considered: Numbered<'CandidateConsidered'> | null;
}

const storyOf = (history: readonly Event[], at: number, { subject }: Hit): Story => {
  const kept = lastUpTo(history, at, 'RecordListed', ({ record }) => record.id === subject.record)!;
  const considered = lastUpTo(
    history,
    kept.at,
    'CandidateConsidered',
    (event) => event.task === kept.event.task && event.domain === subject.older && event.group === subject.group && event.tried,
  );
  return { kept, considered };
};

/** The refusal of the older domain in the attach that ended with the second one; null when none was tried. */
export const refusalOfOlder = (history: readonly Event[], at: number, hit: Hit): Numbered<'CheckRefused'> | null => {
  const { kept, considered } = storyOf(history, at, hit);
  const scanned = considered && reactionTo(history, considered, kept.at);
  if (!scanned) return null;
  const { task } = kept.event;
  const found = lastUpTo(
    history,
    scanned.at,
    'CheckRefused',
    (event) => event.task === task && event.domain === hit.subject.older && event.errno !== '0',
  );
  return found && found.at > considered.at ? found : null;
};

/** What the caller made of the errno of a candidate: the first verdict of its scan after it. */
const reactionTo = (
  history: readonly Event[],
  considered: Numbered<'CandidateConsidered'>,
  until: number,
): Numbered<'StepTaken'> | null => {
  for (let number = considered.at + 1; number <= until; number++) {
    const event = history[number - 1]!;
    if (event.type === 'StepTaken' && event.task === considered.event.task && event.scanned) return { at: number, event };
  }
  return null;
};

const reactionText = (caller: string, outcome: string): string =>
  `${caller} takes ${errnoText(outcome.replace(/^errno\./, ''))} for "try the next" and goes on`;

export const explainDuplicate = (history: readonly Event[], at: number, hit: Hit, probe: Probe): Because[] => {
  const { domain, older, group, container } = hit.subject as Record<'domain' | 'older' | 'group' | 'container', string>;
  const caller = searcherOf(history);
  const { kept, considered } = storyOf(history, at, hit);
  const earlier = lastUpTo(history, kept.at, 'RecordListed', ({ record }) => record.domain === older);
  const reaction = considered && reactionTo(history, considered, kept.at);
  return [
    ...linkOf(earlier, ({ record }) => `${container} has ${older}, made for group ${record.groups[0] ?? 'none yet'}`),
    ...linkOf(considered, ({ because }) => `${caller} tries it for group ${group}: ${because}`),
    ...refusalLinks(history, refusalOfOlder(history, at, hit), probe),
    ...linkOf(reaction, ({ outcome }) => reactionText(caller, outcome)),
    { at: kept.at, words: `${domain} is kept for group ${group} and listed` },
    conclusion(`no row refuses group ${group} on ${older}: it would have been taken there`),
    conclusion(costOf(history, at, domain)),
  ];
};

/** Ids that rows took for the domain, less those given back. */
const idsTaken = (history: readonly Event[], at: number, domain: string, world: World): number => {
  let taken = 0;
  for (const event of history.slice(0, at)) {
    if (event.type === 'IdTaken' || event.type === 'IdGiven') {
      const about = world.tasks[event.task]?.stack.at(-1)?.registers.domain;
      if (about === domain) taken += event.type === 'IdTaken' ? 1 : -1;
    }
    evolve(world, event);
  }
  return taken;
};

const costOf = (history: readonly Event[], at: number, domain: string): string => {
  const world = emptyWorld();
  const ids = idsTaken(history, at, domain, world);
  const mappings = world.domains[domain]?.mappings.length ?? 0;
  const records = Object.values(world.containers).flatMap((container) => container.records);
  const groups = records.find((record) => record.domain === domain)?.groups.length ?? 0;
  const tables = mappings === 0 ? 'page tables of its own' : `page tables of its own with ${counted(mappings, 'mapping')} replayed`;
  return `cost: ${tables}, ${counted(ids, 'id')} taken, ${counted(groups, 'group')} on it; every later map and unmap is done once more`;
};
