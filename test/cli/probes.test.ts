// Scripts that `attachlab probes` prints, run on a folder that stands for a machine: what they set, that they take away only their own,
// also after a signal, and that they change nothing where something is missing.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { command } from '../../src/cli/commands/probes.ts';
import { called } from '../support/called.ts';
import { openMachine } from '../support/fakeTracefs.ts';

const script = async (...argv: string[]): Promise<string> => (await called(command, argv)).out;
const shells = ['dash', 'bash'].filter((shell) => spawnSync(shell, ['-c', ':']).status === 0);

const variants = ['6.1', '6.12', '6.18'].flatMap((kernel) =>
  ['kprobe', 'trace-cmd', 'bpftrace'].flatMap((format) =>
    [[], ['--maps', '--results']].map((flags) => ['--kernel', kernel, '--format', format, ...flags]),
  ),
);

test.each([...variants, ['--snapshot']])('%s %s %s %s: a script that sh reads, 75 columns wide', async (...argv) => {
  const text = await script(...argv.filter((word) => word !== undefined));
  expect(spawnSync('sh', ['-n'], { input: text, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  expect(text.split('\n').filter((line) => line.length > 75)).toEqual([]);
});

const own = (lines: string): string[] =>
  lines
    .trim()
    .split('\n')
    .map((line) => line.replaceAll(/attachlab_\d+/g, 'G'));

const defined = [
  'p:G/p_iommu_attach_group iommu_attach_group dom=$arg1:x64 grp=$arg2:x64 gid=+0(+0($arg2)):string',
  'r:G/r_iommu_attach_group iommu_attach_group ret=$retval:s32',
  'p:G/p_iommu_detach_group iommu_detach_group dom=$arg1:x64 grp=$arg2:x64 gid=+0(+0($arg2)):string',
  // The compiler changed how this one is called: its arguments are not fetched.
  'p:G/p_device_block_translation device_block_translation.isra.0',
];
const removed = ['p_iommu_attach_group', 'r_iommu_attach_group', 'p_iommu_detach_group', 'p_device_block_translation'].map(
  (name) => `-:G/${name}`,
);

describe.each(shells)('the kprobe script in %s', (shell) => {
  it('adds its probes, records in an instance of its own, and takes away what it added', async () => {
    const machine = openMachine();
    const { code, err } = machine.run(await script('--kernel', '6.12'), ['1'], shell);
    expect({ code, err }).toMatchObject({ code: 0 });
    expect(own(machine.read('/sys/kernel/tracing/kprobe_events'))).toEqual(['p:other/mine iommu_domain_free', ...defined, ...removed]);
    expect(readdirSync(join(machine.root, 'sys/kernel/tracing/instances'))).toEqual(['other']);
    expect(machine.read('/sys/kernel/tracing/trace_clock')).toBe('[local] mono\n');
    expect(machine.read('/sys/kernel/tracing/events/iommu/enable')).toBe('0\n');
    expect(readdirSync(join(machine.folder, 'temporary'))).toEqual([]);
  });

  it('leaves one archive with the parts of a recording', async () => {
    const machine = openMachine();
    machine.run(await script('--kernel', '6.12'), ['0'], shell);
    const archive = readdirSync(machine.folder).find((name) => name.endsWith('.tar.gz'))!;
    const listed = spawnSync('tar', ['tzf', join(machine.folder, archive)], { encoding: 'utf8' }).stdout;
    const parts = [
      'cmdline',
      'dmesg',
      'kprobe_events',
      'kprobe_profile',
      'probes-status',
      'topology',
      'trace',
      'trace-stats',
      'trace_clock',
      'uname',
    ];
    expect(
      listed
        .trim()
        .split('\n')
        .map((name) => name.split('/')[1]!)
        .filter(Boolean)
        .sort(),
    ).toEqual(parts.map((part) => `${part}.txt`).sort());
    const part = (name: string) =>
      spawnSync('tar', ['xzOf', join(machine.folder, archive), `${archive.replace('.tar.gz', '')}/${name}.txt`], { encoding: 'utf8' })
        .stdout;
    expect(part('kprobe_profile')).toBe('  p_iommu_attach_group 3 0\n');
    expect(own(part('kprobe_events'))).toEqual(defined);
    expect(part('topology')).toContain('/sys/kernel/iommu_groups/5/type\tDMA\n');
    expect(part('probes-status').split('\n')).toEqual(
      expect.arrayContaining([
        'arm_smmu_attach_dev: arm_smmu_attach_dev: ambiguous, 2 of this name',
        'iommu_attach_group: iommu_attach_group: ok',
        'iommu_domain_free: not traceable in this kernel',
      ]),
    );
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('ends as it should on %s', async (signal) => {
    const machine = openMachine();
    const code = await machine.interrupted(await script('--kernel', '6.12'), 'tracing_on', signal, shell);
    expect(code).toBe(0);
    expect(own(machine.read('/sys/kernel/tracing/kprobe_events')).slice(-removed.length)).toEqual(removed);
    expect(readdirSync(join(machine.root, 'sys/kernel/tracing/instances'))).toEqual(['other']);
    expect(readdirSync(machine.folder).filter((name) => name.endsWith('.tar.gz'))).toHaveLength(1);
  });
});

const settings = (machine: ReturnType<typeof openMachine>, path: string): string | null =>
  existsSync(join(machine.root, 'removed', path)) ? machine.read(`/removed/${path}`).trim() : null;

test.each([
  { flags: [], map: null, exits: null, calls: /cmd != 0x3b71/ },
  { flags: ['--maps', '--results'], map: '1', exits: '1', calls: /^cmd >= 0x3b64 && cmd <= 0x3b9f$/ },
])('with $flags the instance has map $map', async ({ flags, map, exits, calls }) => {
  const machine = openMachine();
  machine.run(await script('--kernel', '6.12', ...flags), ['0']);
  expect(settings(machine, 'events/iommu/attach_device_to_domain/enable')).toBe('1');
  expect(settings(machine, 'events/iommu/map/enable')).toBe(map);
  expect(settings(machine, 'events/syscalls/sys_exit_ioctl/enable')).toBe(exits);
  expect(settings(machine, 'events/syscalls/sys_enter_ioctl/filter')).toMatch(calls);
  expect(settings(machine, 'trace_clock')).toBe('mono');
  expect(settings(machine, 'tracing_on')).toBe('0');
});

test.each([
  { missing: 'root', path: '/uid', text: '1000\n' },
  {
    missing: 'permission: /sys/kernel/security/lockdown is at confidentiality',
    path: '/sys/kernel/security/lockdown',
    text: 'none integrity [confidentiality]\n',
  },
  { missing: 'kprobes: switched off in /sys/kernel/debug/kprobes/enabled', path: '/sys/kernel/debug/kprobes/enabled', text: '0\n' },
  { missing: 'functions: this kernel has none of them', path: '/proc/kallsyms', text: '0 T other\n' },
])('says that $missing is missing and changes nothing', async ({ missing, path, text }) => {
  const machine = openMachine();
  machine.write(path, text);
  const { code, err } = machine.run(await script('--kernel', '6.12'), ['0']);
  expect(code).toBe(1);
  expect(err).toContain(`missing: ${missing}\n`);
  expect(machine.read('/sys/kernel/tracing/kprobe_events')).toBe('p:other/mine iommu_domain_free\n');
  expect(readdirSync(join(machine.folder, 'temporary'))).toEqual([]);
});

test('-n only says what it would do', async () => {
  const machine = openMachine();
  const { code, err } = machine.run(await script('--kernel', '6.1'), ['-n']);
  expect(code).toBe(0);
  expect(err).toContain('note: these functions are those of 6.1, this is 6.12.117-test\n');
  expect(err).toContain('probes: 3 of 61 functions; left out:\n');
  expect(machine.read('/sys/kernel/tracing/kprobe_events')).toBe('p:other/mine iommu_domain_free\n');
});

test.each([
  { argv: [], says: 'expected --kernel 6.1, 6.12 or 6.18' },
  { argv: ['--kernel', '5.15'], says: 'expected a kernel whose functions were read (6.1, 6.12, 6.18), found 5.15' },
  { argv: ['--kernel', '6.12', '--format', 'perf'], says: 'expected a format (kprobe, bpftrace, trace-cmd), found perf' },
  { argv: ['--kernel', '6.12', '--driver', 'intl'], says: 'expected a driver (intel, virtio-iommu,' },
  { argv: ['--snapshot', '--maps'], says: '--snapshot records nothing, found --maps' },
])('$argv is refused', async ({ argv, says }) => {
  await expect(called(command, argv)).rejects.toThrow(says);
});

test('--driver leaves the functions of other drivers out', async () => {
  const text = await script('--kernel', '6.12', '--driver', 'intel');
  expect(
    [...text.matchAll(/^(\w+) (?:s32|x64|u8|-)(?: |$)/gm)].map(([, name]) => name!).filter((name) => /smmu|viommu|amd/.test(name)),
  ).toEqual([]);
  expect(text).toContain('\nintel_iommu_attach_device s32 dom=$arg1:x64 dev=+0(+0($arg2)):string\n');
});
