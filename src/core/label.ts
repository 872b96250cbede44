// What a search can come upon: a finding of a detector, a claim decided, tasks that wait for ever.
import type { Level } from './finding.ts';

export type Label =
  | { readonly kind: 'finding'; readonly id: string; readonly rule: string; readonly level: Level; readonly entity: string }
  /** A claim of the scenario by its place in the list. */
  | { readonly kind: 'claim'; readonly id: string; readonly claim: number; readonly outcome: 'violated' | 'met' }
  /** Nobody can step, and these tasks still have work. */
  | { readonly kind: 'deadlock'; readonly id: string; readonly waiting: readonly string[] };

/** Whether a run with it is a counterexample. */
export const violates = (label: Label): boolean =>
  label.kind === 'deadlock' || (label.kind === 'claim' ? label.outcome === 'violated' : label.level === 'bug');
