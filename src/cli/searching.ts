// How long a search may take in the thread that Ctrl-C must reach, and what is told while a long one goes on.
import type { Exploration, ExploreOptions } from '../explore/exploreOptions.ts';
import type { Io } from './command.ts';
import { watchSearch } from './interrupt.ts';

/** Milliseconds that the first thread searches by itself: what it gives up then is done anew, and until then Ctrl-C ends all. */
const SHORT = 1000;

const tooLong = new Error('the search takes longer than the first thread may');

/** Null: the search was given up, as it takes long. */
export const shortly = (io: Io, run: (stop: NonNullable<ExploreOptions['stop']>) => Exploration): Exploration | null => {
  const began = io.now().getTime();
  try {
    return run(() => {
      if (io.now().getTime() - began > SHORT) throw tooLong;
      return null;
    });
  } catch (error) {
    if (error === tooLong) return null;
    throw error;
  }
};

export const watched = (
  io: Io,
  seconds: number | undefined,
  run: (stop: NonNullable<ExploreOptions['stop']>) => Exploration,
): Exploration => {
  const watch = watchSearch(io, seconds);
  const exploration = run(watch.stop);
  watch.end();
  return exploration;
};
