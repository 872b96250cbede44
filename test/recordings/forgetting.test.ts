// A trace that never ends: what is kept of it has a bound, although every thread, container and address in it is new.
import { describe, expect, it } from 'vitest';
import { evolve } from '../../src/core/evolve.ts';
import { emptyWorld } from '../../src/core/world.ts';
import { recordBytes } from '../support/bareTrace.ts';
import { longTrace } from '../support/longTrace.ts';

/** The most that the world held at any time of so many rounds, and how much there was in all. */
const most = async (name: string, rounds: number) => {
  const world = emptyWorld();
  const counts = new Map<string, number>();
  const sizes = { tasks: 0, containers: 0, domains: 0, tries: 0 };
  await recordBytes(name, (await longTrace(name)).pieces(rounds), (event) => {
    evolve(world, event);
    counts.set(event.type, (counts.get(event.type) ?? 0) + 1);
    if (event.type !== 'FrameLeft') return;
    for (const part of ['tasks', 'containers', 'domains'] as const) sizes[part] = Math.max(sizes[part], Object.keys(world[part]).length);
    const tries = Object.values(world.groups).map(({ attributes }) => Object.keys(attributes).length);
    sizes.tries = Math.max(
      sizes.tries,
      tries.reduce((sum, count) => sum + count, 0),
    );
  });
  return { sizes, counts };
};

describe('the world of a long trace', () => {
  it('holds few rounds of eleven containers with threads that race', { timeout: 60_000 }, async () => {
    const { sizes, counts } = await most('6.12-x86_64-intel-conc', 20);
    expect(counts.get('TaskStarted')).toBe(20 * 29);
    expect(counts.get('ContainerOpened')).toBe(20 * 11);
    expect(counts.get('FrameLeft')).toBe(20 * 84);
    expect(sizes).toEqual({ tasks: 121, containers: 49, domains: 26, tries: 34 });
  });

  it('holds few rounds of iommufd', { timeout: 60_000 }, async () => {
    const { sizes, counts } = await most('6.12custom-x86_64-intel-iommufd', 24);
    expect(counts.get('FrameLeft')).toBe(24 * 60);
    expect(sizes).toEqual({ tasks: 92, containers: 71, domains: 16, tries: 175 });
  });
});
