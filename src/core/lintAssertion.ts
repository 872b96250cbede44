// A claim about one check of a driver's sources, as `--assert` takes it, and what a tree says to it.
import type { ReturnSite } from './returnSites.ts';

export interface Assertion {
  readonly driver: string;
  readonly op: string;
  /** In the form of the source. */
  readonly condition: string;
  /** Without sign. */
  readonly errno: string;
}

/** `unknown` is anything but a certain yes or no: for a bisection, a commit to skip. */
export interface AssertionVerdict {
  readonly verdict: 'holds' | 'fails' | 'unknown';
  readonly because: string;
  /** The places judged. */
  readonly sites: readonly ReturnSite[];
}
