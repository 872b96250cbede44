// Writes trace.dat files out of the parts of one that was read: of either version, compressed or not, of either byte order as far as
// the structure goes; so that every way of storing a real recording can be tested without keeping each.
import { deflateSync, zstdCompressSync } from 'node:zlib';
import type { TraceFile } from '../../src/recordings/trace/dat/draft.ts';

export type Compression = 'none' | 'zlib' | 'zstd';

const compressors: Readonly<Record<Compression, (bytes: Uint8Array) => Uint8Array>> = {
  none: (bytes) => bytes,
  zlib: (bytes) => deflateSync(bytes),
  zstd: (bytes) => zstdCompressSync(bytes),
};

const u16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
};
const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
const u64 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
};
const text = (words: string): Buffer => Buffer.from(words);
const sized = (size: (value: number) => Buffer, words: string): Buffer => Buffer.concat([size(Buffer.byteLength(words)), text(words)]);

const pageHeader =
  '\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n\tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;\n' +
  '\tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;\n\tfield: char data;\toffset:16;\tsize:4080;\tsigned:0;\n';

const formatsOf = ({ formats }: TraceFile, system: string): Buffer[] => {
  const found = formats.filter((format) => format.system === system);
  return [u32(found.length), ...found.map((format) => sized(u64, format.text))];
};

/** By the number of the section in version 7, in the order of version 6. */
const partsOf = (file: TraceFile): ReadonlyMap<number, Buffer> => {
  const systems = [...new Set(file.formats.map(({ system }) => system))].filter((system) => system !== 'ftrace');
  const events = systems.flatMap((system) => [text(`${system}\0`), ...formatsOf(file, system)]);
  return new Map([
    [16, Buffer.concat([text('header_page\0'), sized(u64, pageHeader), text('header_event\0'), sized(u64, '# compressed entry header\n')])],
    [17, Buffer.concat(formatsOf(file, 'ftrace'))],
    [18, Buffer.concat([u32(systems.length), ...events])],
    [19, sized(u32, file.kallsyms)],
    [20, sized(u32, file.printk)],
    [21, sized(u64, file.cmdlines)],
  ]);
};

/** The pages of each CPU, of a file that is not compressed. */
const pagesOf = ({ cpus, access }: TraceFile): Uint8Array[] => cpus.map(({ offset, size }) => access.read(offset, size));

const begin = (version: string, { pageSize }: TraceFile): Buffer =>
  Buffer.concat([text('\x17\x08Dtracing'), text(`${version}\0`), Buffer.from([0, 8]), u32(pageSize)]);

const padded = (bytes: Buffer, pageSize: number): Buffer =>
  Buffer.concat([bytes, Buffer.alloc((pageSize - (bytes.length % pageSize)) % pageSize)]);

export const writeVersion6 = (file: TraceFile): Buffer => {
  const clock = sized(u64, `[${file.clock}]`);
  const head = Buffer.concat([
    begin('6', file),
    ...partsOf(file).values(),
    u32(file.cpus.length),
    text('options  \0'),
    Buffer.concat([u16(4), u32(0)]),
    u16(0),
    text('flyrecord\0'),
  ]);
  const pages = pagesOf(file);
  const before = head.length + pages.length * 16 + clock.length;
  let at = Math.ceil(before / file.pageSize) * file.pageSize;
  const places = pages.map((page) => {
    const place = Buffer.concat([u64(at), u64(page.length)]);
    at += page.length;
    return place;
  });
  return Buffer.concat([padded(Buffer.concat([head, ...places, clock]), file.pageSize), ...pages]);
};

/** Sections first, then the data of the CPUs, then the options, as trace-cmd does. */
export const writeVersion7 = (file: TraceFile, compression: Compression): Buffer => {
  const compress = compressors[compression];
  const flags = u16(compression === 'none' ? 0 : 1);
  const packed = (bytes: Uint8Array): Buffer => {
    const small = compress(bytes);
    return compression === 'none' ? Buffer.from(bytes) : Buffer.concat([u32(small.length), u32(bytes.length), small]);
  };
  const section = (id: number, content: Buffer): Buffer => Buffer.concat([u16(id), flags, u32(0), u64(content.length), content]);
  const option = (id: number, data: Buffer): Buffer => Buffer.concat([u16(id), u32(data.length), data]);
  const named = compression === 'none' ? 'none\0\0' : `${compression}\x001.0\0`;
  let out = Buffer.concat([begin('7', file), text(named), u64(0)]);
  const placeOfOptions = out.length - 8;
  const options: Buffer[] = [];
  const add = (bytes: Buffer): number => {
    const at = out.length;
    out = Buffer.concat([out, bytes]);
    return at;
  };
  for (const [id, content] of partsOf(file)) options.push(option(id, u64(add(section(id, packed(content))))));
  const buffer = add(Buffer.concat([u16(3), flags, u32(0), u64(0)]));
  const places = pagesOf(file).map((pages, index) => {
    const content = compression === 'none' ? Buffer.from(pages) : Buffer.concat([u32(1), packed(pages)]);
    return Buffer.concat([u32(file.cpus[index]!.cpu), u64(add(content)), u64(content.length)]);
  });
  options.push(option(3, Buffer.concat([u64(buffer), text(`\0${file.clock}\0`), u32(file.pageSize), u32(places.length), ...places])));
  const at = add(section(0, packed(Buffer.concat([...options, option(0, u64(0))]))));
  out.writeBigUInt64LE(BigInt(at), placeOfOptions);
  return out;
};
