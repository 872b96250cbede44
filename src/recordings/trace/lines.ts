// Cuts bytes into lines of text as they come, keeping no more than one piece and one unfinished line.
import { type Bytes, pieceSize } from './input.ts';

/** The kernel prints an event into two pages at most (TRACE_SEQ_BUFFER_SIZE); the rest of a longer line is passed over. */
export const lineLimit = 2 ** 14;

/** How much of a line that is not read is kept to be shown. */
export const shownLength = 200;

/** A line longer than the limit: how it begins, and how long it was. */
export interface LongLine {
  readonly begins: string;
  readonly length: number;
}

export interface Lines {
  readonly lines: readonly (string | LongLine)[];
  /** Whether the last line of all ended without a line feed: what wrote it was cut off. */
  readonly unfinished: boolean;
}

/** One `Lines` a piece of bytes or a part of it, at the end one more where a line has no line feed. Bytes that are no UTF-8 become U+FFFD. */
export async function* linesOf(bytes: Bytes): AsyncIterable<Lines> {
  const decoder = new TextDecoder();
  const cutter = newCutter();
  for await (const piece of bytes) {
    for (let start = 0; start < piece.length; start += pieceSize) {
      const lines = cutter.cut(decoder.decode(piece.subarray(start, start + pieceSize), { stream: true }));
      if (lines.length > 0) yield { lines, unfinished: false };
    }
  }
  const lines = cutter.cut(`${decoder.decode()}\n`);
  const isEmpty = lines.length === 1 && lines[0] === '';
  if (!isEmpty) yield { lines, unfinished: true };
}

/** Keeps the beginning of a line whose end has not come; of one over the limit only what is shown. */
const newCutter = (): { readonly cut: (text: string) => (string | LongLine)[] } => {
  let begun = '';
  let dropped = 0;
  const add = (text: string): void => {
    if (dropped > 0) dropped += text.length;
    else begun += text;
    if (begun.length <= lineLimit) return;
    dropped = begun.length - shownLength;
    begun = begun.slice(0, shownLength);
  };
  const end = (): string | LongLine => {
    const line = dropped > 0 ? { begins: begun, length: begun.length + dropped } : withoutReturn(begun);
    begun = '';
    dropped = 0;
    return line;
  };
  return {
    cut: (text) => {
      const lines: (string | LongLine)[] = [];
      let start = 0;
      for (let feed = text.indexOf('\n'); feed >= 0; feed = text.indexOf('\n', start)) {
        add(text.slice(start, feed));
        lines.push(end());
        start = feed + 1;
      }
      add(text.slice(start));
      return lines;
    },
  };
};

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);
