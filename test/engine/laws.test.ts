// What holds for every run, whoever steps when and whatever fails: laws of the engine over runs by chance, and of the machines over every
// state and outcome.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AnyStateMachine, transition } from 'xstate';
import { canonical } from '../../src/core/canonical.ts';
import type { Event } from '../../src/core/events.ts';
import { evolve } from '../../src/core/evolve.ts';
import { emptyWorld, type World } from '../../src/core/world.ts';
import { type ClosedMachine, close } from '../../src/engine/machines.ts';
import { operationTable } from '../../src/kernels/build.ts';
import { phases } from '../../src/kernels/phases.ts';
import { exportLines, readExport } from '../../src/store/codec.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import { SqliteStore } from '../../src/store/sqlite.ts';
import type { EventStore } from '../../src/store/store.ts';
import { validateEvent } from '../../src/store/validate.ts';
import { eventsOf } from '../support/runs.ts';
import { engineOfPair, intel, type Pair, pairs, play, rmrr, type Story, smmuv3, story, virtio } from '../support/stories.ts';

const patience = { timeout: 60_000 };

/** What everybody does all day. */
const orderly = story({
  places: [intel, smmuv3],
  pairs,
  verbs: ['attach', 'attach', 'attach', 'detach', 'map', 'map', 'unmap', 'close'],
  shared: false,
});

/** Everything at once: containers are shared, tasks die, devices go, kernel drivers come. */
const rough = story({
  places: [intel, smmuv3, virtio, rmrr],
  pairs,
  verbs: [
    ...(['attach', 'attach', 'attach', 'detach', 'map', 'unmap', 'close', 'kill', 'unplug', 'bind-driver', 'unbind-driver'] as const),
    ...(['set-container', 'set-iommu', 'unset-container', 'bind', 'unbind', 'replace'] as const),
  ],
  shared: true,
});

/** The seed is in the title, so that a failure can be had again. */
const law = (title: string, seed: number, numRuns: number, stories: fc.Arbitrary<Story>, holds: (told: Story) => void): void => {
  it(`${title} (seed ${seed}, ${numRuns} runs)`, patience, () => {
    fc.assert(fc.property(stories, holds), { seed, numRuns });
  });
};

const text = (events: Iterable<Event>): string[] => [...events].map(canonical);

const folded = (events: Iterable<Event>, each: (world: World, event: Event) => void = () => {}): World => {
  const world = emptyWorld();
  for (const event of events) {
    each(world, event);
    evolve(world, event);
  }
  return world;
};

describe('every run', () => {
  law('is made again by its decisions, byte for byte', 1001, 300, rough, (told) => {
    const { run, events } = play(told);
    const again = play(told, run.decisions);
    expect(text(again.events)).toEqual(text(events));
    expect(again.run).toEqual(run);
  });

  law('is folded from its events', 1002, 300, rough, (told) => {
    const { run, events } = play(told);
    expect(canonical(folded(events))).toBe(canonical(run.world));
  });

  law('comes back from stores and from its export as it was', 1003, 100, rough, (told) => {
    const { events } = play(told);
    const stores: EventStore<Event>[] = [new MemoryStore<Event>(), new SqliteStore<Event>(':memory:')];
    for (const store of stores) {
      store.append('r1', 'absent', events);
      const { events: read } = readExport<Event>('r1', exportLines('r1', store.version('r1'), store.read('r1')), validateEvent);
      expect(text(read)).toEqual(text(events));
      store.close();
    }
  });
});
