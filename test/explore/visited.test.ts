// The table of states seen against a plain set, through its growth and past its memory limit.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Visited } from '../../src/explore/visited.ts';

const lane = fc.oneof(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), fc.constantFrom(0, 1, -1, 2, 16, 2 ** 31 - 1, -(2 ** 31)));
const states = fc.array(fc.tuple(lane, lane, fc.nat(63)), { maxLength: 400 });
/** A word of zero is a free one, so that others stand for it. */
const keyOf = ([low, high, near]: readonly [number, number, number]): string => `${low || 0x5bd1e995} ${high || 0x27d4eb2f} ${near}`;

/** Well spread, as fingerprints are; nobody has neighbours. */
const spread = (index: number): [number, number, number] => [
  Math.imul(index + 1, 0x9e3779b1),
  Math.imul(index ^ 0x2545f491, 0x85ebca6b),
  5,
];

describe('the states seen', () => {
  it('are those of a set, in any order and however often (seed 11)', () => {
    fc.assert(
      fc.property(states, fc.nat(), (given, again) => {
        const visited = new Visited(2 ** 20);
        const known = new Set<string>();
        for (const state of [...given, ...given.slice(again % (given.length + 1))]) {
          expect(visited.add(...state)).toBe(!known.has(keyOf(state)));
          known.add(keyOf(state));
          expect(visited.size).toBe(known.size);
        }
      }),
      { seed: 11 },
    );
  });

  it('outlive every growth of the table', () => {
    const visited = new Visited(2 ** 24);
    const sizes = new Set<number>();
    for (let index = 0; index < 100_000; index++) {
      expect(visited.add(...spread(index))).toBe(true);
      sizes.add(visited.bytes);
    }
    expect([...sizes]).toEqual([12, 13, 14, 15, 16, 17].map((bits) => 2 ** bits * 16).concat(2 ** 18 * 16));
    for (let index = 0; index < 100_000; index++) expect(visited.add(...spread(index))).toBe(false);
    expect(visited.size).toBe(100_000);
    expect(visited.omissionOf()).toEqual({ collision: 1e10 / 2 ** 65, bitState: null });
  });

  it('beyond the limit: nothing known is new again, few new states are left out, and the chance of it is said', () => {
    const visited = new Visited(2 ** 16);
    const count = 20_000;
    let left = 0;
    for (let index = 0; index < count; index++) if (!visited.add(...spread(index))) left += 1;
    for (let index = 0; index < count; index++) expect(visited.add(...spread(index))).toBe(false);
    const { bitState } = visited.omissionOf();
    expect(visited.size).toBe(count - left);
    expect(visited.bytes).toBeLessThanOrEqual(2 ** 16);
    expect(bitState).toBeGreaterThan(0);
    // On the way there fewer are left out than at the end.
    expect(left / count).toBeLessThanOrEqual(bitState! * 1.2);
    expect(left).toBe(5);
  });
});
