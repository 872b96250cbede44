// Requests as a stream: RxJS carries, the step decides. Each request feeds its task; out come the events as they happen.
import { concatMap, defer, endWith, type Observable, type OperatorFunction, of } from 'rxjs';
import type { Event } from '../core/events.ts';
import type { Request, Scenario } from '../core/scenario.ts';
import type { Engine } from './engine.ts';
import { type OpenRun, openRun } from './run.ts';

/** A request of a task; by default there is one task for each container or address space. */
export interface TaskRequest {
  readonly task?: string;
  readonly container: string;
  readonly request: Request;
}

/** Ends the stream: what no request can be. */
const finished = Symbol('finished');

const perform = (open: OpenRun, { task, container, request }: TaskRequest): void => {
  const id = task ?? container;
  if (!open.session.world.tasks[id]) open.session.start(id, container);
  open.session.submit(id, request);
  open.session.drive();
};

/** Takes what happened since the last time. */
const taken = (events: Event[]): Event[] => events.splice(0, events.length);

/**
 * Runs requests through the model as they come, on the scenario's machine (its script is not used). Requests of a task run in order;
 * tasks meet only at the model's locks. Completes when the requests do; a task that waits for ever stays unfinished.
 */
export const throughModel =
  (engine: Engine, scenario: Scenario): OperatorFunction<TaskRequest, Event> =>
  (requests: Observable<TaskRequest>) =>
    defer(() => {
      const events: Event[] = [];
      const open = openRun(engine, { ...scenario, tasks: [] }, { listen: (event) => events.push(event) });
      return requests.pipe(
        endWith(finished),
        concatMap((item) => {
          if (typeof item === 'symbol') open.session.finish();
          else perform(open, item as TaskRequest);
          return of(...taken(events));
        }),
      );
    });
