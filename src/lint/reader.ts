// Reads trees one after the other: a file that did not change since the last tree is not parsed again.
import type { TreeReading, Unread } from '../core/returnSites.ts';
import { analyse } from './analyse.ts';
import type { Grammar } from './c/grammar.ts';
import { readSourceFile, type SourceFile } from './c/sourceFile.ts';
import type { KernelTree } from './tree.ts';

export class TreeReader {
  private readonly grammar: Grammar;
  private readonly known = new Map<string, SourceFile>();

  constructor(grammar: Grammar) {
    this.grammar = grammar;
  }

  read(tree: KernelTree): TreeReading {
    const refused: Unread[] = [];
    const files = tree.files.flatMap((path) => {
      const text = tree.read(path);
      const file = text === null ? null : this.file(path, text);
      if (text !== null && file === null) refused.push({ where: path, why: 'nested too deeply to be read' });
      return file === null ? [] : [file];
    });
    return analyse(files, tree.name, [...tree.unread(), ...refused]);
  }

  /** Null where the text is nested deeper than the stack reaches. */
  private file(path: string, text: string): SourceFile | null {
    const known = this.known.get(path);
    if (known?.source === text) return known;
    try {
      const file = readSourceFile(this.grammar, path, text);
      this.known.set(path, file);
      return file;
    } catch (error) {
      if (error instanceof RangeError) return null;
      throw error;
    }
  }
}
