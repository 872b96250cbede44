// Whether a row refuses in a run made for it, and what comes in its way where it does not.
import type { Situation } from '../core/comparison.ts';
import type { Scenario } from '../core/scenario.ts';
import { rowsIn } from '../kernels/reach.ts';
import type { RowBench } from './rowBench.ts';
import { firstDomain } from './rowMachine.ts';
import type { PlacedRow } from './rowsOfAttach.ts';

/** In the last attach: on any domain that is made for it, or on the one that the first group got before. */
export const refuses = ({ lastAttach }: RowBench, { path, row }: PlacedRow, situation: Situation, scenario: Scenario): boolean => {
  const found = lastAttach(scenario);
  if (found === null || !found.prepared) return false;
  const refusals = found.refusals.filter((event) => event.row === row.id);
  return refusals.some(({ domain }) => situation === 'fresh' || path === null || domain === firstDomain);
};

/** Whether making the row fail can make a difference: the same attach, left alone, comes to it and it does its work. */
export const comesTo = ({ lastAttach }: RowBench, { path, row }: PlacedRow, scenario: Scenario): boolean => {
  if (row.kind === 'check' || (path === null && row.kind !== 'alloc')) return true;
  const found = lastAttach(scenario);
  if (found === null) return false;
  return path === null ? found.allocated.has(row.id) : found.performed.has(`${row.id} ${firstDomain}`);
};

/** What keeps the search from the row on the first group's domain, in words; null where nothing is seen to. */
export const obstacleTo = ({ engine, lastAttach }: RowBench, { driver, path }: PlacedRow, scenario: Scenario): string | null => {
  const found = lastAttach(scenario);
  if (found === null || path === null) return null;
  const over = found.passedOver.find(({ domain }) => domain === firstDomain);
  if (over) return `the search passes over the domain: ${over.because}`;
  const own = new Set(rowsIn(driver, path, engine.model.column).map(({ id }) => id));
  // The values were no good: another row of the driver refuses this very domain.
  if (found.refusals.some(({ row, domain }) => domain === firstDomain && own.has(row))) return null;
  const words = found.refusals.map(({ row, domain, errno }) => `${row}${domain === null ? '' : ` on ${domain}`} -${errno}`);
  return words.length === 0 ? null : `other refusals come before: ${[...new Set(words)].join(', ')}`;
};
