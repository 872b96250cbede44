// Traces for tests: the kept recordings by name, text as an input, and everything that a reader gave.
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { TraceCounts } from '../../src/recordings/trace/account.ts';
import { readTrace } from '../../src/recordings/trace/readTrace.ts';
import type { Token, TokenStream, TraceLine } from '../../src/recordings/trace/token.ts';

export const traceFile = (name: string): string => new URL(`../recordings/traces/${name}.gz`, import.meta.url).pathname;

/** By its name in the folder of traces; `NAME.trace` also out of the archive of the recording NAME. */
export const traceBytes = (name: string): Uint8Array => {
  const file = traceFile(name);
  return existsSync(file) ? gunzipSync(readFileSync(file)) : partOf(gunzipSync(readFileSync(archive(name))), 'trace.txt');
};

const archive = (name: string): string =>
  new URL(`../recordings/recorded/${name.replace(/\.trace$/, '')}.tar.gz`, import.meta.url).pathname;

/** Walks over the heads of an archive of tar, which has plain names only. */
const partOf = (tar: Buffer, part: string): Uint8Array => {
  for (let at = 0; at < tar.length; ) {
    const name = tar.toString('latin1', at, at + 100).replace(/\0.*$/s, '');
    const size = Number.parseInt(tar.toString('latin1', at + 124, at + 135), 8);
    if (name.endsWith(`/${part}`)) return tar.subarray(at + 512, at + 512 + size);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  throw new Error(`no ${part} in the archive`);
};

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
