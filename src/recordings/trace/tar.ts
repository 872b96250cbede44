// Reads an archive of tar, POSIX or GNU, file by file; nothing is unpacked to disk, so no name in it can do harm.
import { Failure } from '../../core/failure.ts';
import type { Bytes } from './input.ts';

export interface Member {
  /** As in the archive: `6.12-basic/trace.txt`. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

const block = 512;

/** What is kept of an archive in all. */
export const archiveLimit = 2 ** 28;

export const isTar = (first: Uint8Array): boolean => first.length >= block && textAt(first, 257, 5) === 'ustar' && hasSum(first);

/** Regular files only. */
export async function* membersOf(bytes: Bytes, file: string): AsyncIterable<Member> {
  const take = taking(bytes, file);
  let kept = 0;
  let special: Special = {};
  for (let header = await take(block); header?.some((byte) => byte !== 0); header = await take(block)) {
    if (!hasSum(header)) throw damaged(file, 'the head of a file, found other bytes');
    const size = special.size ?? sizeIn(header);
    kept += size;
    if (!(kept <= archiveLimit)) throw tooLarge(file);
    const content = await take(Math.ceil(size / block) * block);
    if (content === undefined) throw damaged(file, `${size} bytes of a file, found the end of the archive`);
    const type = textAt(header, 156, 1);
    const data = content.subarray(0, size);
    if (type in specials) {
      special = { ...special, ...specials[type as keyof typeof specials](data) };
      continue;
    }
    if (type === '0' || type === '' || type === '7') yield { name: special.name ?? nameIn(header), bytes: data };
    special = {};
  }
}

/** What a member that is no file says of the next one. */
interface Special {
  readonly name?: string;
  readonly size?: number;
}

const records = (data: Uint8Array): Special => {
  const found: { name?: string; size?: number } = {};
  for (const [, key, value] of Buffer.from(data)
    .toString()
    .matchAll(/^\d+ (path|size)=(.*)$/gm)) {
    if (key === 'path') found.name = value!;
    else found.size = Number(value);
  }
  return found;
};

/** Long names of GNU, extended headers of POSIX; global ones and long links say nothing of files. */
const specials = {
  L: (data: Uint8Array): Special => ({ name: textAt(data, 0, data.length) }),
  K: (): Special => ({}),
  x: records,
  g: (): Special => ({}),
} as const;

const textAt = (bytes: Uint8Array, start: number, length: number): string => {
  const field = bytes.subarray(start, start + length);
  const end = field.indexOf(0);
  return Buffer.from(end < 0 ? field : field.subarray(0, end)).toString();
};

/** Octal digits, or where the first bit is set a binary number. */
const sizeIn = (header: Uint8Array): number => {
  if (header[124]! < 128) return Number.parseInt(textAt(header, 124, 12).trim() || '0', 8);
  return header.subarray(125, 136).reduce((size, byte) => size * 256 + byte, 0);
};

const nameIn = (header: Uint8Array): string => {
  const prefix = textAt(header, 257, 6) === 'ustar' ? textAt(header, 345, 155) : '';
  const name = textAt(header, 0, 100);
  return prefix === '' ? name : `${prefix}/${name}`;
};

/** The sum of all bytes, those of the sum taken as blanks. */
const hasSum = (header: Uint8Array): boolean => {
  const sum = header.subarray(0, block).reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
  return sum === Number.parseInt(textAt(header, 148, 8).trim(), 8);
};

/** Exactly so many bytes of the stream; undefined where there are fewer. */
const taking = (bytes: Bytes, file: string): ((length: number) => Promise<Uint8Array | undefined>) => {
  const iterator = bytes[Symbol.asyncIterator]();
  let pieces: Uint8Array[] = [];
  let held = 0;
  return async (length) => {
    if (length > archiveLimit + block) throw tooLarge(file);
    while (held < length) {
      const { done, value } = await iterator.next();
      if (done) return undefined;
      pieces.push(value);
      held += value.length;
    }
    const joined = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
    pieces = [joined.subarray(length)];
    held -= length;
    return joined.subarray(0, length);
  };
};

const damaged = (file: string, message: string): Failure =>
  new Failure('bad-trace', `expected in an archive of tar ${message}`, { file }, 'Copy or pack it again.');

const tooLarge = (file: string): Failure =>
  new Failure('bad-trace', `expected an archive of at most ${archiveLimit} bytes, found more`, { file }, 'Unpack it and name the folder.');
