// A redacted recording says the same of attach and detach, and names nobody.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conformReport } from '../../src/cli/conformed.ts';
import type { Event } from '../../src/core/events.ts';
import { attachesOf } from '../../src/detect/attaches.ts';
import { audit, detectors } from '../../src/detect/audit.ts';
import { recordedProbe } from '../../src/detect/recordedProbe.ts';
import { readRecording } from '../../src/recordings/readRecording.ts';
import { redact } from '../../src/recordings/redact/redact.ts';
import { prefixOf } from '../../src/recordings/trace/formats/tracefs.ts';
import { readTrace } from '../../src/recordings/trace/readTrace.ts';
import { openRecording, type Recording } from '../../src/recordings/trace/recording.ts';
import { profiles, recordedFile } from '../support/recorded.ts';
import { printed as printedFormats } from '../support/traceFormats.ts';
import { inPieces } from '../support/traces.ts';

const seed = Number(process.env.SEED ?? 20_261_130);

const textsOf = async (name: string): Promise<ReadonlyMap<string, string>> => {
  const recording = await openRecording(recordedFile(name));
  return new Map([...recording.parts.keys()].map((part) => [part, recording.text(part)!]));
};

const recordingOf = (name: string, texts: ReadonlyMap<string, string>): Recording => ({
  name,
  parts: new Map([...texts].map(([part, text]) => [part, text.length])),
  trace: (part = 'trace.txt') => readTrace({ name, bytes: inPieces(Buffer.from(texts.get(part)!)) }),
  text: (part) => texts.get(part),
  bytes: (part) => (texts.has(part) ? Buffer.from(texts.get(part)!) : undefined),
});

/** Tasks are named by process name and number; the number stays. */
const withoutTasks = (value: unknown): unknown => JSON.parse(JSON.stringify(value).replaceAll(/"[^"]{1,16}-(\d+'?)"/g, '"task-$1"'));

const saidOf = async (name: string, texts: ReadonlyMap<string, string>) => {
  const events: Event[] = [];
  const read = await readRecording(recordingOf(name, texts), { profiles }, (event) => events.push(event));
  const attaches = attachesOf(events);
  const findings = audit(events, recordedProbe, detectors);
  const conforms = conformReport(read, events);
  return { counts: [attaches.attaches.length, findings.length, conforms.compared], said: withoutTasks({ attaches, findings, conforms }) };
};

const pointers = (text: string): string[] => text.match(/ff[0-9a-f]{14}/g)?.filter((found) => found < 'fffffffffffff001') ?? [];

const all = (texts: ReadonlyMap<string, string>): string => [...texts.values()].join('\n');

const commsIn = (trace: string): Set<string> => new Set(trace.split('\n').flatMap((line) => prefixOf(line)?.comm ?? []));

describe('a redacted recording', { timeout: 120_000 }, () => {
  it.each(['6.12custom-x86_64-intel-failnth', '6.12custom-x86_64-intel-iommufd', '6.12-x86_64-intel-conc', '6.1-arm64-smmuv3x3-memory'])(
    '%s says the same of attaches, audit and conform',
    async (name) => {
      const texts = await textsOf(name);
      const { parts } = redact(texts, name);
      const before = await saidOf(name, texts);
      const after = await saidOf(name, parts);
      expect(after).toEqual(before);
      expect(before.counts.every((count) => typeof count !== 'number' || count > 0)).toBe(true);
    },
  );

  /** The same trace as another tool prints it. */
  const asPrintedBy = async (name: string, format: string): Promise<ReadonlyMap<string, string>> => {
    const texts = await textsOf(name);
    const { first, print } = printedFormats.find((one) => one.format === format)!;
    const lines: string[] = first === '' ? [] : [first];
    for await (const tokens of (await recordingOf(name, texts).trace()).tokens)
      for (const token of tokens) if (token.kind === 'line') lines.push(print(token));
    return new Map([...texts, ['trace.txt', `${lines.join('\n')}\n`]]);
  };

  it.each(['perf script', 'bpftrace -f json'])('of %s says the same, marks included', async (format) => {
    const texts = await asPrintedBy('6.12-x86_64-intel_sc-basic', format);
    const { parts } = redact(texts, 'made');
    const before = await saidOf('made', texts);
    expect(await saidOf('made', parts)).toEqual(before);
    expect(before.counts).toEqual([72, 18, 287]);
    const said = parts.get('trace.txt')!;
    expect(said).not.toMatch(/iommux|init: /);
    const known = new Set(pointers(texts.get('trace.txt')!));
    expect([known.size, pointers(said).filter((found) => known.has(found))]).toEqual([95, []]);
  });

  it('names no address, process or builder that it named', async () => {
    const texts = await textsOf('6.12custom-x86_64-intel-iommufd');
    const { parts, replaced } = redact(texts, 'made');
    const known = new Set(pointers(all(texts)));
    expect(pointers(all(parts)).filter((found) => known.has(found))).toEqual([]);
    const comms = commsIn(texts.get('trace.txt')!);
    expect([...commsIn(parts.get('trace.txt')!)].filter((comm) => comms.has(comm))).toEqual(['<idle>']);
    expect(all(parts)).not.toMatch(/iommux|builder|localhost/);
    expect(replaced).toEqual({ addresses: 88, comms: 12, hosts: 1, others: 7 });
  });

  it('keeps its columns and the order of addresses', async () => {
    const texts = await textsOf('6.12custom-x86_64-intel-failnth');
    const [before, after] = [texts, redact(texts, 'made').parts].map((found) => found.get('trace.txt')!.split('\n')) as [
      string[],
      string[],
    ];
    const bracket = (line: string): number => line.indexOf('[');
    expect(after.map(bracket)).toEqual(before.map(bracket));
    const ranks = (lines: readonly string[]): number[] => {
      const found = lines.flatMap(pointers);
      const sorted = [...new Set(found)].sort();
      return found.map((address) => sorted.indexOf(address));
    };
    expect(ranks(after)).toEqual(ranks(before));
  });
});

const trace = (...rest: readonly string[]): string =>
  rest.map((text, at) => `           sh-7     [001] .....    ${at}.000001: ${text}\n`).join('');

describe('one line', () => {
  const redacted = (part: string, text: string): string | undefined => redact(new Map([[part, text]]), 'made').parts.get(part);
  it.each([
    [
      'trace.txt',
      trace('p_x: (iommu_attach_group+0x0/0x9) dom=0xffff888001234567 gid="14"'),
      't1-7     [001] .....    0.000001: p_x: (iommu_attach_group+0x0/0x9) dom=0xfffe000000001000 gid="14"',
    ],
    ['trace.txt', trace('r_x: (a+0x1/0x9 <- iommu_domain_alloc) ret=0xfffffffffffffff4'), 'ret=0xfffffffffffffff4'],
    ['trace.txt', trace('sched_process_exec: filename=/home/me/run pid=7'), 'sched_process_exec: left out\n'],
    ['trace.txt', trace('tracing_mark_write: secret: 0000:05:02.0 given to virtio-pci'), ': 0000:05:02.0 given to virtio-pci\n'],
    [
      'trace.txt',
      'sh 7 [000] 1.000001: kprobes:p_x: (ffffffffa5ed4770) dom=0xff2b461801ad3410 path="/root/key"\n',
      't1 7 [000] 1.000001: kprobes:p_x: (fffe000000002000) dom=0xfffe000000001000 path="left out"\n',
    ],
    [
      'trace.txt',
      'sh 7 [000] 1.000001: sched:sched_process_exec: filename=/home/me pid=7\n',
      't1 7 [000] 1.000001: sched:sched_process_exec: left out\n',
    ],
    [
      'trace.txt',
      'sh 7 [000] 1.000001: syscalls:sys_enter_openat: dfd: 0x1, filename: "/root"\n',
      't1 7 [000] 1.000001: syscalls:sys_enter_openat: \n',
    ],
    [
      'trace.txt',
      'sh 7 [000] 1.0: a:unmap: IOMMU: size=1\n\tffffffffa5ed4771 vfs_read+0x1 ([kernel.kallsyms])\n\t 7b7a0 main (/home/me/run)\n',
      '\n\tfffe000000001000 vfs_read+0x1 ([kernel.kallsyms])\n\t0 left out\n',
    ],
    [
      'trace.txt',
      'sh 7 [000] 1.0: PERF_RECORD_MMAP2 7/7: [0x1(0x2) @ 0]: r--p /home/me/run\nsh 7 [000] 1.0: PERF_RECORD_LOST lost 12\n',
      't1 7 [000] 1.0: PERF_RECORD_MMAP2\nt1 7 [000] 1.0: PERF_RECORD_LOST lost 12\n',
    ],
    [
      'trace.txt',
      '{"type": "printf", "data": "sh-7 [000] 1.0: p_x: (a+0x0/0x0) s=\\"key\\"\\n"}\n',
      '{"type": "printf", "data": "t1-7 [000] 1.0: p_x: (a+0x0/0x0) s=\\"left out\\"\\n"}\n',
    ],
    [
      'trace.txt',
      '{"type": "lost_events", "data": {"events": 5}}\n{"type": "map", "data": {"@": {"me": 1}}}\n',
      '{"type": "lost_events", "data": {"events":5}}\n{"type": "map", "data": ""}\n',
    ],
    ['trace.txt', trace('tracing_mark_write: secret'), 'tracing_mark_write: left out\n'],
    ['trace.txt', trace('p_open: (do_sys_open+0x0/0x9) name="secret" dev="0000:00:01.0"'), 'name="left out" dev="0000:00:01.0"'],
    ['trace.txt', trace('sys_openat(dfd: ffffff9c, filename: 7ffd "/root/key")'), 'sys_openat()\n'],
    [
      'cmdline.txt',
      'BOOT_IMAGE=/vm/linux root=UUID=12-34 intel_iommu=on quiet\n',
      'BOOT_IMAGE=v00000001 root=v000000002 intel_iommu=on quiet\n',
    ],
    ['uname.txt', 'Linux build7 6.12.1 #1 SMP x86_64\n', 'Linux h00001 6.12.1 #1 SMP x86_64\n'],
    [
      'trace.txt',
      `cpus=2\n${trace('p_x:                  (iommu_attach_group+0x0/0x9) dom=0xffff888001234567', 'sched_switch:         me')}`,
      'p_x:                  (iommu_attach_group+0x0/0x9) dom=0xfffe000000001000\n           t1-7     [001] .....    1.000001: sched_switch:         left out\n',
    ],
    [
      'topology.txt',
      '/sys/kernel/iommu_groups/0/type\tDMA\n/proc/cmdline\troot=/dev/sda\n/etc/hostname\tme\n',
      '/sys/kernel/iommu_groups/0/type\tDMA\n/proc/cmdline\troot=v0000001\n',
    ],
    ['calls.jsonl', '{"t_ns":1,"op":"open","arg":"/home/me/x","user":"me"}\n', '{"t_ns":1,"op":"open","arg":"/p00000001"}\n'],
    [
      'dmesg.txt',
      '[    1.0] me: hello\n[    2.0] pci 0000:00:01.0: Adding to iommu group 3\n',
      '[    2.0] pci 0000:00:01.0: Adding to iommu group 3\n',
    ],
  ])('of %s: %s', (part, text, expected) => {
    expect(redacted(part, text)).toContain(expected);
  });

  it('of a part that nobody knows is left out, and the part is named', () => {
    const { parts, leftOut } = redact(
      new Map([
        ['notes.txt', 'me'],
        ['trace.txt', trace('p_x: (a+0x0/0x9)')],
      ]),
      'made',
    );
    expect([[...parts.keys()], leftOut]).toEqual([['trace.txt'], ['notes.txt']]);
  });
});

describe(`a generated recording, seed ${seed}`, () => {
  const letters = (alphabet: string, maxLength: number) =>
    fc.array(fc.constantFrom(...alphabet), { minLength: 2, maxLength }).map((found) => found.join(''));
  const comm = letters('QXZJ-t0[] ', 15).map((name) => `Q${name.trim()}`.slice(0, 15));
  const address = fc.bigInt({ min: 0xff00_0000_0000_0000n, max: 0xffff_ffff_ffff_f000n }).map((value) => value.toString(16));
  const event = fc.record({ comm, pid: fc.integer({ min: 1, max: 99_999 }), address });
  const host = letters('WYhv0', 12).map((name) => `W${name}`);

  it('names no address, process or host of what it was made from', () => {
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 30 }), host, (events, machine) => {
        const lines = events.map(
          (each, at) =>
            `${each.comm.padStart(16)}-${String(each.pid).padEnd(7)} [000] ..... ${at}.000000: p_x: (iommu_attach_group+0x0/0x9) dom=0x${each.address}\n`,
        );
        const texts = new Map([
          ['trace.txt', lines.join('')],
          ['uname.txt', `Linux ${machine} 6.12.0 #1\n`],
        ]);
        const { parts } = redact(texts, 'made');
        const said = all(parts);
        const found = commsIn(parts.get('trace.txt')!);
        for (const each of events) {
          expect(said).not.toContain(each.address);
          expect(found.has(prefixOf(lines[0]!)!.comm)).toBe(false);
          expect(found.has(each.comm)).toBe(false);
        }
        expect(said).not.toContain(machine);
        expect(found.size).toBe(commsIn(lines.join('')).size);
        expect(redact(texts, 'made').parts).toEqual(parts);
      }),
      { seed, numRuns: 300 },
    );
  });
});
