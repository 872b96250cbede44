// A trace.dat of version 6 or 7 opened: what stands around the data of its CPUs (trace-cmd.dat.v6(5), trace-cmd.dat.v7(5)).
import { decompressor } from './compression.ts';
import { type Cursor, cursorAt, damaged, inMemory, type RandomAccess } from './cursor.ts';
import { type Draft, newDraft, type TraceFile } from './draft.ts';
import { buffer, clockOf, instanceOf, takeOption, traceClock } from './options.ts';
import { order, takePart } from './parts.ts';

/** The first bytes of every trace.dat. */
export const magic = '\x17\x08Dtracing';

export const isTraceDat = (first: Uint8Array): boolean => Buffer.from(first.subarray(0, magic.length)).toString('latin1') === magic;

export const readTraceFile = (access: RandomAccess): TraceFile => {
  const start = cursorAt(access, magic.length, false);
  const version = start.name('a version');
  const [byteOrder, longSize] = start.bytes(2, 'byte order and size of a long');
  const cursor = cursorAt(access, start.at(), byteOrder === 1);
  const pageSize = plausible(cursor.u32('the size of a page'), access.name);
  const draft = newDraft(access, byteOrder === 1, longSize === 4 ? 4 : 8, pageSize);
  if (version === '6') readVersion6(draft, cursor);
  else if (version === '7') readVersion7(draft, cursor);
  else throw damaged(access.name, `expected a trace.dat of version 6 or 7, found version "${version.slice(0, 20)}"`);
  return draft;
};

const plausible = (pageSize: number, file: string): number => {
  if (pageSize < 64 || pageSize > 2 ** 24) throw damaged(file, `expected the size of a page, found ${pageSize}`);
  return pageSize;
};

/** One part after another; the options only at the end. */
const readVersion6 = (draft: Draft, cursor: Cursor): void => {
  for (const part of order) takePart(draft, part, cursor);
  const cpus = cursor.u32('the number of CPUs');
  let kind = cursor.text(10, 'the word options or flyrecord');
  const hasOptions = kind.startsWith('options');
  const options = hasOptions ? readOptions(draft, cursor, 6) : [];
  if (hasOptions) kind = cursor.text(10, 'the word flyrecord');
  if (!kind.startsWith('flyrecord')) throw latency(draft);
  for (const { id, data } of options) {
    if (id === buffer) draft.notRead.push(`the buffer of instance ${instanceOf(data)}`);
    else if (id !== traceClock) takeOption(draft, id, data);
  }
  placeCpus(draft, cursor, cpus);
  if (options.some(({ id }) => id === traceClock)) draft.clock = clockOf(cursor.text(cursor.u64('the size of trace_clock'), 'trace_clock'));
};

/** An option may have changed the number of CPUs; one place more then stands for older readers. */
const placeCpus = (draft: Draft, cursor: Cursor, cpus: number): void => {
  const count = draft.cpuCount ?? cpus;
  if (count > mostCpus) throw damaged(draft.access.name, `expected at most ${mostCpus} CPUs, found ${count}`);
  for (let cpu = 0; cpu < count; cpu++) {
    const offset = cursor.u64('the place of the data of a CPU');
    draft.cpus.push({ cpu, offset, size: cursor.u64('the size of the data of a CPU'), compressed: false, pageSize: draft.pageSize });
  }
  if (cpus < count) cursor.bytes(16, 'the place of nothing');
};

const mostCpus = 8192;

/** Options name the places of everything else, and of more options. */
const readVersion7 = (draft: Draft, cursor: Cursor): void => {
  const algorithm = cursor.name('a compression');
  cursor.name('the version of a compression');
  draft.decompress = algorithm === 'none' ? undefined : decompressor(algorithm, draft.access.name);
  const options: Option[] = [];
  for (let at = cursor.u64('the place of the options'); at !== 0; ) {
    if (options.length > mostOptions) throw damaged(draft.access.name, 'expected options with an end, found a circle');
    const found = readOptions(draft, sectionAt(draft, at, 0), 7);
    options.push(...found);
    at = found.find(({ id }) => id === 0)?.data.u64('the place of more options') ?? 0;
  }
  for (const { id, data } of options) {
    if (order.includes(id)) takePart(draft, id, sectionAt(draft, data.u64('the place of a section'), id));
    else if (id === buffer) takeBuffer(draft, data);
    else if (id === latencyBuffer) throw latency(draft);
    else takeOption(draft, id, data);
  }
};

const latencyBuffer = 22;
const mostOptions = 100_000;

interface Option {
  readonly id: number;
  readonly data: Cursor;
}

/** Version 6 ends them with the bare number 0, version 7 with a whole option of that number. */
const readOptions = ({ access, bigEndian }: Draft, cursor: Cursor, version: 6 | 7): Option[] => {
  const options: Option[] = [];
  for (;;) {
    const id = cursor.u16('the number of an option');
    if (id === 0 && version === 6) return options;
    const bytes = cursor.bytes(cursor.u32('the size of an option'), `option ${id}`);
    options.push({ id, data: cursorAt(inMemory(access.name, bytes), 0, bigEndian) });
    if (id === 0) return options;
  }
};

const isCompressed = 1;

/** The man page gives the size four bytes; trace-cmd writes eight. */
const headerAt = ({ access, bigEndian }: Draft, at: number, wanted: number): { flags: number; cursor: Cursor } => {
  const cursor = cursorAt(access, at, bigEndian);
  const id = cursor.u16('the number of a section');
  const flags = cursor.u16('the flags of a section');
  cursor.u32('the description of a section');
  cursor.u64('the size of a section');
  if (id !== wanted) throw damaged(access.name, `expected section ${wanted} at byte ${at}, found section ${id}`);
  return { flags, cursor };
};

const sectionAt = (draft: Draft, at: number, wanted: number): Cursor => {
  const { flags, cursor } = headerAt(draft, at, wanted);
  if ((flags & isCompressed) === 0) return cursor;
  const size = cursor.u32('the size of compressed data');
  const plain = cursor.u32('the size of data that was compressed');
  const bytes = required(draft)(cursor.bytes(size, 'compressed data'), plain);
  return cursorAt(inMemory(draft.access.name, bytes), 0, draft.bigEndian);
};

const required = ({ access, decompress }: Draft) => {
  if (decompress === undefined) throw damaged(access.name, 'expected no compressed section where the compression is none, found one');
  return decompress;
};

/** The top buffer and those of instances are alike; all of them are the trace. */
const takeBuffer = (draft: Draft, data: Cursor): void => {
  const { flags } = headerAt(draft, data.u64('the place of a buffer'), buffer);
  data.name('the name of an instance');
  draft.clock = data.name('a clock');
  const compressed = (flags & isCompressed) !== 0;
  if (compressed) required(draft);
  // Not in the man page: trace-cmd 3.1 writes the size of a page before the number of CPUs.
  const pageSize = (data.left() - 4) % cpuLength === 0 ? draft.pageSize : plausible(data.u32('the size of a page'), draft.access.name);
  for (let count = data.u32('the number of CPUs'); count > 0; count--) {
    const cpu = data.u32('the number of a CPU');
    const offset = data.u64('the place of the data of a CPU');
    draft.cpus.push({ cpu, offset, size: data.u64('the size of the data of a CPU'), compressed, pageSize });
  }
};

/** Number, place and size. */
const cpuLength = 20;

const latency = ({ access }: Draft): Error =>
  damaged(access.name, 'expected the buffers of CPUs (flyrecord), found the text of a latency tracer; `trace-cmd report` prints it');
