// The text of tracefs in the variants its options, clocks and kernels give, and whole recordings of real kernels.
import { describe, expect, it } from 'vitest';
import { recordedNames } from '../../support/recorded.ts';
import { eventsIn, readAll, readText, traceBytes } from '../../support/traces.ts';

/** Time, cpu, pid, comm, name, text of the one event of a line. */
const event = async (line: string): Promise<unknown[]> => {
  const { tokens } = await readText(`# tracer: nop\n${line}\n`);
  return tokens.map((token) => {
    if (token.kind !== 'line') return token.kind === 'unread' ? `unread: ${token.why}` : token;
    return [token.time, token.cpu, token.pid, token.comm, token.name, token.text].join('|');
  });
};

describe('lines', () => {
  it.each([
    ['as 6.12 prints', '            init-1       [001] .....     3.492448: map: IOMMU: size=1', '3492448000|1|1|init|map|IOMMU: size=1'],
    ['record-tgid', '            init-1       (      1) [001] .....     3.492448: map: x', '3492448000|1|1|init|map|x'],
    ['no tgid known', '            init-1       (-------) [001] d.h1.     3.492448: map: x', '3492448000|1|1|init|map|x'],
    ['no irq-info', '            init-1       [001]     3.492448: map: x', '3492448000|1|1|init|map|x'],
    ['four flags (before 5.17)', '            init-1       [001] d..1     3.492448: map: x', '3492448000|1|1|init|map|x'],
    ['flags without a blank', '            init-1       [001] d..2.12345.678901: map: x', '12345678901000|1|1|init|map|x'],
    ['clock counter', '            init-1       [001] .....          1234: map: x', '1234|1|1|init|map|x'],
    ['clock x86-tsc without flags', '            init-1       [001] 98765432109876: map: x', '98765432109876|1|1|init|map|x'],
    ['nanoseconds', '            init-1       [001] .....     3.492448123: map: x', '3492448123|1|1|init|map|x'],
    ['a comm with blanks', '      CPU 0/KVM a-77      [012] .....     3.000001: map: x', '3000001000|12|77|CPU 0/KVM a|map|x'],
    ['a comm with dashes', '   a-1-b-2-77      [012] .....     3.000001: map: x', '3000001000|12|77|a-1-b-2|map|x'],
    ['a comm with brackets', '   [x] [001] -77      [012] .....     3.000001: map: x', '3000001000|12|77|[x] [001] |map|x'],
    ['an unknown comm', '           <...>-77      [1012] .....     3.000001: map: x', '3000001000|1012|77|<...>|map|x'],
    ['no text', '            init-1       [001] .....     3.492448: map:', '3492448000|1|1|init|map|'],
    [
      'a system call',
      '  a-1  [001] .....     3.000001: sys_ioctl(fd: b, cmd: 3b71, arg: ffff)',
      '3000001000|1|1|a|sys_ioctl|(fd: b, cmd: 3b71, arg: ffff)',
    ],
    [
      'a system call of 6.18',
      '  a-1  [001] .....     3.000001: sys_ioctl(fd: 0xb, cmd: 0x0)',
      '3000001000|1|1|a|sys_ioctl|(fd: b, cmd: 0)',
    ],
    ['its return', '  a-1  [001] .....     3.000001: sys_ioctl -> 0xffffffffffffffea', '3000001000|1|1|a|sys_ioctl|-> 0xffffffffffffffea'],
    ['a marker', '  a-1  [001] .....     3.000001: tracing_mark_write: begin: a [b]', '3000001000|1|1|a|tracing_mark_write|begin: a [b]'],
    [
      'the function tracer',
      '  a-1  [001] .....     3.000001: iommu_get <-vfio [vfio]',
      '3000001000|1|1|a|function|iommu_get <-vfio [vfio]',
    ],
    ['a stack', '  a-1  [001] .....     3.000001: <stack trace>', '3000001000|1|1|a|kernel_stack|<stack trace>'],
    ['a carriage return', '  a-1  [001] .....     3.000001: map: x\r', '3000001000|1|1|a|map|x'],
  ])('%s', async (_, line, found) => {
    expect(await event(line)).toEqual([found]);
  });

  it.each([
    ['words', 'unread: no line of tracefs'],
    ['  a-1  [001] .....     3.000001: ???', 'unread: an event without a name'],
  ])('%s: %s', async (line, found) => {
    expect(await event(line)).toEqual([found]);
  });

  it.each([
    ['CPU:2 [LOST 13 EVENTS]', { kind: 'lost', line: 2, cpu: 2, count: 13 }],
    ['CPU:2 [LOST EVENTS]', { kind: 'lost', line: 2, cpu: 2, count: null }],
    ['# entries-in-buffer/entries-written: 20/120   #P:3', { kind: 'lost', line: 2, cpu: null, count: 100 }],
  ])('%s', async (line, token) => {
    expect((await readText(`# tracer: nop\n${line}\n`)).tokens).toEqual([token]);
  });

  it('says nothing of headings, empty lines and frames of stacks', async () => {
    const { tokens, counts } = await readText('# tracer: nop\n#\n\n##### CPU 2 buffer started ####\n => iommu_map+0x1/0x2\n');
    expect(tokens).toEqual([]);
    expect(counts).toEqual({ lines: 5, events: 0, lost: 0, unread: 0, other: 5, unfinished: false });
  });
});

/** Lines of each, twelve of them headings. */
const recorded: readonly (readonly [string, number])[] = [
  ['6.1-arm64-smmuv3x3-basic', 8833],
  ['6.1-arm64-smmuv3x3-memory', 4846],
  ['6.1-x86_64-intel-basic', 7837],
  ['6.1-x86_64-intel-conc', 13531],
  ['6.1-x86_64-intel-memory', 4312],
  ['6.1-x86_64-intel_noir-basic', 6158],
  ['6.1-x86_64-intel_rmrr-basic', 5982],
  ['6.12-arm64-smmuv3x3-basic', 11245],
  ['6.12-arm64-smmuv3x3-conc', 10599],
  ['6.12-arm64-smmuv3x3-memory', 3500],
  ['6.12-x86_64-intel-basic', 9341],
  ['6.12-x86_64-intel-conc', 8843],
  ['6.12-x86_64-intel-memory', 4300],
  ['6.12-x86_64-intel_sc-basic', 8004],
  ['6.12-x86_64-virtio-basic', 7268],
  ['6.12custom-arm64-smmuv3x3-failnth_conc', 4490],
  ['6.12custom-x86_64-intel-failnth', 8808],
  ['6.12custom-x86_64-intel-failnth_fd', 5840],
  ['6.12custom-x86_64-intel-iommufd', 4945],
];

describe('recordings of real kernels', () => {
  it('are all here', () => {
    expect(recorded.map(([name]) => name)).toEqual(recordedNames);
  });

  it.each(recorded)('reads every line of %s', async (name, lines) => {
    const { format, tokens, counts } = await readAll(traceBytes(`${name}.trace`));
    expect(format).toBe('tracefs');
    expect(counts).toEqual({ lines, events: lines - 12, lost: 0, unread: 0, other: 12, unfinished: false });
    expect(eventsIn(tokens).map(({ line }) => line)).toEqual(Array.from({ length: lines - 12 }, (_, index) => index + 13));
  });

  it('keeps the text of probes as printed', async () => {
    const { tokens } = await readAll(traceBytes('6.1-arm64-smmuv3x3-memory.trace'));
    expect(tokens.find(({ line }) => line === 502)).toEqual({
      kind: 'line',
      line: 502,
      time: 32621945000,
      cpu: 2,
      pid: 712,
      comm: 'squeezed',
      name: 'r_iommu_attach_group',
      text: '(vfio_iommu_type1_attach_group+0x150/0xafc [vfio_iommu_type1] <- iommu_attach_group) ret=0',
    });
  });
});
