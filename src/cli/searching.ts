// How long a search may take in the thread that Ctrl-C must reach, and what is told while a long one goes on.
import type { Exploration, ExploreOptions } from '../explore/exploreOptions.ts';
import type { Io } from './command.ts';
import { watchSearch } from './interrupt.ts';

/** Milliseconds that the first thread searches, or also makes smaller, by itself: beyond, all is done anew; until then Ctrl-C ends it. */
const SHORT = { searching: 1000, shrinking: 4000 };

const tooLong = new Error('the search takes longer than the first thread may');

/** Null: the search was given up, as it takes long. */
export const shortly = (io: Io, run: (stop: NonNullable<ExploreOptions['stop']>) => Exploration): Exploration | null => {
  const began = io.now().getTime();
  try {
    return run(({ variant, variants }) => {
      if (io.now().getTime() - began > (variant === variants ? SHORT.shrinking : SHORT.searching)) throw tooLong;
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
