// How the return sites of two readings of kernel sources differ, and what a patch between them changes for callers.
import type { LintFinding, ReturnSite } from './returnSites.ts';

export type Differing = 'errno' | 'messages' | 'condition';

/** `before` is null for a new place, `after` for one that is gone; `differs` is of one that is in both. */
export interface SiteChange {
  readonly driver: string;
  readonly op: string;
  readonly before: ReturnSite | null;
  readonly after: ReturnSite | null;
  readonly differs: readonly Differing[];
}

export interface DriverDifference {
  readonly driver: string;
  /** Places, each counted once though several tables lead there. */
  readonly before: number;
  readonly after: number;
  readonly changes: readonly SiteChange[];
  /** `attach_dev of arm_smmu_ops`. */
  readonly operationsAdded: readonly string[];
  readonly operationsRemoved: readonly string[];
}

export interface TreeDifference {
  readonly before: string;
  readonly after: string;
  /** In the order of their names; those without a difference too. */
  readonly drivers: readonly DriverDifference[];
}

/** What a caller that tries existing domains does; `either` where a place has errnos of both kinds, `unknown` where it has none. */
export type Reaction = 'absent' | 'success' | 'next' | 'stop' | 'either' | 'unknown';

export interface ReactionChange {
  readonly caller: string;
  /** Why it reacts to errnos at all, or to none. */
  readonly rule: string;
  readonly changes: readonly { readonly from: Reaction; readonly to: Reaction; readonly count: number }[];
}

export interface PatchEffect {
  readonly title: string;
  readonly changes: readonly SiteChange[];
  readonly callers: readonly ReactionChange[];
  /** Changes that only a fresh domain meets: nobody searches then, user space reads the errno. */
  readonly freshOnly: number;
  /** Clauses whose errnos come or go, and sentences of the kernel-doc that the patch itself changes. */
  readonly clauses: readonly string[];
  readonly findings: { readonly brought: readonly LintFinding[]; readonly mended: readonly LintFinding[]; readonly older: number };
  /** Hunks that did not apply: what they change is not known. */
  readonly notApplied: readonly string[];
}
