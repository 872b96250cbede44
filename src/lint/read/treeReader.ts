// Reading of trees as the library gives it: with the grammar loaded, and nothing of the parser in its types.
import type { TreeReading } from '../../core/returnSites.ts';
import { TreeReader } from '../reader.ts';
import type { KernelTree } from '../tree.ts';
import { readGrammar } from './grammar.ts';

/** Reads one tree after the other; what they share is parsed once. */
export const openTreeReader = async (): Promise<(tree: KernelTree) => TreeReading> => {
  const reader = new TreeReader(await readGrammar());
  return (tree) => reader.read(tree);
};
