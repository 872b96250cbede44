// A command line that may take long, done over again in a thread of its own: reading a tree never returns to the event loop, so the first
// thread stays free for signals.
import { Worker } from 'node:worker_threads';
import type { ExitCode } from './command.ts';

/** What the thread finds in its `workerData`. */
export interface ThreadData {
  /** One 32-bit word: 1 once the user asked to stop. */
  readonly stop: SharedArrayBuffer;
  readonly isTerminal: boolean;
}

interface Threaded {
  readonly interrupt: () => void;
  readonly ended: Promise<ExitCode>;
}

/** What the thread prints goes to this process's own standard output and error. */
export const inThread = (argv: readonly string[], isTerminal: boolean): Threaded => {
  const stop = new SharedArrayBuffer(4);
  const data: ThreadData = { stop, isTerminal };
  const worker = new Worker(new URL('./main.ts', import.meta.url), { argv: [...argv], workerData: { thread: data } });
  const ended = new Promise<ExitCode>((resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', (code) => resolve(code as ExitCode));
  });
  return { interrupt: () => void Atomics.store(new Int32Array(stop), 0, 1), ended };
};
