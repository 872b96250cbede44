// Which places of a tree a row cites: those in the cited functions and lines that fit the row's kind and errno.

import type { CitedRow, Place, RowSource } from '../../core/rowSources.ts';
import type { Column } from '../../core/rows.ts';
import type { FunctionSource } from '../c/syntax.ts';
import { type Citation, citationsOf, isCited, siteOf } from './citations.ts';
import type { ModelTree } from './modelTree.ts';
import type { LocatedPlace } from './places.ts';

/** A cited function and what of it is cited. */
interface Cited {
  readonly of: FunctionSource;
  readonly citation: Citation;
}

/** The file that a citation means comes first; any function of this name that has the lines will do. */
const functionFor = (tree: ModelTree, citation: Citation, driverFile: string | undefined): FunctionSource | null => {
  const rank = ({ file }: FunctionSource): number => {
    if (citation.file === null) return file === driverFile ? 0 : 2;
    if (!file.endsWith(`/${citation.file}`)) return 3;
    return driverFile !== undefined && file.startsWith(driverFile.slice(0, driverFile.lastIndexOf('/'))) ? 0 : 1;
  };
  const spans = tree.functionsNamed(citation.function).filter((of) => {
    const end = of.line + tree.file(of).source.slice(of.from, of.to).split('\n').length - 1;
    return isCited(citation, of.line, end);
  });
  return spans.toSorted((a, b) => rank(a) - rank(b))[0] ?? null;
};

const citedIn = (tree: ModelTree, cite: string, driverFile: string | undefined): Cited[] =>
  citationsOf(cite).flatMap((citation) => {
    const of = functionFor(tree, citation, driverFile);
    return of === null ? [] : [{ of, citation }];
  });

const cited = (tree: ModelTree, { of, citation }: Cited): LocatedPlace[] =>
  tree.placesOf(of).filter(({ from, to, lines }) => isCited(citation, from, to) || lines.some((line) => isCited(citation, line)));

const isKnown = (errno: string): boolean => /^(?:E[A-Z0-9]+|NULL)$/.test(errno);

/** Errnos that only a callee knows fit what is unknown here. */
const fits = ({ errnos }: Place, wanted: readonly string[]): boolean =>
  errnos.some((errno) => wanted.includes(errno)) || (errnos.length === 0 && wanted.some((errno) => !isKnown(errno)));

/** The check itself in the lines, rather than the place where an errno is set for several checks. */
const nearest = (places: readonly LocatedPlace[], { citation }: Cited): readonly LocatedPlace[] => {
  const checked = places.filter(({ from }) => isCited(citation, from));
  return checked.length > 0 ? checked : places;
};

type Choice = (places: readonly LocatedPlace[], wanted: readonly string[]) => readonly LocatedPlace[];

const ofKind =
  (kind: Place['kind'], how: 'fits' | 'unknown' | 'any'): Choice =>
  (places, wanted) =>
    places.filter((place) => place.kind === kind && (how === 'any' || (how === 'fits' ? fits(place, wanted) : place.errnos.length === 0)));

/** From the surest to the least sure: the first that gives anything is taken. */
const choices: { readonly [kind in CitedRow['kind']]: readonly Choice[] } = {
  check: [
    ofKind('return', 'fits'),
    ofKind('test', 'fits'),
    ofKind('return', 'unknown'),
    ofKind('test', 'any'),
    ofKind('call', 'any'),
    ofKind('allocation', 'any'),
    ofKind('change', 'any'),
  ],
  take: [
    ofKind('return', 'fits'),
    ofKind('allocation', 'any'),
    ofKind('return', 'unknown'),
    ofKind('test', 'fits'),
    ofKind('call', 'any'),
    ofKind('change', 'any'),
  ],
  alloc: [ofKind('return', 'fits'), ofKind('test', 'fits')],
  call: [
    ofKind('return', 'fits'),
    ofKind('return', 'unknown'),
    ofKind('call', 'any'),
    ofKind('allocation', 'any'),
    ofKind('test', 'any'),
    ofKind('return', 'any'),
  ],
  effect: [
    (places) => places.filter(({ kind }) => kind === 'change' || kind === 'call'),
    ofKind('allocation', 'any'),
    ofKind('test', 'any'),
  ],
};

const chosen = (tree: ModelTree, kind: CitedRow['kind'], pieces: readonly Cited[], wanted: readonly string[]): readonly LocatedPlace[] => {
  const found = pieces.map((piece) => ({ piece, places: cited(tree, piece) }));
  for (const choice of choices[kind]) {
    const places = found.flatMap(({ piece, places: all }) => nearest(choice(all, wanted), piece));
    if (places.length > 0) return places;
  }
  return [];
};

/** Tests that say when what is cited happens, and what becomes of its result; the check of a return stands there already. */
const testsBeside = (tree: ModelTree, pieces: readonly Cited[], places: readonly LocatedPlace[]): LocatedPlace[] => {
  const checked = new Set(places.filter(({ kind }) => kind === 'return').map(({ file, from }) => `${file}:${from}`));
  return pieces
    .flatMap(({ of, citation }) => tree.placesOf(of).filter(({ kind, from }) => kind === 'test' && isCited(citation, from)))
    .filter(({ file, from }) => !checked.has(`${file}:${from}`));
};

/** At the site's own line; a call over several lines counts with all of them. */
const allocationAt = (tree: ModelTree, site: string, driverFile: string | undefined): readonly LocatedPlace[] => {
  const citation = siteOf(site);
  const of = citation === null ? null : functionFor(tree, citation, driverFile);
  if (of === null) return [];
  const here = tree.placesOf(of).filter(({ from, to }) => isCited(citation!, from, to));
  const taken = here.filter(({ kind }) => kind === 'allocation');
  return taken.length > 0 ? taken.slice(0, 1) : here.filter(({ kind }) => kind === 'call').slice(0, 1);
};

const plain = ({ file, function: name, kind, text, errnos, gfp, prints, times, kin }: LocatedPlace): Place => ({
  ...{ file, function: name, kind, text, errnos, gfp, prints, times, kin },
});

const problemOf = (tree: ModelTree, pieces: readonly Cited[], cite: string): string => {
  if (pieces.length > 0) return `nothing in ${pieces.map(({ of }) => `${of.name}()`).join(', ')} fits the row`;
  const names = citationsOf(cite).map(({ function: name }) => `${name}()`);
  return names.length === 0 ? `no function of the kernel is cited: ${cite}` : `${tree.name} has no ${names.join(', ')}`;
};

/** Null where the column has no such row. */
export const sourceOf = (tree: ModelTree, row: CitedRow, column: Column): RowSource | null => {
  const cite = row.cite[column];
  if (cite === undefined) return null;
  const file = row.files[column];
  const pieces = citedIn(tree, cite, file);
  const allocation = row.kind === 'alloc' ? allocationAt(tree, row.site[column] ?? '', file) : [];
  const found = [...allocation, ...chosen(tree, row.kind, pieces, row.errnos[column] ?? [])];
  const places = [...new Set(found.length === 0 ? [] : [...found, ...testsBeside(tree, pieces, found)])];
  if (row.kind === 'alloc' && allocation.length === 0)
    return { places: [], problem: `no allocation at ${row.site[column] ?? 'a site that is not named'}` };
  return places.length > 0 ? { places: places.map(plain), problem: null } : { places: [], problem: problemOf(tree, pieces, cite) };
};
