// A suite as KTAP version 1, as Documentation/dev-tools/ktap.rst of the kernel has it: a scenario is a test, its cells are its subtests.
import { type Outcome, outcomesOf, type SuiteEntry, testName, wholeOf } from '../core/suite.ts';

/** One level of nesting. */
const indent = '  ';

const oneLine = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();

/** A description ends at the first hash sign. */
const description = (text: string): string => oneLine(text).replaceAll('#', '_');

/** Directive and diagnostic data stand behind a hash sign; an inconclusive test has no directive, so that no reader takes it for a pass. */
const behind = (outcome: Outcome, words: string): string => {
  if (outcome === 'skipped') return ` # SKIP ${oneLine(words)}`;
  return outcome === 'inconclusive' ? ` # inconclusive: ${oneLine(words)}` : '';
};

const isOk = (outcome: Outcome): boolean => outcome === 'ok' || outcome === 'skipped';

const result = (outcome: Outcome, number: number, name: string, words: string): string =>
  `${isOk(outcome) ? 'ok' : 'not ok'} ${number} ${description(name)}${behind(outcome, words)}`;

const diagnostics = (name: string, lines: readonly string[]): string[] => lines.map((line) => `# ${oneLine(`${name}: ${line}`)}`);

/** A test inside another; what is said of one that is neither ok nor failed begins with the reason. */
export interface Subtest {
  readonly name: string;
  readonly outcome: Outcome;
  readonly reasons: readonly string[];
}

const subtest = ({ name, outcome, reasons }: Subtest, index: number): string[] => {
  const said = outcome === 'not ok' || outcome === 'ok' ? reasons : reasons.slice(1);
  return [...diagnostics(name, said), result(outcome, index + 1, name, reasons[0] ?? '')];
};

const document = (tests: readonly (readonly string[])[]): string[] => ['KTAP version 1', `1..${tests.length}`, ...tests.flat()];

const unread = ({ name }: SuiteEntry, failure: string, number: number): string[] => {
  const [first = '', ...rest] = failure.split('\n');
  return [...diagnostics(name, rest), `not ok ${number} ${description(name)} # ERROR ${oneLine(first)}`];
};

/** A test with its subtests before it; `skipped` says why none of them was judged. */
const group = (name: string, tests: readonly Subtest[], whole: Outcome, index: number, skipped: string): string[] => {
  const nested = document(tests.map(subtest)).map((line) => `${indent}${line}`);
  return [...nested, result(whole, index + 1, name, whole === 'skipped' ? skipped : 'see its subtests')];
};

const entryLines = (entry: SuiteEntry, index: number): string[] => {
  if (entry.failure !== null) return unread(entry, entry.failure, index + 1);
  const tests = entry.tests.map((test) => ({ name: testName(test), outcome: test.outcome, reasons: test.reasons }));
  return group(entry.name, tests, wholeOf(outcomesOf(entry)), index, 'no cell was judged');
};

/** Tests and their subtests that come from elsewhere than a suite. */
export const printNested = (groups: readonly { readonly name: string; readonly tests: readonly Subtest[] }[]): string =>
  document(
    groups.map(({ name, tests }, index) => group(name, tests, wholeOf(tests.map(({ outcome }) => outcome)), index, 'nothing was judged')),
  ).join('\n');

export const printKtap = (entries: readonly SuiteEntry[]): string => document(entries.map(entryLines)).join('\n');
