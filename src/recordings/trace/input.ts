// Where the bytes of a trace come from: a file or a stream handed in, decompressed where it is gzip.
import { createReadStream } from 'node:fs';
import { Failure } from '../../core/failure.ts';
import { gunzip, isGzip } from './gunzip.ts';

export type Bytes = AsyncIterable<Uint8Array>;

/** A file by its path, or bytes with the name by which messages call them: `-` for standard input. */
export type TraceSource = string | { readonly name: string; readonly bytes: Bytes };

export interface Input {
  readonly name: string;
  /** Decompressed where it was gzip; gzip in gzip is nobody's trace. */
  readonly bytes: Bytes;
  readonly first: Uint8Array;
  /** The path where the input is a file as it stands, so that it can be read anywhere. */
  readonly file: string | undefined;
  /** For who does not take the bytes. */
  readonly close: () => Promise<void>;
}

/** So many first bytes tell what an input is; a live one may give no more for a while. */
const sniffed = 16;

export const openInput = async (source: TraceSource, wanted = sniffed): Promise<Input> => {
  const { name, bytes } = typeof source === 'string' ? { name: source, bytes: fileBytes(source) } : source;
  const raw = await peek(bytes, wanted);
  if (!isGzip(raw.first)) return { name, ...raw, file: typeof source === 'string' ? source : undefined };
  return { name, ...(await peek(gunzip(raw.bytes, name), wanted)), file: undefined };
};

/** So many bytes are looked at at a time. */
export const pieceSize = 2 ** 18;

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

/** The first bytes, as many as wanted where there are so many, and all of them from the start. */
const peek = async (bytes: Bytes, wanted: number): Promise<Pick<Input, 'bytes' | 'first' | 'close'>> => {
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
  const close = async (): Promise<void> => void (await iterator.return?.());
  return { first, bytes: rejoined(first, iterator, close), close };
};

async function* rejoined(first: Uint8Array, rest: AsyncIterator<Uint8Array>, close: () => Promise<void>): Bytes {
  try {
    if (first.length > 0) yield first;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await close();
  }
}
