// `npm run row-sources -- --tree-6.1 DIR --tree-6.12 DIR`: what the rows of the model cite in the two kernels that were read, kept as
// the data that `lint-kernel --check-model` compares other trees with.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { ModelSources } from '../core/rowSources.ts';
import type { Column } from '../core/rows.ts';
import { profiles } from '../kernels/profiles.ts';
import { allocationOrders } from '../lint/model/allocationOrder.ts';
import { encodeSources } from '../lint/model/encode.ts';
import { ModelTree } from '../lint/model/modelTree.ts';
import { sourcesOf } from '../lint/model/sources.ts';
import { readGrammar } from '../lint/read/grammar.ts';
import { readTree } from '../lint/read/readTree.ts';
import { TreeReader } from '../lint/reader.ts';
import { citedRows, orderedDrivers } from './lint/citedRows.ts';

/** What would be kept of the tree of a column. */
export const sourcesIn = (reader: TreeReader, folder: string, column: Column): ModelSources => {
  const source = readTree(folder);
  const orders = allocationOrders(reader.read(source), orderedDrivers);
  const title = profiles.find((profile) => profile.column === column)!.title;
  return sourcesOf(new ModelTree(source, reader), citedRows(), column, { title, orders });
};

const told = ({ tree, rows }: ModelSources): string => {
  const lost = Object.entries(rows).filter(([, { problem }]) => problem !== null);
  const lines = lost.map(([row, { problem }]) => `  ${row}: ${problem}`);
  return [`${tree}: ${Object.keys(rows).length} rows, ${lost.length} without a place`, ...lines].join('\n');
};

const main = async (): Promise<void> => {
  const { values } = parseArgs({ options: { 'tree-6.1': { type: 'string' }, 'tree-6.12': { type: 'string' } } });
  const reader = new TreeReader(await readGrammar());
  for (const column of ['v6.1', 'v6.12'] as const) {
    const folder = values[`tree-${column.slice(1)}` as 'tree-6.1'];
    if (folder === undefined) throw new Error('expected --tree-6.1 DIR and --tree-6.12 DIR: the sources of the two kernels');
    const sources = sourcesIn(reader, folder, column);
    writeFileSync(new URL(`./lint/rowSources/${column}.json`, import.meta.url), encodeSources(sources));
    process.stdout.write(`${told(sources)}\n`);
  }
};

if (import.meta.main) await main();
