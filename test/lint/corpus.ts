// Measures a reading of kernel sources against the facts, which people read from the same sources: what is found, what is extra, and
// where class and messages agree.
import type { ReturnSite, TreeReading } from '../../src/core/returnSites.ts';
import type { Column } from '../../src/core/rows.ts';
import { matchSites } from '../../src/lint/matchSites.ts';
import { type FactEntry, type FactOwner, facts, treeOf } from '../kernels/factsFile.ts';

export interface Measured {
  readonly column: Column;
  /** Entries of the twelve drivers that return an errno in this column, and those of them that a site is for. */
  readonly entries: readonly FactEntry[];
  readonly found: readonly FactEntry[];
  /** Sites of those drivers' attach_dev that are certain, and those of them that no entry has. */
  readonly certain: readonly ReturnSite[];
  readonly extra: readonly ReturnSite[];
  readonly otherClass: readonly Disagreement[];
  readonly otherMessages: readonly Disagreement[];
}

export interface Disagreement {
  readonly entry: FactEntry;
  readonly site: ReturnSite;
}

/** Nested domains of Intel's are a list of their own in the facts. */
const isOf = (driver: string, site: ReturnSite): boolean =>
  site.op === 'attach_dev' &&
  site.driver === driver.replace(/-nested$/, '') &&
  site.entry.includes('nested') === driver.endsWith('-nested');

/** What stands there is no errno that a reading of C can give. */
const isNoErrno = (errno: string): boolean => ['0', 'NULL', 'oops'].includes(errno);

const errnosOf = (entry: FactEntry, column: Column): string[] => [entry.errno[column] ?? []].flat().map(String);

const isWanted = (entry: FactEntry, column: Column): boolean => {
  const errnos = errnosOf(entry, column);
  return (entry.cite[treeOf(column)]?.length ?? 0) > 0 && errnos.length > 0 && !errnos.every(isNoErrno);
};

/** The facts cite a check by its lines; the errno is written some lines below, at most. */
const isCited = (entry: FactEntry, column: Column, place: { readonly function: string; readonly line: number }): boolean =>
  entry.cite[treeOf(column)]!.some(
    (cited) =>
      cited.function === place.function &&
      cited.lines.some((lines) => {
        const [first, last] = String(lines).split('-').map(Number) as [number, number?];
        return place.line >= first - 1 && place.line <= (last ?? first) + 3;
      }),
  );

/** `callback-errno` in the facts is whatever a function of somebody else's returned. */
const hasErrno = (entry: FactEntry, column: Column, site: ReturnSite): boolean => {
  const errnos = errnosOf(entry, column);
  const passedOn = errnos.some((errno) => errno.includes('errno')) && (site.errnos.length === 0 || site.origin === 'api');
  return passedOn || site.errnos.some((errno) => errnos.includes(errno));
};

/** Sites where the entry is cited; without any, sites that a cited place leads to. */
const sitesOf = (entry: FactEntry, column: Column, sites: readonly ReturnSite[]): ReturnSite[] => {
  const fitting = sites.filter((site) => hasErrno(entry, column, site));
  const there = fitting.filter((site) => isCited(entry, column, site));
  return there.length > 0 ? there : fitting.filter(({ witness }) => witness.some((step) => isCited(entry, column, step)));
};

const prints = (site: ReturnSite): boolean => site.prints.length > 0;

const measureDriver = ({ name, entries }: FactOwner, column: Column, all: readonly ReturnSite[]): Measured => {
  const sites = all.filter((site) => isOf(name, site));
  const wanted = entries.filter((entry) => isWanted(entry, column));
  const matched = wanted.map((entry) => ({ entry, sites: sitesOf(entry, column, sites) })).filter((match) => match.sites.length > 0);
  const used = new Set(matched.flatMap((match) => match.sites));
  const certain = sites.filter(({ certainty }) => certainty === 'certain');
  const disagreeing = (agrees: (entry: FactEntry, site: ReturnSite) => boolean): Disagreement[] =>
    matched
      .filter((match) => !match.sites.some((site) => agrees(match.entry, site)))
      .map((match) => ({ entry: match.entry, site: match.sites[0]! }));
  return {
    column,
    entries: wanted,
    found: matched.map(({ entry }) => entry),
    certain,
    extra: certain.filter((site) => !used.has(site)),
    otherClass: disagreeing((entry, site) => site.class === entry.class),
    otherMessages: disagreeing((entry, site) => prints(site) === Boolean(entry.prints[column])),
  };
};

export const measure = (column: Column, { sites }: Pick<TreeReading, 'sites'>): Measured => {
  const measured = facts.drivers.map((driver) => measureDriver(driver, column, sites));
  return {
    column,
    entries: measured.flatMap(({ entries }) => entries),
    found: measured.flatMap(({ found }) => found),
    certain: measured.flatMap(({ certain }) => certain),
    extra: measured.flatMap(({ extra }) => extra),
    otherClass: measured.flatMap(({ otherClass }) => otherClass),
    otherMessages: measured.flatMap(({ otherMessages }) => otherMessages),
  };
};

/** Sites of a patched tree with the lines that they have without the patch, as the facts of the seed series cite them. */
export const withLinesOf = (before: TreeReading, after: TreeReading): Pick<TreeReading, 'sites'> => {
  const key = ({ driver, op, table, entry }: ReturnSite): string => JSON.stringify([driver, op, table, entry]);
  const older = Map.groupBy(before.sites, key);
  const pairs = [...Map.groupBy(after.sites, key)].flatMap(([name, sites]) => matchSites(older.get(name) ?? [], sites));
  return {
    sites: pairs.flatMap(({ before: old, after: site }) =>
      site ? [{ ...site, ...(old && { line: old.line, witness: old.witness }) }] : [],
    ),
  };
};

const share = (part: number, whole: number): string => `${part}/${whole} (${((100 * part) / whole).toFixed(1)} %)`;

export const figures = ({ column, entries, found, certain, extra, otherClass, otherMessages }: Measured): string =>
  [
    `${column}: recall ${share(found.length, entries.length)}`,
    `precision ${share(certain.length - extra.length, certain.length)}`,
    `class ${share(found.length - otherClass.length, found.length)}`,
    `messages ${share(found.length - otherMessages.length, found.length)}`,
  ].join(', ');

const words = ({ function: name, line, errnos, class: meaning, condition }: ReturnSite): string =>
  `${name}:${line} ${errnos.join('|') || '?'} ${meaning}: ${condition.replace(/\s+/g, ' ').slice(0, 80)}`;

export const listed = ({ column, entries, found, extra, otherClass, otherMessages }: Measured): string[] => [
  ...entries
    .filter((entry) => !found.includes(entry))
    .map((entry) => `missed    ${entry.id}: ${errnosOf(entry, column).join('|')}, ${entry.condition.slice(0, 80)}`),
  ...extra.map((site) => `extra     ${site.driver} ${words(site)}`),
  ...otherClass.map(({ entry, site }) => `class     ${entry.id}: ${entry.class} in the facts; ${words(site)}`),
  ...otherMessages.map(({ entry, site }) => `messages  ${entry.id}: ${entry.prints[column] || 'none'} in the facts; ${words(site)}`),
];
