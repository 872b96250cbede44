// A folder that stands for a machine's file system, with programs that stand for its kernel: what is written below tracefs can be read back,
// and each step is in a journal.
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';

export interface Machine {
  readonly root: string;
  /** Where the script runs and leaves its file. */
  readonly folder: string;
  readonly write: (path: string, text: string) => void;
  readonly read: (path: string) => string;
  readonly run: (script: string, args?: readonly string[], shell?: string) => { code: number | null; err: string; out: string };
  /** Starts the script, sends the signal once the file is there, and gives the exit code. */
  readonly interrupted: (script: string, once: string, signal: NodeJS.Signals, shell?: string) => Promise<number | null>;
}

const tracing = '/sys/kernel/tracing';

/** Programs of the machine. A new instance gets the folders that tracefs makes; rmdir takes them, and remembers what they held. */
const programs: Readonly<Record<string, string>> = {
  mkdir: `/bin/mkdir "$@" || exit
case $1 in */instances/*)
	for e in $(cat "$ATTACHLAB_ROOT/events.list"); do /bin/mkdir -p "$1/events/$e"; done
	/bin/mkdir -p "$1/events/attachlab_\${1##*-}" "$1/per_cpu/cpu0"
	echo 'entries: 0' > "$1/per_cpu/cpu0/stats"
	echo '# tracer: nop' > "$1/trace" ;;
esac`,
  rmdir: `case $1 in
*/instances/*) /bin/cp -r "$1" "$ATTACHLAB_ROOT/removed"; /bin/rm -r "$1" ;;
*) /bin/rmdir "$@" ;;
esac`,
  id: 'cat "$ATTACHLAB_ROOT/uid"',
  uname: 'case $1 in -r) echo 6.12.117-test ;; -n) echo host ;; *) echo Linux host 6.12.117-test ;; esac',
  dmesg: 'echo "[    0.000000] Linux version 6.12.117-test"',
};

const kernel: Readonly<Record<string, string>> = {
  [`${tracing}/events/iommu/enable`]: '0\n',
  [`${tracing}/instances/other/trace`]: '',
  [`${tracing}/kprobe_events`]: 'p:other/mine iommu_domain_free\n',
  [`${tracing}/kprobe_profile`]: '  mine 1 0\n  p_iommu_attach_group 3 0\n',
  [`${tracing}/trace_clock`]: '[local] mono\n',
  [`${tracing}/available_filter_functions`]: [
    'iommu_attach_group',
    'iommu_detach_group',
    'device_block_translation.isra.0',
    'arm_smmu_attach_dev [arm_smmu_v3]',
    '',
  ].join('\n'),
  '/proc/kallsyms': [
    'T iommu_attach_group',
    'T iommu_detach_group',
    't device_block_translation.isra.0',
    't arm_smmu_attach_dev',
    't arm_smmu_attach_dev',
    't iommu_domain_free',
    'd iommu_domain_alloc',
    '',
  ]
    .map((line) => (line === '' ? '' : `0000000000000000 ${line}`))
    .join('\n'),
  '/proc/cmdline': 'intel_iommu=on\n',
  '/sys/kernel/iommu_groups/5/type': 'DMA\n',
  '/events.list': ['add_device_to_group', 'remove_device_from_group', 'attach_device_to_domain', 'io_page_fault', 'map', 'unmap']
    .map((event) => `iommu/${event}`)
    .concat('syscalls/sys_enter_ioctl', 'syscalls/sys_exit_ioctl')
    .join('\n'),
  '/uid': '0\n',
};

export const openMachine = (): Machine => {
  const folder = mkdtempSync(join(tmpdir(), 'attachlab-machine-'));
  const root = join(folder, 'root');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  for (const [path, text] of Object.entries(kernel)) write(path, text);
  for (const [name, text] of Object.entries(programs)) {
    write(`/programs/${name}`, `#!/bin/sh\n${text}\n`);
    chmodSync(join(root, 'programs', name), 0o755);
  }
  const temporary = join(folder, 'temporary');
  mkdirSync(temporary);
  const env = { ...process.env, ATTACHLAB_ROOT: root, TMPDIR: temporary, PATH: `${root}/programs:${process.env['PATH']}` };
  const file = join(folder, 'script.sh');
  return {
    root,
    folder,
    write,
    read: (path) => readFileSync(join(root, path), 'utf8'),
    run: (script, args = [], shell = 'sh') => {
      writeFileSync(file, script);
      const { status, stderr, stdout } = spawnSync(shell, [file, ...args], { cwd: folder, env, encoding: 'utf8' });
      return { code: status, err: stderr, out: stdout };
    },
    interrupted: (script, once, signal, shell = 'sh') => {
      writeFileSync(file, script);
      const child = spawn(shell, [file], { cwd: folder, env });
      const timer = setInterval(() => {
        const found = readdirSync(join(root, tracing, 'instances')).some((name) =>
          existsSync(join(root, tracing, 'instances', name, once)),
        );
        if (found) child.kill(signal);
      }, 50);
      return new Promise((done) => {
        child.on('close', (code) => {
          clearInterval(timer);
          done(code);
        });
      });
    },
  };
};
