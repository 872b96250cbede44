// What the live audit of a trace tells besides attaches and findings: gaps, put together while they come thick, and the sum of all.
import type { Level } from './finding.ts';

/** Gaps of one kind that came within a moment. */
export interface WatchedGap {
  readonly kind: string;
  readonly places: number;
  /** Events that are missing or unread; null: nobody knows how many. */
  readonly count: number | null;
  /** Of the first. */
  readonly line: number;
  readonly text: string;
}

export interface WatchedSum {
  readonly name: string;
  readonly seconds: number;
  readonly lines: number;
  readonly events: number;
  /** By what they came to. */
  readonly attaches: ReadonlyMap<string, number>;
  readonly findings: readonly { readonly level: Level; readonly count: number }[];
  readonly gaps: ReadonlyMap<string, number>;
}
