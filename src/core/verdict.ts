// What a search comes to: holds within its bounds, violated, or inconclusive, with everything that bounds it.
import type { Label } from './label.ts';

/** What may go wrong in one run at most. */
export interface Bounds {
  readonly faults: number;
  readonly apiFaults: number;
  readonly kills: number;
  readonly unplugs: number;
  /** Only allocations that can plausibly fail. */
  readonly plausible: boolean;
  /** Null: all orders. */
  readonly preemptions: number | null;
}

export interface Effort {
  readonly states: number;
  readonly transitions: number;
  readonly ends: number;
  readonly depth: number;
  readonly evaluations: number;
  readonly omission: number;
  /** Chance that the last new state was left out, once the memory limit was reached. */
  readonly bitState: number | null;
}

export interface Verdict {
  readonly scenario: string;
  readonly kernel: string;
  readonly model: string;
  readonly caller: string;
  readonly groups: number;
  readonly containers: number;
  readonly tasks: number;
  readonly bounds: Bounds;
  readonly strategy: string;
  readonly outcome: 'holds' | 'violated' | 'inconclusive';
  /** Why inconclusive, or what limits a violated verdict too. */
  readonly because: readonly string[];
  readonly effort: Effort;
  /** Variants of the start that were covered, and how many there are. */
  readonly variants: { readonly covered: number; readonly total: number; readonly names: readonly string[] };
  readonly reduced: boolean;
  /** What is interchangeable, in words. */
  readonly symmetry: readonly string[];
  /** What a strategy that bounds or samples says of itself. */
  readonly chances: readonly string[];
  readonly labels: readonly Label[];
  readonly claims: readonly { readonly text: string; readonly outcome: 'held' | 'violated' | 'met' | 'never met' }[];
  /** Checks, allocations, takes and calls of the drivers in use and of the caller: how many were met, and which never were. */
  readonly rows: { readonly met: number; readonly total: number; readonly never: readonly string[] };
}
