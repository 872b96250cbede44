// Recordings on the command line: imported, told, audited, compared with the model, made into scenarios; and what cannot be read is said.

import { mkdirSync, symlinkSync } from 'node:fs';
import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openRecording } from '../../src/recordings/trace/recording.ts';
import { openBench } from '../support/commandLine.ts';

const { attachlab, file, fed } = openBench('recordings');
const recorded = (name: string): string => resolve(`test/recordings/recorded/${name}.tar.gz`);
const failnth = recorded('6.12custom-x86_64-intel-failnth');

describe('import', () => {
  it('keeps a recording as a run that other commands read', async () => {
    const { code, out } = await attachlab('import', failnth, '--store', 'runs.sqlite');
    expect([code, out.split('\n').slice(1, 3)]).toEqual([
      0,
      ['  linux 6.12.117-faultinject, of the series of 6.12.y', '  8808 lines of tracefs: 8796 events, 0 places where events were lost, 0'],
    ]);
    const audited = await attachlab('audit', 'r1', '--store', 'runs.sqlite', '--json');
    const { findings } = JSON.parse(audited.out) as { findings: { id: string; at: number; line: number; evidence: { kind: string } }[] };
    expect(audited.code).toBe(1);
    expect(findings.map(({ id }) => id).filter((id) => id.startsWith('duplicate'))).toEqual(
      [2040, 2041, 2042, 2043, 2044, 2045].map((c) => `duplicate-domain:c${c}/c${c}.d1`),
    );
    expect([findings[0]!.line, findings[0]!.evidence.kind]).toEqual([6398, 'recorded']);
    const replayed = await attachlab('replay', 'r1', '--at', String(findings[0]!.at), '--store', 'runs.sqlite');
    const shown = replayed.out.split('\n').map((line) => line.trim().replace(/ +/g, ' '));
    expect(shown).toContain('group 11 c2040.d1 attached owner c2040');
    expect(shown.filter((line) => /^c20\d\d /.test(line) && !line.includes('closed'))).toEqual([
      'c2040 ready groups 5 11 mappings 0x1000000',
    ]);
  });

  it('a run that was exported comes back as before', async () => {
    const { out } = await attachlab('export', 'r1', '--store', 'runs.sqlite');
    const again = await attachlab('import', file('again.ndjson', out), '--store', 'runs.sqlite');
    expect([again.code, again.out]).toEqual([0, `r2: ${out.trimEnd().split('\n').length - 1} events\n`]);
  });
});

describe('attaches', () => {
  it('a duplicate says what would have done, and who refused', async () => {
    const { out } = await attachlab('attaches', failnth);
    const lines = out.split('\n');
    const at = lines.findIndex((line) => line.includes('a duplicate'));
    expect(lines.slice(at - 3, at + 2)).toEqual([
      'line 6240   20.535473  thread-680  c2040  group 11',
      '      kept its own domain: 1 existing domain refused it (-ENOMEM), on',
      '      c2040.d1',
      '      a duplicate: c2040.d0 would have done, domain_attach_iommu() gave',
      '      -ENOMEM, which says nothing of it',
    ]);
  });

  it('reads standard input', async () => {
    const line = ' vm-1 [000] ..... 1.000001: attach_device_to_domain: IOMMU: device=0000:00:10.0\n';
    const { code, out } = await fed(line, 'attaches', '-');
    expect([code, out.split('\n')[0]]).toEqual([0, 'stdin: 0 attaches']);
  });
});

describe('conform', () => {
  it('something assumed is no plain pass', async () => {
    const { code, out } = await attachlab('conform', recorded('6.1-x86_64-intel_noir-basic'));
    expect([code, out.split('\n')[0]]).toEqual([3, '6.1-x86_64-intel_noir-basic.tar.gz: conforms given 1 assumed attribute']);
  });

  it('what a mark in the trace says is read', async () => {
    const { code, out } = await attachlab('conform', recorded('6.12-x86_64-intel_sc-basic'));
    expect([code, out.split('\n')[0]]).toEqual([0, '6.12-x86_64-intel_sc-basic.tar.gz: conforms, 0 assumed']);
    expect(out.replace(/\n +/g, ' ')).toMatch(
      /read from marks in the trace device\/0000:05:02.0: boundDriver = virtio-pci \(line \d+\); in partner_in_use:try/,
    );
  });

  it('takes the log of calls as gzip, named or in its folder', async () => {
    const parts = await openRecording(recorded('6.1-x86_64-intel-memory'));
    mkdirSync(file('packed'));
    for (const part of parts.parts.keys()) {
      const isPacked = part === 'calls.jsonl' || part === 'dmesg.txt';
      const text = parts.text(part)!;
      file(isPacked ? `packed/${part}.gz` : `packed/${part}`, isPacked ? gzipSync(text) : text);
    }
    const words = 'conforms, 0 assumed';
    expect((await attachlab('conform', 'packed')).out.split('\n')[0]).toBe(`packed: ${words}`);
    const named = await attachlab('conform', 'packed/trace.txt', '--topology', 'packed/topology.txt', '--calls', 'packed/calls.jsonl.gz');
    expect(named.out.split('\n')[0]).toBe(`trace.txt: ${words}`);
    file('packed/calls.jsonl.gz', gzipSync(parts.text('calls.jsonl')!).subarray(0, 900));
    const { code, err } = await attachlab('conform', 'packed');
    expect([code, err.split('\n')[0]]).toEqual([
      2,
      `attachlab: calls.jsonl.gz: expected whole gzip data of at most ${2 ** 28} bytes, found "unexpected end of file"`,
    ]);
    const missing = await attachlab('conform', 'packed', '--calls', 'none.jsonl');
    expect([missing.code, missing.err.split('\n')[0]]).toEqual([2, 'attachlab: none.jsonl: cannot be read: ENOENT']);
  });

  it('another machine is refused', async () => {
    const other = resolve('test/recordings/topologies/6.12-x86_64-virtio-basic.txt');
    const { code, err } = await attachlab('conform', recorded('6.12-x86_64-intel-memory'), '--topology', other);
    const told = 'attachlab: expected the machine that was recorded, found 6.12-x86_64-virtio-basic, which has no group 11';
    expect([code, err.split('\n')[0]]).toEqual([2, told]);
  });

  it('another machine is told by a device that is in another group of it', async () => {
    const other = resolve('test/recordings/topologies/6.12-x86_64-virtio-basic.txt');
    const { out } = await attachlab('attaches', recorded('6.12-x86_64-intel-basic'), '--topology', other);
    expect(out).toMatch(
      /\n {2}line \d+ {2}0000:00:00.0 is in group 0 here, and in group 5 of the machine\n +given: another one, or it moved\n/,
    );
  });

  it('a link in a folder is the file that it leads to', async () => {
    const parts = await openRecording(recorded('6.12-x86_64-intel-memory'));
    mkdirSync(file('linked'));
    for (const part of parts.parts.keys()) {
      file(`linked-${part}`, parts.bytes(part)!);
      symlinkSync(`../linked-${part}`, file(`linked/${part}`));
    }
    const { code, out } = await attachlab('conform', 'linked');
    expect([code, out.split('\n')[0]]).toEqual([0, 'linked: conforms, 0 assumed']);
  });

  it('a trace without a machine is refused', async () => {
    const trace = resolve('test/recordings/repro/trace.txt.gz');
    const { code, err } = await attachlab('conform', trace);
    expect([code, err.split('\n')[0]]).toEqual([2, 'attachlab: expected the machine that was recorded, found no topology.txt']);
  });
});

describe('scenario', () => {
  it('what led to a line runs to the recorded results', async () => {
    const { code, out } = await attachlab('scenario', '--from', `${failnth}@6398`);
    expect(code).toBe(0);
    const ran = await attachlab('run', file('line.yaml', out), '--no-store');
    expect(ran.out).toContain('bug: duplicate-domain, c2040/c2040.d1');
  });

  it('explore searches around it', async () => {
    const { code, out } = await attachlab('explore', '--from', `${failnth}@6398`, '--no-shrink');
    expect([code, out.split('\n')[0]]).toEqual([1, '6.12custom-x86_64-intel-failnth.tar.gz-fn_second-6398: vfio-type1 on 6.12.y']);
    const [, token, again] = /^token: (\S+)\nagain: attachlab (.*)$/m.exec(out)!;
    const replayed = await attachlab(...again!.replace('TOKEN', token!).split(' '), '--store', 'again.db');
    expect(replayed.code).toBe(1);
    expect(replayed.out).toContain('bug: duplicate-domain, c2040/c2040.d1');
  });

  it('of a session by its name, and its token again', async () => {
    const { out } = await attachlab('explore', '--from', failnth, '--session', 'fn_set_container', '--json');
    const { counterexamples, verdict } = JSON.parse(out);
    expect(verdict.scenario).toBe('6.12custom-x86_64-intel-failnth.tar.gz-fn_set_container');
    const replayed = await attachlab('replay', counterexamples[0].token, `${failnth}@fn_set_container`, '--store', 'again.db');
    expect([replayed.code, replayed.err]).toEqual([1, '']);
    const { out: same } = await attachlab('scenario', '--from', `${failnth}@fn_set_container`);
    expect(same).toBe((await attachlab('scenario', '--from', failnth, '--session', 'fn_set_container')).out);
  });
});

describe('errno', () => {
  it('takes call, kernel and errno from a line of a recording, and says who refused', async () => {
    const { code, out } = await attachlab('errno', '--recording', `${failnth}@6390`);
    expect([code, out.split('\n').slice(0, 3)]).toEqual([
      0,
      [
        'recorded: domain_attach_iommu gave -ENOMEM for 0000:04:00.0 on c2040.d0',
        '',
        '-ENOMEM from VFIO_GROUP_SET_CONTAINER, model of linux 6.12.117',
      ],
    ]);
  });

  it('leaves one cause with the machine that was recorded', async () => {
    const topology = resolve('test/recordings/topologies/6.1-x86_64-intel_noir-basic.txt');
    const { out } = await attachlab('errno', '--recording', `${recorded('6.1-x86_64-intel_noir-basic')}@130`, '--topology', topology);
    expect(out.split('\n')[0]).toBe('-EPERM from VFIO_SET_IOMMU, model of linux 6.1.192');
    expect(out.trimEnd().split('\n').at(-1)).toBe('1 of 2 causes left.');
  });

  it('a call that did not fail is no answer', async () => {
    const { code, err } = await attachlab('errno', '--recording', `${failnth}@20`);
    expect([code, err.split('\n')[0]?.startsWith('attachlab: expected a failed call there, found none at')]).toEqual([2, true]);
  });
});

describe('what cannot be read', () => {
  it.each([
    ['nothing there', ['attaches', 'nowhere'], 'expected a stored run or a recording, found no nowhere'],
    ['a file that is no trace', ['attaches', resolve('package.json')], `${resolve('package.json')}: expected a trace (`],
    ['a line that is not there', ['scenario', '--from', `${failnth}@1`], 'expected a line of a call of the recording, found line 1'],
    ['neither a scenario nor a recording', ['explore'], 'expected a scenario file or --from RECORDING@LINE, found neither'],
  ])('%s', async (_, argv, message) => {
    const { code, err } = await attachlab(...argv);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});
