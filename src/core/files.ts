// The descriptors of tasks: a file stays open until the last task that has it closes its own (facts: teardown 1.2, 1.3). Plain values that
// change by being replaced: the explorer makes them parts of its world.

import { ask } from './ask.ts';

export interface Files {
  /** Containers and address spaces that the task has open, in order. */
  readonly opened: readonly string[];
  /** Groups whose file it has: it put them into their container. */
  readonly groups: readonly string[];
}

export interface TaskFiles extends Files {
  opened: readonly string[];
  groups: readonly string[];
  /** Once killed: what is closed, one request each, and the number of the first of these requests. */
  exit: { readonly from: number; readonly files: readonly string[] } | null;
}

export type FilesOfTasks = { readonly [task: string]: Files };

export const newFiles = (): TaskFiles => ({ opened: [], groups: [], exit: null });

export const hasOpen = (files: FilesOfTasks, task: string, container: string): boolean =>
  files[task] !== undefined && ask(files[task], 'opened', `has ${container}`, (opened) => opened.includes(container));

/** Whether another task has the file as well. */
export const isShared = (files: FilesOfTasks, task: string, container: string): boolean =>
  Object.keys(files).some((other) => other !== task && hasOpen(files, other, container));
