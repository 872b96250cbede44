// Page tables by name: what a request names must be made by some request, and a name stands for one table at a time.
import { Failure } from '../core/failure.ts';
import type { Request, TaskScript } from '../core/scenario.ts';
import { demandName } from './names.ts';
import { scenarioKind } from './source.ts';

export const demandPageTables = (tasks: readonly TaskScript[]): void => {
  const requests = tasks.flatMap((task) => task.requests);
  const made = requests.flatMap(({ verb, pageTable }) => (verb === 'make-page-table' ? [pageTable!] : []));
  for (const request of requests) for (const name of namesIn(request)) demandMade(name, made, request);
  for (const task of tasks) refuseSecond(task.requests);
};

const namesIn = ({ verb, pageTable, options }: Request): string[] => [
  ...(pageTable === undefined || verb === 'make-page-table' ? [] : [pageTable]),
  ...(typeof options?.parent === 'string' ? [options.parent] : []),
];

/** `c0.p1`: a slot, which the search of the caller may have filled. */
const isSlot = (name: string): boolean => /\.p\d+$/.test(name);

const demandMade = (name: string, made: readonly string[], { place }: Request): void => {
  if (isSlot(name)) return;
  demandName(name, { words: 'a page table that make-page-table makes', names: made, kind: scenarioKind, place: place! });
};

/** Within one task, where the order is known. */
const refuseSecond = (requests: readonly Request[]): void => {
  const live = new Set<string>();
  for (const { verb, pageTable = '', place } of requests) {
    if (verb === 'destroy-page-table') live.delete(pageTable);
    if (verb !== 'make-page-table') continue;
    if (live.has(pageTable)) throw new Failure(scenarioKind.code, `expected a new name for a page table, found ${pageTable} again`, place);
    live.add(pageTable);
  }
};
