// The account of what was read: every line of the input, or record of a binary file, is counted once.
import type { Token, TokenStream } from './token.ts';

/** Lines of the input: `lines` is the sum of the others. A line of function_graph may give two events. */
export interface TraceCounts {
  lines: number;
  events: number;
  lost: number;
  unread: number;
  /** Headings, empty lines, frames of stacks: they say nothing of an event. */
  other: number;
  /** Whether the last line has no end: what wrote the trace was cut off. */
  unfinished: boolean;
}

export interface Trace {
  /** As in `textFormats`, or `trace.dat`. */
  readonly format: string;
  readonly tokens: TokenStream;
  /** So far; complete when the tokens have been taken. */
  readonly counts: () => Readonly<TraceCounts>;
}

export const newCounts = (): TraceCounts => ({ lines: 0, events: 0, lost: 0, unread: 0, other: 0, unfinished: false });

/** As what a line counts by the first token it gave. */
export const counted = (token: Token | undefined): 'events' | 'lost' | 'unread' | 'other' =>
  token === undefined ? 'other' : token.kind === 'line' ? 'events' : token.kind;
