// Suites by chance, with words that a format may stumble over: line ends, hash signs, marks of XML, control characters, half surrogates.
import * as fc from 'fast-check';
import type { SuiteEntry, SuiteTest } from '../../src/core/suite.ts';

const awkward = fc.constantFrom(
  '#',
  ' ',
  '\n',
  '\r',
  '\t',
  '<',
  '>',
  '&',
  '"',
  "'",
  ']]>',
  '\u0000',
  '\ud800',
  '\uffff',
  '\u2028',
  'ok 1',
  'é',
);

/** Begins with a letter, as a name does. */
const words = fc.array(fc.oneof(awkward, fc.string({ maxLength: 4 })), { maxLength: 8 }).map((parts) => `a${parts.join('')}`);

const ended = (outcome: SuiteTest['outcome'], reasons: fc.Arbitrary<string[]>): fc.Arbitrary<SuiteTest> =>
  fc.record({ kernel: words, caller: words, outcome: fc.constant(outcome), reasons });

const some = fc.array(words, { minLength: 1, maxLength: 3 });

const test = fc.oneof(ended('ok', fc.constant([])), ended('not ok', some), ended('inconclusive', some), ended('skipped', some));

const loaded: fc.Arbitrary<SuiteEntry> = fc.record({
  file: words,
  name: words,
  failure: fc.constant(null),
  tests: fc.array(test, { minLength: 1, maxLength: 4 }),
});

const unread: fc.Arbitrary<SuiteEntry> = fc.record({ file: words, name: words, failure: words, tests: fc.constant([]) });

export const anyEntries = fc.array(fc.oneof({ weight: 4, arbitrary: loaded }, { weight: 1, arbitrary: unread }), {
  minLength: 1,
  maxLength: 4,
});
