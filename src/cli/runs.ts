// Runs in the store: kept with their recipe, found by id, read back.
import { hostname } from 'node:os';
import type { Event } from '../core/events.ts';
import { Failure } from '../core/failure.ts';
import type { Recipe } from '../engine/recipe.ts';
import type { About, EventStore } from '../store/store.ts';
import type { Io } from './command.ts';

/** `r1`, `r2`, ...: the first that is free; another writer may be faster. */
export const freeId = (store: EventStore<Event>): string => {
  const taken = new Set(store.streams().map(({ id }) => id));
  let number = taken.size + 1;
  while (taken.has(`r${number}`)) number += 1;
  return `r${number}`;
};

/** What is known of a run made now, by this command line. */
export const aboutNow = (io: Io, parent: string | null = null): Omit<About, 'recipe'> => ({
  when: io.now().toISOString(),
  host: hostname(),
  commandLine: process.argv.slice(2),
  parent,
});

/** Keeps a run under a new id. */
export const keepRun = (
  store: EventStore<Event>,
  io: Io,
  recipe: Recipe,
  events: readonly Event[],
  parent: string | null = null,
): string => {
  for (;;) {
    const id = freeId(store);
    try {
      store.append(id, 'absent', events);
    } catch (error) {
      if (error instanceof Failure && error.code === 'version-conflict') continue;
      throw error;
    }
    store.setAbout(id, { ...aboutNow(io, parent), recipe });
    return id;
  }
};

/** Kernel and caller of a run: as its recipe says, else as its first event does (an imported run). */
export const modelOf = (store: EventStore<Event>, id: string): Pick<Recipe, 'kernel' | 'caller' | 'contract' | 'continueOn'> => {
  const recipe = store.about(id)?.recipe as Recipe | undefined;
  if (recipe) return recipe;
  const [first] = store.read(id);
  if (first?.type !== 'RunStarted') throw new Failure('bad-event', `run ${id} does not begin with RunStarted`);
  return { kernel: first.kernel, caller: first.caller };
};

/** The recipe of a run; runs that were imported have none. */
export const recipeOf = (store: EventStore<Event>, id: string): Recipe => {
  const recipe = store.about(id)?.recipe as Recipe | undefined;
  if (!recipe) throw new Failure('unknown-name', `run ${id} has no recipe: it was imported, and can be read but not run again`);
  return recipe;
};
