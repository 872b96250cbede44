// What a scenario comes to under one side: the result of each request, the domains of each container, the rows that refused.
import type { Event } from '../core/events.ts';
import { Failure } from '../core/failure.ts';
import type { Request, Scenario, TaskScript } from '../core/scenario.ts';
import type { Engine } from '../engine/engine.ts';
import { runScenario } from '../engine/run.ts';
import { isRefusal } from './rowBench.ts';

export interface RequestOutcome {
  /** `attach 5`; with the task where there are several, and the number of the request, from 1, where it says the same as another. */
  readonly subject: string;
  readonly container: string;
  /** `OK`, an errno, `killed`; `never ends` for a request that waits for ever or was never begun. */
  readonly result: string;
}

export interface Outcome {
  readonly requests: readonly RequestOutcome[];
  readonly domains: Readonly<Record<string, number>>;
  readonly refused: ReadonlySet<string>;
}

const wordsOf = ({ verb, target }: Request): string => (target === null ? verb : `${verb} ${target}`);

const subjectOf = ({ tasks }: Scenario, { id, requests }: TaskScript, index: number): string => {
  const words = wordsOf(requests[index]!);
  const isRepeated = requests.filter((request) => wordsOf(request) === words).length > 1;
  return `${tasks.length === 1 ? '' : `${id}: `}${words}${isRepeated ? `, request ${index + 1}` : ''}`;
};

const endedIn = (events: readonly Event[]): Map<string, string> =>
  new Map(events.flatMap((event) => (event.type === 'RequestEnded' ? [[`${event.task} ${event.request}`, event.result] as const] : [])));

/** What no caller's own workflow makes. */
const isCommon = (verb: string): boolean => verb === 'kill';

/** Why the side cannot run the scenario's script; null when it can. */
const unknownRequest = ({ model }: Engine, scenario: Scenario): string | null => {
  const verbs = scenario.tasks.flatMap(({ caller, requests }) => (caller === null ? requests.map(({ verb }) => verb) : []));
  const unknown = verbs.find((verb) => !isCommon(verb) && !(verb in model.requests));
  return unknown === undefined ? null : `${model.caller.name} on ${model.kernel} takes no request ${unknown}`;
};

/** The outcome, or in words why there is none. */
export const outcomeOf = (engine: Engine, scenario: Scenario): Outcome | string => {
  const unknown = unknownRequest(engine, scenario);
  if (unknown !== null) return unknown;
  const events: Event[] = [];
  try {
    const { world } = runScenario(engine, scenario, { listen: (event) => events.push(event) });
    const ended = endedIn(events);
    const requests = scenario.tasks.flatMap((task) =>
      task.requests.map((request, index) => ({
        subject: subjectOf(scenario, task, index),
        container: request.container ?? task.container,
        result: ended.get(`${task.id} ${index}`) ?? 'never ends',
      })),
    );
    const domains = Object.fromEntries(Object.values(world.containers).map(({ id, records }) => [id, records.length]));
    return { requests, domains, refused: new Set(events.filter(isRefusal).map(({ row }) => row)) };
  } catch (error) {
    if (error instanceof Failure) return error.message.split('\n')[0]!;
    throw error;
  }
};
