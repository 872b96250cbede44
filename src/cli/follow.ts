// A file as it grows, like `tail -F`: from its beginning or its end, and anew when it is cut off or replaced. Asked by the clock, as
// nothing tells of changes on every file system that traces lie on; never waiting in a read, so that it can be ended at any time.
import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../core/failure.ts';

type Bytes = AsyncIterable<Uint8Array>;

export interface Segment {
  /** Why it begins: as asked, or because the file is not what it was. */
  readonly why: 'begun' | 'cut off' | 'replaced';
  /** To be taken whole before the next segment. */
  readonly bytes: Bytes;
}

/** Milliseconds between two looks at a file that had nothing new. */
const pause = 150;
const pieceSize = 2 ** 18;

type Change = 'cut off' | 'replaced' | 'over';

export async function* follow(file: string, isNew: boolean, signal: AbortSignal): AsyncIterable<Segment> {
  let change: Change | 'begun' = 'begun';
  while (change !== 'over') {
    const growing = await Growing.open(file, isNew && change === 'begun');
    yield { why: change, bytes: growing.bytes(signal) };
    await growing.close();
    change = growing.change;
  }
}

class Growing {
  /** What ended it. */
  change: Change = 'over';
  readonly #file: string;
  readonly #handle: FileHandle;
  /** Where to read from; null: wherever the last read ended, as a pipe knows no place. */
  #place: number | null;
  #taken: number;
  #size = 0;

  static async open(file: string, isNew: boolean): Promise<Growing> {
    try {
      const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
      const found = await handle.stat();
      if (found.isDirectory()) throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
      return new Growing(file, handle, isNew && found.isFile() && found.size > 0 ? found.size - 1 : null);
    } catch (error) {
      throw unreadable(file, error as NodeJS.ErrnoException);
    }
  }

  constructor(file: string, handle: FileHandle, place: number | null) {
    this.#file = file;
    this.#handle = handle;
    this.#place = place;
    this.#taken = place ?? 0;
  }

  /** From the end of a file on: the last byte and what follows it, but for the rest of a line. */
  bytes(signal: AbortSignal): Bytes {
    const all = this.#bytes(signal);
    return this.#place === null ? all : afterLine(all);
  }

  async *#bytes(signal: AbortSignal): Bytes {
    const buffer = Buffer.alloc(pieceSize);
    while (!signal.aborted) {
      const count = await this.#read(buffer);
      if (count > 0) {
        yield Buffer.from(buffer.subarray(0, count));
        continue;
      }
      const change = await this.#changed();
      if (change !== null) {
        this.change = change;
        return;
      }
      await sleep(pause, undefined, { signal }).catch(() => {});
    }
  }

  /** 0 at the end, and where a pipe has nothing yet. */
  async #read(buffer: Buffer): Promise<number> {
    try {
      const { bytesRead } = await this.#handle.read(buffer, 0, buffer.length, this.#place);
      this.#taken += bytesRead;
      if (this.#place !== null) this.#place += bytesRead;
      return bytesRead;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0;
      throw unreadable(this.#file, error as NodeJS.ErrnoException);
    }
  }

  /** Files of tracefs have no size; a file that is gone may come back. A pipe is over when nobody writes into it any more. */
  async #changed(): Promise<Change | null> {
    const own = await this.#handle.stat();
    if (own.isFIFO()) return this.#taken > 0 ? 'over' : null;
    if (!own.isFile()) return 'over';
    this.#size = Math.max(this.#size, own.size);
    if (this.#size > 0 && own.size < this.#taken) return 'cut off';
    const there = await stat(this.#file).catch(() => null);
    return there !== null && (there.ino !== own.ino || there.dev !== own.dev) ? 'replaced' : null;
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

async function* afterLine(bytes: Bytes): Bytes {
  let isIn = false;
  for await (const piece of bytes) {
    const feed = isIn ? -1 : piece.indexOf(10);
    if (!isIn && feed < 0) continue;
    isIn = true;
    if (feed + 1 < piece.length) yield piece.subarray(feed + 1);
  }
}

const unreadable = (file: string, { code, message }: NodeJS.ErrnoException): Failure => {
  const found = code === 'ENOENT' ? 'nothing there' : code === 'EISDIR' ? 'a folder' : message;
  return new Failure('bad-trace', `expected a file with a trace, found ${found}`, { file });
};
