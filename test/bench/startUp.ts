// The packed command line as a user starts it: how much longer than an empty Node program its answers take, by the clock.
import { spawnSync } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from '../../src/cli/publish/bundle.ts';
import { launcherText } from '../../src/cli/publish/launcher.ts';
import { dataFiles, dataFolder } from '../../src/cli/publish/paths.ts';
import { type Figure, interleaved, milliseconds, ratio } from './measure.ts';

const rounds = 25;
const root = fileURLToPath(new URL('../../', import.meta.url));
const small = join(root, 'scenarios/enomem-duplicate-domain.yaml');

/** The package's code, without its types and the rest that no start-up reads. */
export const pack = async (folder: string): Promise<string> => {
  await bundle(root, folder, []);
  const file = join(folder, 'cli.js');
  writeFileSync(file, launcherText(root));
  for (const path of dataFiles(root)) cpSync(join(root, path), join(folder, dataFolder, basename(path)));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  return file;
};

/** 1 is an answer: that scenario's claim is violated. Code that Node compiled is kept beside the package, not in the user's folder. */
const start = (folder: string, ...args: string[]): void => {
  const env = { ...process.env, NODE_COMPILE_CACHE: join(folder, 'compiled') };
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env });
  if (status !== 0 && status !== 1) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`);
};

export const startUp = async (folder: string): Promise<Figure[]> => {
  const file = await pack(folder);
  const store = join(folder, 'runs.sqlite');
  const actions = {
    node: () => start(folder, '-e', '0'),
    help: () => start(folder, file, '--help'),
    run: () => start(folder, file, 'run', small, '--store', store),
    facts: () => start(folder, file, 'facts', '--driver', 'intel'),
  };
  const taken = interleaved(rounds, actions, 'clock');
  const over = (name: 'help' | 'run' | 'facts', words: string, limit: number): Figure => ({
    name: `packed: ${words}`,
    found: `${milliseconds(taken[name] - taken.node)} over node -e 0`,
    against: ratio(taken[name] / taken.node, 'node -e 0'),
    target: milliseconds(limit),
    met: taken[name] - taken.node <= limit,
  });
  return [
    over('help', '--help', 0.06),
    over('run', 'run of a small scenario', 0.25),
    { ...over('facts', 'facts --driver intel', 0.3), found: milliseconds(taken.facts), met: taken.facts <= 0.3 },
  ];
};
