// Opens a trace.dat where it can be read anywhere: its file, or in memory what came as a stream.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { Failure } from '../../../core/failure.ts';
import type { Bytes } from '../input.ts';
import { inMemory, type RandomAccess } from './cursor.ts';

/** So many bytes are read at least. */
const blockSize = 2 ** 16;

export const fileAccess = (file: string): RandomAccess & { readonly close: () => void } => {
  const descriptor = openSync(file, 'r');
  const block = Buffer.alloc(blockSize);
  let start = 0;
  let held = 0;
  const read = (offset: number, length: number): Uint8Array => {
    if (length > blockSize) {
      const bytes = Buffer.alloc(Math.min(length, fstatSync(descriptor).size));
      return bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, offset));
    }
    if (offset < start || offset + length > start + held) {
      start = offset;
      held = readSync(descriptor, block, 0, blockSize, offset);
    }
    return new Uint8Array(block.subarray(offset - start, Math.min(offset - start + length, held)));
  };
  return { name: file, size: fstatSync(descriptor).size, read, close: () => closeSync(descriptor) };
};

/** The data of CPUs stands anywhere in the file, so what comes as a stream is kept. */
export const streamLimit = 2 ** 29;

export const streamAccess = async (name: string, bytes: Bytes): Promise<RandomAccess> => {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of bytes) {
    pieces.push(piece);
    length += piece.length;
    if (length > streamLimit) throw tooLong(name);
  }
  return inMemory(name, Buffer.concat(pieces));
};

const tooLong = (name: string): Failure =>
  new Failure(
    'bad-trace',
    `expected a trace.dat of at most ${streamLimit} bytes from a stream or out of gzip, found more`,
    { file: name },
    'Decompress it into a file and name that.',
  );
