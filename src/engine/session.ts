// Tasks and their requests: who can step, who steps next, where a request starts and ends. Every run, replay and stream goes through here.
import type { Choose } from '../core/choose.ts';
import type { Event } from '../core/events.ts';
import { evolve } from '../core/evolve.ts';
import { Failure } from '../core/failure.ts';
import type { Request } from '../core/scenario.ts';
import type { Registers, World } from '../core/world.ts';
import type { Engine } from './engine.ts';
import { advance, enterWorkflow, obstacle, type Stepper } from './step.ts';

export interface SessionOptions {
  readonly engine: Engine;
  readonly world: World;
  readonly choose: Choose;
  readonly listen: (event: Event) => void;
  readonly counts: (task: string, request: number, call: string, attaches: boolean) => boolean;
}

/** A run in progress. `submit` queues a request of a task, `step` performs one step of the task that `choose` picks. */
export interface Session {
  readonly world: World;
  readonly submit: (task: string, request: Request) => void;
  /** A task that was not in the scenario; once. */
  readonly start: (task: string, container: string) => void;
  /** Task ids that can step now, the one that stepped last first. */
  readonly ready: () => string[];
  /** False when nobody can step. */
  readonly step: () => boolean;
  /** Steps until nobody can, or until `stop` says so. */
  readonly drive: (stop?: () => boolean) => void;
  /** Ends tasks without work; gives those that wait for ever, with what each waits for. */
  readonly finish: () => { task: string; lock: string; holder: string }[];
}

export const openSession = (options: SessionOptions): Session => {
  const { engine, world } = options;
  const queues = new Map<string, Request[]>(Object.keys(world.tasks).map((task) => [task, []]));
  const current = new Map<string, Request>();
  const outcomes = new Map<string, string>();
  const exiting = new Set<string>();
  const waiting = new Map<string, string>();
  let last: string | null = null;

  const listen = (event: Event): void => {
    if (event.type === 'FrameLeft') outcomes.set(event.task, event.outcome);
    options.listen(event);
  };
  const counts: Stepper['counts'] = (task, call, attaches) => options.counts(task, world.tasks[task]!.request, call, attaches);
  const stepper: Stepper = { engine, world, choose: options.choose, listen, counts };
  const emit = (event: Event): void => {
    evolve(world, event);
    listen(event);
  };

  const hasWork = (task: string): boolean => {
    const { stack, phase } = world.tasks[task]!;
    return phase !== 'ended' && (stack.length > 0 || queues.get(task)!.length > 0 || phase === 'killed');
  };

  const ready = (): string[] => {
    const able = [...queues.keys()].filter((task) => hasWork(task) && obstacle(engine, world, task) === null);
    return last !== null && able.includes(last) ? [last, ...able.filter((task) => task !== last)] : able;
  };

  const noteWaiting = (): void => {
    for (const task of queues.keys()) {
      const found = hasWork(task) ? obstacle(engine, world, task) : null;
      if (found && waiting.get(task) !== found.lock) emit({ type: 'TaskBlocked', task, ...found });
      if (found) waiting.set(task, found.lock);
      else waiting.delete(task);
    }
  };

  const workflowOf = (verb: string, request: Request): string => {
    const workflow = engine.model.requests[verb];
    if (workflow !== undefined) return workflow;
    const known = Object.keys(engine.model.requests).join(', ');
    throw new Failure('bad-scenario', `${engine.model.caller.name} has no request ${verb}; it has ${known}`, request.place);
  };

  const registersOf = (task: string, request: Request): Registers => {
    const { container: own, context } = world.tasks[task]!;
    const container = request.container ?? own;
    const device = request.target !== null ? world.devices[request.target] : undefined;
    const group = device?.group ?? request.target;
    const first = group !== null ? (world.groups[group]?.devices.at(-1) ?? null) : null;
    const place = request.iova === undefined ? {} : { iova: request.iova, size: request.size ?? 4096 };
    return {
      target: request.target,
      group,
      device: device?.id ?? first,
      container,
      context,
      pageTable: request.pageTable ?? null,
      ...request.options,
      ...place,
    };
  };

  const enter = (task: string, verb: string, request: Request): void =>
    enterWorkflow(stepper, task, { workflow: workflowOf(verb, request), state: '', registers: registersOf(task, request) });

  const start = (task: string): void => {
    const request = queues.get(task)!.shift()!;
    const { request: index } = world.tasks[task]!;
    current.set(task, request);
    emit({ type: 'RequestStarted', task, request: index, verb: request.verb, target: request.target });
    if (request.verb === 'kill') kill(task, request);
    else enter(task, request.verb, request);
  };

  const kill = (task: string, request: Request): void => {
    if (request.target === null || !world.tasks[request.target])
      throw new Failure('bad-scenario', `kill: no task is named ${request.target}`, request.place);
    emit({ type: 'TaskKilled', task: request.target });
    end(task, 'OK');
  };

  const end = (task: string, result: string): void => {
    const request = current.get(task)!;
    current.delete(task);
    const { request: index } = world.tasks[task]!;
    emit({ type: 'RequestEnded', task, request: index, verb: request.verb, target: request.target, result });
  };

  /** A killed task leaves user space's part of its request; what follows is the kernel's exit path: descriptors close. */
  const exit = (task: string): void => {
    exiting.add(task);
    queues.set(task, []);
    const { stack } = world.tasks[task]!;
    while (stack.length > 0) emit({ type: 'FrameLeft', task, workflow: stack.at(-1)!.workflow, outcome: 'killed' });
    if (current.has(task)) end(task, 'killed');
    const request: Request = { verb: 'close', target: null };
    current.set(task, request);
    emit({ type: 'RequestStarted', task, request: world.tasks[task]!.request, verb: 'close', target: null });
    enter(task, 'close', request);
  };

  const settle = (task: string): void => {
    if (world.tasks[task]!.stack.length > 0) return;
    if (current.has(task)) end(task, resultOf(outcomes.get(task) ?? 'OK'));
    if (exiting.has(task)) emit({ type: 'TaskEnded', task });
  };

  const stepTask = (task: string): void => {
    const { stack, call, phase } = world.tasks[task]!;
    if (phase === 'killed' && call === null && !exiting.has(task)) exit(task);
    else if (stack.length === 0) start(task);
    else advance(stepper, task);
    settle(task);
  };

  const step = (): boolean => {
    const able = ready();
    if (able.length === 0) return false;
    if (queues.size > 1) noteWaiting();
    const picked = able.length === 1 ? 0 : options.choose(able.length, { kind: 'task', options: able });
    last = able[picked]!;
    stepTask(last);
    return true;
  };

  return {
    world,
    ready,
    step,
    submit: (task, request) => queues.get(task)!.push(request),
    start: (task, container) => {
      emit({ type: 'TaskStarted', task, caller: engine.model.caller.name, container });
      queues.set(task, []);
    },
    drive: (stop) => {
      while (!stop?.() && step());
    },
    finish: () => {
      const stuck = [...queues.keys()].flatMap((task) => {
        const found = hasWork(task) ? obstacle(engine, world, task) : null;
        return found ? [{ task, ...found }] : [];
      });
      for (const task of queues.keys()) if (!hasWork(task) && world.tasks[task]!.phase !== 'ended') emit({ type: 'TaskEnded', task });
      return stuck;
    },
  };
};

const resultOf = (outcome: string): string => (outcome.startsWith('errno.') ? outcome.slice('errno.'.length) : 'OK');
