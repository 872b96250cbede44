// Where the bytes of a trace come from: a file or a stream handed in, decompressed where it is gzip.
import { createReadStream } from 'node:fs';
import { Failure } from '../../core/failure.ts';
import { gunzip, isGzip } from './gunzip.ts';

export type Bytes = AsyncIterable<Uint8Array>;

/** A file by its path, or bytes with the name by which messages call them: `-` for standard input. */
export type TraceSource = string | { readonly name: string; readonly bytes: Bytes };

export interface Input {
  readonly name: string;
  readonly bytes: Bytes;
}

export const openInput = (source: TraceSource): Input => {
  const { name, bytes } = typeof source === 'string' ? { name: source, bytes: fileBytes(source) } : source;
  return { name, bytes: plain(bytes, name) };
};

const pieceSize = 2 ** 18;

async function* fileBytes(file: string): Bytes {
  try {
    yield* createReadStream(file, { highWaterMark: pieceSize }) as Bytes;
  } catch (error) {
    throw unreadable(file, error as NodeJS.ErrnoException);
  }
}

const unreadable = (file: string, { code, message }: NodeJS.ErrnoException): Failure => {
  const found = code === 'ENOENT' ? 'nothing there' : code === 'EISDIR' ? 'a folder' : message;
  return new Failure('bad-trace', `expected a file with a trace, found ${found}`, { file });
};

/** Decompresses what begins as gzip; gzip in gzip is nobody's trace. */
async function* plain(bytes: Bytes, name: string): Bytes {
  const { first, all } = await peek(bytes, 2);
  yield* isGzip(first) ? gunzip(all, name) : all;
}

/** The first bytes, as many as wanted where there are so many, and all of them from the start. */
export const peek = async (bytes: Bytes, wanted: number): Promise<{ readonly first: Uint8Array; readonly all: Bytes }> => {
  const iterator = bytes[Symbol.asyncIterator]();
  const pieces: Uint8Array[] = [];
  let length = 0;
  while (length < wanted) {
    const { done, value } = await iterator.next();
    if (done) break;
    pieces.push(value);
    length += value.length;
  }
  const first = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
  return { first, all: rejoined(first, iterator) };
};

async function* rejoined(first: Uint8Array, rest: AsyncIterator<Uint8Array>): Bytes {
  try {
    if (first.length > 0) yield first;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
