// Watches a search from the command line: its budget of time, Ctrl-C, and how far it is, told once a second on a terminal.
import { writeSync } from 'node:fs';
import { isMainThread, workerData } from 'node:worker_threads';
import { grouped } from '../core/counted.ts';
import type { Progress } from '../explore/exploreOptions.ts';
import type { Io } from './command.ts';
import { leftWords, Outlook, outlookNote } from './outlook.ts';
import type { ThreadData } from './thread.ts';

const thread = (): ThreadData | null => (isMainThread ? null : ((workerData as { readonly thread?: ThreadData } | null)?.thread ?? null));

/** In a thread of its own. */
export const isInterrupted = (): boolean => {
  const found = thread();
  return found !== null && Atomics.load(new Int32Array(found.stop), 0) === 1;
};

export interface Interruption {
  readonly isAsked: boolean;
}

/** From now on the first Ctrl-C asks to stop, and ends nothing by itself. */
export const listen = (io: Io): Interruption => {
  const heard = { isAsked: false };
  io.onInterrupt?.(() => {
    heard.isAsked = true;
  });
  return heard;
};

interface Watch {
  /** What a search asks now and then: a reason to stop, or null. */
  readonly stop: (progress: Progress) => string | null;
  /** Takes the line of progress away. */
  readonly end: () => void;
}

export const isTerminal = (): boolean => thread()?.isTerminal ?? process.stderr.isTTY === true;

const WIDTH = 74;

/** One line, over the one before. A thread that never waits cannot use its own standard error. */
export const tell = (text: string): void => void writeSync(2, `\r${text.padEnd(WIDTH).slice(0, WIDTH)}`);

export const clearLine = (): void => void writeSync(2, `\r${' '.repeat(WIDTH)}\r`);

const line = ({ states, depth, findings, variant, variants }: Progress, seconds: number, left: string): string => {
  if (variant === variants) return `${grouped(states)} states, ${findings} found; making the smallest runs`;
  const rate = grouped(Math.round(states / Math.max(seconds, 0.001)));
  const start = variants === 1 ? '' : `, start ${variant + 1} of ${variants}`;
  return `${grouped(states)} states, ${rate}/s, depth ${depth}, ${findings} found${start}${left}`;
};

/** Why a search ends early, asked now and then. `seconds`: the budget of time; undefined: none. */
export const stopping = (io: Io, interruption: Interruption, seconds: number | undefined): (() => string | null) => {
  const began = io.now().getTime();
  return () => {
    if (interruption.isAsked) return 'interrupted';
    return seconds !== undefined && io.now().getTime() - began >= seconds * 1000 ? `stopped after ${seconds} s` : null;
  };
};

export const watchSearch = (io: Io, interruption: Interruption, seconds: number | undefined): Watch => {
  const began = io.now().getTime();
  const isWatched = isTerminal();
  const reason = stopping(io, interruption, seconds);
  const outlook = new Outlook();
  let told = 0;
  const progressed = (progress: Progress, passed: number): void => {
    if (told === 0) tell(`${outlookNote}\n`);
    told = passed;
    tell(line(progress, passed, leftWords(outlook.left(progress))));
  };
  return {
    stop: (progress) => {
      const passed = (io.now().getTime() - began) / 1000;
      if (isWatched && passed - told >= 1) progressed(progress, passed);
      return reason();
    },
    end: () => {
      if (told > 0) clearLine();
    },
  };
};
