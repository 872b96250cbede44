// A recording against the model: every session's calls, in the model of the nearest profile on the recorded machine.
import type { Event } from '../core/events.ts';
import { Failure } from '../core/failure.ts';
import type { Scenario } from '../core/scenario.ts';
import type { Topology } from '../core/topology.ts';
import type { Engine } from '../engine/engine.ts';
import { engineFor } from '../engine/recipe.ts';
import { callerOf, type ProgramCall } from '../recordings/kernel/programCalls.ts';
import type { RecordingFacts } from '../recordings/kernel/recordedRun.ts';
import { settingsAssuming, topologyAssuming } from './assumptions.ts';
import { injected, standIn } from './causes.ts';
import { hidesSetDomain } from './inlined.ts';
import type { What } from './observation.ts';
import { type Family, shownBy, shownKinds } from './observed.ts';
import { SessionCheck, type SessionResult } from './session.ts';
import { type Session, sessionsOf } from './sessions.ts';
import { callsOfTrace } from './traceCalls.ts';
import { decided, leftOutWords, sessionsWithin, type Within } from './within.ts';

export interface Conformance {
  readonly sessions: readonly SessionResult[];
  /** Calls by why they have no request, or why what they show is not compared. */
  readonly skipped: ReadonlyMap<string, number>;
  /** Failures whose cause no request says, by what stands in for it. */
  readonly standIns: ReadonlyMap<string, number>;
  readonly compared: number;
  /** Steps that the recording shows and the model takes, too. */
  readonly steps: number;
  readonly injected: { readonly hit: number; readonly notReached: number };
  /** Kinds of steps that the recording has no probe for: inferred from the model. */
  readonly inferred: readonly string[];
  /** Calls of the log that the trace cannot show, and why. */
  readonly leftOut: string | null;
}

const callerIn = ({ calls }: Session): string => callerOf(calls.map(({ call }) => call));

const familyOf = (caller: string): Family => (caller === 'vfio-type1' ? 'vfio' : 'iommufd');

const named = ['group', 'device', 'domain'];

/** A graph of functions without their arguments shows no group, device or domain. */
const saysNothing = (events: readonly Event[]): boolean => {
  const entered = events.filter((event) => event.type === 'FunctionEntered');
  return entered.length > 0 && entered.every(({ arguments: given }) => named.every((role) => given[role] === undefined));
};

/** Functions that the recording has probes on: as its definitions say, else those that were seen. */
const probedIn = ({ definitions }: RecordingFacts, events: readonly Event[]): Set<string> => {
  if (saysNothing(events)) return new Set();
  if (definitions.size > 0) return new Set([...definitions.values()].map((definition) => definition.function));
  return new Set(events.flatMap((event) => (event.type === 'FunctionEntered' ? [event.function] : [])));
};

const showing = (session: Session, kinds: ReadonlySet<What>): Session => ({
  ...session,
  calls: session.calls.map((one) => ({ ...one, observations: one.observations.filter(({ what }) => kinds.has(what)) })),
});

const counted = (names: readonly string[]): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return new Map([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
};

const skippedIn = ({ calls }: SessionResult): string[] =>
  calls.flatMap(({ translated, observed }) => {
    if ('skipped' in translated) return [translated.skipped];
    return translated.blind === undefined ? [] : [`${observed.call.op} ${translated.blind}`];
  });

const notShown = (families: readonly Family[], probed: ReadonlySet<string>): string[] => {
  const all = [...new Set(Object.values(shownBy).map(({ what }) => what))];
  return all.filter((what) => families.every((family) => !shownKinds(family, probed).has(what)));
};

const inferredIn = (results: readonly SessionResult[], probed: ReadonlySet<string>): string[] => {
  const families = [...new Set(results.map(({ session }) => familyOf(callerIn(session))))];
  const found = notShown(families, probed);
  const isHidden = !found.includes('set-domain') && results.some(({ session }) => hidesSetDomain(session));
  return isHidden ? ['set-domain (inlined)', ...found] : found;
};

export type EngineOf = (kernel: string, caller: string) => Engine;

const byNames: EngineOf = (kernel, caller) => engineFor({ kernel, caller });

/** The program's own log, else what the trace shows of its calls. */
export const callsOf = (events: readonly Event[], { calls }: RecordingFacts): readonly ProgramCall[] => calls ?? callsOfTrace(events);

const demandTopology = ({ topology }: RecordingFacts): Topology => {
  if (topology) return topology;
  throw new Failure('bad-topology', 'expected the machine that was recorded, found no topology.txt', undefined, 'Give it with --topology.');
};

/** A group that the program used and the machine does not have: it is another machine's. */
const demandGroups = ({ calls }: Session, { name, groups }: Topology): void => {
  const unknown = calls.find(({ call }) => call.group !== null && call.errno === null && !groups.some(({ id }) => id === call.group));
  if (!unknown) return;
  const found = `expected the machine that was recorded, found ${name}, which has no group ${unknown.call.group}`;
  throw new Failure('bad-topology', found, undefined, 'Give the topology of the machine that the recording was made on.');
};

export interface CheckedSession {
  readonly result: SessionResult;
  readonly caller: string;
  /** With what had to be assumed. */
  readonly topology: Topology;
  readonly set: Scenario['set'];
}

export const checkSession = (
  session: Session,
  events: readonly Event[],
  facts: RecordingFacts,
  engineOf: EngineOf = byNames,
): CheckedSession => {
  const topology = topologyAssuming(demandTopology(facts), session.told);
  demandGroups(session, topology);
  const caller = callerIn(session);
  if (facts.calls === undefined && events.some((event) => event.type === 'FunctionEntered' && event.function === 'iommufd_device_bind'))
    throw new Failure(
      'bad-trace',
      "expected the log of an iommufd's calls, found a trace alone: ids and descriptors are not in it",
      undefined,
      'Give it with --calls.',
    );
  const kinds = shownKinds(familyOf(caller), probedIn(facts, events));
  const isHidden = kinds.has('set-domain') && hidesSetDomain(session);
  if (isHidden) kinds.delete('set-domain');
  const kernel = facts.profile;
  const result = new SessionCheck(showing(session, kinds), {
    engine: engineOf(kernel, caller),
    topology,
    kernel,
    caller,
    kinds,
  }).check();
  return {
    result,
    caller,
    topology: topologyAssuming(topology, result.assumed),
    set: settingsAssuming([...session.told, ...result.assumed]),
  };
};

const comparable = (sessions: readonly Session[], events: readonly Event[], { calls }: RecordingFacts): Within => {
  if (calls !== undefined) return sessionsWithin(sessions, events);
  return { sessions: sessions.map((session) => ({ session, openFrom: null })), isApart: false };
};

const callCount = (sessions: readonly { readonly calls: readonly unknown[] }[]): number =>
  sessions.reduce((sum, { calls }) => sum + calls.length, 0);

export const conform = (events: readonly Event[], facts: RecordingFacts, engineOf: EngineOf = byNames): Conformance => {
  demandTopology(facts);
  const whole = sessionsOf(events, callsOf(events, facts));
  const within = comparable(whole, events, facts);
  const checked = within.sessions.map((shorter) => decided(checkSession(shorter.session, events, facts, engineOf).result, shorter));
  const sessions = checked.filter(({ calls }) => calls.length > 0);
  const agreeing = sessions.flatMap(({ reruns, mismatch }) => (mismatch ? reruns.slice(0, mismatch.callsAgreed) : reruns));
  const planned = agreeing.flatMap(({ call }) => injected(call.observed.call) ?? []);
  return {
    sessions,
    skipped: counted(sessions.flatMap(skippedIn)),
    standIns: counted(agreeing.flatMap(({ call }) => standIn(call.observed.call) ?? [])),
    compared: agreeing.length,
    steps: agreeing.reduce((sum, { call }) => sum + call.observed.observations.length, 0),
    injected: { hit: planned.filter(({ hit }) => hit).length, notReached: planned.filter(({ hit }) => !hit).length },
    inferred: inferredIn(sessions, probedIn(facts, events)),
    leftOut: leftOutWords(callCount(whole) - callCount(sessions), callCount(whole), within),
  };
};
