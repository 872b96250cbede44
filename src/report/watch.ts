// What a live audit tells, as lines of text: an attach on one, a finding as everywhere, the sum at the end.
import type { AttachRow } from '../core/attaches.ts';
import { counted } from '../core/counted.ts';
import type { Finding } from '../core/finding.ts';
import type { WatchedGap, WatchedSum } from '../core/watched.ts';
import { seconds } from './attaches.ts';
import { block } from './blocks.ts';
import { printFinding } from './findings.ts';
import { columnsMax, errnoText } from './text.ts';

const shortened = (line: string): string => (line.length > columnsMax ? `${line.slice(0, columnsMax - 3)}...` : line);

const came: Readonly<Record<AttachRow['outcome'], (row: AttachRow) => string>> = {
  joined: ({ domain }) => `joined ${domain ?? 'a domain'}`,
  kept: ({ domain }) => `kept its own ${domain ?? 'domain'}`,
  failed: ({ errno }) => `failed ${errnoText(errno ?? 'unknown')}`,
  unfinished: () => 'its end was not seen',
  unknown: () => 'ended, nothing shows how',
};

const refused = ({ tried }: AttachRow): string =>
  tried.flatMap(({ domain, errno }) => (errno === null ? [] : [`, ${domain} gave ${errnoText(errno)}`])).join('');

export const printWatchedAttach = (row: AttachRow): string =>
  shortened(`${seconds(row.time)} ${row.task} ${row.container} group ${row.group}: ${came[row.outcome](row)}${refused(row)}`.trimStart());

const shortChain = (before: number): string[] =>
  block('  cut: ', `events up to #${before + 1} are not kept any more; the chain may begin in them`);

export const printWatchedFinding = (finding: Finding, before: number | null, name: string): string =>
  [printFinding(finding, name), ...(before === null ? [] : shortChain(before))].join('\n');

export const printWatchedGap = ({ kind, places, count, line, text }: WatchedGap): string => {
  const missing = kind === 'lost' && count !== null ? `${count} ` : '';
  const where = places === 1 ? `line ${line}` : `${places} places from line ${line} on`;
  return shortened(`gap: ${kind}, ${where}: ${missing}${text.replaceAll(/\s+/g, ' ')}`);
};

const rows = (counts: ReadonlyMap<string, number>): string[] =>
  [...counts]
    .sort(([a, many], [b, few]) => few - many || (a < b ? -1 : 1))
    .flatMap(([words, count]) => block(`  ${String(count).padStart(7)}  `, words));

const total = (counts: ReadonlyMap<string, number>): number => [...counts.values()].reduce((sum, count) => sum + count, 0);

/** Over no time at all there is no rate. */
export const linesPerSecond = ({ lines, seconds: passed }: WatchedSum): number => (passed > 0 ? Math.round(lines / passed) : 0);

export const printWatchedSum = (sum: WatchedSum): string => {
  const { name, lines, events, attaches, findings, gaps } = sum;
  const levels = findings.map(({ level, count }) => `${count} ${level}`).join(', ');
  const read = `${counted(lines, 'line')}, ${linesPerSecond(sum)} a second, ${counted(events, 'event')}`;
  return [
    ...block('', `${name}, ${sum.seconds.toFixed(1)} s: ${read}`),
    `attaches: ${total(attaches)}`,
    ...rows(attaches),
    `findings: ${levels === '' ? 'none' : levels}`,
    `gaps: ${gaps.size === 0 ? 'none' : total(gaps)}`,
    ...rows(gaps),
  ].join('\n');
};
