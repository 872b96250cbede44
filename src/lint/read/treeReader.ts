// Reading of trees as the library gives it: with the grammar loaded, and nothing of the parser in its types.
import type { TreeReading } from '../../core/returnSites.ts';
import { TreeReader } from '../reader.ts';
import type { KernelTree } from '../tree.ts';
import { readGrammar } from './grammar.ts';

/** Reads one tree after the other; `before` each file: how many of the tree's are read. */
export type ReadTrees = (tree: KernelTree, before?: (done: number) => void) => TreeReading;

export const openTreeReader = async (): Promise<ReadTrees> => {
  const reader = new TreeReader(await readGrammar());
  return (tree, before) => reader.read(tree, before);
};
