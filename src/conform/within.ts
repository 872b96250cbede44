// Which calls of a program's log a trace can show: a trace that was cut or overwritten lacks some, one of another clock lacks all.
import type { Event } from '../core/events.ts';
import type { ProgramCall } from '../recordings/kernel/programCalls.ts';
import { pidOf } from '../recordings/kernel/thread.ts';
import type { SessionResult } from './session.ts';
import type { Session } from './sessions.ts';

/** Calls in which functions of the kernel run that every recording of attaches has probes on. */
const working: ReadonlySet<string> = new Set([
  'VFIO_GROUP_SET_CONTAINER',
  'VFIO_SET_IOMMU',
  'VFIO_DEVICE_BIND_IOMMUFD',
  'VFIO_DEVICE_ATTACH_IOMMUFD_PT',
]);

const works = ({ op, errno }: ProgramCall): boolean => working.has(op) && errno === null;

/** Traces print microseconds, cut off. */
const microsecond = 1000;

/** Fewer calls than this say nothing about the clock. */
const FEW = 4;

interface Shown {
  readonly first: number;
  readonly last: number;
  /** It begins, or ends, within a call. */
  readonly isCutBefore: boolean;
  readonly isCutBehind: boolean;
  /** When a function was entered, by thread. */
  readonly byThread: ReadonlyMap<number, readonly number[]>;
}

const shownIn = (events: readonly Event[]): Shown => {
  const seen = events.filter((event) => event.type === 'FunctionEntered' || event.type === 'FunctionLeft');
  const byThread = new Map<number, number[]>();
  for (const { type, task, time } of seen) {
    if (type === 'FunctionLeft') continue;
    const times = byThread.get(pidOf(task));
    if (times) times.push(time);
    else byThread.set(pidOf(task), [time]);
  }
  const isGap = (event: Event, what: string): boolean => event.type === 'RecordingGap' && event.what === what;
  const begins = events.findIndex(({ type }) => type === 'FunctionEntered');
  const ends = events.findLastIndex(({ type }) => type === 'FunctionEntered' || type === 'FunctionLeft');
  const isCut = {
    isCutBefore: events.slice(0, Math.max(begins, 0)).some((event) => isGap(event, 'unmatched-return')),
    isCutBehind: events.slice(ends + 1).some((event) => isGap(event, 'unmatched-entry')),
  };
  return { first: seen[0]?.time ?? 0, last: seen.at(-1)?.time ?? 0, ...isCut, byThread };
};

const isShown = ({ pid, start, end }: ProgramCall, { byThread }: Shown): boolean =>
  (byThread.get(pid) ?? []).some((time) => time >= start - microsecond && time <= end + microsecond);

const isSeen = (calls: readonly ProgramCall[], shown: Shown): boolean => calls.length === 0 || calls.some((call) => isShown(call, shown));

/** Most calls that must show something show nothing. */
const isApart = (calls: readonly ProgramCall[], shown: Shown): boolean => {
  const must = calls.filter(works);
  return must.length >= FEW && must.filter((call) => isShown(call, shown)).length * 2 < must.length;
};

/** What a session was before the trace began is unknown: none of its calls can be compared. */
const isBegunBefore = ({ calls }: Session, { first, isCutBefore }: Shown, ops: ReadonlySet<string>): boolean =>
  calls.some(({ call }) => works(call) && ops.has(call.op) && (isCutBefore ? call.start : call.end) < first);

/** The part of a session that the trace shows. */
export interface Shorter {
  readonly session: Session;
  /** When the first call began that the trace shows in part only; null: it shows all of them to their ends. */
  readonly openFrom: number | null;
}

const until = (session: Session, last: number): Shorter => {
  const open = session.calls.filter(({ call }) => call.end > last).map(({ call }) => call.start);
  return {
    session: { ...session, calls: session.calls.filter(({ call }) => call.end <= last) },
    openFrom: open.length === 0 ? null : Math.min(...open),
  };
};

/** What differs beside a call that the trace shows in part may differ by that call: it is left out, with all behind it. */
export const decided = (result: SessionResult, { openFrom }: Shorter): SessionResult => {
  const { mismatch, reruns, calls } = result;
  if (mismatch === null || openFrom === null || mismatch.call.observed.call.end < openFrom) return result;
  const left = reruns.slice(0, mismatch.callsAgreed);
  const skipped = calls.filter(({ translated }) => 'skipped' in translated);
  return { ...result, mismatch: null, asFar: [], reruns: left, calls: [...skipped, ...left.map(({ call }) => call)] };
};

export interface Within {
  readonly sessions: readonly Shorter[];
  readonly isApart: boolean;
}

/** Only for calls from a log: those that a trace shows itself are in it. */
export const sessionsWithin = (sessions: readonly Session[], events: readonly Event[]): Within => {
  const all = sessions.flatMap(({ calls }) => calls.map(({ call }) => call));
  const shown = shownIn(events);
  const must = all.filter((call) => works(call) && call.end >= shown.first && call.start <= shown.last);
  if (isApart(all, shown) && (must.length === 0 || isApart(must, shown))) return { sessions: [], isApart: true };
  // A call that is never seen at work has no probe.
  const ops = new Set(
    [...working].filter((op) =>
      isSeen(
        must.filter((call) => call.op === op),
        shown,
      ),
    ),
  );
  const goesOn = shown.isCutBehind || all.some((call) => works(call) && ops.has(call.op) && call.start > shown.last);
  const last = goesOn ? shown.last : Number.POSITIVE_INFINITY;
  const begun = sessions.filter((session) => !isBegunBefore(session, shown, ops));
  return { sessions: begun.map((session) => until(session, last)), isApart: false };
};

/** Why so many calls of all are not compared; null: none is left out. */
export const leftOutWords = (left: number, all: number, { isApart: apart }: Within): string | null => {
  if (left === 0) return null;
  const log = `${left} of ${all} calls of the program's log are left out`;
  const clock = 'most show nothing in the trace, as its clock or its pid namespace is another; without the log the trace is compared alone';
  return `${log}: ${apart ? clock : 'the trace begins later or ends earlier'}`;
};
