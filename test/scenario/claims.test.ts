// Claims as text: what they mean, how they print, and where a mistake in one is.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Operator, Term } from '../../src/core/scenario.ts';
import { parseComparison, printComparison } from '../../src/scenario/claims.ts';
import { known, refusal } from './samples.ts';

const seed = Number(process.env.SEED ?? 2);
const { readings } = known;
const terms = (text: string): [Term, Operator, Term] => {
  const { left, operator, right } = parseComparison('always', text, { readings });
  return [left, operator, right];
};

describe('a comparison', () => {
  it.each<[string, Term, Operator, Term]>([
    ['domains(c0) <= 1', { reading: 'domains', of: ['c0'] }, '<=', { constant: 1 }],
    ['domain(g5)==domain(g11)', { reading: 'domain', of: ['g5'] }, '==', { reading: 'domain', of: ['g11'] }],
    [' domain( 0000:05:01.0 ) != c0.d0 ', { reading: 'domain', of: ['0000:05:01.0'] }, '!=', { constant: 'c0.d0' }],
    ['ids(dmar0, domainIds) > 0x10', { reading: 'ids', of: ['dmar0', 'domainIds'] }, '>', { constant: 16 }],
    ['-2.5 < domains(c0)', { constant: -2.5 }, '<', { reading: 'domains', of: ['c0'] }],
    ['stuck() == false', { reading: 'stuck', of: [] }, '==', { constant: false }],
    ['domain(g5) == none', { reading: 'domain', of: ['g5'] }, '==', { constant: null }],
    [`domain(g5) == 'none'`, { reading: 'domain', of: ['g5'] }, '==', { constant: 'none' }],
    ['domain("a b") == "say \\"x\\" \\\\"', { reading: 'domain', of: ['a b'] }, '==', { constant: 'say "x" \\' }],
  ])('%s', (text, left, operator, right) => {
    expect(terms(text)).toEqual([left, operator, right]);
  });

  it('keeps its mood and prints in one way', () => {
    const claim = parseComparison('sometimes', '  domains( c0 )<=0x2');
    expect(claim).toMatchObject({ kind: 'compare', mood: 'sometimes', text: 'domains(c0) <= 2' });
    expect(printComparison(claim)).toBe('domains(c0) <= 2');
  });

  it(`is read back from its print (seed ${seed})`, () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 8 });
    const constant = fc
      .oneof(
        text,
        fc.constantFrom('true', 'none', '12', '0x1', '1e3', 'c0.d0'),
        fc.integer(),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.boolean(),
        fc.constant(null),
      )
      .map((value): Term => ({ constant: Object.is(value, -0) ? 0 : value }));
    const reading = fc.record({ reading: fc.constantFrom('domain', 'x-y'), of: fc.array(text, { maxLength: 3 }) });
    const claim = fc
      .tuple(reading, fc.constantFrom<Operator>('==', '!='), fc.oneof(reading, constant), fc.boolean())
      .map(([one, operator, other, swap]) => ({ operator, left: swap ? other : one, right: swap ? one : other }));
    fc.assert(
      fc.property(claim, (parts) => {
        const printed = printComparison({ kind: 'compare', mood: 'always', text: '', ...parts });
        expect(parseComparison('always', printed)).toEqual({ kind: 'compare', mood: 'always', text: printed, ...parts });
      }),
      { seed, numRuns: 1000 },
    );
  });

  it.each([
    ['', 'claim:1:1: expected a reading such as domains(c0), a number, or a word, found the end of the claim'],
    ['domans(c0) <= 1', 'claim:1:1: expected a reading, found domans; did you mean domains? Known: domain, domains, ids, stuck'],
    ['domains(c0)', 'claim:1:12: expected one of == != < <= > >=, found the end of the claim'],
    ['domains(c0) <= ', 'claim:1:15: expected a reading such as domains(c0), a number, or a word, found the end of the claim'],
    ['domains(c0) = 1', 'claim:1:13: expected one of == != < <= > >=, found ='],
    ['domains(c0) <= 1 and 2', 'claim:1:18: expected the end of the claim, found and'],
    ['domains(c0, c1) <= 1', 'claim:1:1: expected 1 argument for domains, found 2 in domains(c0, c1)'],
    ['ids(dmar0) <= 1', 'claim:1:1: expected 2 arguments for ids, found 1 in ids(dmar0)'],
    ['domains(c0 <= 1', 'claim:1:12: expected a comma or a closing parenthesis, found <='],
    ['domains(,) <= 1', 'claim:1:9: expected an argument, found ,'],
    ['1 == 1', 'claim:1:1: expected a reading such as domains(c0) on one side, found 1'],
    ['domain(g5) < c0.d1', 'claim:1:14: expected a number beside <, found c0.d1'],
    ['domain(g5) == "abc', 'claim:1:15: expected a reading such as domains(c0), a number, or a word, found "'],
  ])('%j is refused', (text, message) => {
    expect(refusal(() => parseComparison('always', text, { readings }))).toBe(message);
  });
});
