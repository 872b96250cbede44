// A comparison as text: only what differs, by what it means for the user, rows by class, then scenarios; counts in the last line.
import {
  type ComparedSide,
  type Comparison,
  type Difference,
  type DifferenceKind,
  differenceKinds,
  isCompared,
  isEmpty,
  type RowCoverage,
} from '../core/comparison.ts';
import { counted } from '../core/counted.ts';
import { cut, errnoText, ruleText, section, table, wrap } from './text.ts';

const titles: Readonly<Record<DifferenceKind, string>> = {
  fails: 'now fails: a request that worked returns an errno',
  works: 'now works: a request that returned an errno succeeds',
  shares: 'now shares: fewer domains in a container than before',
  splits: 'now splits: more domains in a container than before',
  errno: 'now another errno: a request that failed fails in another way',
};

const places = { fresh: 'on a fresh domain', existing: 'on an existing domain' } as const;

/** What no errno name is stays as it is: `killed`, `callback-errno`. */
const resultText = (result: string | number): string =>
  typeof result === 'number' ? String(result) : /^(OK|E[A-Z0-9]+)$/.test(result) ? errnoText(result) : result;

const groupBy = <T>(items: readonly T[], key: (item: T) => string): T[][] => {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return [...groups.values()];
};

const listed = (results: readonly (string | number)[]): string => [...new Set(results)].map(resultText).join(', ');

/** `-ENXIO` where one side is success, `2 -> 1`, `-EINVAL -> -EACCES, -EIO`. */
const changeText = (differences: readonly Difference[]): string => {
  const { kind } = differences[0]!;
  if (kind === 'fails') return listed(differences.map(({ to }) => to));
  if (kind === 'works') return listed(differences.map(({ from }) => from));
  const bySource = groupBy(differences, ({ from }) => String(from));
  return bySource.map((same) => `${resultText(same[0]!.from)} -> ${listed(same.map(({ to }) => to))}`).join('; ');
};

/** Rows of a table; one that is too long goes on below. */
const lines = (rows: readonly (readonly string[])[]): string[] =>
  table(rows, '    ')
    .split('\n')
    .map((line) => wrap(line, '        '));

const rowLines = (differences: readonly Difference[]): string[] => {
  const byPlace = groupBy(differences, ({ row }) => `${row!.class}, ${places[row!.situation]}`);
  return byPlace.flatMap((same) => {
    const { row } = same[0]!;
    const rows = groupBy(same, (difference) => `${difference.row!.owner} ${difference.row!.row}`);
    const cells = rows.map((one) => [one[0]!.row!.owner, one[0]!.row!.row, changeText(one)]);
    return [`  ${row!.class}, ${places[row!.situation]}`, ...lines(cells)];
  });
};

const scenarioLines = (differences: readonly Difference[]): string[] => {
  const requests = groupBy(differences, ({ scenario, subject }) => `${scenario} ${subject}`);
  const cells = requests.map((one) => [one[0]!.scenario!, one[0]!.subject, changeText(one)]);
  return cells.length === 0 ? [] : ['  scenarios', ...lines(cells)];
};

const kindLines = (comparison: Comparison, kind: DifferenceKind): string[] => {
  const differences = comparison.differences.filter((difference) => difference.kind === kind);
  const [rows, scenarios] = [true, false].map((isRow) => differences.filter(({ row }) => (row !== null) === isRow));
  return section(titles[kind], [...rowLines(rows!), ...scenarioLines(scenarios!)]);
};

const ruleWords = ({ title, continueOn, contract }: ComparedSide): string =>
  `${title}, ${contract === null ? '' : `contract ${contract}, `}tries the next on ${ruleText(continueOn)}`;

const sideLines = (word: string, text: string, side: ComparedSide): string[] => [
  wrap(`${word} ${cut(text, 66)}: ${ruleWords(side)}`, '     '),
  ...(side.hypothetical === null ? [] : [wrap(`     hypothetical: ${side.hypothetical}`, '       ')]),
];

/** Reasons can name files. */
const sentence = (text: string): string =>
  text
    .split(' ')
    .map((word) => cut(word, 66))
    .join(' ');

/** By reason: many rows share one. */
const reasonLines = (rows: readonly RowCoverage[]): string[] =>
  groupBy(rows, ({ reason }) => reason!).flatMap((same) => [
    wrap(`  ${sentence(same[0]!.reason!)}:`, '  '),
    wrap(`    ${same.map(({ row }) => row).join(', ')}`, '    '),
  ]);

const uncomparedLines = ({ rows, uncompared }: Comparison): string[] => {
  const uncased = rows.filter(({ reason }) => reason !== null);
  const met = uncased.filter(isCompared);
  const metLines = met.map(({ row, scenarios, reason }) => wrap(`  ${row}: in ${scenarios.join(', ')}; ${sentence(reason!)}`, '    '));
  return [
    ...section('rows that could not be compared', reasonLines(uncased.filter((row) => !isCompared(row)))),
    ...section('rows without a case of their own, compared where scenarios meet them', metLines),
    ...section(
      'scenarios that could not be compared',
      uncompared.map(({ scenario, reason }) => wrap(`  ${scenario}: ${sentence(reason)}`, '    ')),
    ),
  ];
};

const countLines = ({ rows, scenarios, uncompared }: Comparison): string[] => {
  const cases = (situation: 'fresh' | 'existing') => rows.filter((row) => row.cases.includes(situation)).length;
  const compared = rows.filter(isCompared).length;
  const most = `${counted(compared, 'row')} and ${counted(scenarios.length, 'scenario')} compared`;
  return [
    `rows with a case: ${cases('fresh')} on a fresh domain, ${cases('existing')} on an existing one`,
    `${most}; ${rows.length - compared} and ${uncompared.length} could not be (why: --all)`,
  ];
};

const quietLine = (comparison: Comparison): string => (isEmpty(comparison) ? 'nothing could be compared' : 'no difference');

/** `sides` are as the user could write them. */
export const printComparison = (comparison: Comparison, sides: { readonly from: string; readonly to: string }, all: boolean): string =>
  [
    ...sideLines('from', sides.from, comparison.from),
    ...sideLines('to  ', sides.to, comparison.to),
    ...(comparison.differences.length === 0 ? [quietLine(comparison)] : differenceKinds.flatMap((kind) => kindLines(comparison, kind))),
    ...(all ? uncomparedLines(comparison) : []),
    ...countLines(comparison),
  ].join('\n');
