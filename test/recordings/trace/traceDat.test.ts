// The insides of a trace.dat: pages of the ring buffer in both byte orders, symbols, and how events are printed by their formats.
import { describe, expect, it } from 'vitest';
import { inMemory } from '../../../src/recordings/trace/dat/cursor.ts';
import { newDraft } from '../../../src/recordings/trace/dat/draft.ts';
import { eventFormatOf } from '../../../src/recordings/trace/dat/eventFormat.ts';
import { readTraceFile } from '../../../src/recordings/trace/dat/file.ts';
import { printerOf } from '../../../src/recordings/trace/dat/printer.ts';
import { recordsOf } from '../../../src/recordings/trace/dat/ringBuffer.ts';
import { symbolsOf } from '../../../src/recordings/trace/dat/symbols.ts';
import { readAll, traceBytes } from '../../support/traces.ts';

const words = (values: readonly (number | bigint)[], bigEndian: boolean): Buffer =>
  Buffer.concat(
    values.map((value) => {
      const bytes = Buffer.alloc(typeof value === 'bigint' ? 8 : 4);
      if (typeof value === 'bigint') bigEndian ? bytes.writeBigUInt64BE(value) : bytes.writeBigUInt64LE(value);
      else bigEndian ? bytes.writeUInt32BE(value) : bytes.writeUInt32LE(value);
      return bytes;
    }),
  );

/** A page of 256 bytes: time, flags beside the length, words of records. */
const page = (bigEndian: boolean, longSize: 4 | 8, time: bigint, flags: number, data: readonly (number | bigint)[]): Buffer => {
  const content = words(data, bigEndian);
  const commit = flags + (flags === 0 || data.length === 0 ? content.length : content.length - (flags >= 0xc0000000 ? longSize : 0));
  const head = words([time, longSize === 8 ? BigInt(commit) : commit], bigEndian);
  return Buffer.concat([head, content, Buffer.alloc(256 - head.length - content.length)]);
};

const head = (type: number, delta: number, bigEndian: boolean): number => (bigEndian ? (type << 27) + delta : type + (delta << 5)) >>> 0;

const recordsIn = (bytes: Buffer, bigEndian: boolean, longSize: 4 | 8): string[] => {
  const draft = newDraft(inMemory('x', bytes), bigEndian, longSize, 256);
  const cpu = { cpu: 1, offset: 0, size: bytes.length, compressed: false, pageSize: 256 };
  return [...recordsOf(draft, cpu)].map((raw) => {
    if ('bytes' in raw) return `${raw.time}: ${raw.bytes.length} bytes`;
    return 'lost' in raw ? `${raw.time}: lost ${raw.lost}` : `${raw.time}: ${raw.why}`;
  });
};

describe.each([
  ['little', false, 8],
  ['big', true, 8],
  ['little', false, 4],
  ['big', true, 4],
] as const)('a page of the %s-endian order (big: %s) with longs of %i bytes', (_, big, long) => {
  const records = (flags: number, data: readonly (number | bigint)[]): string[] =>
    recordsIn(page(big, long, 1000n, flags, data), big, long);
  const [event, large] = [
    [head(2, 5, big), 7, 8],
    [head(0, 5, big), 12, 1, 2],
  ];
  it.each([
    ['events', [...event, ...event], ['1005: 8 bytes', '1010: 8 bytes']],
    ['a large event', [...large, ...event], ['1005: 8 bytes', '1010: 8 bytes']],
    ['a longer wait', [head(30, 3, big), 2, ...event], [`${1000 + 2 * 2 ** 27 + 3 + 5}: 8 bytes`]],
    ['a whole time', [head(31, 3, big), 2, ...event], [`${2 * 2 ** 27 + 3 + 5}: 8 bytes`]],
    ['an event taken back', [head(29, 7, big), 8, 0, ...event], ['1012: 8 bytes']],
    ['an end before the end', [...event, head(29, 0, big), 0, ...event], ['1005: 8 bytes']],
    ['an event beyond the page', [...event, head(28, 1, big), 1], ['1005: 8 bytes', '1006: a record that goes beyond its page']],
  ])('%s', (_, data, found) => {
    expect(records(0, data)).toEqual(found);
  });

  it('that is not there', () => {
    const draft = newDraft(inMemory('x', page(big, long, 1000n, 0, event)), big, long, 256);
    const found = [...recordsOf(draft, { cpu: 1, offset: 0, size: 600, compressed: false, pageSize: 256 })];
    expect(found.slice(1)).toEqual([{ cpu: 1, time: 1005n, why: '344 bytes of records that the end of the file cuts off' }]);
  });

  it('lost events, with their number and without', () => {
    expect(records(0x80000000, event)).toEqual(['1000: lost null', '1005: 8 bytes']);
    expect(records(0xc0000000, [...event, long === 8 ? 17n : 17])).toEqual(['1000: lost 17', '1005: 8 bytes']);
  });

  it('the end of the file within it', () => {
    const cut = page(big, long, 1000n, 0, [...event, ...event]).subarray(0, 8 + long + 16);
    expect(recordsIn(cut, big, long)).toEqual([
      '1000: a page of 24 bytes of records in 16',
      '1005: 8 bytes',
      '1010: a record that goes beyond its page',
    ]);
  });
});

describe('symbols', () => {
  const symbols = symbolsOf(
    [
      'ffff1000 T first',
      'ffff1000 t alias',
      'ffff1040 t second.isra.0',
      'ffff2000 t module_function\t[vfio]',
      'ffff2100 T arch_rethook_trampoline',
      '0000 A hidden',
      '',
    ].join('\n'),
  );
  it.each([
    [0xffff1004n, 'first+0x4/0x40'],
    [0xffff1040n, 'second.isra.0+0x0/0xfc0'],
    [0xffff20ffn, 'module_function+0xff/0x100 [vfio]'],
    [0xffff2100n, "[unknown/kretprobe'd]"],
    [0x10n, '0x10'],
  ])('of %i', (address, name) => {
    expect(symbols.withOffset(address)).toBe(name);
  });
});

describe('print fmt', () => {
  const fields =
    'field:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n\tfield:u64 a;\toffset:8;\tsize:8;\tsigned:0;\n\tfield:int b;\toffset:16;\tsize:4;\tsigned:1;\n\tfield:__data_loc char[] s;\toffset:20;\tsize:4;\tsigned:1;\n\tfield:u8 r[4];\toffset:24;\tsize:4;\tsigned:0;\n';
  const bytes = Buffer.alloc(40);
  bytes.writeBigUInt64LE(0x12n, 8);
  bytes.writeInt32LE(-22, 16);
  bytes.writeUInt32LE((4 << 16) | 32, 20);
  bytes.write('\x01\x02\x03\x04', 24);
  bytes.write('abc\0', 32);
  const printed = (print: string): string => {
    const format = eventFormatOf({ system: 'x', text: `name: x\nID: 1\nformat:\n\t${fields}\nprint fmt: ${print}\n` })!;
    return printerOf(format, symbolsOf('00000010 T start'))({ bytes, bigEndian: false }).text;
  };
  it.each([
    ['"%llx %#x %05d|%-5d|%5s|%.2s", REC->a, REC->a, REC->b, REC->b, __get_str(s), __get_str(s)', '12 0x12 -0022|-22  |  abc|ab'],
    ['"%u %lu %hhu %c %%", REC->b, (unsigned long)REC->b, REC->b, 65', '4294967274 18446744073709551594 234 A %'],
    ['"%d", REC->a > 16 && REC->b < 0 ? (REC->a << 2) + 1 : 0', '73'],
    ['"%s" " joined", __print_symbolic(REC->a & 0xf, { 0x1, "one" }, { 0x2, "two" })', 'two joined'],
    ['"%s", __print_symbolic(REC->a, { 1, "one" })', '0x12'],
    ['"%s", __print_flags(REC->a, "|", { 0x10, "high" }, { 0x2UL, "low" })', 'high|low'],
    ['"%pS %ps", (void *)REC->a, REC->a', 'start+0x2/0x0 start'],
    ['"{%x,%x} %u", REC->r[0], REC->r[3], __get_dynamic_array_len(s)', '{1,4} 4'],
  ])('%s', (print, text) => {
    expect(printed(print)).toBe(text);
  });

  it.each(['"%d", unknown_function(REC->a)', '"%d", REC->none', '"%d", (REC->a', 'nothing'])('%s is not understood', (print) => {
    expect(() => printed(print)).toThrow();
  });

  it('that is not understood leaves its records unread, with the name of the event', async () => {
    const whole = Buffer.from(traceBytes('6.1-x86_64-vm-two.v6.dat')).toString('latin1');
    const { counts, tokens } = await readAll(Buffer.from(whole.replaceAll('"IOMMU: device=%s"', '"IOMMU: device%f("'), 'latin1'));
    expect(counts).toMatchObject({ lines: 276, unread: 0 });
    const other = await readAll(Buffer.from(whole.replaceAll('__get_str(device)', '__odd_str(device)'), 'latin1'));
    const why = new Set(other.tokens.flatMap((token) => (token.kind === 'unread' ? [token.why] : [])));
    expect([...why].sort()).toEqual([
      'iommu:add_device_to_group, whose format is not understood',
      'iommu:attach_device_to_domain, whose format is not understood',
      'iommu:remove_device_from_group, whose format is not understood',
    ]);
    expect(other.counts.events + other.counts.unread).toBe(tokens.length);
  });
});

describe('the structure', () => {
  const bytes = Buffer.from(traceBytes('6.1-x86_64-vm-two.v6.dat'));
  const refused = (given: Buffer): string => {
    try {
      readTraceFile(inMemory('t.dat', given));
      return 'read';
    } catch (error) {
      return (error as Error).message.split('\n')[0]!;
    }
  };
  const changed = (from: string, to: string): Buffer => Buffer.from(bytes.toString('latin1').replace(from, to), 'latin1');
  it.each([
    ['another version', changed('tracing6', 'tracing5'), 't.dat: expected a trace.dat of version 6 or 7, found version "5"'],
    ['cut off', bytes.subarray(0, 300), 't.dat: expected the size of a format of 8 bytes at byte 294, found the end of the file at 300'],
    [
      'a latency tracer',
      changed('flyrecord', 'latency  '),
      't.dat: expected the buffers of CPUs (flyrecord), found the text of a latency tracer; `trace-cmd report` prints it',
    ],
    ['other words', changed('header_page', 'header_pass'), 't.dat: expected the word header_page, found "header_pass\\u0000"'],
  ])('%s', (_, given, message) => {
    expect(refused(given)).toMatch(message);
  });
});
