// Runs the command line as a user does, in a process of its own, with files and stores in a temporary folder.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll } from 'vitest';

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Bench {
  readonly folder: string;
  /** Path of a file of the folder; with a text, written first. */
  readonly file: (name: string, text?: string | Uint8Array) => string;
  readonly bytes: (name: string) => string;
  /** Runs in the folder, so that messages name files as the test does. */
  readonly attachlab: (...argv: readonly string[]) => Promise<Ended>;
  readonly fed: (input: string, ...argv: readonly string[]) => Promise<Ended>;
  /** Under a limit on file sizes, in KiB: writes fail as on a full disk. */
  readonly limited: (kibibytes: number, ...argv: readonly string[]) => Ended;
}

const start = resolve('src/cli/start.js');

const ended = (folder: string, argv: readonly string[], input: string): Promise<Ended> =>
  new Promise((done, failed) => {
    const env = { ...process.env, XDG_STATE_HOME: join(folder, 'state') };
    const child = spawn(process.execPath, [start, ...argv], { cwd: folder, env });
    const said = { out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said.out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said.err += text;
    });
    child.on('error', failed);
    child.on('close', (code) => done({ code, ...said }));
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });

const limited = (folder: string, kibibytes: number, argv: readonly string[]): Ended => {
  const script = `ulimit -f ${kibibytes}; exec "$0" "$@"`;
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script, process.execPath, start, ...argv], { cwd: folder, encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr };
};

/** A folder for one test file, removed at its end. */
export const openBench = (name: string): Bench => {
  const folder = mkdtempSync(join(tmpdir(), `attachlab-${name}-`));
  afterAll(() => rmSync(folder, { recursive: true }));
  return {
    folder,
    file: (file, text) => {
      if (text !== undefined) writeFileSync(join(folder, file), text);
      return join(folder, file);
    },
    bytes: (file) => readFileSync(join(folder, file), 'latin1'),
    attachlab: (...argv) => ended(folder, argv, ''),
    fed: (input, ...argv) => ended(folder, argv, input),
    limited: (kibibytes, ...argv) => limited(folder, kibibytes, argv),
  };
};

/** A machine with two Intel groups, and a script on it. */
export const machine = `iommus: [{id: dmar0, driver: intel}]
groups:
  - {id: 5, devices: ['0000:00:10.0']}
  - {id: 11, devices: ['0000:05:01.0']}
`;

export const scenarioText = `name: good
kernel: 6.12.y
caller: vfio-type1
topology: machine.yaml
script:
  - attach: 5
  - map: 64K
  - attach: 11
`;
