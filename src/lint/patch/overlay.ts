// A kernel tree with some of its files changed, added or taken away in memory.
import { byPath, isSource, sourceFolder } from '../read/texts.ts';
import type { KernelTree } from '../tree.ts';

/** Texts by path; null for a file that is gone. */
export type Changes = ReadonlyMap<string, string | null>;

export const overlay = (base: KernelTree, changes: Changes, name: string): KernelTree => ({
  name,
  files: filesWith(base.files, changes),
  read: (path) => (changes.has(path) ? changes.get(path)! : base.read(path)),
  unread: base.unread,
});

const filesWith = (files: readonly string[], changes: Changes): string[] => {
  const kept = files.filter((path) => changes.get(path) !== null);
  const added = [...changes].filter(([path, text]) => text !== null && isListed(path) && !kept.includes(path));
  return [...kept, ...added.map(([path]) => path)].sort(byPath);
};

const isListed = (path: string): boolean => path.startsWith(`${sourceFolder}/`) && isSource(path);
