// What a session keeps of a task beside the world: its requests still to come, and the descriptors that it opened.
import type { Request } from '../core/scenario.ts';

/** What the session keeps of a task beside the world: only what a schedule and the script determine. */
export interface Actor {
  readonly queue: Request[];
  current: Request | null;
  /** Outcome of the frame that was left last. */
  outcome: string;
  exiting: boolean;
  /** Containers and address spaces that it opened, in order: their descriptors close when it exits. */
  readonly opened: Set<string>;
  /** The lock that was last said to block it. */
  blockedBy: string | null;
}

export const newActor = (): Actor => ({ queue: [], current: null, outcome: 'OK', exiting: false, opened: new Set(), blockedBy: null });

/** What the kernel's exit path does: descriptors close in falling order, then what the task only shared (teardown 1.2). */
export const exitRequests = ({ opened }: Actor, own: string): Request[] => {
  const files = [...opened].reverse();
  if (!opened.has(own)) files.push(own);
  return files.map((container) => ({ verb: 'close', target: null, container }));
};
