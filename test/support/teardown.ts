// What teardown tests share: recorded machines, and what a teardown did as words in its order.
import type { Event } from '../../src/core/events.ts';
import type { Scenario } from '../../src/core/scenario.ts';
import { engineFor, eventsOf, recorded, type Told, told } from './runs.ts';

export const q35 = recorded('6.12-x86_64-intel-basic');
export const virt = recorded('6.12-arm64-smmuv3x3-basic');

export const run = (kernel: string, caller: string, given: Scenario): Told => told(engineFor({ kernel, caller }), given);

/** What a teardown did, in the order that it did it: one word an event, repeated ones once. */
const said = (event: Event): string | null => {
  if (event.type === 'GroupDomainRecorded') return event.domain === `g${event.group}.blocking` ? `det${event.group}` : null;
  if (event.type === 'GroupReleased') return `rel${event.group}`;
  if (event.type === 'DomainUnmapped') return `unmap ${event.domain}`;
  if (event.type === 'DomainFreed') return `free ${event.domain}`;
  if (event.type === 'BackendSet' && event.backend === null) return 'backend-release';
  if (event.type === 'ContainerClosed') return `close ${event.container}`;
  return null;
};

export const story = (events: readonly Event[], from: (event: Event) => boolean = () => true): string[] => {
  const words = events.slice(events.findIndex(from)).flatMap((event) => said(event) ?? []);
  return words.filter((word, index) => word !== words[index - 1]);
};

export const isDetach = (event: Event): boolean => event.type === 'RequestStarted' && event.verb === 'detach';
export const isKill = (event: Event): boolean => event.type === 'TaskKilled';
export const resultsOf = ({ events }: Pick<Told, 'events'>, of = 't0'): string[] =>
  eventsOf(events, 'RequestEnded').flatMap((event) => (event.task === of ? [event.result] : []));
