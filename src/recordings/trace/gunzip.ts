// Gzip, recognised by its first bytes and decompressed as it is read, never all at once.
import { pipeline, Readable, type Writable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Failure } from '../../core/failure.ts';

type Bytes = AsyncIterable<Uint8Array>;

export interface Limits {
  readonly ratio: number;
  readonly bytes: number;
}

/** Traces compress to a tenth or a thirtieth. What grows more than this, and beyond the size, is made to fill a memory or a disk. */
export const bombLimits: Limits = { ratio: 200, bytes: 2 ** 30 };

export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

export async function* gunzip(
  compressed: Bytes,
  file: string,
  limits: typeof bombLimits | { ratio: number; bytes: number } = bombLimits,
): Bytes {
  let taken = 0;
  let given = 0;
  const counted = async function* (): Bytes {
    for await (const bytes of compressed) {
      taken += bytes.length;
      yield bytes;
    }
  };
  try {
    for await (const bytes of decompressed(Readable.from(counted()))) {
      given += bytes.length;
      if (given > limits.bytes && given > taken * limits.ratio) throw tooMuch(file, taken, given, limits);
      yield bytes;
    }
  } catch (error) {
    throw error instanceof Failure ? error : damaged(file, given, error as Error);
  }
}

/** An error before or in the decompression ends the iteration with it. */
const decompressed = (compressed: Readable): Bytes => {
  const output = createGunzip({ chunkSize: 2 ** 18 });
  pipeline(compressed, output as Writable, () => {});
  return output;
};

const tooMuch = (file: string, taken: number, given: number, { ratio, bytes }: Limits): Failure =>
  new Failure(
    'bad-trace',
    `expected gzip data of at most ${bytes} bytes, or ${ratio} times its size; found ${given} bytes from ${taken}`,
    { file },
    'Decompress it yourself if it is what you think it is, and name the result.',
  );

const damaged = (file: string, given: number, { message }: Error): Failure =>
  new Failure(
    'bad-trace',
    `expected whole gzip data, found "${message}" after ${given} bytes of what was compressed`,
    { file },
    `Copy the file again; \`zcat ${file}\` gives what is whole in it.`,
  );
