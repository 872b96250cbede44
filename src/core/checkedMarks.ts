// What a checked tree says of a run: which rows and rules that its findings rest on are not the same there.
import type { KeptCheck } from './checkedModel.ts';
import type { Event } from './events.ts';
import type { Finding } from './finding.ts';

type KeptRow = KeptCheck['rows'][number];

const markOf = (name: string, { status, ours, yours }: Pick<KeptRow, 'status' | 'ours' | 'yours'>): string => {
  if (status === 'unclear') return `not understood in your tree: ${name}: ${yours}`;
  return `${status === 'moved' ? 'moved in' : 'not valid for'} your tree: ${name}: ours ${ours}; yours ${yours}`;
};

const rowOf = (event: Event | undefined): string | null => (event && 'row' in event && typeof event.row === 'string' ? event.row : null);

const names = (text: string, row: string): boolean => text.split(/[^\w/-]+/).includes(row);

/** Rows by their ids, in the order of the file. */
export const rowMarks = ({ rows }: KeptCheck, ids: ReadonlySet<string>): string[] =>
  rows.filter(({ row }) => ids.has(row)).map((kept) => markOf(kept.row, kept));

/** The caller's searches, the kernel's part of it first. */
const ruleMarks = ({ rules }: KeptCheck, searcher: string): string[] =>
  rules.filter(({ caller }) => caller === searcher).map((kept) => markOf(`the search of ${kept.caller}`, kept));

const searcherOf = ([first]: readonly Event[]): string => (first?.type === 'RunStarted' ? (first.above ?? first.caller) : '');

/** Rows of the events that the because-chain names, and rows that its words name. */
const rowsBehind = ({ because }: Finding, kept: KeptCheck, events: readonly Event[]): Set<string> => {
  const seen = because.flatMap(({ at }) => (at === null ? [] : (rowOf(events[at - 1]) ?? [])));
  const said = kept.rows.map(({ row }) => row).filter((row) => because.some(({ words }) => names(words, row)));
  return new Set([...seen, ...said]);
};

const isRefused = ({ because }: Finding, events: readonly Event[]): boolean =>
  because.some(({ at }) => at !== null && events[at - 1]?.type === 'CheckRefused');

/** A search acts on an errno only where one came. */
const findingMarks = (kept: KeptCheck, events: readonly Event[], finding: Finding): string[] => [
  ...rowMarks(kept, rowsBehind(finding, kept, events)),
  ...(isRefused(finding, events) ? ruleMarks(kept, searcherOf(events)) : []),
];

export const markedFindings = (kept: KeptCheck, events: readonly Event[], findings: readonly Finding[]): Finding[] =>
  findings.map((finding) => {
    const notValid = findingMarks(kept, events, finding);
    return notValid.length === 0 ? finding : { ...finding, notValid };
  });

const refused = (event: Event): string[] =>
  event.type === 'CheckRefused' || event.type === 'AllocationFailed' || event.type === 'ApiFailed' ? [event.row] : [];

/** What a whole run rests on: its findings, and everything that refused. */
export const runMarks = (kept: KeptCheck, events: readonly Event[], findings: readonly Finding[]): string[] => {
  const own = rowMarks(kept, new Set(events.flatMap(refused)));
  return [...new Set([...own, ...findings.flatMap((finding) => findingMarks(kept, events, finding))])];
};

export const checkedNote = ({ tree, kernel }: KeptCheck, what: string, count: number): string =>
  `checked with ${tree} (model of ${kernel}): ${count === 0 ? `no ${what} rests` : `${count} ${what}${count === 1 ? ' rests' : 's rest'}`} on what is not the same there`;
