// The excerpts of linux 6.12.117 that tests check the model against, as they are and with pieces of them replaced.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownModel } from '../../src/cli/lint/ownModel.ts';
import type { CheckedModel } from '../../src/core/checkedModel.ts';
import type { Column } from '../../src/core/rows.ts';
import { checkModel } from '../../src/lint/model/checkModel.ts';
import { ModelTree } from '../../src/lint/model/modelTree.ts';
import type { KernelTree } from '../../src/lint/tree.ts';
import { reader, treeOf } from './lintTree.ts';

export const excerpts = 'test/lint/excerpts/model/6.12';

export type Texts = Readonly<Record<string, string>>;

export const excerptTexts: Texts = Object.fromEntries(
  readdirSync(excerpts, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.c'))
    .map((path) => [path, readFileSync(join(excerpts, path), 'utf8')]),
);

/** Files are named by their end; a piece that is not there is an error of the test. */
export const replaced = (file: string, ...pieces: readonly (readonly [before: string, after: string])[]): Texts => {
  const path = Object.keys(excerptTexts).find((name) => name.endsWith(`/${file}`))!;
  const text = pieces.reduce((whole, [before, after]) => {
    if (!whole.includes(before)) throw new Error(`${file} has no ${before}`);
    return whole.replace(before, after);
  }, excerptTexts[path]!);
  return { ...excerptTexts, [path]: text };
};

/** Other files than those of drivers/iommu are read by name only. */
const treeFrom = (texts: Texts): KernelTree => ({
  ...treeOf(texts),
  files: Object.keys(texts).filter((path) => path.startsWith('drivers/iommu/')),
});

const own = await ownModel();

export const checked = (texts: Texts, column: Column = 'v6.12'): CheckedModel => {
  const source = treeFrom(texts);
  return checkModel(own, new ModelTree(source, reader), reader.read(source), { column, why: 'of the test' });
};

/** `omap-no-iommu changed, errno: ... > ...` for each place of an owner's rows that is not the same. */
export const differencesOf = ({ rows }: CheckedModel, owner: string): string[] =>
  rows
    .filter((row) => row.owner === owner)
    .flatMap(({ row, differences }) => differences.map(({ status, what, ours, yours }) => `${row} ${status}, ${what}: ${ours} > ${yours}`));
