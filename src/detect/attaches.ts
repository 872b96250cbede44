// Reads off a history what each attach came to, of a run and of a recording alike; who claimed and released groups; how long domains lived.
import type { Attaches, AttachRow, AttachTry, DomainLife, OwnershipRow } from '../core/attaches.ts';
import type { Event, EventOf } from '../core/events.ts';
import { evolve } from '../core/evolve.ts';
import { emptyWorld, type World } from '../core/world.ts';

/** Workflows that attach one group, or one device, and search for a domain. */
const searches: ReadonlySet<string> = new Set(['type1Attach', 'attachPt', 'replacePt']);

type Changing<T> = { -readonly [K in keyof T]: T[K] };
type OpenTry = Changing<AttachTry> & { decided: boolean };
interface OpenAttach extends Omit<Changing<AttachRow>, 'tried'> {
  readonly workflow: string;
  readonly tried: OpenTry[];
  /** The last refusal of the domain of its own. */
  ownRefusal: string | null;
}

const begin = (event: EventOf<'FrameEntered'>, at: number, world: World): OpenAttach => {
  const { workflow, registers } = event.frame;
  const { container, group, device } = registers as Record<string, string | null | undefined>;
  const owner = group ?? world.devices[device ?? '']?.group ?? '';
  const known = { task: event.task, call: world.tasks[event.task]?.call ?? null, container: container ?? '', group: owner };
  const devices = workflow === 'type1Attach' || device == null ? [...(world.groups[owner]?.devices ?? [])] : [device];
  const nothing = { line: null, time: null, errno: null, own: null, ownErrno: null, domain: null, duplicateOf: null, ownRefusal: null };
  return { ...nothing, ...known, workflow, at, devices, outcome: 'unfinished', tried: [] };
};

const consider = (open: OpenAttach, { container, domain, tried }: EventOf<'CandidateConsidered'>): void => {
  open.container = container;
  if (tried) open.tried.push({ domain, errno: null, class: null, by: null, decided: false });
};

const refuse = (open: OpenAttach, event: EventOf<'CheckRefused'>): void => {
  if (event.errno === '0') return;
  const now = open.tried.findLast(({ decided }) => !decided);
  if (now && event.domain === now.domain) Object.assign(now, { class: event.class, by: event.row });
  else if (open.own !== null && event.domain === open.own) open.ownRefusal = event.errno;
};

const decide = (open: OpenAttach, errno: string | null): void => {
  const now = open.tried.findLast(({ decided }) => !decided);
  if (now) Object.assign(now, { errno, decided: true });
};

const note = (open: OpenAttach, event: Event): void => {
  if (event.type === 'CandidateConsidered') consider(open, event);
  else if (event.type === 'CheckRefused') refuse(open, event);
  else if (event.type === 'StepTaken' && event.scanned) decide(open, event.outcome.replace(/^errno\./, ''));
  else if (event.type === 'RecordGroupAdded') join(open);
  else if (event.type === 'PageTableJoined' && event.pageTable !== null && open.outcome !== 'kept') join(open);
  else if (event.type === 'DomainAllocated' && event.domain.type === 'unmanaged') open.own = event.domain.id;
  else if (event.type === 'RecordListed') Object.assign(open, { outcome: 'kept', container: event.container });
  else if (event.type === 'FunctionEntered' && open.line === null) Object.assign(open, { line: event.line, time: event.time });
};

const join = (open: OpenAttach): void => {
  decide(open, null);
  open.outcome = 'joined';
};

/** A refusal that says nothing of the domain left the caller with one more. */
const duplicateOf = ({ outcome, tried }: OpenAttach): AttachTry | null =>
  outcome === 'kept' ? (tried.find(({ errno, class: meaning }) => errno !== null && meaning !== 'incompatible') ?? null) : null;

const rowOf = ({ workflow: _workflow, ownRefusal, tried, ...row }: OpenAttach, outcome: string, world: World): AttachRow => {
  const errno = outcome.startsWith('errno.') ? outcome.slice('errno.'.length) : null;
  const decided = tried.map(({ decided: _decided, ...rest }) => rest);
  const found = errno === null ? row.outcome : 'failed';
  const finished = { ...row, outcome: found, errno, tried: decided, ownErrno: errno === null ? null : ownRefusal };
  const duplicate = errno === null ? duplicateOf({ ...row, workflow: _workflow, ownRefusal, tried }) : null;
  return { ...finished, domain: world.groups[row.group]?.domain ?? null, duplicateOf: duplicate };
};

class Reader {
  readonly world = emptyWorld();
  readonly rows: AttachRow[] = [];
  readonly ownership: OwnershipRow[] = [];
  readonly lives = new Map<string, Changing<DomainLife> & { groups: string[] }>();
  readonly ended: DomainLife[] = [];
  readonly gaps: EventOf<'RecordingGap'>[] = [];
  readonly #open = new Map<string, OpenAttach>();
  readonly #last = new Map<string, { line: number; time: number }>();

  take(event: Event, at: number): void {
    evolve(this.world, event);
    if (event.type === 'RecordingGap') this.#gap(event);
    if (!('task' in event)) return;
    if (event.type === 'FunctionEntered') this.#last.set(event.task, event);
    const open = this.#open.get(event.task);
    if (event.type === 'FrameEntered' && searches.has(event.frame.workflow) && !open)
      this.#open.set(event.task, begin(event, at, this.world));
    else if (open && event.type === 'FrameLeft' && event.workflow === open.workflow) this.#close(open, event.outcome);
    else if (open) note(open, event);
    this.#own(event, at);
    this.#live(event, at);
  }

  #gap(event: EventOf<'RecordingGap'>): void {
    this.gaps.push(event);
  }

  #close(open: OpenAttach, outcome: string): void {
    this.#open.delete(open.task);
    this.rows.push(rowOf(open, outcome, this.world));
  }

  #own(event: Event & { task: string }, at: number): void {
    const place = this.#last.get(event.task) ?? { line: null, time: null };
    const { task } = event;
    const row = (group: string, what: OwnershipRow['what'], by: string): void => {
      this.ownership.push({ at, line: place.line, time: place.time, task, group, what, by });
    };
    if (event.type === 'GroupClaimed') row(event.group, 'claimed', event.owner);
    else if (event.type === 'GroupReleased') row(event.group, 'released', this.world.groups[event.group]?.owner ?? '');
    else if (event.type === 'RecordGroupRemoved') row(event.group, 'detached', event.container);
    else if (event.type === 'CheckRefused' && event.row.startsWith('core-claim') && event.errno !== '0')
      row(event.row, 'refused', event.errno);
  }

  #live(event: Event & { task: string }, at: number): void {
    if (event.type === 'DomainAllocated') {
      const { id: domain, type } = event.domain;
      this.lives.set(domain, { domain, type, from: at, to: null, groups: [], isOlder: event.domain.phase !== 'allocated' });
    } else if (event.type === 'GroupDomainRecorded' && event.domain !== null) {
      const life = this.lives.get(event.domain);
      if (life && !life.groups.includes(event.group)) life.groups.push(event.group);
    } else if (event.type === 'DomainFreed') {
      const life = this.lives.get(event.domain);
      if (life) this.ended.push({ ...life, to: at });
      this.lives.delete(event.domain);
    }
  }

  get attaches(): Attaches {
    const unfinished = [...this.#open.values()].map((open) => ({ ...rowOf(open, 'OK', this.world), outcome: 'unfinished' as const }));
    const domains = [...this.ended, ...this.lives.values()].sort((a, b) => a.from - b.from);
    return { attaches: [...this.rows, ...unfinished], ownership: this.ownership, domains, gaps: this.gaps };
  }
}

export const attachesOf = (history: Iterable<Event>): Attaches => {
  const reader = new Reader();
  let at = 0;
  for (const event of history) reader.take(event, ++at);
  return reader.attaches;
};
