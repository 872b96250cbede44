// Table pages of s390 mappings: 2^11 regions of 2 GiB, 2^11 segments of 1 MiB each, pages of 4 KiB; no larger blocks.
import { type Computed, computed, computedValue } from '../core/conditions.ts';
import { alloc, both, effect, everywhere } from '../core/rowBuilders.ts';
import type { PerColumn, Row } from '../core/rows.ts';
import { missingTables, type TableGeometry, withTables } from './pageTables.ts';

/** A page table has 2^8 entries, a segment table 2^11: written as if pages had 9 bits, both spans come out right (2^20, 2^31). */
const allTables: TableGeometry = { levels: 3, bitsPerLevel: 11, pageBits: 9 };
const pageTablesOnly: TableGeometry = { ...allTables, levels: 2 };

const missing = missingTables(allTables);
const missingPageTables = missingTables(pageTablesOnly);

const missingSegmentTables: Computed = computed(
  'segment tables missing for the mapping',
  missing.reads,
  (read) => Number(computedValue(missing, read)) - Number(computedValue(missingPageTables, read)),
);

const rows: readonly Row[] = [
  alloc({
    id: 's390/map-segment-table',
    words: 'a segment table for the mapping could not be allocated',
    class: 'transient-memory',
    errno: everywhere('ENOMEM'),
    cite: both('s390_iommu_update_trans:226-230', 's390_iommu_validate_trans:625-630'),
    site: both('dma_alloc_cpu_table:34 (arch/s390/pci/pci_dma.c)', 'dma_alloc_cpu_table:164'),
    what: 'segment table from a slab cache',
    gfp: both('GFP_ATOMIC', 'GFP_KERNEL_ACCOUNT'),
    plausible: both('atomic', 'accounted'),
    times: missingSegmentTables,
  }),
  alloc({
    id: 's390/map-page-table',
    words: 'a page table for the mapping could not be allocated',
    class: 'transient-memory',
    errno: everywhere('ENOMEM'),
    cite: both('s390_iommu_update_trans:226-230', 's390_iommu_validate_trans:625-630'),
    site: both('dma_alloc_page_table:52 (arch/s390/pci/pci_dma.c)', 'dma_alloc_page_table:213'),
    what: 'page table from a slab cache',
    gfp: both('GFP_ATOMIC', 'GFP_KERNEL_ACCOUNT'),
    plausible: both('atomic', 'accounted'),
    times: missingPageTables,
    note: 'A mapping that crosses a segment alternates between both kinds of table; the model takes all segment tables first.',
  }),
  effect({
    id: 's390/map-tables',
    words: 'the domain has the tables of the mapping',
    cite: both('s390_iommu_update_trans:226', 's390_iommu_validate_trans:625'),
    changes: [{ set: 'domain.tables', to: withTables(allTables) }],
    undo: 'none',
  }),
];

export const mapPath: PerColumn<readonly Row[]> = everywhere(rows);
