// Watches a search from the command line: its budget of time, Ctrl-C, and what it has come to, told once a second on a terminal.
import { isMainThread, workerData } from 'node:worker_threads';
import type { Progress } from '../explore/exploreOptions.ts';
import type { Io } from './command.ts';

/** Shared with the thread that gets signals: 1 once the user asked to stop. */
interface Shared {
  readonly stop: SharedArrayBuffer;
  readonly isTerminal: boolean;
}

const shared = (): Shared | null => (isMainThread ? null : ((workerData as { readonly explore?: Shared } | null)?.explore ?? null));

const flag = (): Int32Array | null => {
  const found = shared();
  return found && new Int32Array(found.stop);
};

export const isInterrupted = (): boolean => {
  const found = flag();
  return found !== null && Atomics.load(found, 0) === 1;
};

const line = ({ states, depth, findings, variant, variants }: Progress, seconds: number): string => {
  const rate = Math.round(states / Math.max(seconds, 0.001) / 1000);
  const start = variants === 1 ? '' : `, start ${variant + 1} of ${variants}`;
  return `${states.toLocaleString('en-US')} states, ${rate} k/s, depth ${depth}, ${findings} found${start}`;
};

/** What `explore` asks now and then: a reason to stop, or null. */
export const searchControl = (io: Io, seconds: number | undefined): ((progress: Progress) => string | null) => {
  const began = io.now().getTime();
  const isTerminal = shared()?.isTerminal ?? false;
  let told = 0;
  return (progress) => {
    const passed = (io.now().getTime() - began) / 1000;
    if (isTerminal && passed - told >= 1) {
      told = passed;
      io.err(`\r${line(progress, passed).padEnd(74)}`);
    }
    if (isInterrupted()) return 'interrupted';
    return seconds !== undefined && passed >= seconds ? `stopped after ${seconds} s` : null;
  };
};
