// `attachlab redact` as a user runs it: what it writes and names, and what it refuses.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openRecording } from '../../src/recordings/trace/recording.ts';
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

describe('ACPI tables of a copy', () => {
  const guest = resolve('test/recordings/guests/6.1-x86_64-intel_rmrr_bridge.tar.gz');
  const firstLine = ({ out }: { out: string }): string => out.split('\n')[0]!.replace(/^.*: /, '');

  it('lose the names of their makers, and verdicts stay', async () => {
    const { code, out } = await bench.attachlab('redact', guest, '--out', 'guest');
    expect(code).toBe(0);
    expect(out).toContain("\n  ACPI tables: makers' names blanked; addresses stay, as those of instances\n");
    const kept = bench.bytes('guest/topology.txt');
    expect(kept).toContain('/sys/firmware/acpi/tables/DMAR\t44 4d 41 52 ee 00 00 00 01 3f 00 00 00 00 00 00\n');
    expect(kept).not.toContain('42 4f 43 48 53');
    expect(firstLine(await bench.attachlab('conform', 'guest'))).toBe('conforms, 0 assumed');
  });

  it('come along from files of their own, but not a damaged one', async () => {
    const parts = await openRecording(guest);
    const folder = join(bench.folder, 'parts');
    mkdirSync(folder);
    for (const part of parts.parts.keys()) writeFileSync(join(folder, part), parts.text(part)!.replace(/^\/sys\/firmware.*\n/gm, ''));
    const table = execFileSync('tar', ['xzOf', guest, '6.1-x86_64-intel_rmrr_bridge/topology.txt'])
      .toString()
      .split('\n')
      .filter((line) => line.startsWith('/sys/firmware/acpi/tables/DMAR\t'))
      .flatMap((line) => line.split('\t')[1]!.split(' '));
    const bytes = Uint8Array.from(table, (pair) => Number.parseInt(pair, 16));
    writeFileSync(join(folder, 'acpi-DMAR.bin'), bytes);
    await bench.attachlab('redact', 'parts', '--out', 'whole');
    expect(firstLine(await bench.attachlab('conform', 'whole'))).toBe('conforms, 0 assumed');
    writeFileSync(join(folder, 'acpi-DMAR.bin'), bytes.subarray(0, 99));
    const { leftOut } = JSON.parse((await bench.attachlab('redact', 'parts', '--out', 'less', '--json')).out);
    expect(leftOut).toEqual(['ACPI table DMAR, which is damaged']);
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
