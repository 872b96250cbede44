// Prints recall and precision of lint-kernel against the facts, column by column (`npm run corpus -- [--tree-6.1 DIRECTORY]
// [--tree-6.12 DIRECTORY]`), with each miss and each extra; without a tree the excerpts are read.
import { parseArgs } from 'node:util';
import { readTree } from '../../src/lint/read/readTree.ts';
import { excerptTree } from '../support/kernelExcerpts.ts';
import { measureAll } from './columns.ts';
import { figures, listed } from './corpus.ts';

const { values } = parseArgs({ options: { 'tree-6.1': { type: 'string' }, 'tree-6.12': { type: 'string' } } });

const treeFor = (name: '6.1' | '6.12') => {
  const given = values[`tree-${name}`];
  return given === undefined ? excerptTree(name) : readTree(given);
};

for (const measured of measureAll(treeFor('6.1'), treeFor('6.12'))) {
  console.log(figures(measured));
  for (const line of listed(measured)) console.log(`  ${line}`);
}
