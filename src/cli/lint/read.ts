// Reads trees for lint-kernel, and keeps what a tree came to in the user's cache: the same sources are not read twice.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TreeReading } from '../../core/returnSites.ts';
import { openTreeReader } from '../../lint/read/treeReader.ts';
import type { KernelTree } from '../../lint/tree.ts';
import type { Io } from '../command.ts';
import { readingCache } from './cache.ts';
import { readingProgress } from './progress.ts';

export type ReadTree = (tree: KernelTree) => TreeReading;

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

/** Of what is in the tree, and of what could not be read there. */
const keyOf = (code: string, tree: KernelTree): string => {
  const hash = createHash('sha256').update(code);
  for (const path of tree.files) hash.update(`\0${path}\0`).update(tree.read(path) ?? '\0');
  hash.update(JSON.stringify(tree.unread()));
  return hash.digest('hex').slice(0, 32);
};

const parsing = async (io: Io): Promise<ReadTree> => {
  const read = await openTreeReader();
  const progress = readingProgress(io);
  return (tree) => {
    try {
      return read(progress.watched(tree));
    } finally {
      progress.end();
    }
  };
};

/** `wanted` is false under `--no-cache`. */
export const treeReader = async (io: Io, wanted = true): Promise<ReadTree> => {
  const read = await parsing(io);
  const cache = wanted ? readingCache(io) : null;
  if (cache === null) return read;
  const code = codeHash();
  return (tree) => {
    const key = keyOf(code, tree);
    const known = cache.get(key);
    if (known !== null) return { ...known, tree: tree.name };
    const reading = read(tree);
    cache.put(key, reading);
    return reading;
  };
};
