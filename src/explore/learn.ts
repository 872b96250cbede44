// Before a search: walks, or a search, in which every register stays, so that what each state reads is known before any is dropped. After one
// that came upon news all the same: a search without dropping, twice as far each time.
import { exhaustive } from './exhaustive.ts';
import type { Model } from './model.ts';
import { Dice, walk } from './sample.ts';
import { type Control, Found } from './strategy.ts';
import type { Turns } from './turns.ts';
import { Visited } from './visited.ts';
import { Walker } from './walker.ts';

/** Walks without news after which a search may begin, and at most so many. */
const QUIET = 6;
const MOST = 100;
/** States of the first search that only learns. */
const FIRST = 4000;
/** Of the search before the first pass, where one task is alone. */
const ALONE = 20_000;
const MEMORY = 2 ** 28;

const unbounded = (model: Model) => ({
  model,
  walker: new Walker(model.cells, model.memo, null),
  visited: new Visited(MEMORY),
  found: new Found(),
});

/** Whatever is tried in it, every register stays. */
function* keepingAll(model: Model, work: () => Turns<void>): Turns<void> {
  model.memo.clear();
  model.liveness.keepsAll = true;
  yield* work();
  model.liveness.keepsAll = false;
  model.memo.clear();
}

const learnByWalks = (model: Model, { goesOn }: Control): Turns<void> =>
  keepingAll(model, function* () {
    const dice = new Dice(1);
    const space = unbounded(model);
    let quiet = 0;
    for (let round = 0; round < MOST && quiet < QUIET && goesOn(0, 0, 0); round++) {
      const { version } = model;
      walk(
        space,
        (able) => able[dice.below(able.length)]!,
        (branches) => (dice.below(round % 2 === 0 ? 1 : 8) === 1 ? dice.below(branches.length) : 0),
      );
      quiet = model.version === version ? quiet + 1 : 0;
      yield;
    }
  });

const searchUpTo = (most: number, model: Model, { goesOn }: Control): Turns<void> =>
  keepingAll(model, function* () {
    // States that are met in order to learn are not those that the search may have.
    const control: Control = { goesOn: (states, transitions, depth) => states < most && goesOn(0, transitions, depth) };
    yield* exhaustive({ ...unbounded(model), control, reduction: null }, null, true);
  });

/** Before the first pass. A task alone has few orders: most often all of it is learned at once, and evaluated once. */
export const learnFirst = (model: Model, control: Control): Turns<void> =>
  model.tasks.length === 1 ? searchUpTo(ALONE, model, control) : learnByWalks(model, control);

/** `round` counts the passes that were in vain. */
export const learnBySearch = (model: Model, round: number, control: Control): Turns<void> => searchUpTo(FIRST * 2 ** round, model, control);
