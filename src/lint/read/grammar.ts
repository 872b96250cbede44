// Reads the two files of WebAssembly that parse C, from the packages that bring them or from the published package's own copy.
import { readFileSync } from 'node:fs';
import { type Grammar, loadGrammar } from '../c/grammar.ts';

const runtime = new URL('../../../node_modules/web-tree-sitter/web-tree-sitter.wasm', import.meta.url);
const language = new URL('../../../node_modules/tree-sitter-c/tree-sitter-c.wasm', import.meta.url);

export const readGrammar = async (): Promise<Grammar> => loadGrammar({ runtime: readFileSync(runtime), language: readFileSync(language) });
