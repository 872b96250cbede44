// Looks at a store's file before SQLite does: another program's file must be refused without being touched, and SQLite would already
// roll back a journal or fold a log into it. Offsets are those of the SQLite file format, section 1.3, "The Database Header".
import { accessSync, closeSync, constants, existsSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { Failure } from '../core/failure.ts';

/** "atLb", so that a store is told from any other SQLite database. */
export const applicationId = 0x61744c62;
/** Of the tables, not of the events; one more when an older attachlab could misread a store. */
export const storeFormat = 1;

const magic = 'SQLite format 3\0';
const headerSize = 100;

/** The one shape of all refusals to use a store. */
export const unusable = (file: string, expected: string, found: string, todo?: string): Failure =>
  new Failure('store-unusable', `expected ${expected}, found ${found}`, { file }, todo);

const word = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);

/** Whether a store can be made at `file` or is there already. Throws for everything else. */
export const recognise = (file: string): 'absent' | 'empty' | 'store' => {
  const stats = lookAt(file);
  if (stats === null) return 'absent';
  if (!stats.isFile()) throw unusable(file, 'a store', stats.isDirectory() ? 'a directory' : 'something that is no file');
  if (stats.size === 0) return 'empty';
  checkHeader(file, readHeader(file), stats.size);
  return 'store';
};

const lookAt = (file: string): Stats | null => {
  try {
    return statSync(file, { throwIfNoEntry: false }) ?? null;
  } catch (error) {
    throw unusable(file, 'a store', `that the system does not let it be looked at (${word(error)})`);
  }
};

const readHeader = (file: string): Buffer => {
  try {
    const handle = openSync(file, 'r');
    try {
      const header = Buffer.alloc(headerSize);
      return header.subarray(0, readSync(handle, header, 0, headerSize, 0));
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    throw unusable(file, 'a store that can be read', `that the system does not let it be read (${word(error)})`);
  }
};

const checkHeader = (file: string, header: Buffer, size: number): void => {
  if (header.toString('latin1', 0, magic.length) !== magic) throw unusable(file, 'a store', 'a file of another kind');
  if (header.length < headerSize) throw truncated(file, size);
  if (header.readUInt32BE(68) !== applicationId) throw unusable(file, 'a store', "another program's SQLite database");
  checkFormat(file, header.readUInt32BE(60));
  const pageSize = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16);
  // With a log beside it the file may end anywhere: a writer was killed, and SQLite mends it from the log.
  if (size % pageSize !== 0 && !existsSync(`${file}-wal`)) throw truncated(file, size);
};

const truncated = (file: string, size: number): Failure =>
  unusable(file, 'a whole store', `one cut off after ${size} bytes`, 'Bring the file back from a copy, or name another with --store.');

/** Throws when a newer attachlab made the store. */
export const checkFormat = (file: string, format: number): void => {
  if (format <= storeFormat) return;
  const todo = 'Use the attachlab that wrote it, or name another file with --store; nothing was written to this one.';
  throw unusable(file, `a store of format ${storeFormat}`, `format ${format}, from a newer attachlab`, todo);
};

/** SQLite would open a file that it may not write, and fail at the first append: refuse before. */
export const checkWritable = (file: string, exists: boolean): void => {
  const directory = dirname(file);
  const todo = 'Make the directory, or name another file with --store.';
  if (lookAt(directory)?.isDirectory() !== true) throw unusable(file, `the directory ${directory}`, 'none', todo);
  const refused = exists ? (refusal(file) ?? refusal(directory)) : refusal(directory);
  if (refused !== null) throw unusable(file, 'a file and a directory that can be written', `that the system refuses it (${refused})`);
};

const refusal = (path: string): string | null => {
  try {
    accessSync(path, constants.W_OK);
    return null;
  } catch (error) {
    return word(error);
  }
};

/** Nobody can be writing to it: no log, and no way to make one. Only then SQLite may read without its shared-memory file. */
export const isFrozen = (file: string): boolean => refusal(dirname(file)) !== null && !existsSync(`${file}-wal`);
