// How bytes come in: files, pieces, gzip, lines without end, lines over the limit, and what is no trace.
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { gunzip } from '../../../src/recordings/trace/gunzip.ts';
import { lineLimit } from '../../../src/recordings/trace/lines.ts';
import { inPieces, readAll, readText, traceFile, traceText } from '../../support/traces.ts';

const line = '  a-1  [001] .....     3.000001: map: x';
const refusal = (reading: Promise<unknown>): Promise<string> =>
  reading.then(
    () => 'read',
    (error: Error & { code: string }) => `${error.code}: ${error.message}`,
  );

describe('pieces', () => {
  const text = traceText('6.1-arm64-smmuv3x3-memory.trace').slice(0, 20_000);
  it.each([1, 7, 4096])('of %i bytes give the same tokens', async (size) => {
    expect(await readText(text, size)).toEqual(await readText(text));
  });

  it('of gzip give the same tokens', async () => {
    expect(await readAll(gzipSync(text), 100)).toEqual(await readText(text));
  });
});

describe('lines', () => {
  it('reads a last line without an end, and says so', async () => {
    const { tokens, counts } = await readText(`${line}\n${line}`);
    expect(tokens.map(({ kind }) => kind)).toEqual(['line', 'line']);
    expect(counts.unfinished).toBe(true);
  });

  it('notes a last line that is cut off', async () => {
    const { tokens } = await readText(`${line}\n${line.slice(0, 20)}`);
    expect(tokens[1]).toEqual({ kind: 'unread', line: 2, text: line.slice(0, 20), why: 'cut off: no line of tracefs' });
  });

  it('keeps 200 characters of a line over the limit, and reads on', async () => {
    const { tokens } = await readText(`${line}\n${line.padEnd(lineLimit + 1, 'y')}\n${line}\n`, 10_000);
    expect(tokens.map(({ kind, line }) => `${kind} ${line}`)).toEqual(['line 1', 'unread 2', 'line 3']);
    expect(tokens[1]).toMatchObject({ text: line.padEnd(200, 'y'), why: `a line of ${lineLimit + 1} characters` });
  });

  it('keeps little of a line of a gigabyte', async () => {
    const piece = Buffer.alloc(2 ** 20, 'y');
    async function* endless() {
      yield Buffer.from(`${line}\n`);
      for (let count = 0; count < 1024; count++) yield piece;
    }
    const before = process.memoryUsage().rss;
    const { tokens } = await readAllOf(endless());
    expect(tokens[1]).toMatchObject({ kind: 'unread', why: `cut off: a line of ${2 ** 30} characters` });
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * 2 ** 20);
  });

  it('reads bytes that are no UTF-8 as U+FFFD', async () => {
    const { tokens } = await readAll(Buffer.from(`${line}\xff\xfe\n`, 'latin1'));
    expect(tokens).toMatchObject([{ kind: 'line', text: 'x\ufffd\ufffd' }]);
  });
});

const readAllOf = async (bytes: AsyncIterable<Uint8Array>) => {
  const { readTrace } = await import('../../../src/recordings/trace/readTrace.ts');
  const { all } = await import('../../support/traces.ts');
  return { tokens: await all((await readTrace({ name: '-', bytes })).tokens) };
};

describe('refusals', () => {
  const folder = traceFile('x').replace(/\/[^/]*$/, '');
  it.each([
    ['nothing there', `${folder}/none`, 'expected a file with a trace, found nothing there'],
    ['a folder', folder, 'expected a file with a trace, found a folder'],
    ['no bytes', Buffer.from(''), 'expected a trace, found no bytes at all'],
    ['only empty lines', Buffer.from('\n\n'), 'trace.dat), found nothing'],
    [
      'other text',
      Buffer.from('Dear all,\nsee below\n'),
      'expected a trace (bpftrace -f json, function_graph, tracefs, trace-cmd report, perf script, trace.dat), found "Dear all,"',
    ],
    ['perf.data', Buffer.from('PERFILE2....'), 'found perf.data (print it: `perf script -i FILE`)'],
    ['xz', Buffer.from('fd377a585a0000', 'hex'), 'found data compressed by xz'],
    ['other bytes', Buffer.from('0102000405060708090a', 'hex'), 'found bytes that are no text (01 02 00 04 05 06 07 08 ...)'],
  ])('%s', async (_, source, message) => {
    expect(await refusal(readAll(source))).toMatch(/^bad-trace: /);
    expect(await refusal(readAll(source))).toContain(message);
  });

  it('gzip that is cut off', async () => {
    const cut = gzipSync(traceText('6.1-arm64-smmuv3x3-memory.trace')).subarray(0, 10_000);
    expect(await refusal(readAll(cut))).toMatch(/^bad-trace: -: expected whole gzip data, found "unexpected end of file" after \d+ bytes/);
  });

  it('gzip that is damaged', async () => {
    const damaged = gzipSync(traceText('6.1-arm64-smmuv3x3-memory.trace')).fill(0, 5000, 6000);
    expect(await refusal(readAll(damaged))).toContain('expected whole gzip data, found "');
  });

  it('gzip that would fill the disk', async () => {
    const limits = { ratio: 200, bytes: 2 ** 20 };
    const reading = async () => {
      for await (const _ of gunzip(inPieces(gzipSync(Buffer.alloc(2 ** 24)), 1000), 'x.gz', limits));
    };
    expect(await refusal(reading())).toMatch(
      /^bad-trace: x.gz: expected gzip data of at most 1048576 bytes, or 200 times its size; found \d+ bytes from \d+\n/,
    );
  });
});
