// What auditing a tree against a contract comes to: the contract clause by clause, the rules, findings with what a baseline knows of them.
import type { LintFinding, TreeReading } from './returnSites.ts';
import type { Class } from './rows.ts';

/** What a clause speaks of; `listed`: its errno may be returned, but its text is not understood. */
export type Meaning = 'success' | Exclude<Class, 'other'> | 'others' | 'listed';

/** One line of the list of errnos that attach_dev may return. */
export interface Clause {
  /** Without sign; `0`; `<others>`. */
  readonly errno: string;
  readonly meaning: Meaning;
  readonly text: string;
}

/** What a driver promises of the errnos of attach_dev. */
export interface LintContract {
  readonly name: string;
  readonly clauses: readonly Clause[];
  /** The errno of an incompatible pair stands for nothing else. */
  readonly exclusive: boolean;
  /** Messages beside a soft failure: none but debug, no errors, better none, nothing is said of them. */
  readonly messages: 'forbidden' | 'errors-forbidden' | 'discouraged' | 'unsaid';
  /** Who says so. */
  readonly source: string;
  /** `stated` by the tree itself, `asked` for by name, `borrowed` because the tree states none: then only a false success is an error. */
  readonly standing: 'stated' | 'asked' | 'borrowed';
}

/** What `--explain RULE` prints. */
export interface RulePage {
  readonly means: string;
  readonly example: string;
  readonly mend: string;
  readonly suppress: string;
}

export interface RuleFacts {
  readonly id: string;
  /** One line: what is wrong. */
  readonly title: string;
  /** The one clause it rests on. */
  readonly clause: Meaning;
  readonly page: RulePage;
}

/** A finding that is put up with. `suppressed`: on purpose, with a reason, perhaps until a day (2027-01-31). */
export interface BaselineEntry {
  readonly fingerprint: string;
  readonly rule: string;
  readonly driver: string;
  readonly op: string;
  readonly function: string;
  readonly condition: string;
  readonly errnos: readonly string[];
  readonly suppressed: { readonly reason: string; readonly until: string | null } | null;
}

/** `expired`: its suppression's day has passed, so it counts as new. */
export type FindingState = 'new' | 'known' | 'suppressed' | 'expired';

export interface JudgedFinding extends LintFinding {
  readonly state: FindingState;
  readonly suppressed: BaselineEntry['suppressed'];
}

export interface LintReport {
  readonly reading: TreeReading;
  readonly contract: LintContract;
  /** Why it is this contract. */
  readonly why: string;
  readonly rules: readonly RuleFacts[];
  readonly findings: readonly JudgedFinding[];
  /** Entries of the baseline that no finding has any more; null without a baseline. */
  readonly vanished: readonly BaselineEntry[] | null;
}

/** Errors that no baseline knows make the audit fail. */
export const isFailure = ({ level, state }: JudgedFinding): boolean => level === 'error' && (state === 'new' || state === 'expired');
