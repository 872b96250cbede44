// A suite as text: what is not as expected first, then what says neither, then how many were skipped and why, and one line of counts.
import { counted } from '../core/counted.ts';
import { countsOf, type Outcome, outcomesOf, type SuiteEntry, testName, wholeOf } from '../core/suite.ts';
import { block } from './blocks.ts';
import { section } from './text.ts';

const told = (title: string, name: string, reasons: readonly string[]): string[] => [
  ...block(`${title}: `, name),
  ...reasons.flatMap((reason) => block('    ', reason)),
];

const entryText = ({ name, failure, tests }: SuiteEntry, wanted: Outcome): string[] => [
  ...(failure !== null && wanted === 'not ok' ? told(wanted, name, failure.split('\n')) : []),
  ...tests.filter(({ outcome }) => outcome === wanted).flatMap((test) => told(wanted, `${name}, ${testName(test)}`, test.reasons)),
];

/** Reasons with how many cells they hold for, in the order in which they came. */
const skips = (entries: readonly SuiteEntry[]): string[] => {
  const counts = new Map<string, number>();
  for (const { outcome, reasons } of entries.flatMap(({ tests }) => tests)) {
    const reason = reasons.join('; ');
    if (outcome === 'skipped') counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts].flatMap(([reason, count]) => block(`  ${String(count).padStart(4)}  `, reason));
};

const summary = (entries: readonly SuiteEntry[]): string => {
  const counts = Object.entries(countsOf(entries)).map(([outcome, count]) => `${count} ${outcome}`);
  const nothing = wholeOf(entries.flatMap(outcomesOf)) === 'skipped' ? '; nothing was judged' : '';
  return `${counted(entries.length, 'scenario')}: ${counts.join(', ')}${nothing}`;
};

export const printSuite = (entries: readonly SuiteEntry[]): string =>
  [
    ...entries.flatMap((entry) => entryText(entry, 'not ok')),
    ...entries.flatMap((entry) => entryText(entry, 'inconclusive')),
    ...section('skipped', skips(entries)),
    summary(entries),
  ].join('\n');
