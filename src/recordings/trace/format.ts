// What a format of traces is: how its lines are recognised, and how they are read one by one into tokens.
import type { Token } from './token.ts';

export interface TextFormat {
  /** As messages and reports call it: `tracefs`, `trace-cmd report`. */
  readonly name: string;
  /** Whether a line can be of this format; lines that begin with `#` are not asked about. */
  readonly fits: (line: string) => boolean;
  /** Whether the first line of an input says that this format follows. */
  readonly heads?: (line: string) => boolean;
  /** A reader keeps what later lines of one input need of earlier ones. */
  readonly reader: () => LineReader;
}

/**
 * Adds what a line says to `tokens`: nothing where it says nothing of an event (a heading, an empty line, a frame of a stack). Returns why
 * it cannot be read, else undefined.
 */
export type LineReader = (text: string, line: number, tokens: Token[]) => string | undefined;
