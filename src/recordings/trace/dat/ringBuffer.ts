// Pages of the kernel's ring buffer: records with their times, and how many were lost before a page
// (include/linux/ring_buffer.h, kernel/trace/ring_buffer.c).
import { cursorAt, numberIn, wordIn } from './cursor.ts';
import type { CpuData, TraceFile } from './draft.ts';

export interface RawRecord {
  readonly cpu: number;
  readonly time: bigint;
  readonly bytes: Uint8Array;
}

export interface RawLost {
  readonly cpu: number;
  readonly time: bigint;
  /** Null where the page does not say how many. */
  readonly lost: number | null;
}

/** What cannot be read on a page, in words. */
export interface RawDamage {
  readonly cpu: number;
  readonly time: bigint;
  readonly why: string;
}

export type Raw = RawRecord | RawLost | RawDamage;

export function* recordsOf(file: TraceFile, data: CpuData): Generator<Raw> {
  let last = 0n;
  for (const page of pagesOf(file, data)) {
    for (const raw of pageRecords(file, data.cpu, page)) {
      last = raw.time;
      yield raw;
    }
  }
  const missing = data.compressed ? 0 : data.offset + data.size - file.access.size;
  if (missing > 0)
    yield { cpu: data.cpu, time: last, why: `${Math.min(missing, data.size)} bytes of records that the end of the file cuts off` };
}

/** So many pages of data that is not compressed are read at a time. */
const pagesAtOnce = 64;

function* pagesOf(file: TraceFile, data: CpuData): Generator<Uint8Array> {
  for (const piece of data.compressed ? decompressedPieces(file, data) : plainPieces(file, data)) {
    for (let start = 0; start < piece.length; start += data.pageSize) yield piece.subarray(start, start + data.pageSize);
  }
}

function* plainPieces({ access }: TraceFile, { offset, size, pageSize }: CpuData): Generator<Uint8Array> {
  const end = offset + size;
  for (let at = offset; at < end; at += pageSize * pagesAtOnce) {
    yield access.read(at, Math.min(pageSize * pagesAtOnce, end - at));
  }
}

/** A number of pieces, then each with its size and what it becomes. */
function* decompressedPieces(file: TraceFile, { offset }: CpuData): Generator<Uint8Array> {
  const cursor = cursorAt(file.access, offset, file.bigEndian);
  for (let count = cursor.u32('the number of compressed pieces'); count > 0; count--) {
    const size = cursor.u32('the size of a compressed piece');
    const plain = cursor.u32('the size of a piece that was compressed');
    yield file.decompress!(cursor.bytes(size, 'a compressed piece'), plain);
  }
}

const missedEvents = 2 ** 31;
const missedStored = 2 ** 30;
const lengthMask = 2 ** 27 - 1;

function* pageRecords({ bigEndian, longSize }: TraceFile, cpu: number, page: Uint8Array): Generator<Raw> {
  const start = 8 + longSize;
  if (page.length < start) return;
  const time = wordIn(page, 0, 8, bigEndian);
  const commit = numberIn(page, longSize === 8 && bigEndian ? 12 : 8, 4, bigEndian);
  const length = commit & lengthMask;
  const end = start + length;
  if (commit >= missedEvents) {
    const isStored = (commit & missedStored) !== 0 && end + longSize <= page.length;
    yield { cpu, time, lost: isStored ? numberIn(page, end, longSize, bigEndian) : null };
  }
  if (end > page.length) yield { cpu, time, why: `a page of ${length} bytes of records in ${page.length - start}` };
  yield* events(page.subarray(0, end), start, time, cpu, bigEndian);
}

const padding = 29;
const timeExtend = 30;
const timeStamp = 31;
/** Of a time stamp, 27 bits stand in the head of the record. */
const deltaBits = 27n;
/** A whole time stamp has 59 bits; what is above is the page's. */
const stampMask = (1n << 59n) - 1n;

function* events(page: Uint8Array, start: number, begin: bigint, cpu: number, bigEndian: boolean): Generator<Raw> {
  let time = begin;
  for (let at = start; at + 4 <= page.length; ) {
    const head = numberIn(page, at, 4, bigEndian);
    const type = bigEndian ? head >>> 27 : head & 31;
    const delta = BigInt(bigEndian ? head & lengthMask : head >>> 5);
    const next = type > 0 && type < padding ? type * 4 : at + 8 <= page.length ? numberIn(page, at + 4, 4, bigEndian) : 0;
    if (type === timeExtend) time += (BigInt(next) << deltaBits) + delta;
    else if (type === timeStamp) time = (time & ~stampMask) | (BigInt(next) << deltaBits) | delta;
    else if (type === padding && delta === 0n) return;
    else time += delta;
    const size = type >= timeExtend ? 8 : next + 4;
    if (type < padding) {
      if (at + size > page.length || (type === 0 && next < 4)) return yield { cpu, time, why: 'a record that goes beyond its page' };
      yield { cpu, time, bytes: page.subarray(at + (type === 0 ? 8 : 4), at + size) };
    }
    at += size;
  }
}
