// Attaches as they come and go in a history, of a run and of a recording alike: each is one row when it ends.
import type { AttachRow, AttachTry } from '../core/attaches.ts';
import type { Event, EventOf } from '../core/events.ts';
import type { World } from '../core/world.ts';

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
  const shown = row.outcome === 'unfinished' ? 'unknown' : row.outcome;
  const found = errno === null ? shown : 'failed';
  const finished = { ...row, outcome: found, errno, tried: decided, ownErrno: errno === null ? null : ownRefusal };
  const duplicate = errno === null ? duplicateOf({ ...row, workflow: _workflow, ownRefusal, tried }) : null;
  return { ...finished, domain: world.groups[row.group]?.domain ?? null, duplicateOf: duplicate };
};

/** Takes the events of one history in order; keeps only the attaches that have not ended. */
export class OpenAttaches {
  readonly #open = new Map<string, OpenAttach>();

  /** The attach that the event ends. The world is as it is after the event. */
  take(event: Event, at: number, world: World): AttachRow | null {
    if (!('task' in event)) return null;
    const open = this.#open.get(event.task);
    if (!open) this.#begin(event, at, world);
    else if (event.type === 'FrameLeft' && event.workflow === open.workflow) return this.#end(open, event.outcome, world);
    else if (event.type === 'TaskForgotten') return this.#end(open, 'lost', world);
    else note(open, event);
    return null;
  }

  #begin(event: Event & { task: string }, at: number, world: World): void {
    if (event.type === 'FrameEntered' && searches.has(event.frame.workflow)) this.#open.set(event.task, begin(event, at, world));
  }

  #end(open: OpenAttach, outcome: string, world: World): AttachRow {
    this.#open.delete(open.task);
    return rowOf(open, outcome, world);
  }

  /** Those that have not ended. */
  unfinished(world: World): AttachRow[] {
    return [...this.#open.values()].map((open) => ({ ...rowOf(open, 'OK', world), outcome: 'unfinished' }));
  }
}
