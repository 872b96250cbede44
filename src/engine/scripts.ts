// What a session keeps of tasks beside the world: their scripts, and the descriptors that they opened.
import type { Request } from '../core/scenario.ts';
import type { World } from '../core/world.ts';

/** The descriptors of a task: what a kill closes. Plain values that change by being replaced: the explorer makes them parts of its world. */
export interface Files {
  /** Containers and address spaces that it opened, in order. */
  opened: readonly string[];
  /** Once killed: what is closed, one request each, and the number of the first of these requests. */
  exit: { readonly from: number; readonly files: readonly string[] } | null;
}

export const newFiles = (): Files => ({ opened: [], exit: null });

/** What the kernel's exit path closes: descriptors in falling order, then what the task only shared (teardown 1.2). */
const exitFiles = ({ opened }: Files, own: string): readonly string[] => {
  const files = opened.toReversed();
  return opened.includes(own) ? files : [...files, own];
};

export class Scripts {
  readonly #world: World;
  readonly #files: Record<string, Files>;
  readonly #requests = new Map<string, Request[]>();

  constructor(world: World, files: Record<string, Files>) {
    this.#world = world;
    this.#files = files;
    for (const task of Object.keys(world.tasks)) this.add(task);
  }

  get tasks(): readonly string[] {
    return [...this.#requests.keys()];
  }

  add(task: string): void {
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

  opened(task: string, container: string): void {
    const files = this.#files[task]!;
    if (!files.opened.includes(container)) files.opened = [...files.opened, container];
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
}
