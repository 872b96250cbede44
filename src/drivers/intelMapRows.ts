// What mapping costs an Intel domain: page-table pages, and the recorded top address that later attaches are checked against.
import { computed, plain, type Read } from '../core/conditions.ts';
import { alloc, both, check, effect, everywhere, in612, print } from '../core/rowBuilders.ts';
import type { Row } from '../core/rows.ts';
import { missingTables, withoutTables, withTables } from './pageTables.ts';

/** Four levels for 48 bits. */
const geometry = {
  levels: computed('levels of the table', ['domain.agaw'], (read) => (Number(read('domain.agaw')) - 12) / 9),
  bitsPerLevel: 9,
  pageBits: 12,
};
const end = (read: Read): number => Number(read('mapping.iova')) + Number(read('mapping.size'));
const rangeReads = ['mapping.iova', 'mapping.size', 'domain.maxAddr'];

const mapBeyondWidth = check({
  id: 'intel/map-beyond-width',
  words: 'the range ends above the width of the instance attached last',
  class: 'incompatible',
  errno: everywhere('EFAULT'),
  cite: both('intel_iommu_map:4367-4378', 'intel_iommu_map:3732-3743'),
  prints: everywhere(print('pr_err', 'intel_iommu_map: iommu width (<width>) is not sufficient for the mapped address (<hex max_addr>)')),
  refuses: plain(
    'domain.maxAddr < iova + size && 2^domain.gaw < iova + size',
    [...rangeReads, 'domain.gaw'],
    (read) => Number(read('domain.maxAddr')) < end(read) && 2 ** Number(read('domain.gaw')) < end(read),
    { example: { 'domain.maxAddr': 0, 'domain.gaw': 39, 'mapping.iova': 2 ** 39, 'mapping.size': 4096 } },
  ),
});

const raiseTop = effect({
  id: 'intel/top-raised',
  words: 'the recorded top address rises to the end of the range, and stays if the mapping fails',
  cite: both('intel_iommu_map:4379', 'intel_iommu_map:3744'),
  changes: [
    {
      set: 'domain.maxAddr',
      to: computed('larger of top and range end', rangeReads, (read) => Math.max(Number(read('domain.maxAddr')), end(read))),
    },
  ],
  undo: 'none',
});

const pages = alloc({
  id: 'intel/page-table',
  words: 'a page-table page could not be allocated',
  class: 'transient-memory',
  errno: everywhere('ENOMEM'),
  cite: both('pfn_to_dma_pte:999-1002', 'pfn_to_dma_pte:855-858'),
  site: both('pfn_to_dma_pte:999', 'pfn_to_dma_pte:855'),
  what: 'page-table page',
  gfp: both('GFP_ATOMIC', 'GFP_KERNEL_ACCOUNT'),
  plausible: both('atomic', 'accounted'),
  times: missingTables(geometry),
  note: 'Pages made before the failing one stay in the table; the model drops them.',
});

const keepTables = effect({
  id: 'intel/tables-kept',
  words: 'the new page-table pages belong to the domain',
  cite: both('pfn_to_dma_pte:1009-1013', 'pfn_to_dma_pte:866-870'),
  changes: [{ set: 'domain.tables', to: withTables(geometry) }],
  undo: 'none',
});

export const map61: readonly Row[] = [mapBeyondWidth, raiseTop, pages, keepTables];
export const map612: readonly Row[] = [
  mapBeyondWidth,
  raiseTop,
  effect({
    id: 'intel/mapped-once',
    words: 'the domain remembers that something was mapped: from now on it cannot be made to enforce coherency',
    cite: in612('__domain_mapping:1837'),
    changes: [{ set: 'domain.hasMappings', to: true }],
    undo: 'none',
  }),
  pages,
  keepTables,
];

export const unmap: readonly Row[] = [
  effect({
    id: 'intel/tables-dropped',
    words: 'page-table pages that lie wholly in the range are freed',
    cite: both('dma_pte_clear_level:1195-1205', 'dma_pte_clear_level:1052-1062'),
    changes: [{ set: 'domain.tables', to: withoutTables(geometry) }],
    undo: 'none',
  }),
  effect({
    id: 'intel/top-lowered',
    words: 'the recorded top address falls only when the range ends exactly there',
    cite: both('intel_iommu_unmap:4430-4431', 'intel_iommu_unmap:3797-3798'),
    when: plain('domain.maxAddr == iova + size', rangeReads, (read) => read('domain.maxAddr') === end(read), {
      example: { 'domain.maxAddr': 2 ** 24 + 4096, 'mapping.iova': 2 ** 24, 'mapping.size': 4096 },
    }),
    changes: [{ set: 'domain.maxAddr', to: 'mapping.iova' }],
    undo: 'none',
  }),
];
