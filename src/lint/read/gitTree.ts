// A kernel's sources at a revision, read from git's objects without a checkout.
import { Failure } from '../../core/failure.ts';
import type { Unread } from '../../core/returnSites.ts';
import type { KernelTree } from '../tree.ts';
import type { Decoded } from './decode.ts';
import { type Repository, requiredId } from './git.ts';
import { type Entry, entriesBelow, readTexts } from './objects.ts';
import { byPath, isSource, largestSource, sourceFolder, type Trouble, textsOf, tooLarge } from './texts.ts';

/** The revision may be any that git understands: a tag, a branch, `HEAD~3`, `v6.12:drivers/iommu`. */
export const gitTree = (repository: Repository, revision: string, name: string): KernelTree =>
  treeOf(repository, requiredId(repository, revision), name);

/** `id` is the full one of a commit or tree that exists; `known`: what its drivers/iommu lists, where that was read before. */
export const treeOf = (repository: Repository, id: string, name: string, known?: readonly Entry[]): KernelTree => {
  const { entries, prefix } = known ? { entries: known, prefix: '' } : sourceEntries(repository, id, name);
  const sources = entries.filter(({ path }) => isSource(path)).toSorted((a, b) => byPath(a.path, b.path));
  const unread: Unread[] = sources.flatMap(notAFile);
  const files = sources.filter(({ kind }) => kind === 'file');
  const byName = new Map(files.map((entry) => [entry.path, entry]));
  const find = (path: string): Decoded | Trouble | null =>
    byName.has(path)
      ? listed(repository, files, byName.get(path)!)
      : path.startsWith(prefix)
        ? named(repository, id, path.slice(prefix.length))
        : null;
  return { name, files: files.map(({ path }) => path), read: textsOf(find, unread), unread: () => unread };
};

/** `prefix` is what paths of this tree lack, where drivers/iommu itself is its root. */
const sourceEntries = (repository: Repository, id: string, name: string): { entries: readonly Entry[]; prefix: string } => {
  const below = entriesBelow(repository, id, sourceFolder) ?? [];
  if (below.some(({ path }) => isSource(path))) return { entries: below, prefix: '' };
  const all = entriesBelow(repository, id, '.') ?? [];
  if (!all.some(({ path }) => path === 'iommu.c')) {
    throw new Failure('bad-tree', `expected a kernel tree with ${sourceFolder}, found neither that nor iommu.c`, { file: name });
  }
  return { entries: all.map((entry) => ({ ...entry, path: `${sourceFolder}/${entry.path}` })), prefix: `${sourceFolder}/` };
};

const notAFile = ({ path, kind }: Entry): Unread[] =>
  kind === 'link' ? [{ where: path, why: 'a symbolic link; not followed in git' }] : [];

/** Who reads one source reads them all, so they are fetched together. */
const listed = (repository: Repository, files: readonly Entry[], entry: Entry): Decoded | Trouble => {
  if (entry.size > largestSource) return tooLarge(entry.size);
  if (!repository.texts.has(entry.id)) readTexts(repository, files);
  return repository.texts.get(entry.id) ?? { trouble: 'the repository lacks the object' };
};

const named = (repository: Repository, id: string, path: string): Decoded | Trouble | null => {
  const entry = entriesBelow(repository, id, path)?.find((found) => found.path === path && found.kind === 'file');
  return entry ? listed(repository, [entry], entry) : null;
};
