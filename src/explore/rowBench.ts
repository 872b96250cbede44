// Runs the scripts that are tried for rows, each once, and keeps of a run what is asked for: what refused or allocated in its last attach.
import type { Event, EventOf } from '../core/events.ts';
import { Failure } from '../core/failure.ts';
import type { Scenario } from '../core/scenario.ts';
import { type Frame, isPathFrame, type PathFrame } from '../core/world.ts';
import type { Engine } from '../engine/engine.ts';
import { runScenario } from '../engine/run.ts';
import { rowsIn } from '../kernels/reach.ts';

/** Tolerated refusals are none. */
export const isRefusal = (event: Event): event is EventOf<'CheckRefused'> => event.type === 'CheckRefused' && event.errno !== '0';

export interface LastAttach {
  /** The requests before it ended well. */
  readonly prepared: boolean;
  readonly result: string;
  readonly refusals: readonly EventOf<'CheckRefused'>[];
  /** Candidates that the search did not try. */
  readonly passedOver: readonly EventOf<'CandidateConsidered'>[];
  /** Rows of core and caller whose allocation was made. */
  readonly allocated: ReadonlySet<string>;
  /** Rows of the driver that did their work, with the domain that it was for: `row domain`. */
  readonly performed: ReadonlySet<string>;
}

export interface RowBench {
  readonly engine: Engine;
  /** Null where values make no sense together, or the kernel has no such driver. */
  readonly lastAttach: (scenario: Scenario) => LastAttach | null;
}

const run = (engine: Engine, scenario: Scenario): LastAttach | null => {
  const events: Event[] = [];
  try {
    runScenario(engine, scenario, { listen: (event) => events.push(event) });
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
  const last = scenario.tasks[0]!.requests.length - 1;
  const from = events.findIndex((event) => event.type === 'RequestStarted' && event.request === last);
  return from < 0 ? null : digest(engine, events.slice(0, from), events.slice(from));
};

const results = (events: readonly Event[]): string[] => events.flatMap((event) => (event.type === 'RequestEnded' ? [event.result] : []));

/** Follows the frames, since a passed row is said by its place in the path. */
const performedIn = ({ operationModel, model }: Engine, events: readonly Event[]): Set<string> => {
  const found = new Set<string>();
  const frames: (Frame | PathFrame)[] = [];
  for (const event of events) {
    if (event.type === 'FrameEntered') frames.push(event.frame);
    else if (event.type === 'FrameLeft') frames.pop();
    const frame = frames.at(-1);
    if (event.type !== 'RowPassed' || event.done === null || !frame || !isPathFrame(frame)) continue;
    const row = rowsIn(operationModel.driver(frame.driver), frame.path, model.column)[event.row];
    if (row) found.add(`${row.id} ${frame.registers['domain']}`);
  }
  return found;
};

const digest = (engine: Engine, before: readonly Event[], events: readonly Event[]): LastAttach => ({
  prepared: results(before).every((result) => result === 'OK'),
  result: results(events).at(-1) ?? 'never ends',
  refusals: events.filter(isRefusal),
  passedOver: events.filter((event): event is EventOf<'CandidateConsidered'> => event.type === 'CandidateConsidered' && !event.tried),
  allocated: new Set(events.flatMap((event) => (event.type === 'MemoryAllocated' ? [event.row] : []))),
  performed: performedIn(engine, events),
});

export const openRowBench = (engine: Engine): RowBench => {
  const known = new Map<string, LastAttach | null>();
  const lastAttach = (scenario: Scenario): LastAttach | null => {
    const { topology, tasks, faults, set } = scenario;
    const key = JSON.stringify([topology, tasks, faults, set]);
    if (!known.has(key)) known.set(key, run(engine, scenario));
    return known.get(key)!;
  };
  return { engine, lastAttach };
};
