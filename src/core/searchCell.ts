// One cell of a matrix of searches: what all orders and failures of a scenario come to under one kernel and caller.
import type { Evidence } from './finding.ts';
import type { Verdict } from './verdict.ts';

export interface SearchCell {
  readonly kernel: string;
  readonly caller: string;
  /** Why there is no such cell. */
  readonly absent: string | null;
  readonly hypothetical: string | null;
  /** Null: there is no such cell; so for the states. */
  readonly outcome: Verdict['outcome'] | null;
  readonly states: number | null;
  /** Rules of findings of level bug, once each, in the order in which they were found; `deadlock` where tasks wait for ever. */
  readonly rules: readonly { readonly rule: string; readonly evidence: Evidence['kind'] }[];
  /** Claims that are violated, by their text. */
  readonly claims: readonly string[];
  /** Why it is inconclusive, or why the search of a violated cell is not complete. */
  readonly because: readonly string[];
  /** With a checked tree: what the findings rest on that is not the same there. */
  readonly notValid?: readonly string[];
}
