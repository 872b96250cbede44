// The three-valued verdict against the two-valued one: with everything known they agree, and what it says with less known stays true whatever
// the rest turns out to be.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  all,
  any,
  below,
  type Condition,
  differ,
  equal,
  holds,
  lacks,
  not,
  type Path,
  readsOf,
  type Value,
} from '../../src/core/conditions.ts';
import { decisive, judge } from '../../src/explain/judge.ts';

const paths: readonly Path[] = ['device.a', 'device.b', 'iommu.c', 'domain.d'];
const path = fc.constantFrom(...paths);
const value: fc.Arbitrary<Value> = fc.constantFrom<Value>(null, true, false, 0, 1, 2, 'x');
const operand = fc.oneof(path, fc.constantFrom<number | boolean | null>(0, 1, true, false, null));

const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 4 },
    fc.tuple(operand, operand).map(([a, b]) => equal(a, b)),
    fc.tuple(operand, operand).map(([a, b]) => differ(a, b)),
    fc.tuple(operand, operand).map(([a, b]) => below(a, b)),
    path.map(lacks),
    tie('condition').map(not),
    fc.array(tie('condition'), { maxLength: 3 }).map((parts) => all(...parts)),
    fc.array(tie('condition'), { maxLength: 3 }).map((parts) => any(...parts)),
  ),
}));

const values = fc.tuple(value, value, value, value).map((found) => new Map(paths.map((name, index) => [name, found[index]!])));
const seed = 20_261_129;

test(`with everything known it is what the condition is (seed ${seed})`, () => {
  fc.assert(
    fc.property(condition, values, (given, found) => {
      expect(judge(given, (name) => found.get(name))).toBe(holds(given, (name) => found.get(name)!));
    }),
    { seed, numRuns: 2000 },
  );
});

test(`a verdict with less known holds for every rest (seed ${seed})`, () => {
  fc.assert(
    fc.property(condition, values, values, fc.subarray([...paths]), (given, found, other, known) => {
      const verdict = judge(given, (name) => (known.includes(name) ? found.get(name) : undefined));
      if (verdict === undefined) return;
      expect(holds(given, (name) => (known.includes(name) ? found : other).get(name)!)).toBe(verdict);
    }),
    { seed, numRuns: 4000 },
  );
});

test(`what a verdict hangs on is read and known (seed ${seed})`, () => {
  fc.assert(
    fc.property(condition, values, fc.subarray([...paths]), (given, found, known) => {
      const read = (name: Path) => (known.includes(name) ? found.get(name) : undefined);
      const reads = readsOf(given).filter((name) => known.includes(name));
      expect(reads).toEqual(expect.arrayContaining(decisive(given, read)));
    }),
    { seed, numRuns: 2000 },
  );
});
