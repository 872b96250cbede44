// The rows against the facts read from the kernel sources: every entry, errno, class, message, citation, reaction and allocation site.
// What deviates is named, with the reason, in factsFile.ts.
import { describe, expect, it } from 'vitest';
import type { ColumnFacts, IndexEntry } from '../../src/core/facts.ts';
import { type Column, columns } from '../../src/core/rows.ts';
import { apis } from '../../src/kernels/apis.ts';
import { basisOf } from '../../src/kernels/build.ts';
import { factIds } from '../../src/kernels/factIds.ts';
import { factSites } from '../../src/kernels/factSites.ts';
import { buildIndex } from '../../src/kernels/index.ts';
import { coverageOf } from '../../src/kernels/indexCoverage.ts';
import { modelledOtherwise, notAllocating, notModelled } from '../../src/kernels/notModelled.ts';
import {
  alternatives,
  citedBeside,
  type FactEntry,
  type FactOwner,
  facts,
  finerClasses,
  iommufdReactions,
  isPlace,
  neverBoth,
  notSearched,
  otherReactions,
  owners,
  ownTexts,
  type Site,
  sitesBeside,
  sitesOf,
  treeOf,
} from './factsFile.ts';

const index = buildIndex(basisOf('6.12.y'));

const rowsOf = (owner: FactOwner, entry: FactEntry): IndexEntry[] =>
  index.filter((row) => row.owner === owner.name && row.entry === entry.id);

const inColumn = (rows: readonly IndexEntry[], column: Column): ColumnFacts[] => rows.flatMap((row) => row.columns[column] ?? []);

const listOf = (errno: FactEntry['errno'][Column]): string[] => (errno === null ? [] : [errno].flat().map(String));

/** By entry and column, what `of` makes of each. */
const table = (owner: FactOwner, of: (entry: FactEntry, column: Column) => unknown): Record<string, Record<string, unknown>> =>
  Object.fromEntries(owner.entries.map((entry) => [entry.id, Object.fromEntries(columns.map((column) => [column, of(entry, column)]))]));

const sorted = (values: Iterable<string>): string[] => [...new Set(values)].sort();

it('holds 115 entries of drivers, 22 of the core, 76 of callers and 10 kernel APIs', () => {
  const count = (list: readonly FactOwner[]): number => list.reduce((sum, { entries }) => sum + entries.length, 0);
  expect([count(facts.drivers), facts.core.entries.length, count(facts.consumers), facts.kapi.length]).toEqual([115, 22, 76, 10]);
  expect(facts.meta.columns).toEqual(columns);
});

describe.each(owners.map((owner) => ({ name: owner.name, owner })))('$name', ({ owner }) => {
  it('has a row for every entry, and no list of ids that differs', () => {
    expect(owner.entries.filter((entry) => rowsOf(owner, entry).length === 0)).toEqual([]);
    expect(factIds[owner.name]).toEqual(owner.entries.map(({ id }) => id));
  });

  it('gives the errnos of the facts in every column', () => {
    const found = table(owner, (entry, column) => sorted(inColumn(rowsOf(owner, entry), column).flatMap(({ errno }) => errno)));
    expect(found).toEqual(table(owner, (entry, column) => sorted(listOf(entry.errno[column]))));
  });

  it('has the class of the facts, row by row', () => {
    const rows = owner.entries.flatMap((entry) => rowsOf(owner, entry).map((row) => ({ entry, row })));
    expect(Object.fromEntries(rows.map(({ row }) => [row.id, row.class]))).toEqual(
      Object.fromEntries(rows.map(({ entry, row }) => [row.id, finerClasses[row.id] ?? entry.class])),
    );
  });

  it('prints at the level and with the text of the facts', () => {
    const found = table(owner, (entry, column) =>
      sorted(inColumn(rowsOf(owner, entry), column).map(({ prints }) => (prints ? `${prints.level}: ${prints.text}` : 'nothing'))),
    );
    expect(found).toEqual(table(owner, printsExpected));
  });

  it('cites the functions and lines of the facts', () => {
    expect(owner.entries.flatMap((entry) => columns.flatMap((column) => citeFaults(owner, entry, column)))).toEqual([]);
  });

  it('lets callers react as the facts say', () => {
    const found = table(owner, (entry, column) => reactionFound(rowsOf(owner, entry), column));
    expect(found).toEqual(table(owner, notSearched.includes(owner.name) ? () => null : reactionExpected));
  });

  it('has every allocation site, with flags and plausibility', () => {
    expect((['v6.1', 'v6.12'] as const).flatMap((tree) => siteFaults(owner, tree))).toEqual([]);
  });
});

const printsExpected = (entry: FactEntry, column: Column): string[] => {
  if (listOf(entry.errno[column]).length === 0) return [];
  const level = entry.prints[column];
  if (level === false) return ['nothing'];
  const text = entry.print_text?.[treeOf(column)];
  return [`${level}: ${ownTexts[entry.id]?.[column] ?? (text === 'same' ? entry.print_text!['v6.1'] : text)}`];
};

const searching: Readonly<Record<Column, string>> = { 'v6.1': 'vfio-type1', 'seed-v6': 'vfio-type1-seed', 'v6.12': 'iommufd-auto' };

const reactionFound = (rows: readonly IndexEntry[], column: Column): string | null => {
  const met = inColumn(rows, column).flatMap(({ reactions }) => reactions.filter(({ caller }) => caller === searching[column]));
  const found = sorted(met.map(({ reaction }) => reaction));
  return found.length > 1 ? 'mixed' : (found[0] ?? null);
};

const reactionExpected = (entry: FactEntry, column: Column): string | null => {
  const other = otherReactions[entry.id];
  const given = entry.caller_reaction?.[column]?.replace('try-next', 'next') ?? null;
  if (other) return column === 'v6.12' || other.reaction === null ? other.reaction : given;
  return given ?? (column === 'v6.12' ? (iommufdReactions[entry.id] ?? null) : null);
};

type Ranges = Map<string, [number, number][]>;

const rangesIn = (lines: string): [number, number][] =>
  lines.split(',').map((range) => {
    const [from, to] = range.split('-').map(Number) as [number, number?];
    return [from, to ?? from];
  });

const add = (ranges: Ranges, name: string, lines: string): Ranges => ranges.set(name, [...(ranges.get(name) ?? []), ...rangesIn(lines)]);

/** `a.c: f():1-2; g():3`, also `f: g():3`, where f is the function that g is called from. */
const citedIn = (cites: readonly string[]): Ranges => {
  const found: Ranges = new Map();
  for (const cite of cites) for (const [, name, lines] of cite.matchAll(/(\w+)\(\):([\d-]+(?:,[\d-]+)*)/g)) add(found, name!, lines!);
  return found;
};

/** A range of the facts may be cited in parts, but from its first line to its last, and nothing of the function outside. */
const citeFaults = (owner: FactOwner, entry: FactEntry, column: Column): string[] => {
  const rows = inColumn(rowsOf(owner, entry), column);
  if (rows.length === 0) return [];
  const wanted: Ranges = new Map();
  for (const { function: name, lines } of entry.cite[treeOf(column)] ?? []) for (const range of lines) add(wanted, name, String(range));
  const found = citedIn(rows.map(({ cite }) => cite));
  const beside = citedBeside[entry.id] ?? [];
  const names = sorted([...wanted.keys(), ...found.keys()].filter((name) => !beside.includes(name) || wanted.has(name)));
  return names
    .filter((name) => !covers(found.get(name) ?? [], wanted.get(name) ?? [], beside.includes(name)))
    .map((name) => `${entry.id} on ${column}: ${name} ${JSON.stringify(found.get(name))}, facts ${JSON.stringify(wanted.get(name))}`);
};

const covers = (found: readonly [number, number][], wanted: readonly [number, number][], more: boolean): boolean =>
  wanted.every(([from, to]) => found.some((range) => range[0] === from) && found.some((range) => range[1] === to)) &&
  (more || found.every((range) => wanted.some(([from, to]) => range[0] >= from && range[1] <= to)));

/** Sites without memory are rows that take an id; sites that stand for other lists are named in notModelled.ts. */
const siteFaults = (owner: FactOwner, tree: 'v6.1' | 'v6.12'): string[] => {
  const rows = index.flatMap((row) => (facts.drivers.includes(owner) && row.owner !== owner.name ? [] : [row]));
  const allocations = inColumn(rows, tree).flatMap(({ allocation }) => allocation ?? []);
  const takes = inColumn(
    rows.filter(({ kind }) => kind === 'take'),
    tree,
  ).map(({ cite }) => cite);
  return sitesOf(owner, tree)
    .filter(isPlace)
    .flatMap((site) => alternatives(site).map((name) => ({ name, site })))
    .filter(({ name, site }) => {
      if (notAllocating[name] !== undefined) return false;
      if (site.gfp === 'none') return !takes.some((cite) => citedAt(cite, name));
      return !allocations.some(
        (found) => found.site === name && words(found.gfp) === words(site.gfp) && found.plausible === site.plausible,
      );
    })
    .map(({ name, site }) => `${owner.name} ${tree}: ${name} ${site.gfp} ${site.plausible}`);
};

/** Flags that depend on a size are told in two ways of the same words. */
const words = (gfp: string): string => gfp.replace('second try', 'then');

const citedAt = (cite: string, site: string): boolean => {
  const [name, line] = site.split(':') as [string, string];
  return (citedIn([cite]).get(name) ?? []).some(([from, to]) => Number(line) >= from && Number(line) <= to);
};

describe('order of allocations', () => {
  const cases = facts.drivers.flatMap((owner) =>
    (['v6.1', 'v6.12'] as const).flatMap((tree) => (owner.allocations?.[tree] ? [{ name: owner.name, tree, owner }] : [])),
  );

  it.each(cases)('$name on $tree takes memory as listed: allocating a domain, then attaching to a fresh one', ({ owner, tree }) => {
    const driver = basisOf('6.12.y').drivers.get(owner.name)!;
    const walked = (path: string): string[] => sitesWalked(path, (name) => driver.paths[name]?.[tree] ?? [], tree);
    const memory = (list: string) => sitesOf(owner, tree, list).filter(isOrdered).map(alternatives);
    expect(missed(memory('domain_alloc'), [...walked('allocate'), ...walked('allocateUser')])).toEqual([]);
    expect(missed(memory('fresh'), walked('attach'))).toEqual([]);
  });

  it.each(cases)('$name on $tree takes memory nowhere else on these paths', ({ name, owner, tree }) => {
    const driver = basisOf('6.12.y').drivers.get(owner.name)!;
    const known = new Set([...factSites[name]!, ...(sitesBeside[name]?.[tree] ?? [])]);
    const walked = ['allocate', 'allocateUser', 'attach'].flatMap((path) =>
      sitesWalked(path, (own) => driver.paths[own]?.[tree] ?? [], tree),
    );
    const written = (site: string): string => site.replace(/alloc_indirect_split([ :])506/, 'alloc_indirect_split$1482');
    expect(sorted(walked.filter((site) => !known.has(written(site))))).toEqual([]);
  });
});

const isOrdered = (site: Site): boolean => isPlace(site) && site.gfp !== 'none' && !neverBoth.includes(site.site);

type Rows = ReturnType<typeof basisOf>['coreRows'];

/** Sites in the order of the rows, through the paths that they enter. */
const sitesWalked = (path: string, rowsIn: (path: string) => Rows, column: Column): string[] =>
  rowsIn(path).flatMap((row) => {
    if (row.kind === 'alloc' && column in row.errno) return [row.site[column]!];
    return row.kind === 'call' && row.path !== undefined && row.path !== 'leave' ? sitesWalked(row.path, rowsIn, column) : [];
  });

/** What of the listed, one of the alternatives each, does not come in this order. */
const missed = (listed: readonly (readonly string[])[], walked: readonly string[]): (readonly string[])[] => {
  let at = 0;
  return listed.filter((names) => {
    const next = walked.findIndex((site, index) => index >= at && names.includes(site));
    if (next < 0) return true;
    at = next + 1;
    return false;
  });
};

describe('kernel APIs', () => {
  it.each(facts.kapi)('$id has the errnos, lines and stickiness of the facts', (fact) => {
    const record = apis.find(({ id }) => id === fact.id)!;
    const plainLines = (lines: string): string => lines.replace(/\w+:(?=\d)/g, '').replaceAll('; ', ', ');
    const wanted = fact.errnos.flatMap(({ errno, lines }) =>
      errno.split('|').map((name) => [name, ...(['v6.1', 'v6.12'] as const).map((tree) => lines && plainLines(lines[tree]))]),
    );
    const found = record.errnos.map(({ errno, lines }) => [
      errno,
      ...(['v6.1', 'v6.12'] as const).map((tree) => (wanted.some((row) => row[1]) && lines ? plainLines(lines[tree]!) : undefined)),
    ]);
    expect(found).toEqual(wanted);
    expect(record.api).toBe(fact.api);
    expect(record.sticky).toBe(fact.stateful === undefined ? undefined : 'EINVAL');
  });

  it('leaks EINVAL as "incompatible" from two of them, as the facts say', () => {
    const leaking = apis.flatMap(({ id, errnos }) => errnos.flatMap(({ errno, leaks }) => (leaks ? [`${id} ${errno}`] : [])));
    expect(leaking).toEqual(['pm-runtime-resume EINVAL', 'qcom-scm-restore-sec-cfg EINVAL']);
    expect(facts.kapi.filter(({ errnos }) => errnos.some((errno) => errno.leaks_as_incompatible)).map(({ id }) => id)).toEqual([
      'pm-runtime-resume',
      'qcom-scm-restore-sec-cfg',
    ]);
  });
});

describe('coverage', () => {
  const lines = coverageOf(index);

  it('leaves nothing out without a reason', () => {
    expect(lines.filter(({ entries, sites }) => entries.missing.length + sites.missing.length > 0)).toEqual([]);
  });

  it('counts what is met, never met, and listed', () => {
    const rows = lines.map(({ owner, entries, sites }) => [
      owner,
      [entries.facts, entries.reachable, entries.unreachable.length, entries.listed.length],
      [sites.facts, sites.modelled, sites.listed.length],
    ]);
    expect(rows).toEqual([
      ['amd', [12, 8, 4, 0], [12, 12, 0]],
      ['apple-dart', [5, 5, 0, 0], [6, 6, 0]],
      ['arm-smmu-v3', [17, 14, 3, 0], [20, 20, 0]],
      ['arm-smmu', [8, 7, 1, 0], [13, 13, 0]],
      ['qcom_iommu', [6, 5, 1, 0], [7, 7, 0]],
      ['intel', [28, 20, 8, 0], [18, 18, 0]],
      ['intel-nested', [10, 9, 1, 0], [6, 6, 0]],
      ['ipmmu-vmsa', [4, 4, 0, 0], [8, 8, 0]],
      ['omap', [8, 6, 2, 0], [6, 6, 0]],
      ['s390', [4, 4, 0, 0], [5, 5, 0]],
      ['sprd', [2, 2, 0, 0], [4, 4, 0]],
      ['tegra-gart', [1, 1, 0, 0], [1, 1, 0]],
      ['virtio-iommu', [10, 9, 1, 0], [7, 7, 0]],
      ['core', [22, 17, 2, 3], [8, 2, 6]],
      ['vfio-container', [12, 11, 0, 1], [6, 0, 6]],
      ['vfio-type1', [23, 23, 0, 0], [32, 20, 12]],
      ['iommufd', [37, 33, 4, 0], [19, 13, 6]],
      ['vhost-vdpa', [4, 4, 0, 0], [4, 0, 4]],
      ['kapi', [10, 10, 0, 0], [0, 0, 0]],
    ]);
  });

  it('has every site of the facts in its list', () => {
    const listed = owners.map((owner) => [
      owner.name,
      sorted((['v6.1', 'v6.12'] as const).flatMap((tree) => sitesOf(owner, tree).filter(isPlace).flatMap(alternatives))),
    ]);
    expect(Object.entries(factSites).map(([owner, sites]) => [owner, sorted(sites)])).toEqual(listed);
  });

  it('excuses nothing that the model has or the facts do not name', () => {
    const listed = (of: 'entries' | 'sites'): string[] => sorted(lines.flatMap((line) => line[of].listed.map(({ name }) => name)));
    expect(listed('entries')).toEqual(sorted(Object.keys(notModelled)));
    expect(listed('sites')).toEqual(sorted(Object.keys(notAllocating)));
    expect(Object.keys(modelledOtherwise).filter((id) => !Object.values(factIds).flat().includes(id))).toEqual([]);
  });
});
