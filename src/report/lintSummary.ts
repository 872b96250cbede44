// What an audit of kernel sources comes to in a few lines: how much was read, how many findings there are, and what was not read.
import { counted } from '../core/counted.ts';
import type { JudgedFinding, LintReport } from '../core/lintReport.ts';
import type { LintLevel, TreeReading } from '../core/returnSites.ts';
import { block } from './blocks.ts';

const levels: readonly LintLevel[] = ['error', 'stricter', 'cost', 'maybe'];

export const levelCounts = (findings: readonly { readonly level: LintLevel }[]): string =>
  levels
    .map((level) => ({ level, count: findings.filter((finding) => finding.level === level).length }))
    .flatMap(({ level, count }) => (count === 0 ? [] : [`${count} ${level}`]))
    .join(', ');

const readText = ({ tree, operations, sites, files }: TreeReading): string => {
  const drivers = new Set(operations.map(({ driver }) => driver)).size;
  const certain = sites.filter(({ certainty }) => certainty === 'certain').length;
  const read = [
    counted(files, 'file'),
    counted(drivers, 'driver'),
    counted(operations.length, 'operation'),
    counted(sites.length, 'return site'),
  ];
  return `${tree}: ${read.join(', ')} (${certain} certain, ${sites.length - certain} maybe)`;
};

const damagedLines = ({ damaged }: TreeReading, all: boolean): string[] => {
  const reached = damaged.filter((found) => found.reached);
  if (damaged.length === 0) return [];
  return [
    ...block('', `${counted(damaged.length, 'function')} could not be read whole, ${reached.length} on a way that was followed`),
    ...(all ? damaged : reached).flatMap((found) => block('  ', `${found.file}:${found.line} ${found.function}()`)),
  ];
};

const unreadLines = ({ unread }: TreeReading): string[] =>
  unread.length === 0 ? [] : [`not read: ${unread.length}`, ...unread.flatMap(({ where, why }) => block('  ', `${where}: ${why}`))];

const vanishedLines = (vanished: LintReport['vanished']): string[] =>
  vanished === null || vanished.length === 0
    ? []
    : [
        'gone since the baseline',
        ...vanished.flatMap((entry) => block('  ', `${entry.driver} ${entry.op}: ${entry.function}() ${entry.rule}: ${entry.condition}`)),
      ];

/** Findings that are told once count once. */
export interface Told {
  readonly findings: readonly JudgedFinding[];
  readonly hidden: readonly JudgedFinding[];
  readonly failing: number;
  /** Damaged functions off all ways too. */
  readonly all: boolean;
}

const totals = ({ findings, hidden, failing }: Told): string[] => {
  if (findings.length === 0) return ['no finding'];
  const baselined = hidden.filter(({ state }) => state === 'known' || state === 'suppressed').length;
  const known = baselined === 0 ? '' : ` (${baselined} in the baseline)`;
  const rest = hidden.length === 0 ? '' : `; not shown: ${levelCounts(hidden)}${known}`;
  return block(
    '',
    `findings: ${levelCounts(findings)}${rest}; ${failing === 0 ? 'none fails' : `${failing} fail${failing === 1 ? 's' : ''}`}`,
  );
};

export const summaryLines = ({ reading, vanished }: LintReport, told: Told): string[] => [
  ...block('', readText(reading)),
  ...totals(told),
  ...vanishedLines(vanished),
  ...damagedLines(reading, told.all),
  ...unreadLines(reading),
];
