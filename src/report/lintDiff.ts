// Two trees side by side, as a table for a cover letter: how many return sites each driver has, then what changed in it.
import { counted } from '../core/counted.ts';
import type { DriverDifference, SiteChange, TreeDifference } from '../core/treeDifference.ts';
import { block } from './blocks.ts';
import { changeLines, changeRow } from './lintChanges.ts';
import { table } from './text.ts';

const numberOf = (changes: readonly SiteChange[], wanted: (change: SiteChange) => boolean): string => String(changes.filter(wanted).length);

const row = ({ driver, before, after, changes }: DriverDifference): string[] => [
  driver,
  String(before),
  String(after),
  numberOf(changes, (change) => change.before === null),
  numberOf(changes, (change) => change.after === null),
  numberOf(changes, ({ differs }) => differs.length > 0),
];

const isChanged = ({ changes, operationsAdded, operationsRemoved }: DriverDifference): boolean =>
  changes.length + operationsAdded.length + operationsRemoved.length > 0;

export interface LintDiffOptions {
  /** Checks that came or went too, not only those that say something else. */
  readonly all?: boolean;
}

const operationLines = ({ operationsAdded, operationsRemoved }: DriverDifference): string[] => [
  ...operationsAdded.flatMap((name) => block('  new: ', name)),
  ...operationsRemoved.flatMap((name) => block('  gone: ', name)),
];

const opLines = (op: string, changes: readonly SiteChange[]): string[] => [
  `  ${op}`,
  ...changeLines(
    changes.map((change) => changeRow(change, '')),
    '  ',
  ),
];

const driverLines = (difference: DriverDifference, all: boolean): string[] => {
  const shown = difference.changes.filter(({ differs }) => all || differs.length > 0);
  const lines = [
    ...(all ? operationLines(difference) : []),
    ...[...Map.groupBy(shown, ({ op }) => op)].flatMap(([op, changes]) => opLines(op, changes)),
  ];
  return lines.length === 0 ? [] : ['', difference.driver, ...lines];
};

export const printTreeDifference = ({ before, after, drivers }: TreeDifference, { all = false }: LintDiffOptions = {}): string => {
  const changed = drivers.filter(isChanged);
  const same = drivers.filter((difference) => !isChanged(difference));
  const title = block('', `return sites of attach operations, ${before} to ${after}`);
  const rest =
    same.length === 0
      ? []
      : block('', `no difference in ${counted(same.length, 'driver')}: ${same.map(({ driver }) => driver).join(', ')}`);
  if (changed.length === 0) return [...title, ...rest].join('\n');
  const counts = table([['driver', 'before', 'after', 'new', 'gone', 'changed'], ...changed.map(row)]);
  return [...title, '', counts, ...rest, ...changed.flatMap((difference) => driverLines(difference, all))].join('\n');
};
