// What the attaches, claims and domains of a run or a recording came to, as one row each.
import type { Class, Errno } from './rows.ts';

/** A domain of the container that was tried for the group. */
export interface AttachTry {
  readonly domain: string;
  /** Null: the group was accepted. */
  readonly errno: Errno | null;
  readonly class: Class | null;
  /** Function or row that refused. */
  readonly by: string | null;
}

export interface AttachRow {
  /** Number of the event with which it began. */
  readonly at: number;
  /** Line of the trace and nanoseconds of its clock; null in a run of the model. */
  readonly line: number | null;
  readonly time: number | null;
  readonly task: string;
  /** The ioctl, where it is known. */
  readonly call: string | null;
  readonly container: string;
  readonly group: string;
  readonly devices: readonly string[];
  /** `unknown`: it ended, and the trace shows neither a result nor a domain, as function_graph without return values. */
  readonly outcome: 'kept' | 'joined' | 'failed' | 'unknown' | 'unfinished';
  readonly errno: Errno | null;
  readonly tried: readonly AttachTry[];
  /** The domain that the caller made for the occasion, and what refused the group on it. */
  readonly own: string | null;
  readonly ownErrno: Errno | null;
  /** Where the group is afterwards. */
  readonly domain: string | null;
  /** An older domain that would have done: it was refused for a reason that says nothing of it. */
  readonly duplicateOf: AttachTry | null;
}

export interface OwnershipRow {
  readonly at: number;
  readonly line: number | null;
  readonly time: number | null;
  readonly task: string;
  readonly group: string;
  readonly what: 'claimed' | 'released' | 'detached' | 'refused';
  readonly by: string;
}

/** A domain from its first to its last event. */
export interface DomainLife {
  readonly domain: string;
  readonly type: string;
  readonly from: number;
  /** Null: it is still there at the end. */
  readonly to: number | null;
  /** Groups that recorded it, in the order in which they came. */
  readonly groups: readonly string[];
  /** Made before the recording began. */
  readonly isOlder: boolean;
}

export interface Attaches {
  readonly attaches: readonly AttachRow[];
  readonly ownership: readonly OwnershipRow[];
  readonly domains: readonly DomainLife[];
  readonly gaps: readonly { readonly what: string; readonly line: number; readonly count: number | null; readonly text: string }[];
}
