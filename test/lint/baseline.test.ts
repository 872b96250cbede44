// Baselines: what is known does not fail, reasons expire, what vanished is listed; a file that is wrong is refused at its place.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/core/failure.ts';
import { type BaselineEntry, isFailure } from '../../src/core/lintReport.ts';
import { againstBaseline, baselineOf } from '../../src/lint/baseline.ts';
import { printBaseline, readBaseline } from '../../src/lint/baselineFile.ts';
import { namedContracts } from '../../src/lint/contracts/named.ts';
import { findingsOf } from '../../src/lint/judge.ts';
import { readingOf, siteOf } from '../support/treeReadings.ts';

const contract = { ...namedContracts[0]!, standing: 'asked' } as const;
const sites = [siteOf({ errnos: ['ENXIO'] }), siteOf({ errnos: ['EXDEV'], condition: 'a != b', line: 2440 })];
const findings = findingsOf(readingOf(sites), contract);
const entries = baselineOf(findings);
const suppressed = (until: string | null): BaselineEntry[] => [{ ...entries[0]!, suppressed: { reason: 'user space knows it', until } }];

describe('findings against a baseline', () => {
  it.each<[string, readonly BaselineEntry[] | null, string[], string[] | null]>([
    ['without one are new', null, ['new!', 'new!'], null],
    ['with an empty one are new', [], ['new!', 'new!'], []],
    ['that knows them do not fail', entries, ['known', 'known'], []],
    ['that knows one fail by the other', entries.slice(1), ['new!', 'known'], []],
    ['that suppresses one', suppressed(null), ['suppressed', 'new!'], []],
    ['that suppresses one up to today', suppressed('2027-01-31'), ['suppressed', 'new!'], []],
    ['that suppressed one up to yesterday fail again', suppressed('2027-01-30'), ['expired!', 'new!'], []],
    [
      'that has more list what is gone',
      [...entries, { ...entries[0]!, fingerprint: 'f'.repeat(16) }],
      ['known', 'known'],
      ['f'.repeat(16)],
    ],
  ])('%s', (_, baseline, states, vanished) => {
    const compared = againstBaseline(findings, baseline, '2027-01-31');
    expect(compared.findings.map((finding) => `${finding.state}${isFailure(finding) ? '!' : ''}`)).toEqual(states);
    expect(compared.vanished?.map(({ fingerprint }) => fingerprint) ?? null).toEqual(vanished);
  });

  it('are written with the reasons that there were', () => {
    expect(baselineOf(findings, suppressed('2027-01-30'))).toEqual([suppressed('2027-01-30')[0], entries[1]]);
  });
});

describe('a baseline file', () => {
  it('is this JSON, and reads back', () => {
    const text = printBaseline(suppressed(null));
    expect(text.split('\n').slice(0, 8)).toEqual([
      '{',
      '  "kind": "lint-baseline",',
      '  "version": 1,',
      '  "entries": [',
      '    {',
      '      "fingerprint": "90a5147cece5f733",',
      '      "rule": "incompatible-other-errno",',
      '      "driver": "arm-smmu-v3",',
    ]);
    expect(readBaseline(text, 'b.json')).toEqual(suppressed(null));
  });

  it('reads back whatever it holds', () => {
    const word = fc.string({ unit: 'binary', minLength: 1 }).filter((text) => /\S/.test(text));
    const entry = fc.record({
      fingerprint: fc.stringMatching(/^[0-9a-f]{16}$/),
      rule: word,
      driver: word,
      op: word,
      function: word,
      condition: fc.oneof(fc.constant(''), word),
      errnos: fc.array(word, { maxLength: 2 }),
      suppressed: fc.option(fc.record({ reason: word, until: fc.constantFrom(null, '2028-02-29') })),
    });
    fc.assert(
      fc.property(fc.uniqueArray(entry, { maxLength: 4, selector: ({ fingerprint }) => fingerprint }), (some) => {
        expect(readBaseline(printBaseline(some), 'b.json')).toEqual(some);
      }),
      { seed: 5 },
    );
  });

  const good = printBaseline(suppressed('2027-01-31'));
  const edited = (from: string | RegExp, to: string): string => good.replace(from, to);

  it.each([
    ['nothing', '', 'b.json:1:1: expected a value, found the end'],
    ['no object', '[]', 'b.json:1:1: expected a baseline, found a list'],
    ['a cut file', good.slice(0, 90), 'b.json:6:22: expected text that ends on its line and has no bad escape, found "\\""'],
    ['a comma too many', edited('"version": 1,', '"version": 1,,'), 'b.json:3:16: expected a key in double quotes, found ","'],
    ['more behind it', `${good}x`, 'b.json:22:1: expected the end, found "x"'],
    ['another file', '{"kind": "run", "version": 1}', 'b.json:1:10: expected "lint-baseline", found "run"'],
    ['a newer one', edited('"version": 1', '"version": 2'), 'b.json:3:14: expected version 1 or older, found 2'],
    ['no entries', '{"kind": "lint-baseline", "version": 1}', 'b.json:1:1: expected the key "entries", found none'],
    [
      'a misspelt key',
      edited('"suppressed"', '"supressed"'),
      'b.json:15:7: expected a key of an entry (fingerprint, rule, driver, op, function, condition, errnos, suppressed), found "supressed"; did you mean suppressed?',
    ],
    ['a fingerprint that is none', edited('90a5147cece5f733', '90a5'), 'b.json:6:22: expected 16 hexadecimal digits, found "90a5"'],
    ['no reason', edited('"user space knows it"', '" "'), 'b.json:16:19: expected a reason in words, found " "'],
    [
      'a day that is none',
      edited('2027-01-31', '2027-02-29'),
      'b.json:17:18: expected a day such as "2027-01-31", or null, found "2027-02-29"',
    ],
    ['a key twice', edited('"version": 1', '"kind": 1'), 'b.json:3:3: expected each key once, found "kind" again'],
    [
      'an entry twice',
      printBaseline([entries[0]!, entries[0]!]),
      'b.json:17:5: expected each fingerprint once, found 90a5147cece5f733 again',
    ],
    ['no end of depth', '['.repeat(100_000), 'b.json:1:34: expected at most 32 levels'],
  ])('with %s is refused there', (_, text, message) => {
    expect(() => readBaseline(text, 'b.json')).toThrow(Failure);
    expect(() => readBaseline(text, 'b.json')).toThrow(message);
  });
});
