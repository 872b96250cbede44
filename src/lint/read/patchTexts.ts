// Where a series comes from: a file as it stands or gzipped, a folder as `git format-patch -o` fills it, or bytes handed in.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { grouped } from '../../core/counted.ts';
import { Failure } from '../../core/failure.ts';
import type { PatchText } from '../patch/series.ts';
import { decode } from './decode.ts';
import { byPath } from './texts.ts';

/** Bytes; a month of a busy list has fewer. */
const largestMailbox = 200_000_000;

export const patchTexts = (path: string): PatchText[] => {
  if (!isFolder(path)) return [patchText(path, bytesOf(path))];
  const names = readdirSync(path).filter((name) => /\.(patch|mbox|eml|diff)(\.gz)?$/.test(name));
  if (names.length === 0) throw unreadable(path, 'a folder without *.patch files');
  return names.sort(byPath).map((name) => patchText(join(path, name), bytesOf(join(path, name))));
};

/** `-` is what messages call standard input. */
export const patchText = (name: string, bytes: Uint8Array): PatchText => ({ name, text: decode(plain(name, bytes)).text });

const plain = (name: string, bytes: Uint8Array): Uint8Array => {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: largestMailbox });
  } catch {
    throw unreadable(name, 'a gzip file that is damaged or too large');
  }
};

const isFolder = (path: string): boolean => {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw unreadable(path, 'nothing there');
  if (found.size > largestMailbox) throw unreadable(path, `${grouped(found.size)} bytes`);
  return found.isDirectory();
};

const bytesOf = (path: string): Uint8Array => {
  try {
    return readFileSync(path);
  } catch (error) {
    throw unreadable(path, (error as Error).message);
  }
};

const unreadable = (file: string, found: string): Failure =>
  new Failure('bad-patch', `expected a file with patches, found ${found}`, { file });
