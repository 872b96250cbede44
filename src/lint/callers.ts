// What callers that try existing domains do with an errno, and what becomes of that when errnos change.
import type { ReturnSite } from '../core/returnSites.ts';
import type { Reaction, ReactionChange, SiteChange } from '../core/treeDifference.ts';

interface SearchingCaller {
  readonly caller: string;
  /** Errnos at which it goes on with the next domain. */
  readonly next: 'any' | readonly string[];
  readonly rule: string;
  /** Only where this contract is judged by. */
  readonly contract?: string;
}

/** Sources: facts, core-and-consumers step 18 (type1) and 3.4 (iommufd); patch v6 5/5 (the seed series). */
const callers: readonly SearchingCaller[] = [
  { caller: 'VFIO type1', next: 'any', rule: 'goes on at any errno' },
  { caller: "iommufd's automatic domain", next: ['EINVAL'], rule: 'goes on at -EINVAL, stops at others' },
  {
    caller: "the seed series' type1",
    next: ['EMEDIUMTYPE'],
    rule: 'goes on at -EMEDIUMTYPE, stops at others',
    contract: 'emediumtype',
  },
];

const reactionTo = (errno: string, next: SearchingCaller['next']): Reaction =>
  errno === '0' ? 'success' : next === 'any' || next.includes(errno) ? 'next' : 'stop';

const reactionOf = (site: ReturnSite | null, next: SearchingCaller['next']): Reaction => {
  if (site === null) return 'absent';
  if (site.errnos.length === 0) return 'unknown';
  const reactions = new Set(site.errnos.map((errno) => reactionTo(errno, next)));
  return reactions.size > 1 ? 'either' : [...reactions][0]!;
};

/** A place that only fresh domains reach is met by no search. */
export const isFreshOnly = ({ before, after }: SiteChange): boolean =>
  [before, after].every((site) => site === null || site.domain === 'fresh');

const reactionsOf = ({ caller, next, rule }: SearchingCaller, changes: readonly SiteChange[]): ReactionChange => {
  const moved = changes
    .map(({ before, after }) => ({ from: reactionOf(before, next), to: reactionOf(after, next) }))
    .filter(({ from, to }) => from !== to);
  const counts = [...Map.groupBy(moved, ({ from, to }) => `${from} ${to}`).values()];
  return { caller, rule, changes: counts.map((same) => ({ ...same[0]!, count: same.length })) };
};

export const callerReactions = (changes: readonly SiteChange[], contract: string): ReactionChange[] => {
  const met = changes.filter((change) => !isFreshOnly(change));
  return callers
    .filter((caller) => caller.contract === undefined || caller.contract === contract)
    .map((caller) => reactionsOf(caller, met));
};
