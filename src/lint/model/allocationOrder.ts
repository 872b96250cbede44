// The order in which an operation allocates: as the n-th allocation fails, the kernel's n-th must be the model's.
import type { CheckedOrder } from '../../core/checkedModel.ts';
import type { AllocationSite, TreeReading } from '../../core/returnSites.ts';
import type { AllocationOrder } from '../../core/rowSources.ts';

const siteText = ({ function: name, callee, gfp }: AllocationSite): string => `${name}(): ${callee}()${gfp === null ? '' : ` ${gfp}`}`;

const keyOf = ({ op, table, entry }: AllocationSite): string => `${op} of ${table}: ${entry}()`;

/** A site that several ways lead to is met once in a row. */
const met = (sites: readonly string[]): string[] => sites.filter((site, index) => site !== sites[index - 1]);

/** Attach operations of these drivers that allocate anything. */
export const allocationOrders = ({ allocations }: TreeReading, drivers: readonly string[]): AllocationOrder[] => {
  const own = allocations.filter(({ driver, op }) => op === 'attach_dev' && drivers.includes(driver));
  const groups = Map.groupBy(own, (site) => JSON.stringify([site.driver, keyOf(site)]));
  return [...groups.values()].map((sites) => ({ driver: sites[0]!.driver, operation: keyOf(sites[0]!), sites: met(sites.map(siteText)) }));
};

const none = '(no more allocations)';

const checkOrder = (ours: AllocationOrder, found: readonly AllocationOrder[]): CheckedOrder => {
  const { driver, operation } = ours;
  const yours = found.find((other) => other.driver === driver && other.operation === operation);
  if (yours === undefined) return { driver, operation, status: 'gone', at: null, ours: ours.sites.join(', '), yours: '' };
  const length = Math.max(ours.sites.length, yours.sites.length);
  const at = Array.from({ length }, (_, index) => index).find((index) => ours.sites[index] !== yours.sites[index]);
  if (at === undefined) return { driver, operation, status: 'same', at: null, ours: '', yours: '' };
  return { driver, operation, status: 'changed', at: at + 1, ours: ours.sites[at] ?? none, yours: yours.sites[at] ?? none };
};

export const checkOrders = (ours: readonly AllocationOrder[], yours: readonly AllocationOrder[]): CheckedOrder[] =>
  ours.map((order) => checkOrder(order, yours));
