// A suite as JUnit XML: a scenario is a testsuite, a cell a testcase. A failure is a difference; an error is a test without a verdict:
// an inconclusive run, or a file that does not load.
import { type Counts, countsOf, type SuiteEntry, type SuiteTest, testName } from '../core/suite.ts';

const names: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** XML 1.0 has no way to write most control characters and half a surrogate pair. */
const legal = (text: string): string =>
  text.toWellFormed().replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\u{FFFD}');

/** Line ends in attributes would be read as blanks. */
const escaped = (text: string): string =>
  legal(text).replace(/[&<>"\t\n\r]/g, (character) => names[character] ?? `&#${character.charCodeAt(0)};`);

const attributes = (values: Readonly<Record<string, string | number>>): string =>
  Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(String(value))}"`)
    .join('');

/** Content in full; the message is its first line. */
const said = (element: string, type: string, lines: readonly string[]): string =>
  `<${element}${attributes({ message: lines[0] ?? '', type })}>${lines.map(escaped).join('\n')}</${element}>`;

const outcomeElement = ({ outcome, reasons }: SuiteTest): string => {
  if (outcome === 'not ok') return said('failure', 'difference', reasons);
  if (outcome === 'inconclusive') return said('error', 'inconclusive', reasons);
  return outcome === 'skipped' ? `<skipped${attributes({ message: reasons[0] ?? '' })}/>` : '';
};

const testcase = (classname: string, name: string, inner: string): string => {
  const start = `    <testcase${attributes({ classname, name })}`;
  return inner === '' ? `${start}/>` : `${start}>${inner}</testcase>`;
};

const cases = ({ name, failure, tests }: SuiteEntry): string[] =>
  failure === null
    ? tests.map((test) => testcase(name, testName(test), outcomeElement(test)))
    : [testcase(name, 'loads', said('error', 'does not load', failure.split('\n')))];

const numbers = (counts: Counts, unread: number) => ({
  tests: counts.ok + counts['not ok'] + counts.inconclusive + counts.skipped,
  failures: counts['not ok'] - unread,
  errors: counts.inconclusive + unread,
});

const unreadIn = (entries: readonly SuiteEntry[]): number => entries.filter(({ failure }) => failure !== null).length;

const testsuite = (entry: SuiteEntry): string => {
  const counts = countsOf([entry]);
  const counted = { ...numbers(counts, unreadIn([entry])), skipped: counts.skipped };
  return [`  <testsuite${attributes({ name: entry.name, ...counted })}>`, ...cases(entry), '  </testsuite>'].join('\n');
};

export const printJunit = (name: string, entries: readonly SuiteEntry[]): string =>
  [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name, ...numbers(countsOf(entries), unreadIn(entries)) })}>`,
    ...entries.map(testsuite),
    '</testsuites>',
  ].join('\n');
