// Tasks and their requests: who can step, who steps next, where a request starts and ends. Every run, replay and stream goes through here.
import type { Choose } from '../core/choose.ts';
import type { Event } from '../core/events.ts';
import { evolve } from '../core/evolve.ts';
import { Failure } from '../core/failure.ts';
import type { Request } from '../core/scenario.ts';
import type { World } from '../core/world.ts';
import { type Actor, exitRequests, newActor } from './actor.ts';
import type { Engine } from './engine.ts';
import { type Obstacle, obstacle, startObstacle } from './obstacles.ts';
import { registersOf, workflowOf } from './requestFrames.ts';
import { advance, enterWorkflow, type Stepper } from './step.ts';
import { openSteppers } from './steppers.ts';

export interface SessionOptions {
  readonly engine: Engine;
  readonly world: World;
  readonly choose: Choose;
  readonly listen: (event: Event) => void;
  readonly counts: (task: string, request: number, call: string, attaches: boolean) => boolean;
}

/** A task that cannot step, with what it waits for. */
export interface Waiting extends Obstacle {
  readonly task: string;
}

const resultOf = (outcome: string): string => (outcome.startsWith('errno.') ? outcome.slice('errno.'.length) : 'OK');

/** A run in progress. `submit` queues a request of a task; `step` performs one step of the task that `choose` picks. */
export class Session {
  readonly world: World;
  readonly #options: SessionOptions;
  readonly #stepperOf: (caller: string) => Stepper;
  readonly #stepper = (task: string): Stepper => this.#stepperOf(this.world.tasks[task]!.caller);
  readonly #actors: Map<string, Actor>;
  #last: string | null = null;

  constructor(options: SessionOptions) {
    const { engine, world, choose } = options;
    this.world = world;
    this.#options = options;
    this.#actors = new Map(Object.keys(world.tasks).map((task) => [task, newActor()]));
    const counts: Stepper['counts'] = (task, call, attaches) => options.counts(task, world.tasks[task]!.request, call, attaches);
    this.#stepperOf = openSteppers(engine, { world, choose, listen: (event) => this.#listen(event), counts });
    // A caller that the kernel does not have is refused before anything runs.
    for (const task of this.#actors.keys()) this.#stepper(task);
  }

  submit(task: string, request: Request): void {
    this.#actors.get(task)!.queue.push(request);
  }

  /** A task that the scenario does not name; once. */
  start(task: string, container: string): void {
    this.#emit({ type: 'TaskStarted', task, caller: this.#options.engine.model.caller.name, container });
    this.#actors.set(task, newActor());
  }

  /** Task ids that can step now, the one that stepped last first. */
  ready(): string[] {
    const able: string[] = [];
    for (const task of this.#actors.keys()) {
      if (!this.#hasWork(task) || this.#obstacle(task) !== null) continue;
      if (task === this.#last) able.unshift(task);
      else able.push(task);
    }
    return able;
  }

  /** Tasks that have work and cannot step. */
  waiting(): Waiting[] {
    return [...this.#actors.keys()].flatMap((task) => {
      const found = this.#hasWork(task) ? this.#obstacle(task) : null;
      return found ? [{ task, ...found }] : [];
    });
  }

  /** Performs one step; false when nobody can. */
  step(): boolean {
    const able = this.ready();
    if (able.length === 0) return false;
    if (this.#actors.size > 1) this.#noteWaiting();
    const picked = able.length === 1 ? 0 : this.#options.choose(able.length, { kind: 'task', options: able });
    this.#last = able[picked]!;
    this.#stepTask(this.#last);
    return true;
  }

  /** Steps until nobody can, or until `stop` says so. */
  drive(stop?: () => boolean): void {
    while (!stop?.() && this.step());
  }

  /** Ends tasks without work; gives those that wait for ever. */
  finish(): Waiting[] {
    const stuck = this.waiting();
    for (const task of this.#actors.keys()) {
      if (!this.#hasWork(task) && this.world.tasks[task]!.phase !== 'ended') this.#emit({ type: 'TaskEnded', task });
    }
    return stuck;
  }

  #emit(event: Event): void {
    evolve(this.world, event);
    this.#listen(event);
  }

  #listen(event: Event): void {
    if (event.type === 'FrameLeft') this.#actors.get(event.task)!.outcome = event.outcome;
    else if (event.type === 'ContainerOpened') this.#actors.get(event.task)!.opened.add(event.container);
    this.#options.listen(event);
  }

  #hasWork(task: string): boolean {
    const { stack, phase } = this.world.tasks[task]!;
    return phase !== 'ended' && (stack.length > 0 || this.#actors.get(task)!.queue.length > 0 || phase === 'killed');
  }

  #obstacle(task: string): Obstacle | null {
    const next = this.world.tasks[task]!.stack.length === 0 ? this.#actors.get(task)!.queue[0] : undefined;
    if (next)
      return startObstacle(
        (other) => this.#stepper(other).engine,
        this.world,
        task,
        () => registersOf(this.world, task, next),
      );
    return obstacle(this.#stepper(task).engine, this.world, task);
  }

  /** Says once, for each time, what a task waits for. */
  #noteWaiting(): void {
    const waiting = new Map(this.waiting().map((found) => [found.task, found]));
    for (const [task, actor] of this.#actors) {
      const found = waiting.get(task);
      if (found && actor.blockedBy !== found.lock) this.#emit({ type: 'TaskBlocked', ...found });
      actor.blockedBy = found?.lock ?? null;
    }
  }

  #stepTask(task: string): void {
    const { stack, call, phase } = this.world.tasks[task]!;
    const actor = this.#actors.get(task)!;
    // A close that was asked for goes on: it is what the exit would do.
    if (phase === 'killed' && call === null && !actor.exiting && actor.current?.verb !== 'close') this.#exit(task, actor);
    else if (stack.length === 0) this.#begin(task, actor, actor.queue.shift()!);
    else advance(this.#stepper(task), task);
    this.#settle(task, actor);
  }

  #begin(task: string, actor: Actor, request: Request): void {
    actor.current = request;
    const { request: index } = this.world.tasks[task]!;
    this.#emit({ type: 'RequestStarted', task, request: index, verb: request.verb, target: request.target });
    if (request.verb === 'kill') this.#kill(task, actor, request);
    else enterWorkflow(this.#stepper(task), task, this.#frame(task, request));
  }

  #frame(task: string, request: Request) {
    const workflow = workflowOf(this.#stepper(task).engine, request);
    return { workflow, state: '', registers: registersOf(this.world, task, request) };
  }

  #kill(task: string, actor: Actor, request: Request): void {
    if (request.target === null || !this.world.tasks[request.target]) {
      throw new Failure(
        'bad-scenario',
        `kill: no task is named ${request.target}; tasks: ${[...this.#actors.keys()].join(', ')}`,
        request.place,
      );
    }
    const { phase } = this.world.tasks[request.target]!;
    if (phase === 'ready') this.#emit({ type: 'TaskKilled', task: request.target });
    this.#end(task, actor, phase === 'ended' ? 'ESRCH' : 'OK');
  }

  #end(task: string, actor: Actor, result: string): void {
    const { verb, target } = actor.current!;
    actor.current = null;
    this.#emit({ type: 'RequestEnded', task, request: this.world.tasks[task]!.request, verb, target, result });
  }

  /** A killed task leaves user space's part of its request; then the kernel closes its descriptors in falling order (teardown 1.2). */
  #exit(task: string, actor: Actor): void {
    actor.exiting = true;
    const { stack, container } = this.world.tasks[task]!;
    actor.queue.splice(0, actor.queue.length, ...exitRequests(actor, container));
    while (stack.length > 0) this.#emit({ type: 'FrameLeft', task, workflow: stack.at(-1)!.workflow, outcome: 'killed' });
    if (actor.current) this.#end(task, actor, 'killed');
  }

  #settle(task: string, actor: Actor): void {
    if (this.world.tasks[task]!.stack.length > 0) return;
    if (actor.current) this.#end(task, actor, resultOf(actor.outcome));
    if (actor.exiting && actor.queue.length === 0) this.#emit({ type: 'TaskEnded', task });
  }
}
