// Why a call gave an errno: every cause, with what the inputs say for and against it. Plain values: they are printed as JSON too.
import type { Errno, Plausible } from './rows.ts';

/** A line of an input, or what is missing in one. */
export interface Evidence {
  readonly words: string;
  /** `file:line`; null: the input as a whole says so. */
  readonly where: string | null;
  /** The line itself. */
  readonly text: string | null;
}

/** shown: an input says that it is so; unlikely: the log lacks a message that it prints, or no run of the model comes to it; ruled out: an input says that it is not so. */
export type CauseStatus = 'shown' | 'possible' | 'unlikely' | 'ruled-out';

export interface Cause {
  readonly id: string;
  readonly words: string;
  /** Driver, core, or the caller's part that has it; `beside`: no row of the model. */
  readonly owner: string;
  readonly kind: string;
  /** How an allocation's failure can come about. */
  readonly plausible: Plausible | null;
  readonly cite: string;
  readonly status: CauseStatus;
  readonly speaksFor: readonly Evidence[];
  readonly speaksAgainst: readonly Evidence[];
  /** The one file or command that would decide. */
  readonly decide: string;
}

export interface Explanation {
  readonly errno: Errno;
  readonly call: string;
  /** Kernel functions of the call. */
  readonly functions: readonly string[];
  readonly kernel: string;
  readonly title: string;
  /** Release that the machine runs, where its snapshot says so. */
  readonly running: string | null;
  /** Names of the inputs that were read. */
  readonly inputs: readonly string[];
  readonly causes: readonly Cause[];
  /** Of drivers that the machine does not have. */
  readonly leftOut: number;
}
