// A second domain for a group that an older one of the same container would have taken: more page tables, and nobody asked for them.
import type { Event, EventOf } from '../core/events.ts';
import type { Detector, Hit, Probe } from '../core/finding.ts';
import type { DomainRecord, World } from '../core/world.ts';
import { duplicateEvidence } from './duplicateEvidence.ts';
import { explainDuplicate } from './duplicateStory.ts';
import { type Answer, quiet, sees, type Table, withEntry, withoutEntry } from './steps.ts';

/** What one task's attach has shown so far. */
interface Attach {
  /** Older domains that the caller's own rule set aside: another driver or coherency flag, made by the user, dying. */
  readonly aside: readonly string[];
  /** Seen when the record was listed; a finding only once the request succeeds. */
  readonly pending: readonly Hit[];
}

type State = Table<Attach>;

const nothing: Attach = { aside: [], pending: [] };

const setAside = (state: State, event: EventOf<'CandidateConsidered'>): State => {
  if (event.tried) return state;
  const { aside, pending } = state[event.task] ?? nothing;
  return withEntry(state, event.task, { aside: [...new Set([...aside, event.domain])].sort(), pending });
};

/** The group that the record is for; a replace lists its page table before it moves the group. */
const groupFor = (world: World, event: EventOf<'RecordListed'>): string | null =>
  event.record.groups[0] ?? (world.tasks[event.task]?.stack.at(-1)?.registers.group as string | undefined) ?? null;

const olderFit = (world: World, event: EventOf<'RecordListed'>, group: string, aside: readonly string[], probe: Probe) =>
  world.containers[event.container]!.records.find(
    (record: DomainRecord) =>
      record.id !== event.record.id &&
      !aside.includes(record.domain) &&
      world.domains[record.domain] !== undefined &&
      probe.refusal(world, group, record.domain) === null,
  );

const listed = (state: State, event: EventOf<'RecordListed'>, world: World, probe: Probe): State => {
  const { aside, pending } = state[event.task] ?? nothing;
  const group = groupFor(world, event);
  const shares = event.record.automatic && world.containers[event.container]!.kind !== 'private';
  const older = shares && group !== null ? olderFit(world, event, group, aside, probe) : undefined;
  const { container, record } = event;
  const subject = { container, record: record.id, domain: record.domain, group: group ?? '', older: older?.domain ?? '' };
  const found = older ? [...pending, { entity: `${container}/${record.domain}`, subject }] : pending;
  return found.length === 0 ? withoutEntry(state, event.task) : withEntry(state, event.task, { aside: [], pending: found });
};

const stillListed = (world: World, { subject }: Hit): boolean =>
  world.containers[subject.container!]!.records.some((record) => record.id === subject.record);

const ended = (state: State, event: EventOf<'RequestEnded'>, world: World): Answer<State> => {
  const pending = event.result === 'OK' ? (state[event.task]?.pending ?? []) : [];
  return sees(withoutEntry(state, event.task), ...pending.filter((hit) => stillListed(world, hit)));
};

const step = (state: State, event: Event, world: World, probe: Probe): Answer<State> => {
  if (event.type === 'CandidateConsidered') return quiet(setAside(state, event));
  if (event.type === 'RecordListed') return quiet(listed(state, event, world, probe));
  if (event.type === 'TaskForgotten') return quiet(withoutEntry(state, event.task));
  return event.type === 'RequestEnded' ? ended(state, event, world) : quiet(state);
};

export const detector: Detector<State> = {
  id: 'duplicate-domain',
  level: 'bug',
  title: 'a second domain, although an older one of the container fits',
  evidence: { kind: 'model', source: 'follows from the rows and the rule of the caller' },
  evidenceFor: duplicateEvidence,
  initial: {},
  hears: ['CandidateConsidered', 'RecordListed', 'TaskForgotten', 'RequestEnded'],
  step,
  explain: explainDuplicate,
};
