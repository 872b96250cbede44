// SPIN's side of the benchmark: a model is turned into a verifier, compiled and run, with CPU seconds and peak memory of each process.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface PanSide {
  readonly states: number;
  readonly transitions: number;
  readonly errors: number;
  readonly seconds: number;
  readonly memory: number;
  /** Bytes of a state, as SPIN packs it. */
  readonly vector: number;
}

export const isInstalled = (): boolean =>
  [
    ['spin', '-V'],
    ['gcc', '--version'],
    ['/usr/bin/time', '--version'],
  ].every(([name, flag]) => spawnSync(name!, [flag!]).status === 0);

interface Timed {
  readonly out: string;
  readonly seconds: number;
  readonly memory: number;
}

/** `verifier` exits with an error where its search does; its output says so. */
const timed = (folder: string, command: string, args: readonly string[]): Timed => {
  const { stdout, stderr, error } = spawnSync('/usr/bin/time', ['-f', '%U %S %M', command, ...args], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (error) throw error;
  const [user, system, kilobytes] = stderr.trim().split('\n').at(-1)!.split(' ').map(Number) as [number, number, number];
  return { out: `${stdout}${stderr}`, seconds: user + system, memory: kilobytes * 1024 };
};

/** Without these SPIN merges statements and forgets dead variables, and then counts other states than the model has. */
const EXACT = ['-o1', '-o2', '-o3'];

/** Logarithm of the hash table's slots: large enough that chains stay short. */
const SLOTS = 25;

const found = (out: string, pattern: RegExp): number => {
  const match = pattern.exec(out);
  if (!match) throw new Error(`SPIN's verifier says nothing of ${pattern.source}:\n${out.slice(0, 2000)}`);
  return Number(match[1]);
};

/** Seconds that making the verifier takes, `spin -a` and gcc together. */
export const build = (folder: string, model: string, flags: readonly string[], isExact: boolean): number => {
  writeFileSync(join(folder, 'model.pml'), model);
  const made = timed(folder, 'spin', ['-a', ...(isExact ? EXACT : []), 'model.pml']);
  const compiled = timed(folder, 'gcc', ['-O2', '-w', '-DSAFETY', '-DMEMLIM=16000', ...flags, '-o', 'pan', 'pan.c']);
  return made.seconds + compiled.seconds;
};

/** Goes through everything, also behind an assertion that does not hold. */
export const run = (folder: string, states: number): PanSide => {
  const slots = Math.min(SLOTS, Math.max(18, Math.ceil(Math.log2(states))));
  const { out, seconds, memory } = timed(folder, './pan', ['-c0', '-m100000', `-w${slots}`]);
  return {
    states: found(out, /(\d+) states, stored/),
    transitions: found(out, /(\d+) transitions/),
    errors: found(out, /errors: (\d+)/),
    vector: found(out, /State-vector (\d+) byte/),
    seconds,
    memory,
  };
};
