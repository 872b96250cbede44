// Reads a snapshot from disk: one file, or a folder with topology.txt and, beside it, cmdline.txt, dmesg.txt, uname.txt and ACPI tables.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Failure } from '../core/failure.ts';
import type { TableBytes } from './acpi/table.ts';
import { isTableFile, tablesInFile } from './acpi/tableFiles.ts';
import { type Beside, type Imported, limit, topologyFromSnapshot } from './snapshot.ts';

const besideNames = ['cmdline', 'dmesg', 'uname'] as const;
const snapshotName = 'topology.txt';

export const readSnapshot = (path: string): Imported => {
  const file = isFolder(path) ? join(path, snapshotName) : path;
  const text = decode(readWithin(file), file);
  const inFolder = basename(file) === snapshotName;
  const found = inFolder ? besideNames.filter((name) => existsSync(join(dirname(file), `${name}.txt`))) : [];
  const texts = found.map((name) => [name, readLeniently(join(dirname(file), `${name}.txt`))]);
  const tables = inFolder ? tablesBeside(dirname(file)) : [];
  const others = [...found.map((name) => `${name}.txt`), ...tables.map((table) => basename(table.file))];
  const source = others.length > 0 ? `${file} with ${others.join(', ')}` : file;
  const beside: Beside = { ...Object.fromEntries(texts), source, tables };
  return topologyFromSnapshot(text, beside, inFolder ? basename(dirname(file)) : basename(file).replace(/\.txt$/, ''));
};

/** Of the folder of a snapshot. */
export const tablesBeside = (folder: string): TableBytes[] =>
  readdirSync(folder)
    .filter(isTableFile)
    .flatMap((name) => tablesInFile(name, readWithin(join(folder, name)), join(folder, name)));

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

const readWithin = (file: string): Uint8Array => {
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found?.isFile()) throw new Failure('bad-topology', 'expected a file, or a folder with topology.txt, found neither', { file });
  if (found.size > limit) throw new Failure('bad-topology', `expected at most ${limit} bytes, found ${found.size}`, { file });
  return readFileSync(file);
};

/** Kernel logs hold what firmware says, in any bytes. */
const readLeniently = (file: string): string => new TextDecoder().decode(readWithin(file));

const decode = (bytes: Uint8Array, file: string): string => {
  const text = attempt(bytes);
  if (text !== undefined) return text;
  throw new Failure('bad-topology', 'expected text in UTF-8, found other bytes', { file, line: firstBadLine(bytes) });
};

const attempt = (bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
};

/** No character of several bytes holds a line feed, so lines can be tried one by one. */
const firstBadLine = (bytes: Uint8Array): number => {
  let line = 1;
  for (let start = 0; start <= bytes.length; line++) {
    const feed = bytes.indexOf(10, start);
    const end = feed < 0 ? bytes.length : feed;
    if (attempt(bytes.subarray(start, end)) === undefined) return line;
    start = end + 1;
  }
  return line;
};
