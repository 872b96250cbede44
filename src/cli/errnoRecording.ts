// The errno that a recording or a run shows: RUN@N, by the number of an event, or RECORDING@LINE, by a line of its trace.
import { existsSync } from 'node:fs';
import type { Event, EventOf } from '../core/events.ts';
import { Failure } from '../core/failure.ts';
import type { Io } from './command.ts';
import { historyOf, isStored, placeOf } from './histories.ts';

export interface RecordedErrno {
  readonly errno: string;
  readonly call: string;
  /** Profile nearest to the kernel. */
  readonly kernel: string | null;
  readonly group: string | null;
  /** Who refused, in one sentence; null where only the call's own result shows. */
  readonly refusal: string | null;
}

const isFunction = (event: Event): event is EventOf<'FunctionEntered' | 'FunctionLeft'> =>
  event.type === 'FunctionEntered' || event.type === 'FunctionLeft';

/** Index of the event that is meant. */
const indexOf = (events: readonly Event[], at: number, isLine: boolean): number => {
  const index = isLine ? events.findIndex((event) => isFunction(event) && event.line >= at) : at - 1;
  if (index >= 0 && index < events.length) return index;
  throw new Failure(
    'bad-usage',
    `expected ${isLine ? 'a line of the trace' : 'the number of an event'}, found ${at}, which is behind the last`,
  );
};

interface Request {
  readonly call: string;
  readonly result: string;
  readonly events: readonly Event[];
}

/** The request that was going on then, of the task that the event is of. */
const requestAt = (events: readonly Event[], index: number): Request | null => {
  const found = events[index]!;
  if (!('task' in found)) return null;
  const isOwn = (event: Event): boolean => 'task' in event && event.task === found.task;
  const from = events.findLastIndex((event, at) => at <= index && event.type === 'RequestStarted' && isOwn(event));
  const to = events.findIndex((event, at) => at >= index && event.type === 'RequestEnded' && isOwn(event));
  if (from === -1 || to === -1) return null;
  const own = events.slice(from, to + 1).filter(isOwn);
  const calls = own.flatMap((event) => (event.type === 'CallEnded' ? [event] : []));
  const failed = calls.find(({ result }) => result !== 'OK') ?? calls.at(-1);
  return failed ? { call: failed.call, result: failed.result, events: own } : null;
};

const groupOf = (events: readonly Event[]): string | null => {
  for (const event of events) {
    if (event.type === 'GroupClaimed') return event.group;
    const group = event.type === 'FunctionEntered' ? event.arguments['group'] : undefined;
    if (group !== undefined) return group;
    if (event.type === 'FrameEntered' && typeof event.frame.registers['group'] === 'string') return event.frame.registers['group'];
  }
  return null;
};

const refusalWords = ({ row, device, domain, errno }: EventOf<'CheckRefused'>): string =>
  `${row} gave -${errno}${device === null ? '' : ` for ${device}`}${domain === null ? '' : ` on ${domain}`}`;

/** `bad-usage` where there is no failure at that place. */
export const errnoAt = async (io: Io, given: string, store: string | undefined): Promise<RecordedErrno> => {
  const place = placeOf(given);
  if (!place) throw new Failure('bad-usage', `expected RUN@EVENT or RECORDING@LINE, found ${given}`);
  const { name, at } = place;
  const flags = store === undefined ? {} : { store };
  const isLine = !(await isStored(io, name, flags)) && existsSync(name);
  const { events } = await historyOf(io, name, flags);
  const request = requestAt(events, indexOf(events, at, isLine));
  const refusals = request?.events.filter((event) => event.type === 'CheckRefused' && event.errno !== '0') as EventOf<'CheckRefused'>[];
  const errno = request === null ? null : request.result !== 'OK' ? request.result : (refusals[0]?.errno ?? null);
  if (request === null || errno === null) throw new Failure('bad-usage', `expected a failed call there, found none at ${given}`);
  // The innermost function says it first; those around it hand it on.
  const refused = refusals.find((refusal) => refusal.errno === errno);
  const [start] = events;
  const kernel = start?.type === 'RunStarted' ? start.kernel : null;
  return { errno, call: request.call, kernel, group: groupOf(request.events), refusal: refused ? refusalWords(refused) : null };
};
