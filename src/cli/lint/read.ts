// Reads trees for lint-kernel, and keeps what a tree came to in the user's cache: the same sources are not read twice.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TreeReading } from '../../core/returnSites.ts';
import { readGrammar } from '../../lint/read/grammar.ts';
import { TreeReader } from '../../lint/reader.ts';
import type { KernelTree } from '../../lint/tree.ts';
import type { Io } from '../command.ts';

export type ReadTree = (tree: KernelTree) => TreeReading;

/** Where the cache is by the rules of the desktop; null where there is no home, or `--no-cache`. */
const cacheFolder = ({ env }: Io, wanted: boolean): string | null => {
  const base = env['XDG_CACHE_HOME'] || (env['HOME'] ? join(env['HOME'], '.cache') : '');
  return wanted && base !== '' ? join(base, 'attachlab', 'lint-kernel') : null;
};

/** Another version of this program reads differently: from sources it is their text, from a package that of the bundle. */
const codeHash = (): string => {
  const own = fileURLToPath(import.meta.url);
  const hash = createHash('sha256');
  if (!own.endsWith('.ts')) return hash.update(readFileSync(own)).digest('hex');
  const folder = join(own, '../../../lint');
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    if (name.endsWith('.ts')) hash.update(name).update(readFileSync(join(folder, name)));
  }
  return hash.digest('hex');
};

const keyOf = (code: string, tree: KernelTree): string => {
  const hash = createHash('sha256').update(code);
  for (const path of tree.files) hash.update(`\0${path}\0`).update(tree.read(path) ?? '\0');
  return hash.digest('hex').slice(0, 32);
};

/** A cache that cannot be read or written is none. */
const cached = (file: string): TreeReading | null => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as TreeReading;
  } catch {
    return null;
  }
};

const keep = (folder: string, file: string, reading: TreeReading): void => {
  try {
    mkdirSync(folder, { recursive: true });
    const half = `${file}.${process.pid}`;
    writeFileSync(half, JSON.stringify(reading));
    renameSync(half, file);
  } catch {
    // Without a cache the next reading takes as long as this one.
  }
};

export const treeReader = async (io: Io, cache = true): Promise<ReadTree> => {
  const folder = cacheFolder(io, cache);
  const reader = new TreeReader(await readGrammar());
  if (folder === null) return (tree) => reader.read(tree);
  const code = codeHash();
  return (tree) => {
    const file = join(folder, `${keyOf(code, tree)}.json`);
    const known = cached(file);
    if (known !== null) return { ...known, tree: tree.name, unread: tree.unread() };
    const reading = reader.read(tree);
    keep(folder, file, reading);
    return reading;
  };
};
