// Picks entries of the index: by owner, kernel, errno, class and kernel function. Filters combine; a word that names nothing is refused
// with the nearest that does.

import { errnoNumbered } from '../core/errnos.ts';
import type { ColumnFacts, IndexEntry } from '../core/facts.ts';
import { Failure, nearest } from '../core/failure.ts';
import { type Class, type Column, classes, columns, type Errno, type PerColumn } from '../core/rows.ts';

export interface IndexQuery {
  readonly owner?: string;
  /** Only these columns are shown and looked at. */
  readonly columns?: readonly Column[];
  readonly errno?: Errno;
  readonly class?: Class;
  /** A kernel function, maybe with line or offset as fail-nth and stack traces print it. */
  readonly site?: string;
}

const refuseUnknown = (kind: string, word: string, known: readonly string[]): void => {
  if (known.includes(word)) return;
  const near = nearest(word, known);
  throw new Failure('unknown-name', `no ${kind} is named ${word}; ${near ? `did you mean ${near}?` : `known: ${known.join(', ')}`}`);
};

export const ownersOf = (index: readonly IndexEntry[]): string[] => [...new Set(index.map(({ owner }) => owner))];

export const knownOwner = (owner: string, index: readonly IndexEntry[]): string => {
  refuseUnknown('driver', owner, ownersOf(index));
  return owner;
};

export const knownClass = (name: string): Class => {
  refuseUnknown('class', name, classes);
  return name as Class;
};

const errnoWithNumber = (number: number): string => {
  const name = errnoNumbered(number);
  if (name === undefined) throw new Failure('unknown-name', `no errno has the number ${number}`);
  return name;
};

/** `-EINVAL`, `einval` and 22 are EINVAL; the words of the facts (NULL, oops, attach-errno) are themselves. */
export const knownErrno = (text: string, index: readonly IndexEntry[]): Errno => {
  const known = [...new Set(index.flatMap((entry) => Object.values(entry.columns).flatMap(({ errno }) => errno)))].sort();
  const given = text.replace(/^-/, '');
  const bare = /^[1-9]\d*$/.test(given) ? errnoWithNumber(Number(given)) : given;
  const found = known.find((errno) => errno.toLowerCase() === bare.toLowerCase());
  if (found === undefined) refuseUnknown('errno of any row', bare.toUpperCase(), known);
  return found!;
};

/** The entry of that id, and other rows of the same entry of the facts. */
export const entriesNamed = (id: string, index: readonly IndexEntry[]): IndexEntry[] => {
  const found = index.filter((entry) => entry.id === id || entry.entry === id);
  if (found.length > 0) return found;
  const ids = index.map((entry) => entry.id);
  const near = nearest(id, ids);
  const others = ids.filter((name) => name !== near);
  throw new Failure('unknown-name', `no row is named ${id}${near ? `; did you mean ${near}?` : ''}${alike(id, others)}`);
};

const mostAlike = 10;
const partsOf = (id: string): string[] => id.toLowerCase().split(/[^a-z0-9]+/);

/** Ids that have a word of this one, those with most of its words first. */
const alike = (id: string, ids: readonly string[]): string => {
  const wanted = partsOf(id);
  const common = (name: string): number => partsOf(name).filter((part) => wanted.includes(part)).length;
  const ranked = ids.map((name) => ({ name, words: common(name) })).filter(({ words }) => words > 0);
  ranked.sort((a, b) => b.words - a.words);
  const names = ranked.slice(0, mostAlike).map(({ name }) => name);
  return names.length === 0 ? '' : `; alike: ${names.join(', ')}`;
};

export const filterIndex = (index: readonly IndexEntry[], query: IndexQuery): IndexEntry[] => {
  const picked = index.filter((entry) => query.owner === undefined || entry.owner === query.owner);
  const inColumns = picked.flatMap((entry) => narrowed(entry, query.columns ?? columns));
  const passed = inColumns.filter((entry) => hasErrno(entry, query.errno) && (query.class === undefined || entry.class === query.class));
  return query.site === undefined ? passed : atSite(passed, query.site);
};

/** Without the columns that were not asked for; no entry when nothing is left. */
const narrowed = (entry: IndexEntry, wanted: readonly Column[]): IndexEntry[] => {
  const keep = <T>(values: PerColumn<T>): PerColumn<T> =>
    Object.fromEntries(Object.entries(values).filter(([column]) => wanted.includes(column as Column)));
  const left = keep(entry.columns);
  return Object.keys(left).length === 0 ? [] : [{ ...entry, columns: left, absent: keep(entry.absent) }];
};

const hasErrno = (entry: IndexEntry, errno: Errno | undefined): boolean =>
  errno === undefined || Object.values(entry.columns).some((facts) => facts.errno.includes(errno));

const texts = (facts: ColumnFacts): string => `${facts.cite} ${facts.allocation?.site ?? ''}`;

const atSite = (entries: readonly IndexEntry[], site: string): IndexEntry[] => {
  const bare = site.replace(/\+0x[0-9a-f]+(\/0x[0-9a-f]+)?$/, '').replace('()', '');
  const matching = (pattern: RegExp) => entries.filter((entry) => Object.values(entry.columns).some((facts) => pattern.test(texts(facts))));
  const escaped = bare.replace(/[^\w]/g, '\\$&');
  const exact = matching(new RegExp(`(?<!\\w)${escaped}(?!\\w)`));
  return exact.length > 0 ? exact : matching(new RegExp(escaped));
};
