// A recording as a scenario: what its threads asked for, on its machine; all of a session, or what led to one line of the trace.
import type { Event } from '../core/events.ts';
import { Failure } from '../core/failure.ts';
import type { Expectation, Fault, Request, Scenario, TaskScript } from '../core/scenario.ts';
import type { RecordingFacts } from '../recordings/kernel/recordedRun.ts';
import { failuresAssumed } from './assumptions.ts';
import { type Causes, plannedFaults } from './causes.ts';
import { callsOf, checkSession, type EngineOf } from './conform.ts';
import type { Placed } from './placed.ts';
import { placedOf, type TranslatedCall } from './rerun.ts';
import type { SessionResult } from './session.ts';
import { type ObservedCall, type Session, sessionsOf } from './sessions.ts';

export interface Wanted {
  /** By name; null: the only one, or the one with the line. */
  readonly session: string | null;
  /** A line of the trace; null: the whole session. */
  readonly line: number | null;
}

const linesOf = ({ observations }: ObservedCall): readonly number[] => observations.map(({ at }) => at);

/** The call that shows the line, else the last one before it. */
const callAt = (sessions: readonly Session[], line: number): { session: Session; observed: ObservedCall } => {
  const all = sessions.flatMap((session) => session.calls.map((observed) => ({ session, observed, first: linesOf(observed)[0] })));
  const before = all.filter(({ first }) => first !== undefined && first <= line).sort((a, b) => a.first! - b.first!);
  const inside = before.findLast(({ observed }) => line <= linesOf(observed).at(-1)!);
  const found = inside ?? before.at(-1);
  if (!found) throw new Failure('bad-usage', `expected a line of a call of the recording, found line ${line}, which is before the first`);
  return found;
};

const sessionNamed = (sessions: readonly Session[], name: string | null): Session => {
  const found = name === null ? (sessions.length === 1 ? sessions[0] : undefined) : sessions.find((session) => session.name === name);
  if (found) return found;
  const names = sessions.map((session) => session.name).join(', ');
  const hint = 'Name one with --session, or a line of the trace with RECORDING@LINE.';
  throw new Failure('unknown-name', `expected one session of ${names}, found ${name ?? 'none named'}`, undefined, hint);
};

const overlaps = (one: ObservedCall, other: ObservedCall): boolean => one.call.start <= other.call.end && other.call.start <= one.call.end;

const groupsIn = (calls: readonly TranslatedCall[]): Set<string> =>
  new Set(calls.flatMap((call) => placedOf(call).flatMap(({ request }) => request.target ?? [])));

/** Up to the call and beside it: its own container's calls, and those of containers that overlap with it or hold a group of it. */
const ledTo = (calls: readonly TranslatedCall[], observed: ObservedCall): TranslatedCall[] => {
  const at = calls.findIndex((call) => call.observed.call === observed.call);
  const near = calls.filter((call, index) => index <= at || overlaps(call.observed, observed));
  const own = new Set(placedOf(calls[at]!).map(({ task }) => task));
  const tasksOf = (call: TranslatedCall): string[] => placedOf(call).map(({ task }) => task);
  const isOwn = (call: TranslatedCall): boolean => tasksOf(call).some((task) => own.has(task));
  const groups = groupsIn(near.filter(isOwn));
  const beside = near.filter(
    (call) => overlaps(call.observed, observed) || placedOf(call).some(({ request }) => groups.has(request.target ?? '')),
  );
  const tasks = new Set([...own, ...beside.filter((call) => !isClosedBefore(near, call, observed)).flatMap(tasksOf)]);
  return near.filter((call) => tasksOf(call).some((task) => tasks.has(task)));
};

/** A container that was closed before the call began has nothing to do with it. */
const isClosedBefore = (calls: readonly TranslatedCall[], one: TranslatedCall, observed: ObservedCall): boolean => {
  const tasks = placedOf(one).map(({ task }) => task);
  return calls.some((call) =>
    placedOf(call).some(
      ({ task, request }) => tasks.includes(task) && request.verb === 'close' && call.observed.call.end < observed.call.start,
    ),
  );
};

/** Each thread is a task; a thread that works on several iommufds is a task for each. */
const taskOf = ({ observed }: TranslatedCall, { context }: Placed): string => {
  if (observed.call.op === 'exit') return 'others';
  const thread = observed.task === '' ? `thread-${observed.call.pid}` : observed.task;
  return context === undefined ? thread : `${thread}.${context}`;
};

interface Script {
  readonly first: Placed;
  readonly requests: Request[];
}

/** A killed process is the thread that used the container. */
const victimOf = (calls: readonly TranslatedCall[], container: string | null): string | null => {
  const users = calls.flatMap((call) => placedOf(call).flatMap((placed) => (placed.task === container ? [taskOf(call, placed)] : [])));
  return users.at(-1) ?? container;
};

const scriptsOf = (calls: readonly TranslatedCall[]): TaskScript[] => {
  const scripts = new Map<string, Script>();
  for (const call of calls) {
    for (const placed of placedOf(call)) {
      const id = taskOf(call, placed);
      const script = scripts.get(id) ?? { first: placed, requests: [] };
      script.requests.push(requestFor(calls, placed, script.first));
      scripts.set(id, script);
    }
  }
  return [...scripts].map(([id, { first, requests }]) => {
    const { container, context } = first;
    return { id, caller: null, container, ...(context === undefined ? {} : { context }), requests };
  });
};

const requestFor = (calls: readonly TranslatedCall[], { request, container: own }: Placed, first: Placed): Request => {
  if (request.verb === 'kill') return { ...request, target: victimOf(calls, request.target) };
  const container = request.container ?? own;
  return container === first.container ? withoutContainer(request) : { ...request, container };
};

const withoutContainer = ({ container: _container, ...request }: Request): Request => request;

/** Requests are numbered by task: a plan for the calls as they were is one for these tasks. */
const faultsFor = (calls: readonly TranslatedCall[], causes: Causes): Fault[] => {
  const named = calls.map((call): TranslatedCall => {
    const requests = placedOf(call).map((placed) => ({ ...placed, task: taskOf(call, placed) }));
    return { ...call, translated: requests.length === 0 ? call.translated : { requests } };
  });
  return plannedFaults(named, causes);
};

const expectationOf = ({
  facts,
  scenario,
  calls,
}: {
  facts: RecordingFacts;
  scenario: Pick<Scenario, 'caller'>;
  calls: readonly TranslatedCall[];
}): Expectation[] => {
  const tasks = new Set(calls.flatMap((call) => placedOf(call).map((placed) => taskOf(call, placed))));
  // With one task alone the order of results is the recording's.
  if (tasks.size !== 1 || calls.some((call) => placedOf(call).length !== 1)) return [];
  const results = calls.map(({ observed }) => observed.call.errno ?? 'ok');
  return [{ kernel: facts.profile, caller: scenario.caller, results }];
};

const cut = ({ calls }: SessionResult, observed: ObservedCall | null): TranslatedCall[] =>
  (observed === null ? [...calls] : ledTo(calls, observed)).filter((call) => placedOf(call).length > 0);

/** `bad-usage` for a line before the first call; `unknown-name` for a session that is not there. */
export const scenarioFrom = (events: readonly Event[], facts: RecordingFacts, wanted: Wanted, engineOf?: EngineOf): Scenario => {
  const sessions = sessionsOf(events, callsOf(events, facts));
  const at = wanted.line === null ? null : callAt(sessions, wanted.line);
  const session = at?.session ?? sessionNamed(sessions, wanted.session);
  const { result, topology, caller, set } = checkSession(session, events, facts, engineOf);
  const calls = cut(result, at?.observed ?? null);
  const name = `${facts.name}-${session.name}${wanted.line === null ? '' : `-${wanted.line}`}`.replace(/[^\w.-]+/g, '-');
  return {
    name,
    title: `${session.name} of ${facts.name}${wanted.line === null ? '' : `, up to line ${wanted.line}`}`,
    ...{ topology, kernel: facts.profile, caller, set },
    ...{
      tasks: scriptsOf(calls),
      faults: faultsFor(calls, { kernel: facts.profile, failed: failuresAssumed(result.assumed) }),
      claims: [],
    },
    expect: expectationOf({ facts, scenario: { caller }, calls }),
  };
};
