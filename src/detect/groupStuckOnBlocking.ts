// A group that nobody owns and whose DMA is blocked, or whose devices are not where the record says: nothing moves it back by itself.
import type { Event } from '../core/events.ts';
import type { Detector, Hit, Probe } from '../core/finding.ts';
import type { Group, World } from '../core/world.ts';
import { conclusion, errnoText, inOrder, lastUpTo, linkOf, refusalLinks, refusalsOn } from './history.ts';
import { settle, settling, type Touched } from './settling.ts';

const blockedDevice = (world: World, group: Group): string | null =>
  group.devices.find((id) => {
    const device = world.devices[id]!;
    return device.iommu !== null && (device.phase === 'blocked' || device.phase === 'idle');
  }) ?? null;

/** What is wrong with a group that nobody is at work on; null: nothing. */
const stuck = (world: World, group: Group): string | null => {
  if (group.owner !== null) return null;
  if (group.phase === 'onBlocking') return 'the record is its blocking domain';
  if (group.phase === 'lost' && group.default !== null) return 'it records no domain';
  const isOnDefault = group.default !== null && group.domain === group.default;
  const device = isOnDefault ? blockedDevice(world, group) : null;
  return device === null ? null : `the record is the default domain, but ${device} is not on it`;
};

const judge = (world: World, group: Group): Hit | null => {
  const state = stuck(world, group);
  return state === null ? null : { entity: group.id, subject: { group: group.id, state } };
};

const explain = (history: readonly Event[], at: number, { subject }: Hit, probe: Probe) => {
  const { group, state } = subject as { group: string; state: string };
  const released = lastUpTo(history, at, 'GroupReleased', (event) => event.group === group);
  const recorded = lastUpTo(history, at, 'GroupDomainRecorded', (event) => event.group === group);
  const end = history[at - 1]!;
  const result = end.type === 'RequestEnded' ? end.result : 'OK';
  const links = inOrder([
    ...linkOf(released, () => `nobody owns group ${group} any more`),
    ...refusalLinks(history, refusalsOn(history, 0, at, group).at(-1) ?? null, probe),
    ...linkOf(recorded, ({ domain }) => `the core records ${domain ?? 'no domain'} for the group`),
  ]);
  return [
    ...links,
    { at, words: `the request is over: ${result === 'OK' ? '0' : errnoText(result)}` },
    conclusion(`${state}; DMA of the group faults until an attach succeeds`),
  ];
};

export const detector: Detector<Touched> = {
  id: 'group-stuck-on-blocking',
  level: 'bug',
  title: 'a group that nobody owns is left without its default domain',
  evidence: {
    kind: 'read',
    source:
      'iommu.c: iommu_group_release_dma_owner:3239-3259 (linux 6.1.192), __iommu_release_dma_ownership, __iommu_group_set_domain_internal:2246-2369 (linux 6.12.117)',
  },
  initial: {},
  hears: settling,
  step: (touched, event, world) => settle(touched, event, world, (group) => judge(world, group)),
  explain,
};
