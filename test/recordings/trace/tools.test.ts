// What trace-cmd, perf and bpftrace print, line by line and on real output; formats mixed in one input.
import { describe, expect, it } from 'vitest';
import { textFormats } from '../../../src/recordings/trace/formats.ts';
import type { Token } from '../../../src/recordings/trace/token.ts';
import { readAll, readText, traceFile } from '../../support/traces.ts';

const said = (token: Token): string => {
  if (token.kind === 'unread') return `unread: ${token.why}`;
  if (token.kind === 'lost') return `lost ${token.count} of CPU ${token.cpu}`;
  return `${token.time} ${token.cpu} ${token.comm}-${token.pid} ${token.name} ${token.text}`;
};

const read = async (first: string, line: string): Promise<string[]> => {
  const { tokens } = await readText(`${first}\n${line}\n`);
  return tokens.map(said);
};

describe('trace-cmd report', () => {
  const cpus = 'cpus=2';
  it.each([
    [
      'a probe',
      '  sh-106   [000]    13.894331: p_attach:   (ffffffffa5ed4770) type=4',
      '13894331000 0 sh-106 p_attach (0xffffffffa5ed4770) type=4',
    ],
    [
      'a return',
      '  sh-106   [000]    13.1: r_a:   (ffffffffa5ed4770 <- ffffffffa5edf2f3) ret=0',
      '13100000000 0 sh-106 r_a (0xffffffffa5edf2f3 <- 0xffffffffa5ed4770) ret=0',
    ],
    [
      'symbols',
      '  sh-106   [000]    13.1: p_attach:   (iommu_attach_group+0x0) a=1',
      '13100000000 0 sh-106 p_attach (iommu_attach_group+0x0) a=1',
    ],
    ['nanoseconds', '  sh-106   [000]    13.894331071: map:   x', '13894331071 0 sh-106 map x'],
    ['flags', '  sh-106   [000] d..1.    13.894331: map:   x', '13894331000 0 sh-106 map x'],
    ['latency format', '      sh-106     0d..1.    13.894331: map:   x', '13894331000 0 sh-106 map x'],
    ['a clock that counts', '  sh-106   [000]        4: map:   x', '4 0 sh-106 map x'],
    [
      'a mark',
      '  sh-106   [000]    13.1: print:    tracing_mark_write: phase: begin',
      '13100000000 0 sh-106 tracing_mark_write phase: begin',
    ],
    [
      'a system call',
      '  sh-106   [000]    13.1: sys_enter_ioctl:   fd: 0x00000005, cmd: 0x00003b67, arg: 0x00000000',
      '13100000000 0 sh-106 sys_ioctl (fd: 5, cmd: 3b67, arg: 0)',
    ],
    [
      'its return',
      '  sh-106   [000]    13.1: sys_exit_ioctl:   0xffffffffffffffea',
      '13100000000 0 sh-106 sys_ioctl -> 0xffffffffffffffea',
    ],
    ['a function', '  sh-106   [000]    13.1: function:   iommu_get <-- vfio', '13100000000 0 sh-106 function iommu_get <-vfio'],
    ['lost events', 'CPU:1 [145 EVENTS DROPPED]', 'lost 145 of CPU 1'],
    ['lost events without a number', 'CPU:1 [EVENTS DROPPED]', 'lost null of CPU 1'],
    ['words', 'words', 'unread: no line of trace-cmd report'],
  ])('%s', async (_, line, token) => {
    expect(await read(cpus, line)).toEqual([token]);
  });

  it.each(['CPU 0 is empty', 'cpus=2', '', ' => iommu_map (ffffffffa5ed4770)'])('%j says nothing', async (line) => {
    expect(await read(cpus, line)).toEqual([]);
  });
});

describe('perf script', () => {
  const first = '# perf';
  it.each([
    [
      'usual fields',
      '   sh   656 [000]   117.802192:  kprobes:p_a: (ffffffffa5ed4770) type=4',
      '117802192000 0 sh-656 p_a (0xffffffffa5ed4770) type=4',
    ],
    [
      'a return',
      '   sh   656 [000]   117.802475:  probe:a__return: (ffffffffa5ed4770 <- ffffffffa5edf2f3) ret=0',
      '117802475000 0 sh-656 a__return (0xffffffffa5edf2f3 <- 0xffffffffa5ed4770) ret=0',
    ],
    ['pid and thread', '   CPU 0/KVM   656/657   [000]   117.802192: iommu:map: x', '117802192000 0 CPU 0/KVM-657 map x'],
    ['no CPU', '   sh   656   117.802192: iommu:map: x', '117802192000 -1 sh-656 map x'],
    ['no time', '   sh   656 [000] iommu:map: x', '0 0 sh-656 map x'],
    ['neither', '   sh   656 iommu:map: x', '0 -1 sh-656 map x'],
    ['a period', '   sh   656 [000]   117.802192:       1 iommu:map: x', '117802192000 0 sh-656 map x'],
    ['nanoseconds', '   sh   656 [000]   117.802192174: iommu:map: x', '117802192174 0 sh-656 map x'],
    [
      'a system call',
      '   sh   656 [000]   117.1: syscalls:sys_enter_ioctl: fd: 0x00000005, cmd: 0x00003b67',
      '117100000000 0 sh-656 sys_ioctl (fd: 5, cmd: 3b67)',
    ],
    ['lost events', '   sh   656 [001]   117.1: PERF_RECORD_LOST lost 12', 'lost 12 of CPU 1'],
    ['words', 'words', 'unread: no line of perf script'],
  ])('%s', async (_, line, token) => {
    const { tokens, format } = await readText(`${first}\n  sh  1 [000]  1.000000: iommu:map: x\n${line}\n`);
    expect(format).toBe('perf script');
    expect(tokens.slice(1).map(said)).toEqual([token]);
  });
});

describe('bpftrace -f json', () => {
  const probes = '{"type": "attached_probes", "data": {"probes": 3}}';
  const printf = (data: unknown): string => JSON.stringify({ type: 'printf', data });
  it.each([
    ['a printf', printf('a-1 [001] 3.000001: p_f: (f+0x0/0x0) a=1\n'), ['3000001000 1 a-1 p_f (f+0x0/0x0) a=1']],
    [
      'several lines',
      printf('a-1 [001] 3.000001: map: x\na-1 [001] 3.000002: map: y\n'),
      ['3000001000 1 a-1 map x', '3000002000 1 a-1 map y'],
    ],
    ['other words', printf('words\n'), ['unread: no line of tracefs']],
    ['no data', printf(null), ['unread: a printf without data']],
    ['lost events', '{"type": "lost_events", "data": {"events": 7}}', ['lost 7 of CPU null']],
    ['a map', '{"type": "map", "data": {"@": 1}}', ['unread: output of bpftrace of the type map']],
    ['no type', '{"type": 5}', ['unread: output of bpftrace of the type 5']],
    ['cut off', '{"type": "printf", "data": "a-', ['unread: no line of bpftrace -f json']],
  ])('%s', async (_, line, tokens) => {
    expect(await read(probes, line)).toEqual(tokens);
  });
});

describe('real output', () => {
  it.each([
    ['perf.txt', 'perf script', { lines: 121, events: 121, other: 0 }],
    ['perf-nocpu.txt', 'perf script', { lines: 121, events: 121, other: 0 }],
    ['perf-pidtid.txt', 'perf script', { lines: 121, events: 121, other: 0 }],
    ['perf-ns.txt', 'perf script', { lines: 121, events: 121, other: 0 }],
    ['perf-tasks.txt', 'perf script', { lines: 241, events: 121, other: 120 }],
    ['perf-g.txt', 'perf script', { lines: 331, events: 22, other: 309 }],
    ['bpftrace.json', 'bpftrace -f json', { lines: 13, events: 6, unread: 4, other: 3 }],
    ['bpf-lost.json', 'bpftrace -f json', { lines: 664, events: 511, lost: 150, other: 3 }],
    ['record-tgid.trace', 'tracefs', { lines: 13, events: 1, other: 12 }],
    ['noirq.trace', 'tracefs', { lines: 7, events: 1, other: 6 }],
    ['clock-x86-tsc.trace', 'tracefs', { lines: 13, events: 1, other: 12 }],
    ['clock-counter.trace', 'tracefs', { lines: 13, events: 1, other: 12 }],
    ['latency.trace', 'tracefs', { lines: 19, events: 1, other: 18 }],
    ['function.trace', 'tracefs', { lines: 125, events: 113, other: 12 }],
  ])('%s', async (name, format, wanted) => {
    const { format: found, counts } = await readAll(traceFile(`6.1-x86_64-vm-${name}`));
    expect(found).toBe(format);
    expect(counts).toEqual({ lost: 0, unread: 0, unfinished: false, ...wanted });
  });
});

describe('formats mixed in one input', () => {
  it('names the format of a line that is not read', async () => {
    const { format, tokens } = await readText(
      '# tracer: nop\n  a-1  [001] .....     3.000001: map: x\n   sh   656 [000]   117.802192: iommu:map: x\n{"type": "time", "data": "1"}\n',
    );
    expect(format).toBe('tracefs');
    expect(tokens.slice(1).map(said)).toEqual([
      'unread: a line of perf script in a trace of tracefs',
      'unread: a line of bpftrace -f json in a trace of tracefs',
    ]);
  });
});

/** Each once brought an expression to try all ways of taking the line apart. */
const made: readonly string[] = [
  ' ',
  '1',
  '1 ',
  'a-1 ',
  '[',
  'a-1 [001] ',
  '| ',
  'aaaa |',
  '\t',
  'a: ',
  '1.1 us ',
  'a(',
  'a() {',
  '/* ',
  '-1',
  '=',
  'sys_a(',
];
const begun: readonly string[] = [
  '',
  'a-1 [001] 1.1: ',
  ' 1)  | ',
  ' 1)  | f() { ',
  ' 1)  | } /* ',
  'sh 1 [000] 1.1: ',
  ' 1) ',
  '{"type":',
];

describe('a line of 16 000 characters', () => {
  it('takes no format long', () => {
    const start = process.cpuUsage();
    for (const format of textFormats) {
      for (const beginning of begun) {
        for (const part of made) {
          const line = (beginning + part.repeat(16_000 / part.length)).slice(0, 16_000);
          format.fits(line);
          format.reader()(line, 1, []);
        }
      }
    }
    // Some 1 400 readings, a tenth of a second in all; one that goes wrong takes minutes.
    expect(process.cpuUsage(start).user).toBeLessThan(20_000_000);
  });
});
