// What a session keeps of tasks beside the world: their scripts, and the descriptors that they opened.
import { ask } from '../core/ask.ts';
import type { Event } from '../core/events.ts';
import { newFiles, type TaskFiles } from '../core/files.ts';
import type { Request } from '../core/scenario.ts';
import type { World } from '../core/world.ts';

/** What the kernel's exit path closes: descriptors in falling order, then what the task only shared (teardown 1.2). */
const exitFiles = ({ opened }: TaskFiles, own: string): readonly string[] => {
  const files = opened.toReversed();
  return opened.includes(own) ? files : [...files, own];
};

export class Scripts {
  readonly #world: World;
  readonly #files: Record<string, TaskFiles>;
  readonly #requests = new Map<string, Request[]>();
  readonly #tasks: string[] = [];

  constructor(world: World, files: Record<string, TaskFiles>) {
    this.#world = world;
    this.#files = files;
    for (const task of Object.keys(world.tasks)) this.add(task);
  }

  /** In the order in which they were added. */
  get tasks(): readonly string[] {
    return this.#tasks;
  }

  add(task: string): void {
    if (!this.#requests.has(task)) this.#tasks.push(task);
    this.#requests.set(task, []);
    this.#files[task] ??= newFiles();
  }

  submit(task: string, request: Request): void {
    this.#requests.get(task)!.push(request);
  }

  /** The request in progress, or the next one; undefined after the last. */
  request(task: string): Request | undefined {
    const { request } = this.#world.tasks[task]!;
    const { exit } = this.#files[task]!;
    if (exit === null) return this.#requests.get(task)![request];
    const container = exit.files[request - exit.from];
    return container === undefined ? undefined : { verb: 'close', target: null, container };
  }

  isBusy(task: string): boolean {
    return this.#world.tasks[task]!.stack.length > 0;
  }

  /** A frame, or a request still to come, or the exit after a kill. */
  hasWork(task: string): boolean {
    const { phase } = this.#world.tasks[task]!;
    if (phase === 'ended') return false;
    return phase === 'killed' || this.isBusy(task) || this.request(task) !== undefined;
  }

  /** Takes in what the event did to the task's descriptors. */
  listen(event: Event): void {
    if (event.type === 'ContainerOpened' || event.type === 'DescriptorOpened') this.#open(event);
    else if (event.type === 'DescriptorClosed' || event.type === 'ContainerClosed') this.#close(event);
    else if (event.type === 'GroupJoined') this.#file(event.task).groups = [...this.#file(event.task).groups, event.group];
    else if (event.type === 'GroupParted') this.#part(event.group);
  }

  isExiting(task: string): boolean {
    return this.#files[task]!.exit !== null;
  }

  /** Whether nothing is left to close. */
  isOver(task: string): boolean {
    return this.isExiting(task) && !this.isBusy(task) && this.request(task) === undefined;
  }

  /** From here on the task's requests are the closes of its exit. */
  exit(task: string): void {
    const files = this.#files[task]!;
    const { request, container } = this.#world.tasks[task]!;
    files.exit = { from: request, files: exitFiles(files, container) };
  }

  #file(task: string): TaskFiles {
    return this.#files[task]!;
  }

  #open({ task, container }: { readonly task: string; readonly container: string }): void {
    const files = this.#file(task);
    if (!files.opened.includes(container)) files.opened = [...files.opened, container];
  }

  #close({ task, container }: { readonly task: string; readonly container: string }): void {
    const files = this.#file(task);
    if (files.opened.includes(container)) files.opened = files.opened.filter((file) => file !== container);
  }

  /** Whoever takes a group out of its container. */
  #part(group: string): void {
    const files = Object.values(this.#files).find((other) => ask(other, 'groups', `has ${group}`, (groups) => groups.includes(group)));
    if (files) files.groups = files.groups.filter((file) => file !== group);
  }
}
