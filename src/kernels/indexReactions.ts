// What each caller's search does with an errno, found by walking its machines: which rows answer the state that tries an existing
// domain, and what the caller's rule makes of their errnos. Nothing of it is stored.
import type { CallerReaction, ColumnFacts, Reaction } from '../core/facts.ts';
import type { Class, Column, Driver, Errno } from '../core/rows.ts';
import type { Caller, StateFacts, WorkflowSet } from '../core/workflow.ts';
import { type Basis, callerTable, contractTable, workflowsFor } from './build.ts';
import { workflows } from './registry.ts';

/** A caller's search in one column. */
export interface Search {
  readonly caller: string;
  readonly scan: 'any' | readonly Errno[];
  /** Arguments and rows of every state that the tried attach goes through: rows of core and caller are among them. */
  readonly names: ReadonlySet<string>;
}

interface Machine {
  readonly config: { readonly states: { readonly [name: string]: { readonly meta?: Partial<StateFacts> } } };
}

type Machines = ReadonlyMap<string, unknown>;

const statesOf = (machine: unknown): Partial<StateFacts>[] =>
  Object.values((machine as Machine | undefined)?.config.states ?? {}).flatMap(({ meta }) => (meta ? [meta] : []));

/** Searches of callers that were in the column's tree; `scans` are rules that an overlay sets. */
export const searchesIn = (column: Column, scans: NonNullable<Basis['scans']>): Search[] =>
  [...callerTable.values()].flatMap((caller) => {
    if (caller.scan === null || caller.absent?.[column] !== undefined || caller.hypothetical?.[column] !== undefined) return [];
    return [{ caller: caller.name, scan: scans[caller.name] ?? caller.scan, names: namesTried(caller, column) }];
  });

const namesTried = (caller: Caller, column: Column): Set<string> => {
  const machines = workflowsFor(column, caller);
  const states = Object.keys(caller.workflows).flatMap((name) => statesOf(machines.get(name)));
  const tried = calledFrom(
    states.filter(({ scan }) => scan),
    machines,
  );
  return new Set(tried.flatMap((name) => statesOf(machines.get(name)).flatMap(namesIn)));
};

const calledBy = ({ op }: Partial<StateFacts>): string[] => (op?.[0] === 'call' ? [String(op[1])] : []);

/** Workflows that the states call, and those that these call. */
const calledFrom = (states: readonly Partial<StateFacts>[], machines: Machines): string[] => {
  const found = new Set<string>();
  const waiting = states.flatMap(calledBy);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    waiting.push(...statesOf(machines.get(name)).flatMap(calledBy));
  }
  return [...found];
};

const namesIn = ({ op, row }: Partial<StateFacts>): string[] => [
  ...(op?.slice(1) ?? []).filter((argument) => typeof argument === 'string'),
  ...(row === undefined ? [] : [row]),
];

/** Every name in a workflow and in those that it calls, by whatever way. */
export const namesFrom = (machines: Machines, workflow: string): Set<string> => {
  const own = statesOf(machines.get(workflow));
  return new Set([...own, ...calledFrom(own, machines).flatMap((name) => statesOf(machines.get(name)))].flatMap(namesIn));
};

/** Every name in the workflows of every column and caller: rows that no name calls are never performed. */
export const namesInWorkflows = (): Set<string> => {
  const sets = [
    ...(workflows as readonly WorkflowSet[]).map(({ machines }) => machines),
    ...[...callerTable.values()].map((c) => c.workflows),
  ];
  return new Set(sets.flatMap((machines) => Object.values(machines).flatMap((machine) => statesOf(machine).flatMap(namesIn))));
};

/** Where a row stands: a driver's is met when an attach op, or a path that one enters, holds it; others by name. */
export type Standing = { readonly row: string } | { readonly attaches: boolean };

const isMet = (standing: Standing, search: Search): boolean => ('row' in standing ? search.names.has(standing.row) : standing.attaches);

export const reactionsTo = (standing: Standing, { errno }: ColumnFacts, searches: readonly Search[]): CallerReaction[] =>
  searches.flatMap((search) => {
    const reaction = isMet(standing, search) ? reactionOf(errno, search.scan) : null;
    return reaction === null ? [] : [{ caller: search.caller, reaction }];
  });

/** Nested domains are a driver of their own, found by this name. */
export const isNested = ({ name }: Driver): boolean => name.endsWith('-nested');
export const nestedWords = 'a nested domain is made and attached by hand';

/** The driver's paths that an attach goes through, for domains of every kind. */
export const attachPaths = (driver: Driver, column: Column): Set<string> => {
  const found = new Set(['attach', 'attachBlocking', 'attachIdentity']);
  for (const path of found)
    for (const row of driver.paths[path]?.[column] ?? []) if (row.kind === 'call' && row.path !== undefined) found.add(row.path);
  return found;
};

/** Words of the facts for "as a callee has it", which may be any errno. */
const passedOn = ['attach-errno', 'driver-errno', 'core-errno', 'backend-errno', 'original-errno'];

/** Null: the caller sees success. `callback-errno`, of a clock or power callback, is taken for one that means a broken device. */
export const reactionOf = (errnos: readonly Errno[], scan: 'any' | readonly Errno[]): Reaction | null => {
  const seen = errnos.filter((errno) => errno !== '0');
  if (seen.length === 0) return null;
  if (seen.includes('oops')) return 'crash';
  if (scan === 'any') return 'next';
  if (seen.some((errno) => passedOn.includes(errno))) return 'mixed';
  const next = seen.filter((errno) => scan.includes(errno)).length;
  return next === 0 ? 'stop' : next === seen.length ? 'next' : 'mixed';
};

/** What a contract makes of a row: the errno for its class, and what a search under the contract does. */
export interface Contracted {
  readonly contract: string;
  /** The column whose errno it starts from. */
  readonly column: Column;
  readonly errno: readonly Errno[];
  readonly reaction: Reaction | null;
}

export const underContracts = (rowClass: Class, column: Column, { errno }: ColumnFacts): Contracted[] =>
  [...contractTable.values()].map(({ name, classes, scan }) => {
    const ruled = classes[rowClass];
    const found = ruled === undefined ? errno : [ruled];
    return { contract: name, column, errno: found, reaction: scan === null ? null : reactionOf(found, scan) };
  });
