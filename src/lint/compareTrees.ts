// Two readings side by side: for each driver the return sites that came, went, or say something else now.
import type { Operation, ReturnSite, TreeReading } from '../core/returnSites.ts';
import type { DriverDifference, SiteChange, TreeDifference } from '../core/treeDifference.ts';
import { differing, matchSites, places } from './matchSites.ts';

const nameOf = ({ op, table }: Operation): string => `${op} of ${table}`;

const siteOf = ({ before, after }: Pick<SiteChange, 'before' | 'after'>): ReturnSite => (after ?? before)!;

const bySource = (a: SiteChange, b: SiteChange): number => {
  const [one, other] = [siteOf(a), siteOf(b)];
  return one.file === other.file ? one.line - other.line : one.file < other.file ? -1 : 1;
};

const changesOf = (driver: string, op: string, before: readonly ReturnSite[], after: readonly ReturnSite[]): SiteChange[] =>
  matchSites(before, after)
    .map((pair) => ({ driver, op, ...pair, differs: differing(pair) }))
    .filter(({ before, after, differs }) => before === null || after === null || differs.length > 0);

const ofDriver = <T extends Operation>(driver: string, items: readonly T[]): T[] => items.filter((item) => item.driver === driver);

const differenceOf = (driver: string, before: TreeReading, after: TreeReading): DriverDifference => {
  const sides = [before, after].map(({ sites }) => Map.groupBy(ofDriver(driver, sites), ({ op }) => op));
  const [one, other] = sides.map((byOp) => new Map([...byOp].map(([op, sites]) => [op, places(sites)]))) as [
    Map<string, ReturnSite[]>,
    Map<string, ReturnSite[]>,
  ];
  const names = [before, after].map(({ operations }) => new Set(ofDriver(driver, operations).map(nameOf))) as [Set<string>, Set<string>];
  const ops = [...new Set([...one.keys(), ...other.keys()])].sort();
  const count = (byOp: Map<string, ReturnSite[]>): number => [...byOp.values()].reduce((sum, sites) => sum + sites.length, 0);
  return {
    driver,
    before: count(one),
    after: count(other),
    changes: ops.flatMap((op) => changesOf(driver, op, one.get(op) ?? [], other.get(op) ?? []).sort(bySource)),
    operationsAdded: [...names[1]].filter((name) => !names[0].has(name)),
    operationsRemoved: [...names[0]].filter((name) => !names[1].has(name)),
  };
};

export const compareTrees = (before: TreeReading, after: TreeReading): TreeDifference => {
  const drivers = new Set([...before.operations, ...after.operations].map(({ driver }) => driver));
  return {
    before: before.tree,
    after: after.tree,
    drivers: [...drivers].sort().map((driver) => differenceOf(driver, before, after)),
  };
};
