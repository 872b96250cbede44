// Small git repositories for tests, made and removed with the test's folder, with nobody's settings.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Paths are below `folder`; what leads there is made. */
export interface Place {
  readonly folder: string;
  readonly path: (path: string) => string;
  readonly write: (path: string, text: string | Uint8Array) => void;
  readonly remove: () => void;
}

export const openPlace = (name: string): Place => {
  const folder = mkdtempSync(join(tmpdir(), `attachlab-${name}-`));
  const path = (below: string): string => join(folder, below);
  const write = (below: string, text: string | Uint8Array): void => {
    mkdirSync(dirname(path(below)), { recursive: true });
    writeFileSync(path(below), text);
  };
  return { folder, path, write, remove: () => rmSync(folder, { recursive: true, force: true }) };
};

const settings = [
  'user.name=Tester',
  'user.email=tester@localhost',
  'init.defaultBranch=main',
  'commit.gpgSign=false',
  'core.autocrlf=false',
];

/** What git printed; a test fails with what it said. */
export const git = (folder: string, ...args: readonly string[]): string => {
  const all = ['-C', folder, ...settings.flatMap((setting) => ['-c', setting]), ...args];
  const { status, stdout, stderr } = spawnSync('git', all, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  return stdout.trim();
};

/** Commits everything and gives the id. */
export const commit = (folder: string, subject: string): string => {
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--allow-empty', '--allow-empty-message', '--message', subject);
  return git(folder, 'rev-parse', 'HEAD');
};
