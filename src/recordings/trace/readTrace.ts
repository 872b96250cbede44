// The one call for what takes a trace: bytes in any format known, as tokens, with an account of every line.
import { Failure } from '../../core/failure.ts';
import { binaryKind } from './binary.ts';
import type { LineReader, TextFormat } from './format.ts';
import { formatOf, isHeading, otherFormat, unknownFormat } from './formats.ts';
import { type Bytes, openInput, peek, type TraceSource } from './input.ts';
import { type Lines, type LongLine, linesOf, shownLength } from './lines.ts';
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
  /** As in `textFormats`. */
  readonly format: string;
  readonly tokens: TokenStream;
  /** So far; complete when the tokens have been taken. */
  readonly counts: () => Readonly<TraceCounts>;
}

/** Recognises the format; the tokens can be taken once. */
export const readTrace = async (source: TraceSource): Promise<Trace> => {
  const { name, bytes } = openInput(source);
  const { first, all } = await peek(bytes, sniffed);
  const kind = binaryKind(first);
  if (kind !== undefined) throw unknownFormat(name, kind);
  return readText(all, name);
};

/** So many bytes tell text from what is not. */
const sniffed = 16;

const readText = async (bytes: Bytes, file: string): Promise<Trace> => {
  const iterator = linesOf(bytes)[Symbol.asyncIterator]();
  const begun = await firstLines(iterator);
  const texts = begun.flatMap(({ lines }) => lines.filter((line) => typeof line === 'string'));
  if (begun.length === 0) throw new Failure('bad-trace', 'expected a trace, found no bytes at all', { file });
  const format = formatOf(texts.slice(0, lookedAt), file);
  const counts: TraceCounts = { lines: 0, events: 0, lost: 0, unread: 0, other: 0, unfinished: false };
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

const counted = (token: Token | undefined): 'events' | 'lost' | 'unread' | 'other' =>
  token === undefined ? 'other' : token.kind === 'line' ? 'events' : token.kind;

const tooLong = ({ length }: LongLine): string => `a line of ${length} characters`;

const unread = (line: string | LongLine, number: number, why: string): Token => {
  const text = typeof line === 'string' ? line : line.begins;
  return { kind: 'unread', line: number, text: text.slice(0, shownLength), why };
};

const reason = (line: string | LongLine, format: TextFormat, why: string): string => {
  const other = typeof line === 'string' ? otherFormat(line, format) : undefined;
  return other ? `a line of ${other.name} in a trace of ${format.name}` : why;
};
