// `attachlab watch` as a user runs it: a stream to its end, a file that grows, is cut off and replaced, Ctrl-C.
import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { openBench } from '../support/commandLine.ts';
import { traceTextOf } from '../support/longTrace.ts';

const bench = openBench('watch');
const text = await traceTextOf('6.12custom-x86_64-intel-failnth');
/** The line that shows the duplicate domain, which ends its request, is the 6398th. */
const lines = text.split('\n').map((line) => `${line}\n`);
const upTo = (end: number): string => lines.slice(0, end).join('');

interface Running {
  readonly child: ChildProcess;
  readonly said: { out: string };
  readonly code: Promise<number | null>;
}

const started = (...argv: readonly string[]): Running => {
  const child = spawn(process.execPath, [resolve('src/cli/start.js'), 'watch', ...argv], { stdio: ['pipe', 'pipe', 'inherit'] });
  const said = { out: '' };
  child.stdout!.setEncoding('utf8').on('data', (piece: string) => {
    said.out += piece;
  });
  return { child, said, code: new Promise((done) => child.once('close', done)) };
};

/** Milliseconds until it is said; a minute is enough for a command line to start on a crowded machine. */
const until = async ({ said }: Running, words: string | RegExp): Promise<number> => {
  const began = performance.now();
  while (said.out.search(words) < 0) {
    if (performance.now() - began > 60_000) throw new Error(`not said: ${words}\n${said.out}`);
    await sleep(20);
  }
  return performance.now() - began;
};

describe('a stream', () => {
  it('is told line by line, and summed up at its end', async () => {
    const { code, out, err } = await bench.fed(text, 'watch');
    const said = out.trimEnd().split('\n');
    expect(said.filter((line) => / group \d+: /.test(line) && /^\d/.test(line)).length).toBe(70);
    expect(said.filter((line) => /^(bug|contract): /.test(line))).toEqual([
      'contract: errno-against-class, c0/c0.d0/11/domain_attach_iommu',
      'bug: duplicate-domain, c0/c0.d1',
      'contract: errno-against-class, c0/c0.d0/11/intel_iommu_attach_device',
    ]);
    expect(said.slice(-8)).toEqual([
      'attaches: 70',
      '       33  kept its own domain: nothing to join',
      '       17  failed -ENOMEM',
      '       10  failed -ENOMEM: its own new domain could not be attached',
      '        6  kept its own domain: 1 existing domain refused it (-ENOMEM)',
      '        4  joined an existing domain',
      'findings: 1 bug, 2 contract',
      'gaps: none',
    ]);
    expect(said.filter((line) => line.length > 75)).toEqual([]);
    expect({ code, err }).toEqual({ code: 1, err: '' });
  });

  it('is one JSON object a line', async () => {
    const { code, out } = await bench.fed(text, 'watch', '-', '--json', '--cost');
    const said = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { kind: string; version: number; what: string });
    const counts = Object.groupBy(said, ({ what }) => what);
    expect([counts.attach!.length, counts.finding!.length, counts.gap, counts.sum!.length]).toEqual([70, 4, undefined, 1]);
    expect(said.every(({ kind, version }) => kind === 'watch' && version === 1)).toBe(true);
    expect(said.at(-1)).toMatchObject({ what: 'sum', lines: 8808, events: 8796, gaps: {} });
    expect(code).toBe(1);
  });

  it('tells lost events and what nobody can read, those of one kind together', async () => {
    const bad = `${upTo(20)}CPU:1 [LOST 512 EVENTS]\n${'what is this\n'.repeat(30)}`;
    const { code, out } = await bench.fed(bad, 'watch');
    expect(out.split('\n').filter((line) => line.startsWith('gap:'))).toEqual([
      'gap: lost, line 21: 512 events are missing: the buffer was full',
      'gap: unread, 30 places from line 22 on: what is this',
    ]);
    expect(code).toBe(0);
  });

  it('with nothing in it is no trace', async () => {
    const { code, err } = await bench.fed('', 'watch');
    expect(code).toBe(2);
    expect(err).toContain('attachlab: stdin: expected a trace, found no bytes at all\n');
  });
});

describe('a file', () => {
  it('that grows is followed: a finding within a second of the line that shows it', async () => {
    const file = bench.file('grows.txt', upTo(6000));
    const running = started(file, '--for', '60');
    await until(running, '20.524');
    expect(running.said.out).not.toContain('bug: ');
    appendFileSync(file, lines.slice(6000, 6402).join(''));
    expect(await until(running, 'bug: duplicate-domain')).toBeLessThan(2000);
    running.child.kill('SIGINT');
    expect(await running.code).toBe(130);
    expect(running.said.out).toMatch(/^attaches: \d+$/m);
  });

  it('that is cut off or replaced is read from its beginning, as a new trace', async () => {
    const file = bench.file('changes.txt', upTo(4000));
    const running = started(file, '--json');
    await until(running, '"attach"');
    await sleep(400);
    writeFileSync(file, upTo(200));
    await until(running, '"what":"again","why":"cut off"');
    await sleep(400);
    renameSync(bench.file('other.txt', upTo(300)), file);
    await until(running, '"what":"again","why":"replaced"');
    await sleep(400);
    running.child.kill('SIGINT');
    expect(await running.code).toBe(130);
    expect(JSON.parse(running.said.out.trimEnd().split('\n').at(-1)!)).toMatchObject({ what: 'sum', lines: 4500 });
  });

  it('is watched from its end on with --new, from a whole line on, and ends by itself with --for', async () => {
    const file = bench.file('new.txt', `${upTo(8000)}${lines[8000]!.slice(0, 30)}`);
    const running = started(file, '--new', '--for', '4', '--json');
    await sleep(2500);
    appendFileSync(file, `${lines[8000]!.slice(30)}${lines.slice(8001).join('')}`);
    expect(await running.code).toBe(1);
    const sum = JSON.parse(running.said.out.trimEnd().split('\n').at(-1)!) as object;
    expect(sum).toMatchObject({
      lines: lines.length - 8001,
      findings: [
        { level: 'bug', count: 1 },
        { level: 'contract', count: 1 },
      ],
    });
  });

  it.each([
    ['that is not there', ['nowhere.txt'], 'nowhere.txt: expected a file with a trace, found nothing there'],
    ['that is a folder', ['.'], '.: expected a file with a trace, found a folder'],
    ['for no time', ['-', '--for', 'ever'], 'expected seconds behind --for, found ever'],
  ])('%s is a message', async (_, argv, message) => {
    const { code, err } = await bench.attachlab('watch', ...argv);
    expect(code).toBe(2);
    expect(err).toContain(`attachlab: ${message}\n`);
  });
});
