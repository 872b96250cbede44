// `run --step`: stops at each step, shows which tasks can run and what holds the others, and lets the user choose.
import { readSync } from 'node:fs';
import type { Question } from '../core/choose.ts';
import type { Event } from '../core/events.ts';
import { eventLine } from '../report/events.ts';
import type { Io } from './command.ts';

/** One line of standard input, read while everything else waits; null at its end. */
const readLine = (): string | null => {
  const bytes: number[] = [];
  const byte = Buffer.alloc(1);
  for (;;) {
    const count = readSync(0, byte, 0, 1, null);
    if (count === 0) return bytes.length === 0 ? null : Buffer.from(bytes).toString('utf8');
    if (byte[0] === 10) return Buffer.from(bytes).toString('utf8');
    bytes.push(byte[0]!);
  }
};

/** What the user chose; asks again until it is one of the choices. The end of input stops. */
const validAnswer = (io: Io, choices: number): string => {
  for (;;) {
    const answer = readLine()?.trim() ?? 'q';
    if (answer === 'q' || answer === 'c') return answer;
    if (answer === '') return '1';
    if (/^\d+$/.test(answer) && Number(answer) >= 1 && Number(answer) <= choices) return answer;
    io.err(`expected 1 to ${choices}, c or q, found ${answer}: `);
  }
};

export interface StepControl {
  readonly listen: (event: Event) => void;
  readonly ask: (question: Question) => number | undefined;
  readonly pause: (ready: readonly string[], waiting: () => readonly { task: string; lock: string; holder: string }[]) => boolean;
}

/** Prompts on standard error, so that standard output stays the run's. */
export const stepControl = (io: Io): StepControl => {
  let at = 0;
  let picked = 0;
  let free = false;
  return {
    listen: (event) => {
      at += 1;
      if (!free) io.err(`${eventLine(at, event, true)}\n`);
    },
    ask: (question) => {
      if (question.kind !== 'task' || free) return undefined;
      return picked < question.options.length ? picked : 0;
    },
    pause: (ready, waiting) => {
      if (free) return true;
      for (const { task, lock, holder } of waiting()) io.err(`  ${task} waits for ${lock}, held by ${holder}\n`);
      io.err(`can step: ${ready.map((task, index) => `${index + 1} ${task}`).join(', ')} [1, Enter = 1, c = go on, q = stop] `);
      const answer = validAnswer(io, ready.length);
      if (answer === 'q') return false;
      free = answer === 'c';
      picked = free ? 0 : Number(answer) - 1;
      return true;
    },
  };
};
