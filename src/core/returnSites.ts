// What reading kernel sources gives: the places where an attach operation can return an errno, where it allocates, and what rules
// find in them. Lint makes these, reports print them.
import type { Class } from './rows.ts';

/** A line of a kernel source: `file` from the kernel's root, `line` 1-based. */
export interface SourceLine {
  readonly file: string;
  readonly line: number;
}

/** One step on the way from an operation to the place where its errno arises, outermost first: a call, a test, an assignment, a return. */
export interface WitnessStep extends SourceLine {
  readonly function: string;
  /** The source there, in one line. */
  readonly text: string;
}

/** A message to the kernel log; `level` as the source names it: `dev_err`, `pr_warn`, `WARN_ON`. */
export interface Print extends SourceLine {
  readonly level: string;
  readonly text: string;
}

/** `maybe` where anything on the way could not be resolved; `unresolved` then says what. */
export type Certainty = 'certain' | 'maybe';
export type Confidence = 'high' | 'medium' | 'low';

/** `fresh`: only while the domain serves nothing yet; `used`: only when it does. */
export type DomainState = 'fresh' | 'used' | 'any';

/** An operation of a driver's table: `table` names the variable, `entry` the function. */
export interface Operation {
  readonly driver: string;
  /** `attach_dev`, `set_dev_pasid`, ... */
  readonly op: string;
  readonly table: string;
  readonly entry: string;
}

/** Where an operation can get what it returns. */
export interface ReturnSite extends Operation, SourceLine {
  /** Where the errno arises. */
  readonly function: string;
  /**
   * Without sign. `0` where success is returned although a check refused. More than one where a kernel function chooses; none where
   * nothing is known of it.
   */
  readonly errnos: readonly string[];
  /** Constant in the source; result of a kernel function (`api`); a pointer that is null after an allocation. */
  readonly origin: 'constant' | 'api' | 'memory';
  /** The kernel function whose result it is, or that failed. */
  readonly api: string | null;
  /** The check that leads there, as the source has it; for `api` the call. */
  readonly condition: string;
  readonly class: Class;
  readonly confidence: Confidence;
  /** Why this class, in a few words: `compares domain with device`. */
  readonly reason: string;
  readonly certainty: Certainty;
  readonly unresolved: string | null;
  readonly domain: DomainState;
  readonly prints: readonly Print[];
  /** Outermost first: `mutex smmu_domain->init_mutex`. */
  readonly locks: readonly string[];
  readonly witness: readonly WitnessStep[];
  /** Errnos that were thrown away on the way: the failed call's, replaced by the one returned. */
  readonly replaced: readonly string[];
}

/** A place where an operation takes memory or an id, in the order of execution. */
export interface AllocationSite extends Operation, SourceLine {
  readonly function: string;
  /** Function called: `kzalloc`, `ida_alloc_max`. */
  readonly callee: string;
  /** The flags as written there; null for what takes no flags. */
  readonly gfp: string | null;
  readonly domain: DomainState;
  /** Errnos that the operation returns when it fails; `ignored`. */
  readonly failure: readonly string[];
}

/** A step whose failure is not returned. */
export interface IgnoredFailure extends Operation, SourceLine {
  readonly function: string;
  readonly callee: string;
}

/** A function that the parser could not read whole. */
export interface DamagedFunction extends SourceLine {
  readonly function: string;
  readonly reached: boolean;
}

/** Something in the tree that could not be read: `where` names it, `why` says what is the matter. */
export interface Unread {
  readonly where: string;
  readonly why: string;
}

/** All that was read of one tree. */
export interface TreeReading {
  readonly tree: string;
  readonly operations: readonly Operation[];
  readonly sites: readonly ReturnSite[];
  readonly allocations: readonly AllocationSite[];
  readonly ignored: readonly IgnoredFailure[];
  readonly files: number;
  readonly functions: number;
  readonly damaged: readonly DamagedFunction[];
  readonly unread: readonly Unread[];
}

/** `error` breaks the contract; `stricter` only a stricter contract than the tree's own; `cost` is needless; `maybe` is not certain. */
export type LintLevel = 'error' | 'stricter' | 'cost' | 'maybe';

export interface LintFinding {
  readonly rule: string;
  readonly level: LintLevel;
  /** A failure that is not returned stands as a site that returns 0. */
  readonly site: ReturnSite;
  readonly message: string;
  /** What it rests on, as the contract words it: `EINVAL: can indicate that ...`. */
  readonly clause: string;
  /** Stable over moved lines: driver, op, function, condition, errno, rule; sixteen hexadecimal digits. */
  readonly fingerprint: string;
}
