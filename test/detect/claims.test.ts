// Claims over a history: when they are judged, what they read there, and what a wrong name gets.
import { describe, expect, it } from 'vitest';
import type { ClaimResult } from '../../src/core/claim.ts';
import type { Claim, Mood, Operator, Term } from '../../src/core/scenario.ts';
import { evaluateClaims } from '../../src/detect/claims.ts';
import { nth } from '../support/runs.ts';
import { audited } from './audited.ts';
import { intel } from './machines.ts';

const term = (text: string): Term => {
  const match = /^([\w-]+)\((.*)\)$/.exec(text);
  if (match) return { reading: match[1]!, of: match[2]!.split(/, */) };
  return { constant: /^\d+$/.test(text) ? Number(text) : text };
};

const place = { file: 'made.yaml', line: 7, column: 3 };

/** `always domains(c0) <= 1` */
const claim = (text: string): Claim => {
  const [, mood, left, operator, right] = /^(\S+) (.+) (==|!=|<=|>=|<|>) (.+)$/.exec(text)!;
  const sides = { left: term(left!), operator: operator as Operator, right: term(right!) };
  return { kind: 'compare', mood: mood as Mood, text: text.slice(mood!.length + 1), ...sides, place };
};

const detecting = (detector: string, parameters: Record<string, string> = {}): Claim => ({
  kind: 'detector',
  mood: 'always',
  text: detector,
  detector,
  parameters,
  place,
});

const script = 'attach 5; map 64K; attach 11; detach 11';
const healthy = audited({ kernel: '6.12.y', caller: 'vfio-type1', topology: intel, script });
const duplicate = audited({ kernel: '6.12.y', caller: 'vfio-type1', topology: intel, script, faults: [nth(2, 20)] });

/** Numbers of the events that end a request, from 1. */
const ends = (run: typeof healthy): number[] => run.events.flatMap(({ type }, index) => (type === 'RequestEnded' ? [index + 1] : []));

const judged = (run: typeof healthy, found: Claim): Omit<ClaimResult, 'claim'> => {
  const [result] = evaluateClaims(run.events, [found], run.probe);
  expect(result!.claim).toBe(found);
  const { outcome, at, values } = result!;
  return { outcome, at, values };
};

describe('a comparison', () => {
  const [first, , third] = ends(healthy);

  it.each<[string, ClaimResult['outcome'], number | null, ClaimResult['values']]>([
    ['always domains(c0) <= 1', 'held', null, { 'domains(c0)': 1 }],
    ['always domains(c0) >= 1', 'held', null, { 'domains(c0)': 1 }],
    ['always domains(c0) >= 2', 'violated', first!, { 'domains(c0)': 1 }],
    ['always domains(c0) > 0', 'held', null, { 'domains(c0)': 1 }],
    ['always domains(c0) > 1', 'violated', first!, { 'domains(c0)': 1 }],
    ['always domains(c0) < 2', 'held', null, { 'domains(c0)': 1 }],
    ['always domains(c0) < 1', 'violated', first!, { 'domains(c0)': 1 }],
    ['always domains(c0) == 0', 'violated', first!, { 'domains(c0)': 1 }],
    ['always groups(c0) < 2', 'violated', third!, { 'groups(c0)': 2 }],
    ['sometimes groups(c0) == 2', 'held', third!, { 'groups(c0)': 2 }],
    ['sometimes groups(c0) > 2', 'never met', null, { 'groups(c0)': 1 }],
    ['at-end groups(c0) == 1', 'held', null, { 'groups(c0)': 1 }],
    ['at-end groups(c0) == 2', 'violated', null, { 'groups(c0)': 1 }],
    ['sometimes domain(g5) == domain(g11)', 'held', third!, { 'domain(g5)': 'c0.d0', 'domain(g11)': 'c0.d0' }],
    ['at-end domain(g11) == g11.default', 'held', null, { 'domain(g11)': 'g11.default' }],
    ['at-end owner(11) == none', 'held', null, { 'owner(11)': null }],
    ['always owner(5) != none', 'held', null, { 'owner(5)': 'c0' }],
    ['at-end 1 == mappings(c0)', 'held', null, { 'mappings(c0)': 1 }],
  ])('%s: %s at %s', (text, outcome, at, values) => {
    expect(judged(healthy, claim(text))).toEqual({ outcome, at, values });
  });

  it('is violated where the duplicate is there, with what it read', () => {
    expect(judged(duplicate, claim('always domains(c0) <= 1'))).toEqual({
      outcome: 'violated',
      at: ends(duplicate)[2],
      values: { 'domains(c0)': 2 },
    });
  });

  it('keeps the order of the claims', () => {
    const texts = ['at-end groups(c0) == 1', 'always domains(c0) <= 1', 'sometimes domains(c0) == 1'];
    const results = evaluateClaims(healthy.events, [...texts.map(claim), detecting('duplicate-domain')], healthy.probe);
    expect(results.map(({ outcome }) => outcome)).toEqual(['held', 'held', 'held', 'held']);
    expect(results.map((result) => result.claim.text)).toEqual([...texts.map((text) => text.replace(/^\S+ /, '')), 'duplicate-domain']);
  });
});

describe('a detector as a claim', () => {
  it.each<[string, Record<string, string>, ClaimResult['outcome'], number | null]>([
    ['duplicate-domain', {}, 'violated', ends(duplicate)[2]!],
    ['duplicate-domain', { container: 'c0' }, 'violated', ends(duplicate)[2]!],
    ['duplicate-domain', { container: 'c1' }, 'held', null],
    ['group-split', {}, 'held', null],
  ])('%s with %j: %s', (id, parameters, outcome, at) => {
    const result = judged(duplicate, detecting(id, parameters));
    expect([result.outcome, result.at]).toEqual([outcome, at]);
  });

  it('gives what its hit names', () => {
    expect(judged(duplicate, detecting('duplicate-domain')).values).toMatchObject({ domain: 'c0.d1', older: 'c0.d0', group: '11' });
  });
});

describe('a wrong name', () => {
  it.each([
    ['always domain(c0) <= 1', 'made.yaml:7:3: no group is named c0; known: 5, 11'],
    ['always domains(c7) <= 1', 'made.yaml:7:3: no container is named c7; known: c0'],
    ['always domain(g7) == 1', 'made.yaml:7:3: no group is named g7; known: 5, 11'],
    ['always domians(c0) <= 1', 'made.yaml:7:3: no reading is named domians; did you mean domains?'],
    ['always ids(dmar1, domainIdsFree) > 0', 'made.yaml:7:3: no iommu is named dmar1; known: dmar0, system'],
    ['always ids(dmar0, domainIdsLeft) > 0', 'made.yaml:7:3: no pool is named domainIdsLeft; did you mean domainIdsFree?'],
    ['always devices(c9.d0) > 0', 'made.yaml:7:3: no domain is named c9.d0; known: c0, g5, g11'],
    ['always ids(dmar0) > 0', 'made.yaml:7:3: ids takes iommu, pool; found 1 arguments'],
    ['always owner(5) < 3', 'made.yaml:7:3: owner(5) < 3: < compares numbers, found "c0" and 3'],
  ])('%s', (text, message) => {
    expect(() => judged(healthy, claim(text))).toThrow(message);
  });

  it('of a detector', () => {
    expect(() => judged(healthy, detecting('duplicate-domian'))).toThrow(
      'no detector is named duplicate-domian; did you mean duplicate-domain?',
    );
  });
});
