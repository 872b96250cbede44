// What one event changed, as patches: the same evolve, inside Immer.
import { enablePatches, type Patch, produceWithPatches } from 'immer';
import type { Event } from '../core/events.ts';
import { evolve } from '../core/evolve.ts';
import type { World } from '../core/world.ts';

enablePatches();

export interface WorldChange {
  /** `groups.11.domain` */
  readonly path: string;
  readonly operation: Patch['op'];
  readonly value: unknown;
}

/** The changes that `event` makes to `world`, which stays as it is. The first event of a run replaces the world: one change. */
export const changesBy = (world: World, event: Event): WorldChange[] => {
  if (event.type === 'RunStarted') return [{ path: 'world', operation: 'replace', value: event.world }];
  const [, patches] = produceWithPatches(world, (draft) => {
    evolve(draft as World, event);
  });
  return patches.map(({ op, path, value }) => ({ path: path.join('.'), operation: op, value: value ?? null }));
};
