// Devices of one group on different domains when a request is over: the group no longer shares one address space.
import type { Event } from '../core/events.ts';
import type { Because, Detector, Hit, Probe } from '../core/finding.ts';
import type { Group, World } from '../core/world.ts';
import { conclusion, inOrder, lastUpTo, linkOf, refusalLinks, refusalsOn } from './history.ts';
import { settle, settling, type Touched } from './settling.ts';

const served = (world: World, group: Group): string[] => group.devices.filter((id) => world.devices[id]!.iommu !== null);

const judge = (world: World, group: Group): Hit | null => {
  const devices = served(world, group);
  const domains = new Set(devices.map((id) => world.devices[id]!.domain));
  if (domains.size < 2) return null;
  const places = devices.map((id) => `${id} on ${world.devices[id]!.domain ?? 'none'}`).join(', ');
  return { entity: group.id, subject: { group: group.id, devices: devices.join(' '), places } };
};

const explain = (history: readonly Event[], at: number, { subject }: Hit, probe: Probe): Because[] => {
  const { group, devices, places } = subject as { group: string; devices: string; places: string };
  const ids = devices.split(' ');
  const attached = ids.flatMap((id) =>
    linkOf(
      lastUpTo(history, at, 'DeviceAttached', (event) => event.device === id),
      (event) => `${id} goes to ${event.domain}`,
    ),
  );
  const links = inOrder([...attached, ...refusalLinks(history, refusalsOn(history, 0, at, group).at(-1) ?? null, probe)]);
  return [...links, conclusion(`group ${group} is split: ${places}`)];
};

export const detector: Detector<Touched> = {
  id: 'group-split',
  level: 'bug',
  title: 'devices of one group are on different domains',
  evidence: {
    kind: 'read',
    source: 'iommu.c: __iommu_group_set_domain:2140-2177 (linux 6.1.192), __iommu_group_set_domain_internal:2246-2369 (linux 6.12.117)',
  },
  initial: {},
  hears: settling,
  step: (touched, event, world) => settle(touched, event, world, (group) => judge(world, group)),
  explain,
};
