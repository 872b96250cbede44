// A conformance as the report and JSON show it.
import type { Assumption } from '../conform/assumptions.ts';
import { type Conformance, conform } from '../conform/conform.ts';
import { overlapsIn } from '../conform/overlaps.ts';
import type { Mismatch, PartialMatch, SessionResult } from '../conform/session.ts';
import { rowMarks } from '../core/checkedMarks.ts';
import type { KeptCheck } from '../core/checkedModel.ts';
import { printValue } from '../core/conditions.ts';
import type { Event, EventOf } from '../core/events.ts';
import { firmwareNotes, type ReadRecording } from '../recordings/readRecording.ts';
import type { ConformMismatch, ConformReport } from '../report/conform.ts';

const asFarOf = ({ mismatch: { what, recorded, model }, assumed }: PartialMatch): ConformMismatch['asFar'][number] => {
  const words = assumed.map(({ part, attribute, value }) => `${part}.${attribute} = ${printValue(value)}`);
  return { what, recorded, model, assumed: words.join(', ') };
};

const mismatchOf = (
  { call: { observed }, rows, ...found }: Mismatch,
  asFar: readonly PartialMatch[],
  kept: KeptCheck | null,
): ConformMismatch => {
  const notValid = kept === null ? [] : rowMarks(kept, rows);
  const { op, line: logLine, container, group } = observed.call;
  const { session, what, recorded, model, line, decidedBy, agreed, callsAgreed } = found;
  return {
    ...{ session, op, logLine, container, group, what, recorded, model, line, decidedBy, agreed, callsAgreed, asFar: asFar.map(asFarOf) },
    ...(notValid.length === 0 ? {} : { notValid }),
  };
};

/** Each once, with the sessions that it is about. */
const inSessions = <A extends Assumption>(
  sessions: readonly SessionResult[],
  of: (result: SessionResult) => readonly A[],
): (Omit<A, 'value'> & { value: string; sessions: string[] })[] => {
  const found = new Map<string, Omit<A, 'value'> & { value: string; sessions: string[] }>();
  for (const result of sessions) {
    for (const one of of(result)) {
      const value = printValue(one.value);
      const key = `${one.part} ${one.attribute} ${value} ${one.why}`;
      const known = found.get(key) ?? { ...one, value, sessions: [] };
      known.sessions.push(result.session.name);
      found.set(key, known);
    }
  }
  return [...found.values()];
};

const assumedIn = (sessions: readonly SessionResult[]): ConformReport['assumed'] =>
  inSessions(sessions, ({ assumed }) => assumed).map(({ part, attribute, value, why, sessions: names }) => ({
    ...{ part, attribute, value, why, sessions: names },
  }));

const toldIn = (sessions: readonly SessionResult[]): ConformReport['told'] =>
  inSessions(sessions, ({ session }) => session.told).map(({ part, attribute, value, line, sessions: names }) => ({
    ...{ part, attribute, value, line, sessions: names },
  }));

const listed = (counts: ReadonlyMap<string, number>): { why: string; count: number }[] =>
  [...counts].map(([why, count]) => ({ why, count }));

const machineOf = ({ facts, machine }: ReadRecording): ConformReport['machine'] => {
  const { system = {}, iommus = [], groups = [] } = facts.topology ?? {};
  const parts = [...iommus, ...groups.flatMap(({ devices }) => devices)].map(({ attributes }) => attributes);
  return {
    read: [system, ...parts].reduce((sum, attributes) => sum + Object.keys(attributes).length, 0),
    tables: (machine?.tables ?? []).map(({ signature, taken }) => ({ signature, taken })),
    notes: firmwareNotes({ machine }),
  };
};

const overlapsOf = (sessions: readonly SessionResult[]): ConformReport['overlaps'] => {
  const each = sessions.map(({ session }) => overlapsIn(session.calls));
  return { pairs: each.reduce((sum, { pairs }) => sum + pairs, 0), inTurn: each.reduce((sum, { inTurn }) => sum + inTurn, 0) };
};

const verdictOf = ({ sessions, compared }: Conformance): ConformReport['verdict'] => {
  if (sessions.some(({ mismatch }) => mismatch !== null)) return 'differs';
  if (compared === 0) return 'nothing-compared';
  return sessions.some(({ assumed }) => assumed.length > 0) ? 'conforms-given' : 'conforms';
};

/** With a checked tree: rows of a call that differs are marked where they are not the same there. */
export const conformReport = (read: ReadRecording, events: readonly Event[], kept: KeptCheck | null = null): ConformReport => {
  const found = conform(events, read.facts);
  const gaps = events.filter((event): event is EventOf<'RecordingGap'> => event.type === 'RecordingGap');
  return {
    recording: read.facts.name,
    release: read.facts.release,
    profile: read.nearest.profile,
    isExact: read.nearest.isExact,
    verdict: verdictOf(found),
    sessions: found.sessions.map(({ session, reruns, mismatch, orders }) => ({
      ...{ name: session.name, calls: reruns.length, agreed: mismatch?.callsAgreed ?? reruns.length, orders },
    })),
    assumed: assumedIn(found.sessions),
    told: toldIn(found.sessions),
    ...{ compared: found.compared, steps: found.steps, injected: found.injected, inferred: found.inferred },
    skipped: listed(found.skipped),
    standIns: listed(found.standIns),
    machine: machineOf(read),
    overlaps: overlapsOf(found.sessions),
    leftOut: found.leftOut,
    gaps: gaps.map(({ line, text }) => ({ line, text })),
    mismatches: found.sessions.flatMap(({ mismatch, asFar }) => (mismatch ? [mismatchOf(mismatch, asFar, kept)] : [])),
  };
};
