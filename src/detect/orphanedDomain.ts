// A domain that was made for a user and that nothing refers to any more: its page tables and ids are lost until reboot.
import type { Event } from '../core/events.ts';
import type { Because, Detector, Hit } from '../core/finding.ts';
import type { World } from '../core/world.ts';
import { conclusion, lastUpTo, linkOf } from './history.ts';
import { quiet, sees } from './steps.ts';

const referredTo = (world: World): Set<unknown> => {
  const groups = Object.values(world.groups).flatMap((group) => [group.domain, group.default, group.blocking]);
  const records = Object.values(world.containers).flatMap((container) => container.records.map((record) => record.domain));
  const registers = Object.values(world.tasks).flatMap((task) => task.stack.flatMap((frame) => Object.values(frame.registers)));
  const parents = Object.values(world.domains).map((domain) => domain.parent);
  return new Set<unknown>([...groups, ...records, ...registers, ...parents]);
};

const orphans = (world: World): Hit[] => {
  const made = Object.values(world.domains).filter(({ type }) => type === 'unmanaged' || type === 'nested');
  if (made.length === 0) return [];
  const known = referredTo(world);
  return made.filter(({ id }) => !known.has(id)).map(({ id }) => ({ entity: id, subject: { domain: id } }));
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

export const detector: Detector<null> = {
  id: 'orphaned-domain',
  level: 'bug',
  title: 'a domain is left that nothing refers to',
  evidence: { kind: 'model', source: 'follows from the workflow of the caller' },
  initial: null,
  step: (state, event, world) => (event.type === 'RequestEnded' ? sees(state, ...orphans(world)) : quiet(state)),
  explain,
};
