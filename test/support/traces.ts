// Traces for tests: the kept recordings by name, text as an input, and everything that a reader gave.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { TraceCounts } from '../../src/recordings/trace/account.ts';
import { readTrace } from '../../src/recordings/trace/readTrace.ts';
import type { Token, TokenStream, TraceLine } from '../../src/recordings/trace/token.ts';

export const traceFile = (name: string): string => new URL(`../recordings/traces/${name}.gz`, import.meta.url).pathname;

export const traceBytes = (name: string): Uint8Array => gunzipSync(readFileSync(traceFile(name)));

export const traceText = (name: string): string => Buffer.from(traceBytes(name)).toString();

/** Bytes in pieces of a size, as a pipe gives them. */
export async function* inPieces(bytes: Uint8Array, size = bytes.length): AsyncIterable<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

export interface Read {
  readonly format: string;
  readonly tokens: readonly Token[];
  readonly counts: Readonly<TraceCounts>;
}

export const all = async (tokens: TokenStream): Promise<Token[]> => {
  const found: Token[] = [];
  for await (const some of tokens) found.push(...some);
  return found;
};

export const readAll = async (source: string | Uint8Array, size?: number): Promise<Read> => {
  const trace = await readTrace(typeof source === 'string' ? source : { name: '-', bytes: inPieces(source, size) });
  const tokens = await all(trace.tokens);
  return { format: trace.format, tokens, counts: { ...trace.counts() } };
};

export const readText = (text: string, size?: number): Promise<Read> => readAll(Buffer.from(text), size);

export const eventsIn = (tokens: readonly Token[]): TraceLine[] => tokens.filter((token) => token.kind === 'line');
