// What trace.dat version 7 compresses its sections with.
import { inflateSync, zstdDecompressSync } from 'node:zlib';
import { damaged } from './cursor.ts';

export type Decompress = (bytes: Uint8Array, length: number) => Uint8Array;

/** What one piece may become; trace-cmd compresses sections whole, kallsyms has some ten million bytes. */
const pieceLimit = 2 ** 28;

const algorithms: Readonly<Record<string, ((bytes: Uint8Array, options: { maxOutputLength: number }) => Uint8Array) | undefined>> = {
  zlib: inflateSync,
  // Of Node 22.15 and later.
  zstd: zstdDecompressSync as typeof zstdDecompressSync | undefined,
};

export const decompressor = (algorithm: string, file: string): Decompress => {
  const decompress = algorithms[algorithm];
  return (bytes, length) => {
    if (decompress === undefined) throw notKnown(algorithm, file);
    if (length > pieceLimit) throw damaged(file, `expected a compressed piece of at most ${pieceLimit} bytes, found one of ${length}`);
    const found = attempted(() => decompress(bytes, { maxOutputLength: length }), algorithm, file);
    if (found.length !== length) throw damaged(file, `expected ${length} bytes out of a compressed piece, found ${found.length}`);
    return found;
  };
};

const attempted = (decompress: () => Uint8Array, algorithm: string, file: string): Uint8Array => {
  try {
    return decompress();
  } catch (error) {
    throw damaged(file, `expected data compressed by ${algorithm}, found "${(error as Error).message}"`);
  }
};

const notKnown = (algorithm: string, file: string): Error =>
  damaged(file, `expected compression none, ${Object.keys(algorithms).join(' or ')}, found "${algorithm.slice(0, 20)}"`);
