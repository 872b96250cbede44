// Tasks and their requests: who can step, who steps next, where a request starts and ends. Every run, replay and stream goes through here.
import type { Choose } from '../core/choose.ts';
import type { Event } from '../core/events.ts';
import { evolve } from '../core/evolve.ts';
import { Failure } from '../core/failure.ts';
import type { TaskFiles } from '../core/files.ts';
import type { Request } from '../core/scenario.ts';
import type { World } from '../core/world.ts';
import type { Engine } from './engine.ts';
import { heldBy, type Obstacle, obstacle, startObstacle } from './obstacles.ts';
import { registersOf, workflowOf } from './requestFrames.ts';
import { Scripts } from './scripts.ts';
import { advance, enterWorkflow, type Stepper } from './step.ts';
import { openSteppers } from './steppers.ts';

export interface SessionOptions {
  readonly engine: Engine;
  readonly world: World;
  readonly choose: Choose;
  readonly listen: (event: Event) => void;
  readonly counts: (task: string, request: number, call: string, attaches: boolean) => boolean;
  /** Where the session keeps the tasks' descriptors; its own by default. */
  readonly files?: Record<string, TaskFiles>;
}

/** A task that cannot step, with what it waits for. */
export interface Waiting extends Obstacle {
  readonly task: string;
}

const resultOf = (outcome: string): string => (outcome.startsWith('errno.') ? outcome.slice('errno.'.length) : 'OK');

/**
 * A run in progress. `submit` queues a request of a task; `step` performs one step of the task that `choose` picks. Between steps it keeps
 * nothing but scripts: what a task does next follows from the world and from its files.
 */
export class Session {
  readonly world: World;
  readonly #options: SessionOptions;
  readonly #stepperOf: (caller: string) => Stepper;
  readonly #stepper = (task: string): Stepper => this.#stepperOf(this.world.tasks[task]!.caller);
  readonly #scripts: Scripts;
  /** The lock that each task was last said to wait for. */
  readonly #blockedBy = new Map<string, string>();
  #outcome = 'OK';
  #last: string | null = null;

  constructor(options: SessionOptions) {
    const { engine, world, choose, files = {} } = options;
    this.world = world;
    this.#options = options;
    this.#scripts = new Scripts(world, files);
    const counts: Stepper['counts'] = (task, call, attaches) => options.counts(task, world.tasks[task]!.request, call, attaches);
    this.#stepperOf = openSteppers(engine, { world, choose, listen: (event) => this.#listen(event), files, counts });
    for (const task of this.#scripts.tasks) this.#stepper(task); // Refuses a caller that the kernel does not have.
  }

  submit(task: string, request: Request): void {
    this.#scripts.submit(task, request);
  }

  /** A task that the scenario does not name; once. */
  start(task: string, container: string): void {
    this.#emit({ type: 'TaskStarted', task, caller: this.#options.engine.model.caller.name, container });
    this.#scripts.add(task);
  }

  /** Task ids that can step now, the one that stepped last first. */
  ready(): string[] {
    const able: string[] = [];
    for (const task of this.#scripts.tasks) {
      if (!this.can(task)) continue;
      if (task === this.#last) able.unshift(task);
      else able.push(task);
    }
    return able;
  }

  can(task: string): boolean {
    return this.#scripts.hasWork(task) && this.#obstacle(task) === null;
  }

  /** Tasks that have work and cannot step. */
  waiting(): Waiting[] {
    return this.#scripts.tasks.flatMap((task) => {
      const found = this.#scripts.hasWork(task) ? this.#obstacle(task) : null;
      return found ? [{ task, ...found }] : [];
    });
  }

  /** Performs one step; false when nobody can. */
  step(): boolean {
    const able = this.ready();
    if (able.length === 0) return false;
    if (this.#scripts.tasks.length > 1) this.#noteWaiting();
    const picked = able.length === 1 ? 0 : this.#options.choose(able.length, { kind: 'task', options: able });
    this.act(able[picked]!);
    return true;
  }

  /** Performs one step of a task that can step. */
  act(task: string): void {
    this.#last = task;
    const { stack, call, phase } = this.world.tasks[task]!;
    if (phase === 'killed' && call === null && this.#mayExit(task)) this.#exit(task);
    else if (stack.length === 0) this.#begin(task, this.#scripts.request(task)!);
    else {
      advance(this.#stepper(task), task);
      if (!this.#scripts.isBusy(task)) this.#end(task, resultOf(this.#outcome));
    }
    if (this.#scripts.isOver(task)) this.#emit({ type: 'TaskEnded', task });
  }

  /** Steps until nobody can, or until `stop` says so. */
  drive(stop?: () => boolean): void {
    while (!stop?.() && this.step());
  }

  /** Ends tasks without work; gives those that wait for ever. */
  finish(): Waiting[] {
    const stuck = this.waiting();
    for (const task of this.#scripts.tasks) {
      if (!this.#scripts.hasWork(task) && this.world.tasks[task]!.phase !== 'ended') this.#emit({ type: 'TaskEnded', task });
    }
    return stuck;
  }

  #emit(event: Event): void {
    evolve(this.world, event);
    this.#listen(event);
  }

  #listen(event: Event): void {
    if (event.type === 'FrameLeft') this.#outcome = event.outcome;
    else this.#scripts.listen(event);
    this.#options.listen(event);
  }

  #obstacle(task: string): Obstacle | null {
    const next = this.#scripts.isBusy(task) ? undefined : this.#scripts.request(task);
    if (!next) return obstacle(this.#stepper(task).engine, this.world, task);
    const engineOf = (other: string) => this.#stepper(other).engine;
    return startObstacle(engineOf, this.world, task, () => registersOf(this.world, task, next));
  }

  /** Says once, for each time, what a task waits for. */
  #noteWaiting(): void {
    const waiting = new Map(this.waiting().map((found) => [found.task, found]));
    for (const task of this.#scripts.tasks) {
      const found = waiting.get(task);
      if (found && this.#blockedBy.get(task) !== found.lock) this.#emit({ type: 'TaskBlocked', ...found });
      if (found) this.#blockedBy.set(task, found.lock);
      else this.#blockedBy.delete(task);
    }
  }

  #begin(task: string, request: Request): void {
    const { request: index } = this.world.tasks[task]!;
    this.#emit({ type: 'RequestStarted', task, request: index, verb: request.verb, target: request.target });
    if (request.verb === 'kill') this.#end(task, this.#kill(request));
    else enterWorkflow(this.#stepper(task), task, this.#frame(task, request));
  }

  #frame(task: string, request: Request) {
    const workflow = workflowOf(this.#stepper(task).engine, request);
    return { workflow, state: '', registers: registersOf(this.world, task, request) };
  }

  #kill({ target, place }: Request): string {
    const victim = target === null ? undefined : this.world.tasks[target];
    if (!victim) {
      const known = this.#scripts.tasks.join(', ');
      throw new Failure('bad-scenario', `kill: no task is named ${target}; tasks: ${known}`, place);
    }
    if (victim.phase === 'ready') this.#emit({ type: 'TaskKilled', task: victim.id });
    return victim.phase === 'ended' ? 'ESRCH' : 'OK';
  }

  #end(task: string, result: string): void {
    const { request } = this.world.tasks[task]!;
    const { verb, target } = this.#scripts.request(task)!;
    this.#emit({ type: 'RequestEnded', task, request, verb, target, result });
  }

  /** A close that was asked for goes on: it is what the exit would do. */
  #mayExit(task: string): boolean {
    if (this.#scripts.isExiting(task)) return false;
    return !this.#scripts.isBusy(task) || this.#scripts.request(task)?.verb !== 'close';
  }

  /** A killed task leaves user space's part of its request; then the kernel closes its descriptors in falling order (teardown 1.2). */
  #exit(task: string): void {
    const { stack } = this.world.tasks[task]!;
    const isBusy = this.#scripts.isBusy(task);
    for (const lock of heldBy(this.world, task)) this.#emit({ type: 'LockReleased', task, lock });
    while (stack.length > 0) this.#emit({ type: 'FrameLeft', task, workflow: stack.at(-1)!.workflow, outcome: 'killed' });
    if (isBusy) this.#end(task, 'killed');
    this.#scripts.exit(task);
  }
}
