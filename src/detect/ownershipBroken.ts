// What DMA ownership promises and does not hold: one owner, kernel drivers on the default domain only, a group that can be claimed again.
import { ask } from '../core/ask.ts';
import type { Event, EventOf } from '../core/events.ts';
import type { Because, Detector, Hit, Probe } from '../core/finding.ts';
import type { Group, World } from '../core/world.ts';
import { conclusion, inOrder, lastUpTo, linkOf, refusalLinks, refusalsOn, startOf } from './history.ts';
import { settle, settling, type Touched } from './settling.ts';
import { type Answer, quiet, sees, type Table, withEntry, withoutEntry } from './steps.ts';

interface State {
  /** Owner of each owned group: a claim's event does not say who owned the group before. */
  readonly owners: Table<string>;
  readonly touched: Touched;
}

const hit = (group: string, how: string, words: string): Hit => ({ entity: `${group}/${how}`, subject: { group, how, words } });

const isListed = (world: World, group: Group): boolean =>
  Object.values(world.containers).some((container) =>
    ask(container, 'records', `lists ${group.domain} for ${group.id}`, (records) =>
      records.some((record) => record.domain === group.domain && record.groups.includes(group.id)),
    ),
  );

/** What is wrong with a group without an owner that nobody is at work on. */
const judge = (world: World, group: Group): Hit | null => {
  if (group.owner !== null || group.domain === null || group.domain === group.default || group.domain === group.blocking) return null;
  const domain = world.domains[group.domain];
  if (!domain) return hit(group.id, 'unclaimable', `it records ${group.domain}, which was freed: every claim gets -EBUSY for good`);
  const isUsers = domain.type === 'unmanaged' || domain.type === 'nested';
  return isUsers && !isListed(world, group)
    ? hit(group.id, 'unowned', `it stays on ${group.domain}, a user's domain, without an owner`)
    : null;
};

const claimed = ({ owners, touched }: State, event: EventOf<'GroupClaimed'>): Answer<State> => {
  const { group, owner } = event;
  const before = owners[group];
  const state = { owners: withEntry(owners, group, owner), touched };
  return before === undefined || before === owner
    ? quiet(state)
    : sees(state, hit(group, 'second owner', `${owner} owns it beside ${before}`));
};

const bound = (state: State, event: EventOf<'DriverBound'>, world: World): Answer<State> => {
  const { id, domain, default: own } = world.groups[event.group]!;
  if (domain === own) return quiet(state);
  return sees(state, hit(id, 'driver', `a kernel driver binds while it records ${domain ?? 'no domain'}, not its default domain`));
};

const ownersOf = (world: World): Table<string> =>
  Object.fromEntries(Object.values(world.groups).flatMap(({ id, owner }) => (owner === null ? [] : [[id, owner]])));

const owned = (state: State, event: Event, world: World): Answer<State> => {
  if (event.type === 'RunStarted') return quiet({ ...state, owners: ownersOf(event.world) });
  if (event.type === 'GroupClaimed') return claimed(state, event);
  if (event.type === 'DriverBound') return bound(state, event, world);
  if (event.type === 'GroupReleased' && event.count === 0) return quiet({ ...state, owners: withoutEntry(state.owners, event.group) });
  return quiet(state);
};

const step = (state: State, event: Event, world: World): Answer<State> => {
  const next = owned(state, event, world);
  const { state: touched, hits } = settle(state.touched, event, world, (group) => judge(world, group));
  if (next.state === state && touched === state.touched)
    return hits.length + next.hits.length === 0 ? quiet(state) : sees(state, ...next.hits, ...hits);
  return sees({ ...next.state, touched }, ...next.hits, ...hits);
};

const explain = (history: readonly Event[], at: number, { subject }: Hit, probe: Probe): Because[] => {
  const { group, words } = subject as { group: string; words: string };
  const about = (event: { group: string }): boolean => event.group === group;
  const freed = lastUpTo(history, at, 'DomainFreed', ({ recordedBy }) => recordedBy.some((found) => found.group === group));
  const recorded = lastUpTo(history, at, 'GroupDomainRecorded', about);
  const refused = refusalsOn(history, recorded?.at ?? 0, at, group);
  const links = inOrder([
    ...linkOf(lastUpTo(history, at, 'GroupClaimed', about), ({ owner }) => `${owner} claims group ${group}`),
    ...refused.flatMap((found) => refusalLinks(history, found, probe)),
    ...linkOf(recorded, ({ domain }) => `the core records ${domain ?? 'no domain'} for it`),
    ...linkOf(freed, ({ domain }) => `${domain} is freed while the group records it`),
    ...linkOf(lastUpTo(history, at, 'GroupReleased', about), () => 'the claim is given up'),
    ...linkOf(lastUpTo(history, at, 'DriverBound', about), () => 'a kernel driver binds'),
  ]);
  return [...links, conclusion(`group ${group}: ${words}`)];
};

const modelOnly = { kind: 'model', source: 'follows from the rows' } as const;

export const detector: Detector<State> = {
  id: 'ownership-broken',
  level: 'bug',
  title: 'DMA ownership of a group does not hold what it promises',
  evidence: modelOnly,
  evidenceFor: (history, _at, { subject }) =>
    startOf(history).kernel.startsWith('6.1.y') && subject.how !== 'second owner'
      ? {
          kind: 'read',
          source: 'iommu.c: iommu_device_use_default_domain:3126-3149, iommu_group_claim_dma_owner:3206-3236 (linux 6.1.192)',
        }
      : modelOnly,
  initial: { owners: {}, touched: {} },
  hears: ['RunStarted', ...settling],
  step,
  explain,
};
