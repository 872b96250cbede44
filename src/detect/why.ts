// Answers why a group is on its domain and on no other, from the events of a run: what was tried, who refused it, what was kept.
import type { Event, EventOf } from '../core/events.ts';
import { evolve } from '../core/evolve.ts';
import type { Probe } from '../core/finding.ts';
import type { Why, WhyCandidate, WhyGroup, WhyRefusal } from '../core/why.ts';
import { emptyWorld, isPathFrame, type World } from '../core/world.ts';
import { failureBehind, startOf } from './history.ts';

type Changing<T> = { -readonly [K in keyof T]: T[K] };
type OpenCandidate = Changing<WhyCandidate>;
type OpenGroup = Omit<Changing<WhyGroup>, 'candidates' | 'refusals'> & { candidates: OpenCandidate[]; refusals: WhyRefusal[] };
type OpenWhy = Omit<Changing<Why>, 'groups'> & { groups: OpenGroup[] };

/** What is known while the history is read. */
interface Reader {
  readonly history: readonly Event[];
  readonly probe: Pick<Probe, 'citation' | 'words'>;
  readonly world: World;
  readonly open: Map<string, OpenWhy>;
}

const attaching = ['attach', 'replace', 'set-container', 'set-iommu'];

const begin = ({ history, world, open }: Reader, event: EventOf<'RequestStarted'>, at: number): OpenWhy => {
  const start = startOf(history);
  const kernel = start.recorded === undefined ? start.kernel : `linux ${start.recorded}`.trimEnd();
  const { task, request, verb, target } = event;
  const own = world.tasks[task]?.caller || start.caller;
  const caller = own === start.caller && start.above !== undefined ? `${own} above ${start.above}` : own;
  const why: OpenWhy = { task, request: request + 1, verb, target, caller, kernel, from: at, to: null, result: null, groups: [] };
  open.set(task, why);
  return why;
};

const groupOf = (why: OpenWhy, id: string): OpenGroup => {
  const known = why.groups.find(({ group }) => group === id);
  if (known) return known;
  const made: OpenGroup = { group: id, candidates: [], refusals: [], kept: null, how: 'unchanged' };
  why.groups.push(made);
  return made;
};

const tried = (why: OpenWhy): { group: OpenGroup; candidate: OpenCandidate } | null => {
  for (const group of why.groups) {
    const candidate = group.candidates.findLast(({ fate }) => fate === 'undecided');
    if (candidate) return { group, candidate };
  }
  return null;
};

const consider = (why: OpenWhy, event: EventOf<'CandidateConsidered'>, at: number): void => {
  const { domain, because, group } = event;
  const fate = event.tried ? 'undecided' : 'skipped';
  groupOf(why, group).candidates.push({ at, domain, fate, because, refusal: null, errno: null, reaction: null, reactionAt: null });
};

/** The driver whose path the task is in; a row of the core by its name; else the caller. */
const decider = (world: World, task: string, row: string, caller: string): string => {
  const top = world.tasks[task]?.stack.at(-1);
  if (top && isPathFrame(top)) return `driver ${top.driver}`;
  return row.startsWith('core-') ? 'core' : `caller ${caller}`;
};

const refusalOf = (reader: Reader, event: EventOf<'CheckRefused'>, at: number, caller: string): WhyRefusal => {
  const { row, errno, device, domain, values, class: meaning } = event;
  const behind = failureBehind(reader.history, { at, event })?.event;
  const { citation, words } = reader.probe;
  const allocation =
    behind?.type === 'AllocationFailed' ? { site: behind.site, gfp: behind.gfp, n: behind.n, plausible: behind.plausible } : null;
  const isRecorded = startOf(reader.history).recorded !== undefined;
  const by = isRecorded ? 'the recorded kernel' : decider(reader.world, event.task, row, caller);
  return { at, row, errno, class: meaning, device, domain, values, by, citation: citation(row), words: words?.(row) ?? null, allocation };
};

/** A refusal of the candidate being tried, or of anything else that is done for a group. */
const refuse = (reader: Reader, why: OpenWhy, event: EventOf<'CheckRefused'>, at: number): void => {
  const refusal = refusalOf(reader, event, at, why.caller);
  const now = tried(why);
  if (now && event.domain === now.candidate.domain) now.candidate.refusal = refusal;
  else {
    const device = event.device === null ? undefined : reader.world.devices[event.device]?.group;
    const id = device ?? why.groups.at(-1)?.group ?? reader.world.devices[why.target ?? '']?.group ?? why.target;
    if (id !== null) groupOf(why, id).refusals.push(refusal);
  }
};

const react = (why: OpenWhy, event: EventOf<'StepTaken'>, at: number): void => {
  const now = tried(why);
  if (!now || !event.scanned) return;
  const { candidate } = now;
  Object.assign(candidate, { fate: 'refused', errno: event.outcome.replace(/^errno\./, ''), reaction: event.scanned, reactionAt: at });
};

const join = (why: OpenWhy, id: string, domain: string): void => {
  const group = groupOf(why, id);
  const candidate = group.candidates.findLast((found) => found.domain === domain && found.fate === 'undecided');
  if (!candidate) return;
  candidate.fate = 'joined';
  group.how = 'joined';
};

const domainOf = (world: World, pageTable: string | null): string | null =>
  Object.values(world.containers)
    .flatMap(({ records }) => records)
    .find(({ id }) => id === pageTable)?.domain ?? null;

const note = (reader: Reader, why: OpenWhy, event: Event, at: number): void => {
  const { world } = reader;
  if (event.type === 'CandidateConsidered') consider(why, event, at);
  else if (event.type === 'CheckRefused' && event.errno !== '0') refuse(reader, why, event, at);
  else if (event.type === 'StepTaken') react(why, event, at);
  else if (event.type === 'GroupClaimed') groupOf(why, event.group);
  else if (event.type === 'RecordGroupAdded') join(why, event.group, domainOf(world, event.record) ?? event.record);
  else if (event.type === 'PageTableJoined') join(why, event.group, domainOf(world, event.pageTable) ?? '');
  else if (event.type === 'RecordListed') list(why, event, world);
};

/** A replace lists its page table before the group is on it; the group is then the request's. */
const list = (why: OpenWhy, event: EventOf<'RecordListed'>, world: World): void => {
  const id = event.record.groups[0] ?? why.groups.at(-1)?.group ?? world.devices[why.target ?? '']?.group ?? why.target;
  if (id !== null) groupOf(why, id).how = 'fresh';
};

const finish = ({ world, open }: Reader, why: OpenWhy, event: EventOf<'RequestEnded'>, at: number): void => {
  open.delete(why.task);
  why.to = at;
  why.result = event.result;
  for (const group of why.groups) {
    group.kept = world.groups[group.group]?.domain ?? null;
    if (event.result !== 'OK') group.how = 'unchanged';
  }
};

/** Every request of a history that attaches, in order. */
export const whyOf = (history: readonly Event[], probe: Pick<Probe, 'citation' | 'words'>): Why[] => {
  const reader: Reader = { history, probe, world: emptyWorld(), open: new Map() };
  const found: OpenWhy[] = [];
  history.forEach((event, index) => {
    evolve(reader.world, event);
    if (event.type === 'RequestStarted' && attaching.includes(event.verb)) found.push(begin(reader, event, index + 1));
    const why = 'task' in event ? reader.open.get(event.task) : undefined;
    if (!why) return;
    if (event.type === 'RequestEnded') finish(reader, why, event, index + 1);
    else note(reader, why, event, index + 1);
  });
  return found;
};
