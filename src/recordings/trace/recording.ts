// A recording of a real kernel: a trace alone, or a folder or archive with the trace and what was saved beside it.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Failure } from '../../core/failure.ts';
import type { Trace } from './account.ts';
import { type Input, openInput, type TraceSource } from './input.ts';
import { readTrace } from './readTrace.ts';
import { isTar, type Member, membersOf } from './tar.ts';

export interface Recording {
  /** Of the folder or file. */
  readonly name: string;
  /** Sizes by file name: `trace.txt`, `calls.jsonl`, `dmesg.txt`, `topology.txt`, `kprobe_events.txt`, `cmdline.txt`, `uname.txt`, ... */
  readonly parts: ReadonlyMap<string, number>;
  /** Reads the trace, or another part that is one, such as `trace-graph.txt`. */
  readonly trace: (part?: string) => Promise<Trace>;
  /** A part as text; undefined where there is none. Bytes that are no UTF-8 become U+FFFD. */
  readonly text: (part: string) => string | undefined;
  readonly bytes: (part: string) => Uint8Array | undefined;
}

/** What a trace is called beside other parts, in the order of preference. */
const traceNames = [
  'trace.txt',
  'trace.txt.gz',
  'trace.dat',
  'trace.dat.gz',
  'trace',
  'trace.gz',
  'perf.txt',
  'bpftrace.json',
  'trace-graph.txt',
];

/** A part as text may have so many bytes. */
export const textLimit = 2 ** 28;

export const openRecording = async (source: TraceSource): Promise<Recording> => {
  if (typeof source === 'string' && statSync(source, { throwIfNoEntry: false })?.isDirectory()) return ofFolder(source);
  const input = await openInput(source, 512);
  if (isTar(input.first)) return ofArchive(input);
  if (typeof source === 'string') await input.close();
  return single(typeof source === 'string' ? source : { name: source.name, bytes: input.bytes });
};

const single = (source: TraceSource): Recording => ({
  name: typeof source === 'string' ? source : source.name,
  parts: new Map(),
  trace: () => readTrace(source),
  text: () => undefined,
  bytes: () => undefined,
});

/** Sizes of its files; a link to a file is one. */
const filesIn = (folder: string): [name: string, size: number][] =>
  readdirSync(folder).flatMap((name) => {
    const found = statSync(join(folder, name), { throwIfNoEntry: false });
    return found?.isFile() ? [[name, found.size]] : [];
  });

const ofFolder = (folder: string): Recording => {
  const parts = new Map(filesIn(folder).sort(([a], [b]) => (a < b ? -1 : 1)));
  const name = traceName([...parts.keys()], folder);
  return {
    name: folder,
    parts,
    trace: async (part = name) => readTrace(join(folder, present(parts, part, folder))),
    ...partsRead((part) => (parts.has(part) ? readWithin(join(folder, part), parts.get(part)!) : undefined)),
  };
};

/** `dmesg.txt.gz` does for `dmesg.txt`. */
const partsRead = (bytes: Recording['bytes']): Pick<Recording, 'text' | 'bytes'> => ({
  bytes,
  text: (part) => {
    const found = bytes(part) ?? unpacked(bytes(`${part}.gz`), `${part}.gz`);
    return found && new TextDecoder().decode(found);
  },
});

const unpacked = (bytes: Uint8Array | undefined, file: string): Uint8Array | undefined => {
  try {
    return bytes && gunzipSync(bytes, { maxOutputLength: textLimit });
  } catch (error) {
    throw new Failure('bad-trace', `expected whole gzip data of at most ${textLimit} bytes, found "${(error as Error).message}"`, { file });
  }
};

const readWithin = (file: string, size: number): Uint8Array => {
  if (size > textLimit) throw new Failure('bad-trace', `expected at most ${textLimit} bytes, found ${size}`, { file });
  return readFileSync(file);
};

const ofArchive = async ({ bytes, name: file }: Input): Promise<Recording> => {
  const members: Member[] = [];
  for await (const member of membersOf(bytes, file)) members.push(member);
  const found = new Map(inOneFolder(members, file).map(({ name, bytes }) => [basename(name), bytes] as const));
  const name = traceName([...found.keys()], file);
  return {
    name: file,
    parts: new Map([...found].map(([part, { length }]) => [part, length] as const).sort(([a], [b]) => (a < b ? -1 : 1))),
    trace: async (part = name) => readTrace({ name: `${file}:${part}`, bytes: once(found.get(present(found, part, file))!) }),
    ...partsRead((part) => found.get(part)),
  };
};

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}

const present = (parts: ReadonlyMap<string, unknown>, part: string, file: string): string => {
  if (!parts.has(part)) throw new Failure('bad-trace', `expected ${part} in the recording, found no such file`, { file });
  return part;
};

/** An archive of one recording may hold other folders, but one trace. */
const inOneFolder = (members: readonly Member[], file: string): readonly Member[] => {
  const folderOf = ({ name }: Member): string => name.slice(0, name.length - basename(name).length);
  const folders = new Set(members.filter(({ name }) => traceNames.includes(basename(name))).map(folderOf));
  if (folders.size > 1) {
    const found = [...folders].slice(0, 3).join(', ');
    throw new Failure('bad-trace', `expected one recording, found ${folders.size}: ${found}`, { file }, 'Unpack it and name one folder.');
  }
  return folders.size === 0 ? members : members.filter((member) => folders.has(folderOf(member)));
};

const traceName = (parts: readonly string[], file: string): string => {
  const name = traceNames.find((each) => parts.includes(each));
  if (name !== undefined) return name;
  const found = parts.length === 0 ? 'no file' : parts.slice(0, 8).join(', ');
  throw new Failure('bad-trace', `expected a recording with one of ${traceNames.join(', ')}, found ${found}`, { file });
};
