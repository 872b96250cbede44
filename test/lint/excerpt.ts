// Cuts a kernel tree down to what reading its attach operations looks at: functions, tables and macros, every line where it was.

import { readOperations } from '../../src/lint/analyse.ts';
import type { Grammar } from '../../src/lint/c/grammar.ts';
import type { Macro, SourceFile } from '../../src/lint/c/sourceFile.ts';
import { readSourceFile } from '../../src/lint/c/sourceFile.ts';
import { within } from '../../src/lint/c/syntax.ts';
import { contractHeader } from '../../src/lint/contracts/kdoc.ts';
import { Analysis } from '../../src/lint/flow/analysis.ts';
import type { KernelTree } from '../../src/lint/tree.ts';

/** Functions of the core that the seed series changes; no driver's attach leads there. */
const besides: readonly string[] = ['__iommu_attach_device', 'iommu_attach_device', '__iommu_attach_group', 'iommu_attach_group'];

/** First and last line, from 1. */
type Lines = readonly [number, number];

const lineAt = (source: string, offset: number): number => source.slice(0, offset).split('\n').length;

const spanLines = (source: string, { from, to }: { readonly from: number; readonly to: number }): Lines => [
  lineAt(source, from),
  lineAt(source, to),
];

/** Continued lines belong together. */
const macroLines = (source: string, { line }: Macro): Lines => {
  const lines = source.split('\n');
  let [first, last] = [line, line];
  while (lines[first - 2]?.endsWith('\\')) first--;
  while (lines[last - 1]?.endsWith('\\')) last++;
  return [first, last];
};

const wordsOf = (text: string): string[] => text.match(/\b[A-Za-z_]\w*\b/g) ?? [];

/** Macros that a text names, and those that their texts name. */
const namedMacros = (files: readonly SourceFile[], texts: readonly string[]): ReadonlySet<string> => {
  const macros = Map.groupBy(
    files.flatMap((file) => file.macros),
    ({ name }) => name,
  );
  const found = new Set<string>();
  for (const waiting = texts.flatMap(wordsOf); waiting.length > 0; ) {
    const word = waiting.pop()!;
    if (found.has(word) || !macros.has(word)) continue;
    found.add(word);
    waiting.push(...macros.get(word)!.flatMap(({ text }) => wordsOf(text)));
  }
  return found;
};

const only = (source: string, kept: readonly Lines[]): string => {
  const lines = source.split('\n');
  const licence = lines.findIndex((line) => line.includes('SPDX-License-Identifier')) + 1;
  return lines
    .map((line, index) => (index + 1 === licence || kept.some(([first, last]) => first <= index + 1 && index + 1 <= last) ? line : ''))
    .join('\n')
    .replace(/\n*$/, '\n');
};

const namesFunctions = (table: SourceFile['tables'][number], names: ReadonlySet<string>): boolean =>
  within(table.value).some((expression) => expression.kind === 'name' && names.has(expression.name));

/** The comment that states the contract. */
const headerExcerpt = (source: string): string => {
  const at = source.indexOf(' * struct iommu_domain_ops');
  return only(source, [[lineAt(source, at) - 1, lineAt(source, source.indexOf('*/', at))]]);
};

export const excerptOf = (grammar: Grammar, tree: KernelTree): { readonly [path: string]: string } => {
  const files = tree.files.map((path) => readSourceFile(grammar, path, tree.read(path)!));
  const analysis = new Analysis(files);
  readOperations(analysis);
  const reached = files.map(({ functions }) => functions.filter((found) => analysis.reached.has(found) || besides.includes(found.name)));
  const names = new Set(reached.flat().map(({ name }) => name));
  const spans = files.map(({ tables }, index) => [...reached[index]!, ...tables.filter((table) => namesFunctions(table, names))]);
  const texts = files.flatMap(({ source }, index) => spans[index]!.map(({ from, to }) => source.slice(from, to)));
  const macros = namedMacros(files, texts);
  const excerpts = files.flatMap((file, index) => {
    const found = file.macros.filter(({ name }) => macros.has(name)).map((macro) => macroLines(file.source, macro));
    const kept = [...spans[index]!.map((span) => spanLines(file.source, span)), ...found];
    return kept.length === 0 ? [] : [[file.path, only(file.source, kept)] as const];
  });
  return Object.fromEntries([...excerpts, [contractHeader, headerExcerpt(tree.read(contractHeader)!)]]);
};
