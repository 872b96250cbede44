// Long histories to measure with: one container of a recorded Intel machine, which two groups enter and leave again and again.
import type { Event } from '../../src/core/events.ts';
import type { Fault, Scenario } from '../../src/core/scenario.ts';
import { runScenario } from '../../src/engine/run.ts';
import type { EventStore } from '../../src/store/store.ts';
import { engineFor, recorded, scenario, task } from '../support/runs.ts';

const cycle = 'attach 5; map 4K; attach 11; detach 11; unmap 4K; detach 5';
const requestsInCycle = cycle.split(';').length;
const batch = 10_000;

const machine = recorded('6.12custom-x86_64-intel-failnth');
const engine = engineFor({ kernel: '6.12.y', caller: 'vfio-type1' });

const cycles = (count: number, faults: readonly Fault[] = []): Scenario =>
  scenario(machine, [task('t0', Array(count).fill(cycle).join(';'))], { faults });

const eventsOf = (given: Scenario): Event[] => {
  const events: Event[] = [];
  runScenario(engine, given, { listen: (event) => events.push(event) });
  return events;
};

const [once, twice] = [1, 2].map((count) => eventsOf(cycles(count)).length) as [number, number];

/** A script whose run has at least so many events, and few more. */
export const scenarioOf = (events: number, faultAtEnd = false): Scenario => {
  const count = Math.max(1, Math.ceil((events - once) / (twice - once)) + 1);
  const request = count * requestsInCycle - (requestsInCycle - 2);
  return cycles(count, faultAtEnd ? [{ kind: 'nth', task: 't0', request, nth: 1 }] : []);
};

/** Runs and appends in batches, as the command line keeps a run; gives the number of events. */
export const record = (store: EventStore<Event>, stream: string, given: Scenario): number => {
  let version = 0;
  let waiting: Event[] = [];
  const flush = (): void => {
    version = store.append(stream, version, waiting);
    waiting = [];
  };
  const listen = (event: Event): void => {
    if (waiting.push(event) === batch) flush();
  };
  runScenario(engine, given, { listen });
  flush();
  return version;
};

/** Events that are in memory already, in the same batches. */
export const append = (store: EventStore<Event>, stream: string, events: readonly Event[]): void => {
  for (let at = 0; at < events.length; at += batch) store.append(stream, at, events.slice(at, at + batch));
};

export { batch, eventsOf };
