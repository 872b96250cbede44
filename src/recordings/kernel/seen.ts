// What a trace shows of the kernel: functions entered and left with what their arguments mean, static events, and gaps.
import type { ProbeRole } from '../probeRow.ts';

/** Where and when: the line of the trace, nanoseconds of its clock, the thread. */
export interface Place {
  readonly line: number;
  readonly time: number;
  readonly cpu: number;
  readonly pid: number;
  readonly comm: string;
}

/** Addresses as hexadecimal text, devices by bus name, groups by number, or by address where the trace has no number. */
export type Values = { readonly [R in ProbeRole | 'group-address']?: string };

/** What a function gave back; null where the trace does not print it. `pointer` is never NULL: that is a value of 0. */
export type Result =
  | { readonly kind: 'value'; readonly value: number }
  | { readonly kind: 'errno'; readonly errno: string }
  | { readonly kind: 'pointer'; readonly pointer: string };

export interface Entered {
  readonly kind: 'entered';
  readonly place: Place;
  readonly function: string;
  readonly values: Values;
}

export interface Left {
  readonly kind: 'left';
  readonly place: Place;
  readonly function: string;
  readonly result: Result | null;
  /** The entry that it belongs to; null where that is not in the trace. */
  readonly entered: Entered | null;
}

/** A static tracepoint, a system call, or a mark that a program wrote. */
export interface Noted {
  readonly kind: 'noted';
  readonly place: Place;
  readonly name: string;
  readonly text: string;
}

/** Something that makes later verdicts uncertain. */
export interface Gap {
  readonly kind: 'gap';
  readonly line: number;
  readonly what: 'lost' | 'unread' | 'unmatched-return' | 'unmatched-entry' | 'contradiction';
  /** Events; null: nobody knows how many. */
  readonly count: number | null;
  readonly text: string;
}

export type Edge = Entered | Omit<Left, 'entered'>;
export type Seen = Entered | Left | Noted | Gap;
