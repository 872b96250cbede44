// Reads trees one after the other: a file that did not change since the last tree is not parsed again.
import type { TreeReading } from '../core/returnSites.ts';
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
    const files = tree.files.flatMap((path) => {
      const text = tree.read(path);
      return text === null ? [] : [this.file(path, text)];
    });
    return analyse(files, tree.name, tree.unread());
  }

  private file(path: string, text: string): SourceFile {
    const known = this.known.get(path);
    if (known?.source === text) return known;
    const file = readSourceFile(this.grammar, path, text);
    this.known.set(path, file);
    return file;
  }
}
