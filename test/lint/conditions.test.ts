// Conditions in one form: what a C reader takes for the same is the same, and nothing else is.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalCondition } from '../../src/lint/conditions.ts';

const same: readonly (readonly string[])[] = [
  [
    'smmu_domain->smmu != smmu',
    'smmu_domain->smmu!=smmu',
    '(smmu_domain->smmu != (smmu))',
    'smmu != smmu_domain->smmu',
    '!(smmu_domain->smmu == smmu)',
  ],
  ['!dom', 'dom == NULL', 'NULL == dom', '!(dom != NULL)', '!(dom)', 'dom == 0'],
  ['dom->sdev', 'dom->sdev != NULL', '!!dom->sdev', '(dom->sdev)'],
  ['a && b && c', '(a && b) && c', 'a && (b && (c))', 'a != NULL && b && !!c'],
  ['a > b', 'b < a', '!(a <= b)'],
  ['!(flags & MASK)', '(flags & MASK) == 0', '! ( flags & (MASK) )'],
  ['max > (1LL << width)', '(1LL << width) < max'],
  ['f(a, b) == -1', '-1 == f(a,b)', '(f((a), b)) == -1'],
  ['(u64)start > end', 'end < (u64) start'],
  ['p[i + 1].x', 'p[(i + 1)].x'],
  ['x ? a : b', '(x) ? (a) : b'],
  ['sizeof(struct foo *) == n', 'n == sizeof( struct foo * )'],
];

const different: readonly (readonly [string, string])[] = [
  ['a == b', 'a != b'],
  ['a < b', 'b < a'],
  ['a & b', 'a && b'],
  ['a && b', 'b && a'],
  ['(a + b) * c', 'a + b * c'],
  ['a - b', 'b - a'],
  ['!a == b', '!(a == b)'],
  ['a->b', 'a.b'],
  ['f(a, b)', 'f(b, a)'],
  ['x = a', 'x == a'],
  ['a || b && c', '(a || b) && c'],
];

describe('a condition', () => {
  it.each(same.map((forms) => [forms[0]!, forms]))('%s has one form', (_, forms) => {
    expect(
      new Set((forms as readonly string[]).map(normalCondition)).size,
      (forms as readonly string[]).map(normalCondition).join('\n'),
    ).toBe(1);
  });

  it.each(different)('%s is not %s', (one, other) => {
    expect(normalCondition(one)).not.toBe(normalCondition(other));
  });

  it.each(['', 'if (', 'for ( ; ; ) {', 'a @ b', '# define', ') ('])('that is no expression keeps its words: %s', (text) => {
    expect(normalCondition(`  ${text.replaceAll(' ', '  ')} `)).toBe(text);
  });

  it('never fails, and does not change when brought into form again', () => {
    const word = fc.constantFrom(
      'a',
      'b->c',
      'f(x)',
      'NULL',
      '0',
      '(',
      ')',
      '!',
      '==',
      '!=',
      '&&',
      '<',
      '>',
      '&',
      '*',
      '->',
      ',',
      '?',
      ':',
      '=',
      '[',
      ']',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), (words) => {
        const once = normalCondition(words.join(' '));
        expect(normalCondition(once)).toBe(once);
      }),
      { seed: 5, numRuns: 2000 },
    );
  });
});
