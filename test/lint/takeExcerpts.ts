// Takes the excerpts anew from kernel sources (`npm run excerpts -- 6.1=DIRECTORY 6.12=DIRECTORY`), and says where reading an excerpt
// gives something else than reading its tree.
import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { readGrammar } from '../../src/lint/read/grammar.ts';
import { readTree } from '../../src/lint/read/readTree.ts';
import { TreeReader } from '../../src/lint/reader.ts';
import { excerptFile, treeFrom } from '../support/kernelExcerpts.ts';
import { excerptOf } from './excerpt.ts';

const grammar = await readGrammar();

/** Records that only one of the readings has, as lines. */
const differences = (whole: readonly unknown[], cut: readonly unknown[]): string[] => {
  const [all, kept] = [whole, cut].map((records) => records.map((record) => JSON.stringify(record))) as [string[], string[]];
  return [
    ...all.filter((line) => !kept.includes(line)).map((line) => `only in the tree: ${line}`),
    ...kept.filter((line) => !all.includes(line)).map((line) => `only in the excerpt: ${line}`),
  ];
};

const take = (name: string, folder: string): void => {
  const tree = readTree(folder);
  const texts = excerptOf(grammar, tree);
  const bytes = gzipSync(JSON.stringify(texts, null, 1), { level: 9 });
  writeFileSync(excerptFile(name), bytes);
  const [whole, cut] = [tree, treeFrom(name, texts)].map((one) => new TreeReader(grammar).read(one));
  const parts = ['operations', 'sites', 'allocations', 'ignored'] as const;
  const found = parts.flatMap((part) => differences(whole![part], cut![part]));
  console.log(
    `${name}: ${Object.keys(texts).length} files, ${bytes.length} bytes; ${whole!.sites.length} return sites, ${found.length} differences`,
  );
  for (const line of found) console.log(`  ${line}`);
};

const given = process.argv.slice(2).map((argument) => /^([\w.]+)=(.+)$/.exec(argument));
if (given.length === 0 || given.includes(null)) throw new Error('expected 6.1=DIRECTORY or 6.12=DIRECTORY');
for (const [, name, folder] of given as RegExpExecArray[]) take(name!, folder!);
