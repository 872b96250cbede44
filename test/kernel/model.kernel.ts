// The model's rows against the sources that they were read from, and against each other's: what the kept data says is in the trees.
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { command as lintKernel } from '../../src/cli/commands/lintKernel.ts';
import { citedRows } from '../../src/cli/lint/citedRows.ts';
import { ownModel } from '../../src/cli/lint/ownModel.ts';
import { sourcesIn } from '../../src/cli/writeRowSources.ts';
import type { CheckedModel } from '../../src/core/checkedModel.ts';
import { checkModel } from '../../src/lint/model/checkModel.ts';
import { encodeSources } from '../../src/lint/model/encode.ts';
import { ModelTree } from '../../src/lint/model/modelTree.ts';
import { applySeries } from '../../src/lint/patch/applySeries.ts';
import { readSeries } from '../../src/lint/patch/series.ts';
import { patchTexts } from '../../src/lint/read/patchTexts.ts';
import { readTree } from '../../src/lint/read/readTree.ts';
import { called } from '../support/called.ts';
import { reader } from '../support/lintTree.ts';
import { folderOf, howToGet, isThere, removeUnpacked, type Version, versions } from './trees.ts';

const folders = new Map<Version, string>();
const missing = versions.filter((version) => !isThere(version));
for (const version of missing) process.stderr.write(`${howToGet(version)}\n`);

beforeAll(() => {
  for (const version of versions) if (isThere(version)) folders.set(version, folderOf(version));
});
afterAll(removeUnpacked);

const check = async (version: Version, ...argv: string[]): Promise<{ found: CheckedModel; code: number }> => {
  const { out, code } = await called(lintKernel, [folders.get(version)!, '--check-model', '--json', ...argv]);
  return { found: JSON.parse(out), code };
};

const counts = ({ rows }: CheckedModel) =>
  Object.fromEntries([...Map.groupBy(rows, ({ status }) => status)].map(([status, own]) => [status, own.length]));

const rowsWith = ({ rows }: CheckedModel, what: string): string[] =>
  rows.filter(({ differences }) => differences.some((difference) => difference.what.split(' and ').includes(what))).map(({ row }) => row);

describe.each([
  ['6.1', 317, 10, ['vfio-type1']],
  ['6.12', 435, 16, ['vfio-type1', 'iommufd-auto']],
] as const)('linux %s', (version, rows, orders, rules) => {
  it.skipIf(!isThere(version))('has everything that rows of its column rest on', async () => {
    const { found, code } = await check(version);
    expect([found.column, found.why, code]).toEqual([`v${version}`, `its Makefile says ${version}`, 0]);
    expect(counts(found)).toEqual({ same: rows });
    expect(found.orders.map(({ status }) => status)).toEqual(Array.from({ length: orders }, () => 'same'));
    expect(found.rules.map(({ caller, status }) => [caller, status])).toEqual(rules.map((caller) => [caller, 'same']));
  });

  it.skipIf(!isThere(version))('gives the data that is kept', () => {
    const kept = readFileSync(`src/cli/lint/rowSources/v${version}.json`, 'utf8');
    expect(encodeSources(sourcesIn(reader, folders.get(version)!, `v${version}`))).toBe(kept);
  });

  it.skipIf(!isThere(version))('takes memory with the flags that rows say', async () => {
    const sources = (await ownModel()).sources[`v${version}`];
    const own = citedRows().flatMap((row) => {
      const [ours, theirs] = [row.gfp[`v${version}`], sources.rows[row.id]?.places[0]?.gfp];
      // Flags that a function is handed, or that the called one adds, are not to be seen at the site.
      if (!theirs?.startsWith('GFP_') || ours === undefined) return [];
      return ours.replace(/\s/g, '') !== theirs.replace(/\s/g, '') ? [`${row.id}: ${ours}, ${theirs}`] : [];
    });
    expect(own).toEqual(
      version === '6.1'
        ? []
        : [
            'iommufd-add-domain-array: GFP_KERNEL, the array adds __GFP_ACCOUNT, GFP_KERNEL',
            'iommufd-add-domain-fill/batch: GFP_KERNEL|__GFP_NOWARN|__GFP_NORETRY up to 64 KiB, then one page with GFP_KERNEL, GFP_KERNEL | __GFP_NOWARN | __GFP_NORETRY',
            'iommufd-add-domain-fill/pages: GFP_KERNEL|__GFP_NOWARN|__GFP_NORETRY up to 64 KiB, then one page with GFP_KERNEL, GFP_KERNEL | __GFP_NOWARN | __GFP_NORETRY',
          ],
    );
  });
});

describe('rows of 6.1 against linux 6.12', () => {
  it.skipIf(!isThere('6.12'))('differ in what the merged series changed', async () => {
    const { found, code } = await check('6.12', '--kernel', '6.1.y');
    expect(code).toBe(1);
    expect(counts(found)).toEqual({ same: 177, moved: 9, changed: 18, gone: 113 });
    expect(rowsWith(found, 'errno')).toEqual([
      'arm-smmu-v3/domain-record',
      'arm-smmu-v3-foreign-smmu',
      'intel-force-snooping-unsupported',
      'intel-address-width-insufficient',
      'omap-no-iommu',
      'omap-domain-in-use',
      'omap-zero-iommus',
      'virtio-foreign-viommu',
      'virtio-granule-too-large',
      'virtio-iommu/bypass',
      'core-alloc-driver-failed',
      'vfio-set-container-not-a-container',
    ]);
    expect(rowsWith(found, 'message')).toEqual([
      'arm-smmu-foreign-smmu',
      'arm-smmu-v3-foreign-smmu',
      'intel-address-width-insufficient',
      'ipmmu-foreign-mmu',
      'qcom-iommu-foreign-iommu',
      'virtio-foreign-viommu',
      'vdpa-not-coherent',
    ]);
    expect(rowsWith(found, 'GFP flags')).toEqual(['s390/region-table', 's390/map-segment-table', 's390/map-page-table']);
  });
});

describe('the seed series', () => {
  it.skipIf(!isThere('6.1'))('on linux 6.1 is what rows of its column say, but for the hunks that do not apply', async () => {
    const series = readSeries(patchTexts('test/lint/seed-v6.patch.gz'));
    const source = applySeries(readTree(folders.get('6.1')!), series)[0]!.tree;
    const nearest = { column: 'seed-v6', why: 'of the test' } as const;
    const found = checkModel(await ownModel(), new ModelTree(source, reader), reader.read(source), nearest);
    expect(rowsWith(found, 'errno')).toEqual([
      'amd-v2-domain-default-not-identity',
      'amd-v2-ats-pri-pasid-enable-failed',
      's390-dma-range-mismatch',
    ]);
    expect(counts(found)).toEqual({ same: 313, changed: 3 });
  });
});

describe('drivers/iommu alone', () => {
  it.skipIf(!isThere('6.12'))('leaves rows of other parts of the kernel not understood', async () => {
    const copy = mkdtempSync(join(tmpdir(), 'attachlab-iommu-'));
    cpSync(join(folders.get('6.12')!, 'drivers/iommu'), copy, { recursive: true });
    const { out, code } = await called(lintKernel, [copy, '--check-model', '--json']);
    rmSync(copy, { recursive: true });
    const found = JSON.parse(out) as CheckedModel;
    expect([code, found.column, found.why]).toEqual([3, 'v6.12', '372 of 435 rows are where they were']);
    expect(counts(found)).toEqual({ same: 372, unclear: 63 });
    const reasons = new Set(found.rows.flatMap(({ differences }) => differences.map(({ what }) => what)));
    expect([...reasons].sort()).toEqual([
      'the tree has no drivers/firmware',
      'the tree has no drivers/vfio',
      'the tree has no drivers/vhost',
      'the tree has no drivers/virtio',
    ]);
  });
});
