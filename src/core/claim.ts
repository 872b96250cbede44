// What claims are made of and what comes of them: named readings of the world, and how a claim fared over a history.
import type { Value } from './conditions.ts';
import type { Claim } from './scenario.ts';
import type { World } from './world.ts';

/** What an argument of a reading names. A name that is none of the run's is the user's error. */
export type ReadingArgument = 'container' | 'group' | 'domain' | 'iommu' | 'pool' | 'pageTable';

/** A number or word read from the world, as claims and watches name it: `domains(c0)`. Adding one is adding one file. */
export interface Reading {
  readonly name: string;
  readonly takes: readonly ReadingArgument[];
  /** Length of `takes`. */
  readonly arity: number;
  readonly words: string;
  /** Arguments are ids as the world has them; null where there is nothing to read. */
  readonly read: (world: World, args: readonly string[]) => Value;
}

/** How a claim fared. `never met` is what becomes of a `sometimes` that no quiescent point met. */
export interface ClaimResult {
  readonly claim: Claim;
  readonly outcome: 'held' | 'violated' | 'never met';
  /** Number of the event that decided it, from 1; null where the end of the history did. */
  readonly at: number | null;
  /** What each side read there, by its text; for a detector's claim: what its hit names. */
  readonly values: { readonly [text: string]: Value };
}
