// Files that `errno` and `why` read: a snapshot with what lies beside it, a kernel log, a command line; and the kernel they speak of.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Failure } from '../core/failure.ts';
import { engineFor } from '../engine/recipe.ts';
import type { Kernel } from '../explain/explain.ts';
import type { Inputs, KernelLogInput } from '../explain/inputs.ts';
import { basisOf, callerTable, profileTable } from '../kernels/build.ts';
import { buildIndex } from '../kernels/index.ts';
import { parseKernelLog } from '../recordings/kernelLog.ts';
import { limit, topologyFromSnapshot } from '../recordings/snapshot.ts';
import { tablesBeside } from '../recordings/snapshotFile.ts';
import { Snapshot } from '../recordings/snapshotLines.ts';

export interface InputFiles {
  readonly topology?: string;
  readonly dmesg?: string;
  readonly cmdline?: string;
  readonly group?: string;
}

const readText = (file: string): string => {
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found?.isFile()) throw new Failure('bad-usage', 'expected a file, found none', { file });
  if (found.size > limit) throw new Failure('bad-usage', `expected at most ${limit} bytes, found ${found.size}`, { file });
  return new TextDecoder().decode(readFileSync(file));
};

/** Of a folder: topology.txt, and what lies beside it unless it is given. */
const beside = (file: string, name: string, given: string | undefined): string | undefined => {
  if (given !== undefined) return given;
  const path = join(dirname(file), `${name}.txt`);
  return basename(file) === 'topology.txt' && existsSync(path) ? path : undefined;
};

/** A line of printk is about this long at most; what is longer would be searched for ever. */
const longestLine = 2048;

const logOf = (file: string, text: string): KernelLogInput => ({
  file,
  lines: text.split('\n').map((line) => line.slice(0, longestLine)),
  complete: parseKernelLog(text).complete,
});

/** The log that a snapshot holds itself. */
const ownLog = (file: string, lines: Snapshot): KernelLogInput | null => {
  const kept = lines.lines('/dev/kmsg');
  return kept ? logOf(file, kept.map(({ content }) => content).join('\n')) : null;
};

export const readInputs = ({ topology: path, dmesg, cmdline, group }: InputFiles): Inputs => {
  if (path === undefined)
    return { topology: null, snapshot: null, log: dmesg === undefined ? null : logOf(dmesg, readText(dmesg)), group: null };
  const file = statSync(path, { throwIfNoEntry: false })?.isDirectory() ? join(path, 'topology.txt') : path;
  const text = readText(file);
  const files = { dmesg: beside(file, 'dmesg', dmesg), cmdline: beside(file, 'cmdline', cmdline), uname: beside(file, 'uname', undefined) };
  const texts = Object.fromEntries(
    Object.entries(files).flatMap(([name, found]) => (found === undefined ? [] : [[name, readText(found)]])),
  );
  const tables = basename(file) === 'topology.txt' ? tablesBeside(dirname(file)) : [];
  const { topology } = topologyFromSnapshot(text, { ...texts, source: file, tables }, basename(file).replace(/\.txt$/, ''));
  const lines = new Snapshot(text.split('\n'));
  const log = files.dmesg === undefined ? ownLog(file, lines) : logOf(files.dmesg, texts['dmesg']!);
  return {
    topology,
    snapshot: { file, lines },
    log,
    group: knownGroup(
      group,
      topology.groups.map(({ id }) => id),
    ),
  };
};

const knownGroup = (group: string | undefined, groups: readonly string[]): string | null => {
  if (group === undefined || groups.includes(group)) return group ?? null;
  throw new Failure('unknown-name', `no group of the machine is ${group}; known: ${groups.join(', ')}`);
};

/** The profile of a release; the newest where there is none. */
export const profileFor = (release: string | undefined): string => {
  const series = /^(\d+\.\d+)\b/.exec(release ?? '')?.[1];
  return series !== undefined && profileTable.has(`${series}.y`) ? `${series}.y` : '6.12.y';
};

/** Those of the kernel itself, and the one of user space that makes page tables of its own. */
const callers = ['vfio-type1', 'iommufd-auto', 'iommufd-compat', 'qemu-iommufd'];

/** `6.12`, `6.12.y` or a full release. */
export const kernelNamed = (name: string): Kernel => {
  const series = `${/^\d+\.\d+/.exec(name)?.[0]}.y`;
  const basis = basisOf(!profileTable.has(name) && profileTable.has(series) ? series : name);
  const { column, title } = basis.profile;
  const there = callers.filter((caller) => callerTable.get(caller)?.absent?.[column] === undefined);
  return { title, engines: there.map((caller) => engineFor({ kernel: basis.kernel, caller })), index: buildIndex(basis) };
};
