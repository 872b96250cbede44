// What each attach of a run or a recording came to, as a table to read; claims, releases, detaches and domains' lives on request.
import type { Attaches, AttachRow, DomainLife, OwnershipRow } from '../core/attaches.ts';
import { block, firstOf } from './blocks.ts';
import { errnoText, section, table } from './text.ts';

/** Seconds of the trace's clock. */
export const seconds = (time: number | null): string => (time === null ? '' : (time / 1e9).toFixed(6));

const placed = ({ at, line }: { at: number; line: number | null }): string => (line === null ? `#${at}` : `line ${line}`);

const refusals = ({ tried }: AttachRow): string => {
  const refused = tried.filter(({ errno }) => errno !== null);
  if (refused.length === 0) return '';
  const errnos = [...new Set(refused.map(({ errno }) => errnoText(errno!)))].join(', ');
  return `${refused.length} existing ${refused.length === 1 ? 'domain' : 'domains'} refused it (${errnos})`;
};

/** What it came to, in the words of the recordings' own summaries. */
export const outcomeWords = (row: AttachRow): string => {
  const refused = refusals(row);
  if (row.outcome === 'unfinished') return 'unfinished when the trace ended';
  if (row.outcome === 'unknown') return 'ended, and the trace does not show how, or on which domain';
  if (row.outcome === 'joined') return `joined an existing domain${refused === '' ? '' : ` after ${refused}`}`;
  if (row.outcome === 'kept') return `kept its own domain: ${refused === '' ? 'nothing to join' : refused}`;
  if (row.ownErrno !== null) return `failed ${errnoText(row.errno!)}: its own new domain could not be attached`;
  return `failed ${errnoText(row.errno!)}${refused === '' ? '' : `: ${refused}, then its own failed`}`;
};

const duplicate = ({ duplicateOf }: AttachRow): string[] => {
  if (duplicateOf === null) return [];
  const { domain, errno, by } = duplicateOf;
  return block('      ', `a duplicate: ${domain} would have done, ${by}() gave ${errnoText(errno!)}, which says nothing of it`);
};

const attachLines = (row: AttachRow): string[] => {
  const where = [seconds(row.time), row.task, row.container, row.group === '' ? '' : `group ${row.group}`]
    .filter((cell) => cell !== '')
    .join('  ');
  const end = row.outcome === 'failed' || row.domain === null ? '' : `, on ${row.domain}`;
  return [`${placed(row).padEnd(11)} ${where}`, ...block('      ', `${outcomeWords(row)}${end}`), ...duplicate(row)];
};

/** How often each outcome came. */
const summary = (rows: readonly AttachRow[]): string[] => {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(outcomeWords(row), (counts.get(outcomeWords(row)) ?? 0) + 1);
  const sorted = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return sorted.flatMap(([words, count]) => block(`  ${String(count).padStart(5)}  `, words));
};

const ownershipRow = (row: OwnershipRow): string[] => [placed(row), seconds(row.time), row.task, row.what, `group ${row.group}`, row.by];

const lifeRow = ({ domain, type, from, to, groups, isOlder }: DomainLife): string[] => [
  domain,
  type,
  `${isOlder ? 'before ' : ''}#${from}`,
  to === null ? 'still there' : `#${to}`,
  groups.length === 0 ? 'no group' : `${groups.length === 1 ? 'group' : 'groups'} ${groups.join(', ')}`,
];

/** A file that is mostly something else has a gap for every line; `--json` has them all. */
const SHOWN_GAPS = 20;

const gapLines = ({ gaps }: Attaches): string[] => firstOf(gaps, SHOWN_GAPS, ({ line, text }) => block(`  line ${line}  `, text));

/** How many rows of what is not asked for: each is one more flag. */
const left = (found: Attaches): string => {
  const count = (what: OwnershipRow['what']): number => found.ownership.filter((row) => row.what === what).length;
  const counts = `${count('claimed')} claims, ${count('released')} releases, ${count('detached')} detaches`;
  return `${counts}, ${found.domains.length} domains: --all prints them`;
};

/** The core's own functions do not say whether a caller goes on searching. */
const callers = 'vfio_iommu_type1_attach_group(), iommufd_device_attach() or iommufd_device_replace()';

const emptyLines = ({ attaches, ownership }: Attaches): string[] =>
  attaches.length > 0 || ownership.length === 0 ? [] : block('', `no attach can be told: nothing in the trace is of ${callers}`);

export const printAttaches = (name: string, found: Attaches, all: boolean): string =>
  [
    `${name}: ${found.attaches.length} attaches`,
    ...summary(found.attaches),
    ...emptyLines(found),
    '',
    ...found.attaches.flatMap(attachLines),
    ...(all ? section('\nownership', [table(found.ownership.map(ownershipRow), '  ')]) : []),
    ...(all ? section('\ndomains', [table(found.domains.map(lifeRow), '  ')]) : ['', ...block('', left(found))]),
    ...section('\nnot seen, or not for certain', gapLines(found)),
  ].join('\n');
