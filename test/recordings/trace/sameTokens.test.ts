// One trace gives the same tokens whichever way it was printed or stored.
import { describe, expect, it } from 'vitest';
import { inMemory } from '../../../src/recordings/trace/dat/cursor.ts';
import { readTraceFile } from '../../../src/recordings/trace/dat/file.ts';
import type { Token } from '../../../src/recordings/trace/token.ts';
import { writeVersion6, writeVersion7 } from '../../support/traceDat.ts';
import { printed } from '../../support/traceFormats.ts';
import { eventsIn, readAll, readText, traceBytes, traceFile } from '../../support/traces.ts';

/** Tokens without their places in the input, times in whole microseconds. */
const plain = (tokens: readonly Token[]): unknown[] =>
  tokens.map((token) => (token.kind === 'line' ? { ...token, line: 0, time: Math.round(token.time / 1000) } : { ...token, line: 0 }));

describe('a recording printed by', () => {
  it.each(printed)('$format, $what', async ({ format, first, print }) => {
    const { tokens } = await readAll(traceBytes('6.12-x86_64-intel-conc.trace'));
    const text = [first, ...eventsIn(tokens).map(print)].join('\n');
    const read = await readText(`${text}\n`);
    expect(read.format).toBe(format);
    expect(read.counts).toMatchObject({ lines: 8832, events: 8831, other: 1, unread: 0 });
    expect(plain(read.tokens)).toEqual(plain(tokens));
  });
});

describe('a buffer of a real kernel', () => {
  it.each(['v6', 'v7', 'v7-zstd'])('in a trace.dat of %s, by trace-cmd, and as text of tracefs', async (version) => {
    const text = await readAll(traceFile('6.1-x86_64-vm-two.trace'));
    const dat = await readAll(traceFile(`6.1-x86_64-vm-two.${version}.dat`));
    expect(dat.format).toBe('trace.dat');
    expect(dat.counts).toEqual({ lines: 276, events: 276, lost: 0, unread: 0, other: 0, unfinished: false });
    expect(plain(dat.tokens)).toEqual(plain(text.tokens));
  });

  it.each(['two.report', 'two-t.report', 'two-l.report'])('printed by trace-cmd: %s, but for the symbols', async (name) => {
    const text = await readAll(traceFile('6.1-x86_64-vm-two.trace'));
    const report = await readAll(traceFile(`6.1-x86_64-vm-${name}`));
    expect(report.format).toBe('trace-cmd report');
    expect(report.counts).toEqual({ lines: 277, events: 276, lost: 0, unread: 0, other: 1, unfinished: false });
    // trace-cmd prints the 16 bits of c without their sign.
    const unsigned = (text: string): string => text.replace(/(?<= c=)-?\d+/, (value) => String((Number(value) + 65536) % 65536));
    const withoutPlaces = (tokens: readonly Token[]): unknown[] =>
      plain(eventsIn(tokens).map((event) => ({ ...event, text: unsigned(event.text).replace(/^\((?=[\w.]+\+0x|0x).*?\)/, '()') })));
    expect(withoutPlaces(report.tokens)).toEqual(withoutPlaces(text.tokens));
  });

  it('puts where a probe returns to first, as tracefs does', async () => {
    const { tokens } = await readAll(traceFile('6.1-x86_64-vm-two.report'));
    const found = eventsIn(tokens).find(({ name }) => name === 'r_intel_iommu_attach_device');
    const address = eventsIn(tokens)
      .find(({ name }) => name === 'p_intel_iommu_attach_device')!
      .text.slice(1, 19);
    expect(found!.text).toMatch(new RegExp(`^\\(0x[0-9a-f]{16} <- ${address}\\) ret=0$`));
  });

  it.each([
    ['lost.pipe', [0, 1595, 1, 1595], 810],
    ['lost.report', [0, 1595, 1, 1595], 810],
    ['lost.v6.dat', [0, 1595, 1, 1595], 810],
    ['lost.trace', [null, 3190], 810],
  ])('says what was lost: %s', async (name, wanted, events) => {
    const { tokens, counts } = await readAll(traceFile(`6.1-x86_64-vm-${name}`));
    expect(tokens.flatMap((token) => (token.kind === 'lost' ? [token.cpu, token.count] : []))).toEqual(wanted);
    expect(counts).toMatchObject({ events, unread: 0 });
  });
});

describe('a trace.dat written again', () => {
  const bytes = traceBytes('6.1-x86_64-vm-two.v6.dat');
  const file = readTraceFile(inMemory('two.dat', bytes));
  it.each([
    ['version 6', () => writeVersion6(file)],
    ['version 7', () => writeVersion7(file, 'none')],
    ['version 7, zlib', () => writeVersion7(file, 'zlib')],
    ['version 7, zstd', () => writeVersion7(file, 'zstd')],
  ])('%s', async (_, write) => {
    expect((await readAll(write())).tokens).toEqual((await readAll(bytes)).tokens);
  });

  it('says which compression it does not know', async () => {
    const other = Buffer.from(writeVersion7(file, 'zlib').toString('latin1').replace('zlib\0', 'lz4!\0'), 'latin1');
    await expect(readAll(other)).rejects.toThrow('expected compression none, zlib or zstd, found "lz4!"');
  });
});
