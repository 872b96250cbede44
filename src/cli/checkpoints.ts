// Checkpoints of `explore` as files: a line that says what it is, the length of the head, the head as Node serializes it, and the table of
// states. Written beside the old one and renamed, so that a broken write leaves the old one.
import { accessSync, closeSync, constants, existsSync, openSync, readSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { Failure } from '../core/failure.ts';
import type { Checkpoint } from '../explore/checkpoint.ts';

const MAGIC = 'attachlab checkpoint 1\n';
const LENGTH = 8;
const noWords = new Int32Array(new SharedArrayBuffer(0));
/** Bytes written or read at once. */
const CHUNK = 2 ** 26;

/** The head says how many words the table has; its words follow. */
interface Head {
  readonly checkpoint: Checkpoint;
  readonly words: number;
}

const damaged = (path: string, found: string): Failure =>
  new Failure(
    'bad-usage',
    `expected a whole checkpoint of explore, found ${found}`,
    { file: path },
    'Remove the file, or name another one.',
  );

const inChunks = (bytes: Uint8Array, use: (chunk: Uint8Array) => number): void => {
  for (let at = 0; at < bytes.length; at += CHUNK) {
    const chunk = bytes.subarray(at, at + CHUNK);
    for (let done = 0; done < chunk.length; ) {
      const moved = use(chunk.subarray(done));
      if (moved === 0) return;
      done += moved;
    }
  }
};

const unwritable = (path: string, error: unknown): Failure =>
  new Failure(
    'bad-usage',
    `cannot be written (${(error as NodeJS.ErrnoException).code})`,
    { file: path },
    'Name another file with --checkpoint.',
  );

/** Refuses before the search what cannot be written after it. */
export const checkWritable = (path: string): void => {
  try {
    accessSync(dirname(path), constants.W_OK);
  } catch (error) {
    throw unwritable(path, error);
  }
};

/** What cannot be written leaves an older checkpoint as it was. */
export const writeCheckpoint = (path: string, checkpoint: Checkpoint): void => {
  try {
    write(path, checkpoint);
  } catch (error) {
    rmSync(`${path}.new`, { force: true });
    throw unwritable(path, error);
  }
};

const write = (path: string, checkpoint: Checkpoint): void => {
  const { pass } = checkpoint;
  const words = pass?.table.words ?? noWords;
  const head: Head = {
    checkpoint: { ...checkpoint, pass: pass && { ...pass, table: { ...pass.table, words: noWords } } },
    words: words.length,
  };
  const text = serialize(head);
  const length = Buffer.alloc(LENGTH);
  length.writeBigUInt64LE(BigInt(text.length));
  const file = openSync(`${path}.new`, 'w');
  try {
    for (const bytes of [Buffer.from(MAGIC), length, text, new Uint8Array(words.buffer)])
      inChunks(bytes, (chunk) => writeSync(file, chunk));
  } finally {
    closeSync(file);
  }
  renameSync(`${path}.new`, path);
};

const headOf = (path: string, file: number): Head => {
  const start = Buffer.alloc(MAGIC.length + LENGTH);
  if (readSync(file, start) < start.length || start.toString('latin1', 0, MAGIC.length) !== MAGIC) throw damaged(path, 'something else');
  const size = Number(start.readBigUInt64LE(MAGIC.length));
  if (size > statSync(path).size) throw damaged(path, 'one that is cut short');
  const text = Buffer.alloc(size);
  inChunks(text, (chunk) => readSync(file, chunk));
  try {
    return deserialize(text) as Head;
  } catch {
    throw damaged(path, 'one that is damaged');
  }
};

/** Null: there is no file yet. */
export const readCheckpoint = (path: string): Checkpoint | null => {
  if (!existsSync(path)) return null;
  if (!statSync(path).isFile()) throw damaged(path, 'no file');
  const file = openSync(path, 'r');
  try {
    const { checkpoint, words } = headOf(path, file);
    const { pass } = checkpoint;
    const table = new Int32Array(new SharedArrayBuffer(words * 4));
    let left = table.byteLength;
    inChunks(new Uint8Array(table.buffer), (chunk) => {
      const read = readSync(file, chunk);
      left -= read;
      return read;
    });
    if (left > 0) throw damaged(path, 'one that is cut short');
    return { ...checkpoint, pass: pass && { ...pass, table: { ...pass.table, words: table } } };
  } finally {
    closeSync(file);
  }
};

export const removeCheckpoint = (path: string): void => rmSync(path, { force: true });
