// `evolve(world, event)`: the one place where the world changes. Written as assignments, so that it folds in place, works on copied
// parts, and gives patches inside Immer.

import type { Event, EventOf, EventType } from './events.ts';
import { containerChanges } from './evolve/containers.ts';
import { domainChanges } from './evolve/domains.ts';
import { groupChanges } from './evolve/groups.ts';
import { recordingChanges } from './evolve/recordings.ts';
import { rowChanges } from './evolve/rows.ts';
import { taskChanges } from './evolve/tasks.ts';
import type { World } from './world.ts';

/** What each type of event changes; a type without an entry does not compile. */
export type Changes<T extends EventType = EventType> = { readonly [K in T]: (world: World, event: EventOf<K>) => void };

/** A copy whose parts may be changed without touching the original. */
const adopt = (world: World, booted: World): void => {
  Object.assign(world, structuredClone(booted));
};

const changes: Changes = {
  RunStarted: (world, event) => adopt(world, event.world),
  ...taskChanges,
  ...rowChanges,
  ...domainChanges,
  ...groupChanges,
  ...containerChanges,
  ...recordingChanges,
};

/** Applies one event. Throws nothing for a well-formed history; a dangling id is a model error of the run that recorded it. */
export const evolve = (world: World, event: Event): void => {
  (changes[event.type] as (world: World, event: Event) => void)(world, event);
};
