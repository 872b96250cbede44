// Page tables of AMD IOMMUs, version 1: three levels at first, one more whenever an address lies beyond them. An unmap frees none.
import { computed, plain, type Read, type Value } from '../core/conditions.ts';
import { alloc, both, effect, everywhere } from '../core/rowBuilders.ts';
import type { Plausible, Row } from '../core/rows.ts';
import { missingTables, type TableGeometry, withTables } from './pageTables.ts';

const pageBits = 12;
const bitsPerLevel = 9;
const maximumLevels = 6;
const geometry: TableGeometry = { levels: 'domain.levels', bitsPerLevel, pageBits };
const handedOn = {
  class: 'transient-memory',
  errno: everywhere('ENOMEM'),
  gfp: both('GFP_KERNEL', 'GFP_KERNEL_ACCOUNT'),
  plausible: both<Plausible>('small-sleeping', 'accounted'),
} as const;

const reads = ['domain.levels', 'mapping.iova', 'mapping.size'];

/** Levels that the domain has once the last address of the mapping is within them. */
const levelsAfter = (read: Read): number => {
  const end = Number(read('mapping.iova')) + Number(read('mapping.size'));
  let levels = Number(read('domain.levels'));
  while (levels < maximumLevels && end > 2 ** (pageBits + bitsPerLevel * levels)) levels++;
  return levels;
};

const levelsToAdd = (read: Read): number => levelsAfter(read) - Number(read('domain.levels'));
const beyond = plain('the mapping lies beyond domain.levels', reads, (read) => levelsToAdd(read) > 0);

/** Each old root is the first table of its level under the next root. */
const tablesUnderNewRoots = (read: Read): Value => {
  const old = Number(read('domain.levels'));
  const roots = Array.from({ length: levelsToAdd(read) }, (_, index) => [`${old + index}:0`, 1] as const);
  return Object.fromEntries([...roots.toReversed(), ...Object.entries(read('domain.tables') ?? {})]);
};

export const map: readonly Row[] = [
  alloc({
    ...handedOn,
    id: 'amd/map-level',
    words: 'a new root above the page table could not be allocated',
    cite: both(
      'io_pgtable.c: increase_address_space:159-161; alloc_pte:207-214',
      'io_pgtable.c: increase_address_space:132-134; alloc_pte:180-189',
    ),
    site: both('increase_address_space:159', 'increase_address_space:132'),
    what: 'page table of one more level',
    times: computed('levels to add', reads, levelsToAdd),
  }),
  effect({
    id: 'amd/map-levels',
    words: 'the table has more levels from now on',
    cite: both('io_pgtable.c: increase_address_space:171-184', 'io_pgtable.c: increase_address_space:146-153'),
    when: beyond,
    changes: [
      { set: 'domain.tables', to: computed('tables under the new roots', [...reads, 'domain.tables'], tablesUnderNewRoots) },
      { set: 'domain.levels', to: computed('levels after growing', reads, levelsAfter) },
    ],
    undo: 'none',
  }),
  alloc({
    ...handedOn,
    id: 'amd/map-table',
    words: 'a page table for the mapping could not be allocated',
    cite: both('io_pgtable.c: alloc_pte:253-256', 'io_pgtable.c: alloc_pte:234-237'),
    site: both('alloc_pte:253', 'alloc_pte:234'),
    what: 'page table',
    times: missingTables(geometry),
  }),
  effect({
    id: 'amd/map-tables',
    words: 'the domain has the tables of the mapping',
    cite: both('io_pgtable.c: alloc_pte:258-264', 'io_pgtable.c: alloc_pte:239-245'),
    changes: [{ set: 'domain.tables', to: withTables(geometry) }],
    undo: 'none',
  }),
];
