// Reads text of any format known, line by line, with a reason for each line that is not read.
import { Failure } from '../../core/failure.ts';
import { counted, newCounts, type Trace, type TraceCounts } from './account.ts';
import type { LineReader, TextFormat } from './format.ts';
import { formatOf, isHeading, otherFormat } from './formats.ts';
import type { Bytes } from './input.ts';
import { type Lines, type LongLine, linesOf, shownLength } from './lines.ts';
import type { Token, TokenStream } from './token.ts';

export const readText = async (bytes: Bytes, file: string): Promise<Trace> => {
  const iterator = linesOf(bytes)[Symbol.asyncIterator]();
  const begun = await firstLines(iterator);
  const texts = begun.flatMap(({ lines }) => lines.filter((line) => typeof line === 'string'));
  if (begun.length === 0) throw new Failure('bad-trace', 'expected a trace, found no bytes at all', { file });
  const format = formatOf(texts.slice(0, lookedAt), file);
  const counts = newCounts();
  return { format: format.name, tokens: tokensOf(format, begun, iterator, counts), counts: () => counts };
};

/** Enough lines to know the format of a trace by; a live one may give few at a time, and one is enough then. */
const lookedAt = 50;

const firstLines = async (iterator: AsyncIterator<Lines>): Promise<Lines[]> => {
  const begun: Lines[] = [];
  for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
    begun.push(next.value);
    if (next.value.lines.some((line) => typeof line !== 'string' || !isHeading(line)) || begun.length >= lookedAt) break;
  }
  return begun;
};

async function* tokensOf(format: TextFormat, begun: readonly Lines[], rest: AsyncIterator<Lines>, counts: TraceCounts): TokenStream {
  const read = accounted(format, format.reader(), counts);
  try {
    for (const lines of begun) yield read(lines);
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield read(next.value);
  } finally {
    await rest.return?.();
  }
}

/** Every line ends as an event, lost events, unread, or as one that says nothing. */
const accounted = (format: TextFormat, reader: LineReader, counts: TraceCounts): ((lines: Lines) => Token[]) => {
  return ({ lines, unfinished }) => {
    const tokens: Token[] = [];
    for (const line of lines) {
      const before = tokens.length;
      counts.lines += 1;
      const why = typeof line === 'string' ? reader(line, counts.lines, tokens) : tooLong(line);
      if (why !== undefined) tokens.push(unread(line, counts.lines, unfinished ? `cut off: ${why}` : reason(line, format, why)));
      counts[counted(tokens[before])] += 1;
    }
    counts.unfinished = unfinished;
    return tokens;
  };
};

const tooLong = ({ length }: LongLine): string => `a line of ${length} characters`;

const unread = (line: string | LongLine, number: number, why: string): Token => {
  const text = typeof line === 'string' ? line : line.begins;
  return { kind: 'unread', line: number, text: text.slice(0, shownLength), why };
};

const reason = (line: string | LongLine, format: TextFormat, why: string): string => {
  const other = typeof line === 'string' ? otherFormat(line, format) : undefined;
  return other ? `a line of ${other.name} in a trace of ${format.name}` : why;
};
