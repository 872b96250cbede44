// `attachlab redact` as a user runs it: what it writes and names, and what it refuses.
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openBench } from '../support/commandLine.ts';
import { traceTextOf } from '../support/longTrace.ts';
import { recordedFile } from '../support/recorded.ts';

const bench = openBench('redact');
const archive = resolve(recordedFile('6.12custom-x86_64-intel-failnth'));

describe('a copy', () => {
  it('of an archive is a folder, and is audited as the archive is', async () => {
    const { code, out } = await bench.attachlab('redact', archive, '--out', 'copy', '--json');
    const said = JSON.parse(out) as { kind: string; version: number; parts: string[]; replaced: object };
    expect({ code, kind: said.kind, version: said.version }).toEqual({ code: 0, kind: 'redact', version: 1 });
    expect(readdirSync(join(bench.folder, 'copy'))).toEqual(said.parts.toSorted());
    expect(said.replaced).toEqual({ addresses: 34, comms: 5, hosts: 1, others: 7 });
    const [before, after] = await Promise.all([bench.attachlab('audit', archive, '--json'), bench.attachlab('audit', 'copy', '--json')]);
    const titles = ({ out: text }: { out: string }) =>
      (JSON.parse(text) as { findings: { id: string; because: object }[] }).findings.map(({ id, because }) => ({ id, because }));
    expect(titles(after)).toEqual(titles(before));
    expect([before.code, after.code]).toEqual([1, 1]);
  });

  it('of a trace alone is printed, or written to a file', async () => {
    const file = bench.file('trace.txt', await traceTextOf('6.12custom-x86_64-intel-failnth'));
    const { out } = await bench.attachlab('redact', file);
    expect(out.split('\n').length).toBe(8809);
    const { out: words, code } = await bench.attachlab('redact', file, '--out', 'other.txt');
    expect(bench.bytes('other.txt')).toBe(out);
    expect(words.split('\n').filter((line) => line.length > 75)).toEqual([]);
    expect(words).toMatch(/^other\.txt: trace\.txt\n {2}replaced: 34 addresses, 5 process names, 0 host names, 0 other names/);
    expect(code).toBe(0);
  });
});

describe('what is refused', () => {
  it.each([
    ['a folder without --out', [archive], 'expected --out with the name of the copy'],
    ['a place that is taken', [archive, '--out', '.'], '.: expected a name that is free behind --out, found something there'],
    ['trace.dat', ['a.dat', '--out', 'b'], 'a.dat: expected a recording in text, found trace.dat'],
    ['what is not there', ['nothing'], 'nothing: expected a file with a trace, found nothing there'],
    ['no trace', ['text.txt'], 'text.txt: expected a trace'],
  ])('%s', async (_, argv, message) => {
    bench.file('a.dat', Buffer.from('\x17\x08\x44tracing6\0', 'latin1'));
    bench.file('text.txt', 'nothing of the kind\n');
    const { code, err } = await bench.attachlab('redact', ...argv);
    expect(code).toBe(2);
    expect(err).toContain(`attachlab: ${message}`);
    expect(existsSync(join(bench.folder, 'b'))).toBe(false);
  });
});
