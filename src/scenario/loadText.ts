// Reads a text file of the user's: of limited size, in UTF-8, or a failure that says where it is neither.
import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { Failure, type Place } from '../core/failure.ts';
import { didYouMean } from './schemaParts.ts';
import type { Kind } from './source.ts';

/** No scenario comes near; a trace or a disk image given by mistake does. */
export const limit = 16 * 1024 * 1024;

/** `from`: where the file is named, if another one names it. */
export const readText = (file: string, kind: Kind, from?: Place): string => decode(readBytes(file, kind, from), file, kind);

const readBytes = (file: string, kind: Kind, from: Place | undefined): Uint8Array => {
  try {
    return readWithin(file, kind);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw unreadable(file, kind, from, error as NodeJS.ErrnoException);
  }
};

const readWithin = (file: string, kind: Kind): Uint8Array => {
  const descriptor = openSync(file, 'r');
  try {
    const stat = fstatSync(descriptor);
    if (stat.isFile() && stat.size > limit) throw tooLong(file, kind, `${megabytes(stat.size)} MB`);
    const buffer = Buffer.alloc(stat.isFile() ? stat.size + 1 : limit + 1);
    const size = fill(descriptor, buffer);
    if (size > limit) throw tooLong(file, kind, 'more');
    return buffer.subarray(0, size);
  } finally {
    closeSync(descriptor);
  }
};

const megabytes = (bytes: number): number => Math.ceil(bytes / 1024 / 1024);

const tooLong = (file: string, kind: Kind, found: string): Failure =>
  new Failure(kind.code, `expected ${kind.words} of at most ${megabytes(limit)} MB, found ${found}`, { file });

/** Pipes give their text in pieces. */
const fill = (descriptor: number, buffer: Uint8Array): number => {
  let size = 0;
  for (;;) {
    const read = size < buffer.length ? readSync(descriptor, buffer, size, buffer.length - size, null) : 0;
    if (read === 0) return size;
    size += read;
  }
};

/** What is wrong with a path, at the place that names it. */
export const unreadable = (file: string, kind: Kind, from: Place | undefined, error: NodeJS.ErrnoException): Failure => {
  const reason = error.code === 'ENOENT' ? `no file ${file}${didYouMean(basename(file), siblings(file))}` : `${file}: ${error.message}`;
  return new Failure(kind.code, `expected ${kind.words} in a file, found ${reason}`, from ?? { file });
};

const siblings = (file: string): string[] => {
  try {
    return readdirSync(dirname(resolve(file))).sort();
  } catch {
    return [];
  }
};

const decode = (bytes: Uint8Array, file: string, kind: Kind): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw notText(bytes, file, kind);
  }
};

/** A line feed is never part of a longer character, so the line can be found before its text is known. */
const notText = (bytes: Uint8Array, file: string, kind: Kind): Failure => {
  let line = 1;
  let start = 0;
  for (let end = bytes.indexOf(10); end !== -1 && isText(bytes.subarray(start, end)); end = bytes.indexOf(10, start)) {
    line += 1;
    start = end + 1;
  }
  const { column, offset } = firstBadByte(bytes.subarray(start));
  const found = bytes[start + offset];
  const words = found === undefined || found < 0x80 ? 'a character that is cut off' : `the byte 0x${found.toString(16).padStart(2, '0')}`;
  return new Failure(kind.code, `expected text in UTF-8, found ${words}`, { file, line, column });
};

const isText = (bytes: Uint8Array): boolean => {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
};

const firstBadByte = (bytes: Uint8Array): { column: number; offset: number } => {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let column = 1;
  for (let offset = 0; offset < bytes.length; offset++) {
    try {
      column += decoder.decode(bytes.subarray(offset, offset + 1), { stream: true }).length;
    } catch {
      return { column, offset };
    }
  }
  return { column, offset: bytes.length };
};
