// Replay: state at any event, a reading watched over the events, and the proof that a recipe still gives the same bytes.
import type { Event } from '../core/events.ts';
import { evolve } from '../core/evolve.ts';
import { Failure } from '../core/failure.ts';
import { emptyWorld, type World } from '../core/world.ts';
import { perform, type Recipe, type Resolve } from './recipe.ts';

/** The world after the first `count` events; starts from a snapshot when one is given. */
export const stateAt = (events: Iterable<Event>, count: number, from?: { version: number; world: World }): World => {
  const world = from ? from.world : emptyWorld();
  let seen = from?.version ?? 0;
  for (const event of events) {
    if (seen >= count) break;
    evolve(world, event);
    seen += 1;
  }
  if (seen < count && Number.isFinite(count)) throw new Failure('unknown-name', `event ${count} does not exist; the run has ${seen}`);
  return world;
};

/** Every change of a reading: event number (from 1) and value. */
export const watchReading = <T>(events: Iterable<Event>, read: (world: World) => T): { at: number; value: T }[] => {
  const world = emptyWorld();
  const changes: { at: number; value: T }[] = [];
  let last: string | undefined;
  let at = 0;
  for (const event of events) {
    evolve(world, event);
    at += 1;
    const value = read(world);
    const text = JSON.stringify(value);
    if (text !== last) changes.push({ at, value });
    last = text;
  }
  return changes;
};

export interface Divergence {
  /** Number of the first event that differs, from 1. */
  readonly at: number;
  readonly expected: string | null;
  readonly actual: string | null;
}

/** Compares two histories byte for byte in the given text form; null: equal. */
export const firstDifference = (expected: Iterable<Event>, actual: readonly Event[], text: (event: Event) => string): Divergence | null => {
  let at = 0;
  for (const event of expected) {
    const before = text(event);
    const now = actual[at] === undefined ? null : text(actual[at]!);
    at += 1;
    if (before !== now) return { at, expected: before, actual: now };
  }
  return actual.length > at ? { at: at + 1, expected: null, actual: text(actual[at]!) } : null;
};

/** Runs the recipe again and compares with what is stored. */
export const verify = (recipe: Recipe, stored: Iterable<Event>, text: (event: Event) => string, resolve?: Resolve): Divergence | null =>
  firstDifference(stored, perform(recipe, {}, resolve).events, text);
