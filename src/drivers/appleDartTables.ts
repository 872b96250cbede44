// Page tables of an Apple DART (io-pgtable-dart.c): first-level tables when a domain is finalised, second-level ones by mapping.
import { computed, equal, lacks, plain, type Read } from '../core/conditions.ts';
import { alloc, both, check, effect, everywhere, in612, sleeping } from '../core/rowBuilders.ts';
import type { PerColumn, Row } from '../core/rows.ts';
import { missingTables, type TableGeometry, withTables } from './pageTables.ts';

const inFinalise = (old: string, recent: string) => both(`apple_dart_finalize_domain:${old}`, `apple_dart_finalize_domain:${recent}`);

/** First-level tables beside each other: what the input bits leave over two levels. */
const firstLevelTables = (read: Read): number => {
  const pageBits = Math.log2(Number(read('iommu.pgsize')));
  return 2 ** Math.max(0, Number(read('iommu.ias')) - pageBits - 2 * (pageBits - 3));
};
const tooMany = plain('more than four first-level tables', ['iommu.ias', 'iommu.pgsize'], (read) => firstLevelTables(read) > 4);

const streamMaps = effect({
  id: 'apple-dart/stream-maps',
  words: 'the domain takes the DART instances of the device',
  cite: inFinalise('439-444', '591-596'),
  changes: [
    { set: 'domain.iommu', to: 'iommu.id' },
    { set: 'domain.streamMaps', to: 'device.streamMaps' },
  ],
  undo: 'none',
});

const refused = check({
  id: 'apple-dart-pgtable-alloc/refused',
  words: 'the page-table code refuses an input width that needs more than four first-level tables, for ever',
  class: 'device',
  errno: in612('ENOMEM'),
  cite: in612('io-pgtable-dart.c: dart_alloc_pgtable:371-373'),
  refuses: tooMany,
  note: 'To the caller it is the same as apple-dart-pgtable-alloc: an ENOMEM that no memory cures. 6.1 knows no DART with such widths.',
});

const pageTable: readonly Row[] = [
  alloc({
    ...sleeping,
    id: 'apple-dart-pgtable-alloc',
    words: 'the record of the page table could not be allocated for a domain that is not finalised',
    class: 'transient-memory',
    errno: everywhere('ENOMEM'),
    cite: inFinalise('454-459', '606-611'),
    site: both('dart_alloc_pgtable:380', 'dart_alloc_pgtable:375'),
    what: 'page-table object',
  }),
  alloc({
    ...sleeping,
    id: 'apple-dart-pgtable-alloc/first-level',
    entry: 'apple-dart-pgtable-alloc',
    words: 'a first-level table could not be allocated',
    class: 'transient-memory',
    errno: everywhere('ENOMEM'),
    cite: inFinalise('454-459', '606-611'),
    site: both('apple_dart_alloc_pgtable:421', 'apple_dart_alloc_pgtable:416'),
    what: 'first-level tables: one with 16 KiB pages, four with 4 KiB pages',
    times: computed('first-level tables', ['iommu.ias', 'iommu.pgsize'], firstLevelTables),
  }),
  effect({
    id: 'apple-dart/finalised',
    words: 'the domain has a page table and spans the input bits',
    cite: inFinalise('461-466', '613-619'),
    changes: [
      { set: 'domain.apertureStart', to: 0 },
      {
        set: 'domain.apertureEnd',
        to: computed('last address of the input bits', ['iommu.ias'], (read) => 2 ** Number(read('iommu.ias')) - 1),
      },
      { set: 'domain.pageSize', to: 'iommu.pgsize' },
      { set: 'domain.finalized', to: true },
    ],
    undo: 'none',
  }),
];

/** Walked for a paging domain without a page table; what was set before a failure is set again next time. */
export const finalise: PerColumn<readonly Row[]> = both([streamMaps, ...pageTable], [streamMaps, refused, ...pageTable]);

/** Which pages a kernel and its DARTs use is fixed, so a domain maps by one geometry of the two. */
const mapPath = (pageSize: number, geometry: TableGeometry): readonly Row[] => [
  alloc({
    id: `apple-dart/map-table-${pageSize / 1024}K`,
    words: 'a second-level table for the mapping could not be allocated',
    class: 'transient-memory',
    errno: everywhere('ENOMEM'),
    cite: both('io-pgtable-dart.c: dart_map_pages:264-266', 'io-pgtable-dart.c: dart_map_pages:259-261'),
    when: equal('domain.pageSize', pageSize),
    site: both('dart_map_pages:264', 'dart_map_pages:259'),
    what: 'page table',
    gfp: both('GFP_KERNEL', 'GFP_KERNEL_ACCOUNT'),
    plausible: both('small-sleeping', 'accounted'),
    times: missingTables(geometry),
  }),
  effect({
    id: `apple-dart/map-tables-${pageSize / 1024}K`,
    words: 'the domain has the tables of the mapping',
    cite: both('io-pgtable-dart.c: dart_map_pages:268', 'io-pgtable-dart.c: dart_map_pages:263'),
    when: equal('domain.pageSize', pageSize),
    changes: [{ set: 'domain.tables', to: withTables(geometry) }],
    undo: 'none',
  }),
];

export const map: readonly Row[] = [
  check({
    id: 'apple-dart/map-unbound',
    words: 'the domain has no page table yet, because no device was attached',
    class: 'other',
    errno: everywhere('ENODEV'),
    cite: both('apple_dart_map_pages:389-390', 'apple_dart_map_pages:539-540'),
    refuses: lacks('domain.finalized'),
  }),
  ...mapPath(16384, { levels: 2, bitsPerLevel: 11, pageBits: 14 }),
  ...mapPath(4096, { levels: 2, bitsPerLevel: 9, pageBits: 12 }),
];
