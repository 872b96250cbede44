// Applies a series to a tree in memory, patch by patch; what does not apply is named, everything else is still applied.
import type { KernelTree } from '../tree.ts';
import { applyFile } from './applyFile.ts';
import type { FileResult, PatchResult } from './outcome.ts';
import { overlay } from './overlay.ts';
import type { Patch, Series } from './patch.ts';

/** One result a patch, in order; the tree of each stands over the one before. */
export const applySeries = (tree: KernelTree, { patches }: Series): PatchResult[] => {
  const results: PatchResult[] = [];
  for (const [index, patch] of patches.entries()) {
    results.push(applyPatch(results.at(-1)?.tree ?? tree, patch, `${tree.name} with ${index + 1} of ${patches.length} patches`));
  }
  return results;
};

/** A diff may speak of a file twice, so each is applied to what the former left. */
const applyPatch = (tree: KernelTree, patch: Patch, name: string): PatchResult => {
  const changes = new Map<string, string | null>();
  const files = patch.files.map((file) => {
    const applied = applyFile(overlay(tree, changes, tree.name), file);
    for (const [path, text] of applied.changes) changes.set(path, text);
    return applied.result;
  });
  return { patch, files, whole: files.every(isWhole), tree: overlay(tree, changes, name) };
};

const isWhole = ({ hunks, problem }: FileResult): boolean => problem === null && hunks.every(({ outcome }) => outcome.kind !== 'failed');
