// Finds the sources below a folder: real folders first, then what symbolic links lead to, each place once.
import { type Dirent, readdirSync, realpathSync, statSync } from 'node:fs';
import type { Unread } from '../../core/returnSites.ts';
import { byPath, isSource } from './texts.ts';

interface Walk {
  readonly files: string[];
  readonly unread: Unread[];
  readonly links: string[];
  /** Real paths of the folders that were read. */
  readonly seen: Set<string>;
}

/** Paths of sources below `at(path)`, each beginning with `path`. */
export const sourcesBelow = (path: string, at: (path: string) => string): Pick<Walk, 'files' | 'unread'> => {
  const walk: Walk = { files: [], unread: [], links: [], seen: new Set() };
  enter(walk, path, at);
  for (let link = walk.links.shift(); link !== undefined; link = walk.links.shift()) follow(walk, link, at);
  return { files: walk.files.sort(byPath), unread: walk.unread };
};

const enter = (walk: Walk, path: string, at: (path: string) => string): void => {
  const folders: string[] = [];
  for (const entry of entries(walk, path, at)) {
    const below = `${path}/${entry.name}`;
    if (entry.isDirectory()) folders.push(below);
    else if (entry.isSymbolicLink()) walk.links.push(below);
    else if (isSource(below)) addFile(walk, below, entry.isFile());
  }
  for (const folder of folders) enter(walk, folder, at);
};

const entries = (walk: Walk, path: string, at: (path: string) => string): Dirent[] => {
  try {
    walk.seen.add(realpathSync(at(path)));
    return readdirSync(at(path), { withFileTypes: true }).sort((a, b) => byPath(a.name, b.name));
  } catch (error) {
    walk.unread.push({ where: path, why: troubleOf(error) });
    return [];
  }
};

const addFile = (walk: Walk, path: string, isFile: boolean): void => {
  if (isFile) walk.files.push(path);
  else walk.unread.push({ where: path, why: 'no regular file' });
};

const follow = (walk: Walk, path: string, at: (path: string) => string): void => {
  try {
    const target = statSync(at(path));
    if (!target.isDirectory()) {
      if (isSource(path)) addFile(walk, path, target.isFile());
    } else if (walk.seen.has(realpathSync(at(path)))) {
      walk.unread.push({ where: path, why: 'a symbolic link to a folder that is read already' });
    } else enter(walk, path, at);
  } catch (error) {
    walk.unread.push({ where: path, why: troubleOf(error) });
  }
};

const words: Readonly<Record<string, string>> = {
  ELOOP: 'a symbolic link that leads to itself',
  ENOENT: 'a symbolic link to nothing',
  EACCES: 'no permission to read it',
};

export const troubleOf = (error: unknown): string => {
  const { code, message } = error as NodeJS.ErrnoException;
  return words[code ?? ''] ?? message;
};
