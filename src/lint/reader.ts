// Reads trees one after the other: a file that did not change since the last tree is not parsed again.
import type { TreeReading, Unread } from '../core/returnSites.ts';
import { analyse } from './analyse.ts';
import type { Grammar } from './c/grammar.ts';
import { readSourceFile, type SourceFile } from './c/sourceFile.ts';
import type { KernelTree } from './tree.ts';

export interface Sources {
  readonly files: readonly SourceFile[];
  readonly unread: readonly Unread[];
}

export class TreeReader {
  private readonly grammar: Grammar;
  private readonly known = new Map<string, SourceFile>();

  constructor(grammar: Grammar) {
    this.grammar = grammar;
  }

  read(tree: KernelTree): TreeReading {
    const { files, unread } = this.sources(tree);
    return analyse(files, tree.name, unread);
  }

  /** Files of the tree, and of `further` those that it has. */
  sources(tree: KernelTree, further: readonly string[] = []): Sources {
    const refused: Unread[] = [];
    const files = [...tree.files, ...further].flatMap((path) => {
      const text = tree.read(path);
      const file = text === null ? null : this.file(path, text);
      if (text !== null && file === null) refused.push({ where: path, why: 'nested too deeply to be read' });
      return file === null ? [] : [file];
    });
    return { files, unread: [...tree.unread(), ...refused] };
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
