// What each caller's search does with an errno, found by walking its machines: which rows answer the state that tries an existing
// domain, and what the caller's rule makes of their errnos. Nothing of it is stored.
import type { CallerReaction, ColumnFacts, Reaction } from '../core/facts.ts';
import type { Class, Column, Errno } from '../core/rows.ts';
import type { Caller, StateFacts } from '../core/workflow.ts';
import { callerTable, contractTable, workflowsFor } from './build.ts';

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

/** Searches of callers that were in the column's tree. */
export const searchesIn = (column: Column): Search[] =>
  [...callerTable.values()].flatMap((caller) => {
    if (caller.scan === null || caller.absent?.[column] !== undefined || caller.hypothetical?.[column] !== undefined) return [];
    return [{ caller: caller.name, scan: caller.scan, names: namesTried(caller, column) }];
  });

const namesTried = (caller: Caller, column: Column): Set<string> => {
  const machines = workflowsFor(column, caller);
  const names = new Set<string>();
  for (const name of Object.keys(caller.workflows))
    for (const state of statesOf(machines.get(name))) if (state.scan) collect(calledBy(state), machines, names);
  return names;
};

const calledBy = ({ op }: Partial<StateFacts>): string | null => (op?.[0] === 'call' ? String(op[1]) : null);

const collect = (workflow: string | null, machines: Machines, names: Set<string>): void => {
  if (workflow === null || names.has(workflow)) return;
  names.add(workflow);
  for (const state of statesOf(machines.get(workflow))) {
    for (const argument of state.op?.slice(1) ?? []) if (typeof argument === 'string') names.add(argument);
    if (state.row !== undefined) names.add(state.row);
    if (state.op?.[0] === 'call') {
      names.delete(String(state.op[1]));
      collect(String(state.op[1]), machines, names);
    }
  }
};

/** A driver's row is met when the attach op of some kind of domain holds it, or a path that such an op enters. */
const isMet = (where: { readonly row: string } | { readonly paths: readonly string[] }, search: Search): boolean =>
  'row' in where ? search.names.has(where.row) : where.paths.some((path) => path.startsWith('attach'));

export const reactionsTo = (
  where: { readonly row: string } | { readonly paths: readonly string[] },
  { errno }: ColumnFacts,
  searches: readonly Search[],
): CallerReaction[] =>
  searches.flatMap((search) => {
    const reaction = isMet(where, search) ? reactionOf(errno, search.scan) : null;
    return reaction === null ? [] : [{ caller: search.caller, reaction }];
  });

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
  readonly errno: readonly Errno[];
  readonly reaction: Reaction | null;
}

export const underContracts = (rowClass: Class, { errno }: ColumnFacts): Contracted[] =>
  [...contractTable.values()].map(({ name, classes, scan }) => {
    const ruled = classes[rowClass];
    const found = ruled === undefined ? errno : [ruled];
    return { contract: name, errno: found, reaction: scan === null ? null : reactionOf(found, scan) };
  });
