// Runs git on one repository without touching a checkout, and says in one message what is the matter where it cannot.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Failure } from '../../core/failure.ts';
import type { Decoded } from './decode.ts';

export interface Repository {
  /** As the user named it. */
  readonly name: string;
  /** What git printed; null where it ended with an error. */
  readonly run: (args: readonly string[], input?: string) => Buffer | null;
  /** Texts by object id, for trees of one repository share most files. */
  readonly texts: Map<string, Decoded>;
}

/** Bytes that one command may print. */
const mostOutput = 2 ** 30;

export const openRepository = (name: string): Repository => {
  const found = findRepository(name);
  if (found === null) throw new Failure('bad-tree', 'expected a git repository, found none here or above', { file: name });
  return found;
};

export const findRepository = (name: string): Repository | null => {
  const directory = gitDirectory(resolve(name));
  const options = `--git-dir=${directory}`;
  return directory === null ? null : { name, run: (args, input = '') => run(name, [options, ...args], input), texts: new Map() };
};

/** Named to git, so that neither GIT_DIR nor the owner of the folder decides which repository is read. */
const gitDirectory = (folder: string): string | null => {
  const inside = join(folder, '.git');
  if (existsSync(inside)) return inside;
  if (existsSync(join(folder, 'HEAD')) && existsSync(join(folder, 'objects'))) return folder;
  return dirname(folder) === folder ? null : gitDirectory(dirname(folder));
};

const run = (name: string, args: readonly string[], input: string): Buffer | null => {
  const { status, stdout, error } = spawnSync('git', args, { input, maxBuffer: mostOutput });
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (code === 'ENOENT') {
    throw new Failure('bad-tree', 'the git program is not there', { file: name }, 'Install git, or name a folder.');
  }
  if (error && code !== 'EPIPE') throw new Failure('bad-tree', `git could not be run: ${error.message}`, { file: name });
  return status === 0 ? stdout : null;
};

/** The full id of what `revision` names; git's own names never begin with a dash. */
export const objectId = (repository: Repository, revision: string): string | null => {
  if (/^-|^$|[\n\0]/.test(revision)) return null;
  return repository.run(['rev-parse', '--verify', '--quiet', revision])?.toString('latin1').trim() || null;
};

/** `suffix` says what it must be: `^{commit}`. */
export const requiredId = (repository: Repository, revision: string, suffix = ''): string => {
  const id = objectId(repository, `${revision}${suffix}`);
  if (id === null) throw new Failure('bad-tree', `expected a revision, found none called ${revision}`, { file: repository.name });
  return id;
};
