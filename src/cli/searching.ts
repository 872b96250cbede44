// A long search of the command line: done in turns of the first thread, so that between two of them Ctrl-C is heard, and watched.
import { setImmediate } from 'node:timers/promises';
import type { Exploration, ExploreOptions } from '../explore/exploreOptions.ts';
import type { Turns } from '../explore/turns.ts';
import type { Io } from './command.ts';
import { type Interruption, watchSearch } from './interrupt.ts';

/** Milliseconds that a search takes the thread for itself. Nobody notices them; a table of states that grows may take a second. */
const TURN = 50;

/** What a signal or a stream has to say is heard while something immediate is waited for. */
export const heard = async <Result>(io: Io, turns: Turns<Result>): Promise<Result> => {
  let began = io.now().getTime();
  for (;;) {
    const { done, value } = turns.next();
    if (done) return value;
    // The clock may be set back.
    if (Math.abs(io.now().getTime() - began) < TURN) continue;
    await setImmediate();
    began = io.now().getTime();
  }
};

/** `seconds`: the budget of time; undefined: none. */
export const watched = async (
  io: Io,
  interruption: Interruption,
  seconds: number | undefined,
  run: (stop: NonNullable<ExploreOptions['stop']>) => Turns<Exploration>,
): Promise<Exploration> => {
  const watch = watchSearch(io, interruption, seconds);
  try {
    return await heard(io, run(watch.stop));
  } finally {
    watch.end();
  }
};
