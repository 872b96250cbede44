// A suite as KTAP version 1, as Documentation/dev-tools/ktap.rst of the kernel has it: a scenario is a test, its cells are its subtests.
import { type Outcome, outcomesOf, type SuiteEntry, type SuiteTest, testName, wholeOf } from '../core/suite.ts';

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

const subtest = (test: SuiteTest, index: number): string[] => {
  const name = testName(test);
  const said = test.outcome === 'not ok' ? test.reasons : test.reasons.slice(1);
  return [...diagnostics(name, said), result(test.outcome, index + 1, name, test.reasons[0] ?? '')];
};

const document = (tests: readonly (readonly string[])[]): string[] => ['KTAP version 1', `1..${tests.length}`, ...tests.flat()];

const unread = ({ name }: SuiteEntry, failure: string, number: number): string[] => {
  const [first = '', ...rest] = failure.split('\n');
  return [...diagnostics(name, rest), `not ok ${number} ${description(name)} # ERROR ${oneLine(first)}`];
};

const entryLines = (entry: SuiteEntry, index: number): string[] => {
  if (entry.failure !== null) return unread(entry, entry.failure, index + 1);
  const nested = document(entry.tests.map(subtest)).map((line) => `${indent}${line}`);
  const whole = wholeOf(outcomesOf(entry));
  return [...nested, result(whole, index + 1, entry.name, whole === 'skipped' ? 'no cell was judged' : 'see its subtests')];
};

export const printKtap = (entries: readonly SuiteEntry[]): string => document(entries.map(entryLines)).join('\n');
