// The answer to "why this domain and no other?", as data: for each attach, what was tried, who refused it with what, and what was kept.
import type { Value } from './conditions.ts';
import type { Class, Errno, Plausible } from './rows.ts';

/** A row that refused. Event numbers count from 1. */
export interface WhyRefusal {
  readonly at: number;
  readonly row: string;
  readonly errno: Errno;
  readonly class: Class;
  readonly device: string | null;
  readonly domain: string | null;
  /** What the condition read. */
  readonly values: { readonly [path: string]: Value };
  /** Who decided: `driver intel`, `core`, or `caller vfio-type1`. */
  readonly by: string;
  readonly citation: string;
  /** The row in words, where they are known. */
  readonly words: string | null;
  /** The allocation that failed, when that is the reason. */
  readonly allocation: { readonly site: string; readonly gfp: string; readonly n: number | null; readonly plausible: Plausible } | null;
}

/** One domain that was there before. */
export interface WhyCandidate {
  readonly at: number;
  readonly domain: string;
  /** What came of it; `undecided`: the request ended in the middle. */
  readonly fate: 'joined' | 'refused' | 'skipped' | 'undecided';
  /** Why the caller tried it, or did not. */
  readonly because: string;
  readonly refusal: WhyRefusal | null;
  /** The errno that reached the caller, and what the caller made of it. */
  readonly errno: Errno | null;
  readonly reaction: 'next' | 'stop' | null;
  readonly reactionAt: number | null;
}

export interface WhyGroup {
  readonly group: string;
  readonly candidates: readonly WhyCandidate[];
  /** Refusals outside the tries on candidates, in order: of the claim, of the fresh domain, of the way back. */
  readonly refusals: readonly WhyRefusal[];
  /** The domain that the group records afterwards. */
  readonly kept: string | null;
  /** joined: one that was there; fresh: one made for this attach; unchanged: the caller's attach changed nothing or was undone. */
  readonly how: 'joined' | 'fresh' | 'unchanged';
}

/** One request that attaches. */
export interface Why {
  readonly task: string;
  /** From 1. */
  readonly request: number;
  readonly verb: string;
  readonly target: string | null;
  readonly caller: string;
  readonly kernel: string;
  /** Numbers of the events that begin and end it; null while it has not ended. */
  readonly from: number;
  readonly to: number | null;
  readonly result: string | null;
  readonly groups: readonly WhyGroup[];
}
