// Citations taken apart: files, functions and lines in all the ways in which rows write them.
import { expect, it } from 'vitest';
import { citedRows } from '../../../src/cli/lint/citedRows.ts';
import { ownModel } from '../../../src/cli/lint/ownModel.ts';
import { citationsOf, siteOf } from '../../../src/lint/model/citations.ts';

it.each([
  ['attach_device:1788-1790', [{ file: null, function: 'attach_device', ranges: [[1788, 1790]] }]],
  ['iommu.c: iommu_attach_device:1984', [{ file: 'iommu.c', function: 'iommu_attach_device', ranges: [[1984, 1984]] }]],
  [
    'arm_smmu_init_domain_context:630,734; arm-smmu.h: __arm_smmu_alloc_bitmap:459-461',
    [
      {
        ...{ file: null, function: 'arm_smmu_init_domain_context' },
        ranges: [
          [630, 630],
          [734, 734],
        ],
      },
      { file: 'arm-smmu.h', function: '__arm_smmu_alloc_bitmap', ranges: [[459, 461]] },
    ],
  ],
  [
    'pasid.c: intel_pasid_setup_first_level:567-572, intel_pasid_get_entry:202-206',
    [
      { file: 'pasid.c', function: 'intel_pasid_setup_first_level', ranges: [[567, 572]] },
      { file: 'pasid.c', function: 'intel_pasid_get_entry', ranges: [[202, 206]] },
    ],
  ],
])('reads %s', (text, citations) => {
  expect(citationsOf(text)).toEqual(citations);
});

it.each([
  ['cookie_alloc (iommu_get_msi_cookie:426)', 'iommu_get_msi_cookie', 426],
  ['iopt_reserve_iova:814 (iopt_table_add_domain)', 'iopt_reserve_iova', 814],
  ['dma_alloc_cpu_table:34 (arch/s390/pci/pci_dma.c)', 'dma_alloc_cpu_table', 34],
])('finds the place of %s', (text, name, line) => {
  expect(siteOf(text)).toEqual({ file: null, function: name, ranges: [[line, line]] });
});

it('keeps a place of every row that cites the kernel', async () => {
  const { sources } = await ownModel();
  const rows = citedRows();
  for (const column of ['v6.1', 'seed-v6', 'v6.12'] as const) {
    const cited = rows.filter(({ cite }) => cite[column] !== undefined).map(({ id }) => id);
    expect(Object.keys(sources[column].rows).sort()).toEqual(cited.sort());
  }
  const counts = Object.values(sources).map((source) => {
    const found = Object.values(source.rows);
    return [found.length, found.filter(({ places }) => places.length === 0).length];
  });
  expect(counts).toEqual([
    [317, 0],
    [316, 0],
    [435, 0],
  ]);
});
