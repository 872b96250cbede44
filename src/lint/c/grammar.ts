// The C grammar as WebAssembly: the only file that calls the parser. Trees are freed before control returns.
import { Language, type Node, Parser } from 'web-tree-sitter';

/** The two files of WebAssembly, read by whoever may read files. */
export interface GrammarBytes {
  readonly runtime: Uint8Array;
  readonly language: Uint8Array;
}

export interface Grammar {
  /** Hands the root of the tree to `use`, and frees the tree afterwards. */
  readonly parsed: <Result>(text: string, use: (root: Node) => Result) => Result;
}

export const loadGrammar = async ({ runtime, language }: GrammarBytes): Promise<Grammar> => {
  // The runtime takes Emscripten's own options, which its types do not all name.
  await Parser.init({ wasmBinary: runtime } as object);
  const parser = new Parser();
  parser.setLanguage(await Language.load(language));
  return {
    parsed: (text, use) => {
      const tree = parser.parse(text);
      if (tree === null) throw new Error('the parser gave no tree');
      try {
        return use(tree.rootNode);
      } finally {
        tree.delete();
      }
    },
  };
};
