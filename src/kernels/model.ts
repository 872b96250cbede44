// A model: one profile with its rows, workflows, caller, contract and rules, after overlays and options have had their say.

import type { Contract } from '../core/contract.ts';
import { Failure, nearest } from '../core/failure.ts';
import type { ApiFacts, Column, Driver, Row } from '../core/rows.ts';
import type { Caller } from '../core/workflow.ts';

/** A tree that was read; `column` names its column of the facts. */
export interface Profile {
  readonly name: string;
  readonly column: Column;
  /** As every report says it: `linux 6.12.117`. */
  readonly title: string;
  readonly package: string;
}

export interface Model {
  readonly profile: Profile;
  /** Name as asked for: the profile's, or the overlay file's. */
  readonly kernel: string;
  readonly column: Column;
  readonly drivers: ReadonlyMap<string, Driver>;
  readonly rows: ReadonlyMap<string, Row>;
  readonly apis: ReadonlyMap<string, ApiFacts>;
  readonly workflows: ReadonlyMap<string, unknown>;
  readonly requests: { readonly [verb: string]: string };
  readonly caller: Caller;
  /** The kernel's caller that a user-space caller stands on; null: the caller is the kernel's. */
  readonly above: Caller | null;
  readonly contract: Contract | null;
  readonly scan: 'any' | readonly string[];
  /** Why such a combination never was, or null; `n/a` cells are refused before a model is made. */
  readonly hypothetical: string | null;
  /** The same kernel and rules for a task that has a caller of its own. */
  readonly withCaller: (name: string) => Model;
  /** Equal for equal models: runs name it, snapshots are keyed by it. */
  readonly hash: string;
}

/** What is looked up by name, or a failure that offers the nearest. */
export const lookUp = <T>(kind: string, name: string, table: ReadonlyMap<string, T>): T => {
  const found = table.get(name);
  if (found !== undefined) return found;
  const near = nearest(name, [...table.keys()]);
  const known = near ? `did you mean ${near}?` : `known: ${[...table.keys()].join(', ')}`;
  throw new Failure('unknown-name', `no ${kind} is named ${name}; ${known}`);
};
