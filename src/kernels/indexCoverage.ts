// How much of the facts the model has: every entry and every allocation site is performed by a row, or listed with the reason.
import type { IndexEntry, OwnerCoverage } from '../core/facts.ts';
import { factIds } from './factIds.ts';
import { factSites } from './factSites.ts';
import { namesInWorkflows } from './indexReactions.ts';
import { modelledOtherwise, notAllocating, notModelled } from './notModelled.ts';

export const coverageOf = (index: readonly IndexEntry[]): readonly OwnerCoverage[] => {
  const performed = namesInWorkflows();
  return Object.keys(factIds).map((owner) => ownerCoverage(owner, index, performed));
};

const ownerCoverage = (owner: string, index: readonly IndexEntry[], performed: ReadonlySet<string>): OwnerCoverage => {
  const own = index.filter((entry) => entry.owner === owner);
  const layer = own[0]?.layer ?? 'driver';
  const ids = factIds[owner]!;
  const kept = own.filter(({ id }) => layer === 'driver' || layer === 'kapi' || performed.has(id) || id in modelledOtherwise);
  const known = new Set(ids);
  return {
    owner,
    layer,
    entries: entryCoverage(ids, kept),
    sites: siteCoverage(factSites[owner] ?? [], layer === 'driver' ? own : index),
    beyond: own.filter(({ entry }) => !known.has(entry)).length,
  };
};

const entryCoverage = (ids: readonly string[], kept: readonly IndexEntry[]): OwnerCoverage['entries'] => {
  const rowsOf = (id: string) => kept.filter(({ entry }) => entry === id);
  const found = ids.filter((id) => rowsOf(id).length > 0);
  const unreachable = found.filter((id) => rowsOf(id).every((entry) => entry.unreachable !== null));
  return {
    facts: ids.length,
    reachable: found.length - unreachable.length,
    unreachable: unreachable.map((id) => ({ name: id, reason: rowsOf(id)[0]!.unreachable! })),
    ...listedOrMissing(
      ids.filter((id) => !found.includes(id)),
      notModelled,
    ),
  };
};

const listedOrMissing = (names: readonly string[], reasons: { readonly [name: string]: string }) => ({
  listed: names.flatMap((name) => (reasons[name] === undefined ? [] : [{ name, reason: reasons[name] }])),
  missing: names.filter((name) => reasons[name] === undefined),
});

const siteCoverage = (sites: readonly string[], index: readonly IndexEntry[]): OwnerCoverage['sites'] => {
  const facts = index.flatMap(({ kind, columns }) => Object.values(columns).map((column) => ({ kind, ...column })));
  const allocations = new Set(facts.flatMap(({ allocation }) => (allocation ? [allocation.site] : [])));
  const takes = facts.filter(({ kind }) => kind === 'take').map(({ cite }) => cite);
  const found = sites.filter((site) => allocations.has(site) || takes.some((cite) => cites(cite, site)));
  return {
    facts: sites.length,
    modelled: found.length,
    ...listedOrMissing(
      sites.filter((site) => !found.includes(site)),
      notAllocating,
    ),
  };
};

/** Ids are taken in rows that cite a range of lines; their sites are written `function:line` as all are. */
const cites = (cite: string, site: string): boolean => {
  const [name, line] = site.split(':') as [string, string];
  return cite.split('; ').some((part) => {
    const ranges = part.split(`${name}():`)[1]?.split(',') ?? [];
    return ranges.some((range) => {
      const [from, to] = range.split('-').map(Number) as [number, number?];
      return Number(line) >= from && Number(line) <= (to ?? from);
    });
  });
};
