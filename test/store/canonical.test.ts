// Canonical JSON: what it says exactly, and two properties over generated values.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical } from '../../src/store/codec.ts';
import { refusal } from './refusal.ts';

const seed = Number(process.env.SEED ?? 20_240_501);

describe('canonical', () => {
  const rows: readonly (readonly [value: unknown, text: string])[] = [
    [{}, '{}'],
    [[], '[]'],
    [{ b: 1, a: 2 }, '{"a":2,"b":1}'],
    [{ b: [{ d: null, c: true }], a: '' }, '{"a":"","b":[{"c":true,"d":null}]}'],
    [{ 10: 'ten', 9: 'nine', x: 1 }, '{"10":"ten","9":"nine","x":1}'],
    [{ 'a\n': 'q"\\', ä: '\u0000\ud800' }, '{"a\\n":"q\\"\\\\","ä":"\\u0000\\ud800"}'],
    [{ Z: 1, a: 2, _: 3 }, '{"Z":1,"_":3,"a":2}'],
    [JSON.parse('{"__proto__":1,"a":2}'), '{"__proto__":1,"a":2}'],
    [{ a: undefined, b: 1 }, '{"b":1}'],
    [{ a: undefined }, '{}'],
    [[-0, 1e21, 0.1, 2 ** 53], '[0,1e+21,0.1,9007199254740992]'],
    ['x'.repeat(65), `"${'x'.repeat(65)}"`],
  ];
  it.each(rows)('of %j', (value, text) => {
    expect(canonical(value)).toBe(text);
    expect(canonical(value), 'the second time, when the shape is known').toBe(text);
  });

  it('tells shapes apart that begin alike', () => {
    const texts = [{ a: 1 }, { a: 1, b: 2 }, { a: 1, c: 3 }, { b: 2, a: 1 }, { a: 1, b: 2, c: 3 }].map(canonical);
    expect(texts).toEqual(['{"a":1}', '{"a":1,"b":2}', '{"a":1,"c":3}', '{"a":1,"b":2}', '{"a":1,"b":2,"c":3}']);
  });

  it.each([
    [Number.NaN, 'NaN'],
    [[Number.POSITIVE_INFINITY], 'Infinity'],
    [[undefined], 'a undefined'],
    [{ a: 1n }, 'a bigint'],
    [{ a: () => 0 }, 'a function'],
  ])('refuses %s: JSON cannot say it', (value, what) => {
    expect(refusal(() => canonical(value))).toBe(`model-error: ${what} cannot be stored as JSON`);
  });
});

/** JSON has one zero. */
const oneZero = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** The same value, keys in another order at every level. */
const shuffled = (value: unknown, order: (keys: string[]) => string[]): unknown => {
  if (Array.isArray(value)) return value.map((item) => shuffled(item, order));
  if (typeof value !== 'object' || value === null) return value;
  const entries = order(Object.keys(value)).map((key) => [key, shuffled((value as Record<string, unknown>)[key], order)]);
  return Object.fromEntries(entries);
};

describe(`canonical over generated values, seed ${seed}`, () => {
  it('is JSON that parses back to the value', () => {
    const parsesBack = (value: unknown) => {
      expect(JSON.parse(canonical(value))).toEqual(oneZero(value));
    };
    fc.assert(fc.property(fc.jsonValue({ noUnicodeString: false }), parsesBack), { seed, numRuns: 2000 });
  });

  it('does not depend on the order of keys, and sorts them', () => {
    const sameText = (value: unknown, turn: number) => {
      const rotated = shuffled(value, (keys) => keys.map((_, index) => keys[(index + turn) % keys.length]!));
      const reversed = shuffled(value, (keys) => keys.toReversed());
      const sorted = JSON.stringify(shuffled(value, (keys) => keys.sort()));
      expect([canonical(rotated), canonical(reversed)]).toEqual([canonical(value), canonical(value)]);
      if (!/"\d+":/.test(sorted)) expect(canonical(value)).toBe(sorted); // JSON.stringify always puts integer keys first.
    };
    fc.assert(fc.property(fc.jsonValue({ noUnicodeString: false }), fc.nat(5), sameText), { seed, numRuns: 2000 });
  });
});

// Last, because it uses up the memory for shapes.
describe('canonical beyond what is remembered', () => {
  it('sorts the keys of records too wide and of shapes too many to be remembered', () => {
    const wide = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`k${29 - index}`, index]));
    expect(Object.keys(JSON.parse(canonical(wide)))).toEqual(Object.keys(wide).sort());
    for (let index = 0; index < 25_000; index++) {
      expect(canonical({ [`z${index}`]: index, a: 'x' })).toBe(`{"a":"x","z${index}":${index}}`);
    }
  });
});
