// Numbers and texts out of bytes of either byte order, with a Failure in words where the bytes end too early.
import { Failure } from '../../../core/failure.ts';

/** Bytes that can be read anywhere: a file, or what a stream gave. */
export interface RandomAccess {
  readonly name: string;
  readonly size: number;
  /** Exactly so many bytes, or fewer at the end; nothing changes them later. */
  readonly read: (offset: number, length: number) => Uint8Array;
}

export const inMemory = (name: string, bytes: Uint8Array): RandomAccess => ({
  name,
  size: bytes.length,
  read: (offset, length) => bytes.subarray(offset, offset + length),
});

export interface Cursor {
  readonly at: () => number;
  readonly left: () => number;
  readonly bytes: (length: number, what: string) => Uint8Array;
  readonly text: (length: number, what: string) => string;
  /** All that is left, as text. */
  readonly rest: () => string;
  /** Up to a zero byte. */
  readonly name: (what: string) => string;
  readonly u16: (what: string) => number;
  readonly u32: (what: string) => number;
  /** Beyond 2^53 no offset or size makes sense; times are read elsewhere. */
  readonly u64: (what: string) => number;
}

/** A name in the file's structure is short. */
const nameLimit = 4096;

export const cursorAt = (access: RandomAccess, start: number, bigEndian: boolean): Cursor => {
  let at = start;
  const bytes = (length: number, what: string): Uint8Array => {
    const found = length <= access.size - at ? access.read(at, length) : undefined;
    if (found === undefined || found.length < length) throw tooShort(access, at, length, what);
    at += length;
    return found;
  };
  const unsigned = (length: number, what: string): number => numberIn(bytes(length, what), 0, length, bigEndian);
  return {
    at: () => at,
    left: () => access.size - at,
    bytes,
    text: (length, what) => Buffer.from(bytes(length, what)).toString(),
    rest: () => Buffer.from(bytes(access.size - at, 'the rest')).toString(),
    name: (what) => {
      const found = access.read(at, nameLimit);
      const end = found.indexOf(0);
      if (end < 0) throw tooShort(access, at, nameLimit, what);
      at += end + 1;
      return Buffer.from(found.subarray(0, end)).toString();
    },
    u16: (what) => unsigned(2, what),
    u32: (what) => unsigned(4, what),
    u64: (what) => unsigned(8, what),
  };
};

/** An unsigned number of 1, 2, 4 or 8 bytes; the last rounded where it has more than 53 bits. */
export const numberIn = (bytes: Uint8Array, at: number, length: number, bigEndian: boolean): number => {
  let value = 0;
  for (let index = 0; index < length; index++) value = value * 256 + bytes[bigEndian ? at + index : at + length - 1 - index]!;
  return value;
};

/** All 64 bits of an address or a register. */
export const wordIn = (bytes: Uint8Array, at: number, length: number, bigEndian: boolean): bigint => {
  if (length < 8) return BigInt(numberIn(bytes, at, length, bigEndian));
  const first = BigInt(numberIn(bytes, at, 4, bigEndian));
  const second = BigInt(numberIn(bytes, at + 4, 4, bigEndian));
  return bigEndian ? (first << 32n) | second : (second << 32n) | first;
};

const tooShort = (access: RandomAccess, at: number, length: number, what: string): Failure =>
  damaged(access.name, `expected ${what} of ${length} bytes at byte ${at}, found the end of the file at ${access.size}`);

export const damaged = (file: string, message: string): Failure =>
  new Failure('bad-trace', message, { file }, '`trace-cmd dump --summary FILE` says what is in a trace.dat; copy or record it again.');
