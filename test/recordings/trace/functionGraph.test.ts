// Trees of function_graph with the columns that the options leave, on real traces and line by line.
import { describe, expect, it } from 'vitest';
import type { Token } from '../../../src/recordings/trace/token.ts';
import { eventsIn, readAll, readText, traceFile } from '../../support/traces.ts';

const header = '# tracer: function_graph\n#\n';

const said = (tokens: readonly Token[]): string[] =>
  tokens.map((token) => {
    if (token.kind !== 'line') return token.kind === 'unread' ? `unread: ${token.why}` : `lost ${token.count} of CPU ${token.cpu}`;
    return `${token.time} ${token.cpu} ${token.comm}-${token.pid} ${token.name} ${token.text}`;
  });

const read = async (lines: readonly string[]): Promise<string[]> => said((await readText(`${header}${lines.join('\n')}\n`)).tokens);

describe('columns', () => {
  const entry = 'funcgraph_entry (f+0x0/0x0)';
  it.each([
    ['all', '   97.394056 |   1)   iommux-923   |               |  f() {', `97394056000 1 iommux-923 ${entry}`],
    ['a duration', '   97.394056 |   1)   iommux-923   | ! 150.335 us |  f() {', `97394056000 1 iommux-923 ${entry}`],
    ['flags', '   97.394056 |   1)   iommux-923   |  d..1. |               |  f() {', `97394056000 1 iommux-923 ${entry}`],
    ['no time', '   1)   iommux-923   |               |  f() {', `0 1 iommux-923 ${entry}`],
    ['no task', '   97.394056 |   1)               |  f() {', `97394056000 1 <...>--1 ${entry}`],
    ['by default', ' 1)               |  f() {', `0 1 <...>--1 ${entry}`],
    ['no duration', ' 1)   f() {', `0 1 <...>--1 ${entry}`],
    ['no CPU', '   97.394056 |   iommux-923   |               |  f() {', `97394056000 -1 iommux-923 ${entry}`],
    ['an idle CPU', '   97.394056 |   1)    <idle>-0    |               |  f() {', `97394056000 1 <idle>-0 ${entry}`],
  ])('%s', async (_, line, token) => {
    expect(await read([line])).toEqual([token]);
  });
});

describe('what stands in the last column', () => {
  const at = (words: string): string => `    1.000000 |   1)      a-1      |               |  ${words}`;
  const line = (name: string, text: string): string => `1000000000 1 a-1 ${name} ${text}`;
  it.each([
    ['a leaf', 'f();', [line('funcgraph_entry', '(f+0x0/0x0)'), line('funcgraph_exit', '( <- f)')]],
    ['a leaf of a module', 'f [vfio]();', [line('funcgraph_entry', '(f+0x0/0x0 [vfio])'), line('funcgraph_exit', '( <- f)')]],
    ['a value', 'f(); /* = -22 */', [line('funcgraph_entry', '(f+0x0/0x0)'), line('funcgraph_exit', '( <- f) ret=-22')]],
    ['a value of later kernels', 'f(); /* ret=0x0 */', [line('funcgraph_entry', '(f+0x0/0x0)'), line('funcgraph_exit', '( <- f) ret=0x0')]],
    ['arguments', 'f(a=0x1, b=2) {', [line('funcgraph_entry', '(f+0x0/0x0) a=0x1 b=2')]],
    ['an end with its name', '} /* f.isra.0 [vfio] = 0xffff888 */', [line('funcgraph_exit', '( <- f.isra.0) ret=0xffff888')]],
    ['an end without a beginning', '}', ['unread: the end of a function whose beginning is not in the trace']],
    [
      'an event',
      '/* attach_device_to_domain: IOMMU: device=0000:03:00.0 */',
      [line('attach_device_to_domain', 'IOMMU: device=0000:03:00.0')],
    ],
    ['a system call', '/* sys_ioctl -> 0x0 */', [line('sys_ioctl', '-> 0x0')]],
    ['a mark like a system call', '/* sys_ioctl( */', [line('tracing_mark_write', 'sys_ioctl(')]],
    ['a mark', '/* iommux phase begin */', [line('tracing_mark_write', 'iommux phase begin')]],
    ['anything else', 'words', ['unread: no line of function_graph']],
  ])('%s', async (_, words, tokens) => {
    expect(await read([at(words)])).toEqual(tokens);
  });

  it('lost events, changes of tasks and interrupts', async () => {
    const found = await read([
      'CPU:1 [LOST 12 EVENTS]',
      ' ------------------------------------------',
      ' 1)  bash-2895  =>  io mux-923 ',
      ' ------------------------------------------',
      ' 1)   ==========> |',
      ' 1)   1.000 us    |  f();',
      ' 1)   <========== |',
    ]);
    const task = '0 1 io mux-923';
    expect(found).toEqual(['lost 12 of CPU 1', `${task} funcgraph_entry (f+0x0/0x0)`, `${task} funcgraph_exit ( <- f)`]);
  });
});

describe('which function a brace closes', () => {
  it('by its depth, on each task', async () => {
    const line = (pid: number, words: string): string => `    1.000000 |   1)      a-${pid}      |               |  ${words}`;
    const found = await read([line(1, 'f() {'), line(2, 'g() {'), line(1, '  h() {'), line(2, '}'), line(1, '  }'), line(1, '}')]);
    expect(found.map((text) => text.replace(/^\S+ \S+ a-/, ''))).toEqual([
      '1 funcgraph_entry (f+0x0/0x0)',
      '2 funcgraph_entry (g+0x0/0x0)',
      '1 funcgraph_entry (h+0x0/0x0)',
      '2 funcgraph_exit ( <- g)',
      '1 funcgraph_exit ( <- h)',
      '1 funcgraph_exit ( <- f)',
    ]);
  });

  it('skips what has no end', async () => {
    const line = (words: string): string => ` 1)               |  ${words}`;
    const found = await read([line('f() {'), line('  g() {'), line('    h() {'), line('}'), line('k() {'), line('}')]);
    expect(found.map((text) => text.split(' ').slice(4).join(' '))).toEqual([
      '(f+0x0/0x0)',
      '(g+0x0/0x0)',
      '(h+0x0/0x0)',
      '( <- f)',
      '(k+0x0/0x0)',
      '( <- k)',
    ]);
  });
});

describe('real traces', () => {
  it.each([
    ['6.12custom-x86_64-intel-iommufd.graph', 2364, { entries: 1489, exits: 1489 }],
    ['6.1-x86_64-intel-basic.graph', 1500, { entries: 1019, exits: 1012 }],
    ['6.1-x86_64-vm-graph-all.graph', 172, { entries: 112, exits: 112 }],
    ['6.1-x86_64-vm-graph-default.graph', 172, { entries: 112, exits: 112 }],
  ])('%s', async (name, lines, calls) => {
    const { format, tokens, counts } = await readAll(traceFile(name));
    expect(format).toBe('function_graph');
    expect(counts).toEqual({ lines, events: lines - 4, lost: 0, unread: 0, other: 4, unfinished: false });
    const count = (wanted: string): number => eventsIn(tokens).filter((event) => event.name === wanted).length;
    expect({ entries: count('funcgraph_entry'), exits: count('funcgraph_exit') }).toEqual(calls);
  });

  it.each(['graph-all.graph', 'graph.report'])('%s says what the trace.dat says', async (name) => {
    const calls = async (part: string): Promise<string[]> =>
      eventsIn((await readAll(traceFile(`6.1-x86_64-vm-${part}`))).tokens).map((event) => `${event.pid} ${event.name} ${event.text}`);
    const found = await calls(name);
    expect(found).toHaveLength(230);
    expect(found).toEqual(await calls('graph.v6.dat'));
  });
});
