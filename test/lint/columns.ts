// The columns of the facts as trees that can be read: both kernels, and the older one under the seed series.
import { applySeries } from '../../src/lint/patch/applySeries.ts';
import { readSeries } from '../../src/lint/patch/series.ts';
import { patchTexts } from '../../src/lint/read/patchTexts.ts';
import type { KernelTree } from '../../src/lint/tree.ts';
import { reader } from '../support/lintTree.ts';
import { type Measured, measure, withLinesOf } from './corpus.ts';

/** What the hunks of amd and s390 say, which do not apply to 6.1.192. */
const byHand: readonly { readonly path: string; readonly text: string }[] = [
  { path: 'drivers/iommu/amd/iommu.c', text: 'ret = -EINVAL;\n\n\t\t/*\n\t\t * In case of using AMD_IOMMU_V1' },
  { path: 'drivers/iommu/s390-iommu.c', text: 'rc = -EINVAL;\n\t\tgoto out_unregister;' },
];

export const seedSeries = readSeries(patchTexts('test/lint/seed-v6.patch.gz'));

const underSeed = (tree: KernelTree): KernelTree => {
  const patched = applySeries(tree, seedSeries)[0]!.tree;
  const edited = new Map(
    byHand.map(({ path, text }) => [path, patched.read(path)?.replace(text, text.replace('EINVAL', 'EMEDIUMTYPE')) ?? null] as const),
  );
  return { ...patched, read: (path) => edited.get(path) ?? patched.read(path) };
};

export const measureAll = (older: KernelTree, newer: KernelTree): Measured[] => {
  const reading = reader.read(older);
  const patched = reader.read(underSeed(older));
  return [measure('v6.1', reading), measure('seed-v6', withLinesOf(reading, patched)), measure('v6.12', reader.read(newer))];
};
