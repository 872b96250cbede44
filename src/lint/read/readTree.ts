// What a user names as a tree: a kernel's folder, its drivers/iommu, or a repository and a revision of it.
import { existsSync } from 'node:fs';
import { Failure } from '../../core/failure.ts';
import type { KernelTree } from '../tree.ts';
import { folderTree } from './folder.ts';
import { findRepository, objectId, openRepository } from './git.ts';
import { gitTree } from './gitTree.ts';

/** `FOLDER`, or `REPOSITORY@REVISION`; what exists as it stands is a folder, whatever its name. */
export const readTree = (spec: string): KernelTree => {
  if (existsSync(spec)) return folderTree(spec);
  const { repository, revision } = partsOf(spec);
  return gitTree(openRepository(repository), revision, spec);
};

/** Both sides may hold an `@` (`HEAD@{1}`), so the longest beginning that exists is the repository; without any, it is here. */
const partsOf = (spec: string): { repository: string; revision: string } => {
  const splits = [...spec.matchAll(/@/g)].map(({ index }) => ({
    repository: spec.slice(0, index) || '.',
    revision: spec.slice(index + 1),
  }));
  const found = splits.findLast(({ repository }) => existsSync(repository));
  if (found) return found;
  throw new Failure('bad-tree', 'expected a kernel tree, found nothing there', { file: splits.at(-1)?.repository ?? spec });
};

/** The tree a series was made on, where the repository in which `spec` lies has that commit. */
export const treeAtCommit = (spec: string, commit: string): KernelTree | null => {
  const repository = findRepository(existsSync(spec) ? spec : partsOf(spec).repository);
  return repository && objectId(repository, `${commit}^{commit}`)
    ? gitTree(repository, commit, `${repository.name}@${commit.slice(0, 12)}`)
    : null;
};
