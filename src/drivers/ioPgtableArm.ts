// ARM long-descriptor page tables (io-pgtable-arm.c) as the SMMU drivers and qcom_iommu make and fill them. Limits: 4 KiB granule;
// an unmap keeps the tables, while the kernel frees those that one large aligned unmap covers.
import { all, type Computed, type Condition, computed, has, lacks, type Path, type Read, value } from '../core/conditions.ts';
import { alloc, both, check, effect, everywhere, sleeping } from '../core/rowBuilders.ts';
import type { PerColumn, Plausible, Row } from '../core/rows.ts';
import { missingTables, type TableGeometry, withTables } from './pageTables.ts';

const pageBits = 12;
const bitsPerLevel = 9;
const atomic = { gfp: everywhere('GFP_ATOMIC'), plausible: everywhere<Plausible>('atomic') };
/** Page tables of a mapping take the flags that the caller hands to iommu_map(). */
const handedOn = { gfp: both('GFP_KERNEL', 'GFP_KERNEL_ACCOUNT'), plausible: both<Plausible>('small-sleeping', 'accounted') };

/** Levels of a table for so many input bits. Stage 2 puts up to 16 tables side by side as the root to save the fourth level. */
export const tableLevels = (inputBits: number, stage2: boolean): number => {
  const levels = Math.ceil((inputBits - pageBits) / bitsPerLevel);
  const rootBits = inputBits - pageBits - bitsPerLevel * (levels - 1);
  return stage2 && levels === 4 && rootBits <= 4 ? 3 : levels;
};

/** The stage that the instance can do: stage 1 where it can do both. */
export const supportedStage: Computed = computed('stage', ['iommu.stage1', 'iommu.stage2', 'domain.stage'], (read) => {
  if (read('iommu.stage2') === false) return 'S1';
  return read('iommu.stage1') === false ? 'S2' : (read('domain.stage') ?? 'S1');
});

interface Geometry {
  readonly driver: string;
  readonly cite: PerColumn<string>;
  readonly when?: Condition;
  /** Where the input bits of each stage are found. */
  readonly stage1: Path;
  readonly stage2: Path;
}

/** The domain takes aperture and depth from its stage. Kept when a later step fails: the next attempt writes them again. */
export const geometryRow = ({ driver, cite, when, stage1, stage2 }: Geometry): Row => {
  const isStage1 = (read: Read): boolean => read('domain.stage') === 'S1';
  const bits = (read: Read): number => Number(read(isStage1(read) ? stage1 : stage2));
  const reads = ['domain.stage', stage1, stage2];
  return effect({
    id: `${driver}/geometry`,
    words: 'the domain spans the input bits of its stage',
    cite,
    ...(when ? { when } : {}),
    changes: [
      { set: 'domain.apertureStart', to: 0 },
      { set: 'domain.apertureEnd', to: computed('last address of the input bits', reads, (read) => 2 ** bits(read) - 1) },
      { set: 'domain.pageSize', to: 2 ** pageBits },
      { set: 'domain.levels', to: computed('levels of the table', reads, (read) => tableLevels(bits(read), !isStage1(read))) },
    ],
    undo: 'none',
  });
};

interface PageTable {
  readonly entry: string;
  readonly cite: PerColumn<string>;
  readonly prints?: PerColumn<{ readonly level: string; readonly text: string }>;
  readonly stage1: Condition;
  /** Absent: the driver has no stage 2. */
  readonly stage2?: Condition;
}

/** What alloc_io_pgtable_ops() needs; the caller cannot tell a shortage from a refused configuration. */
export const pageTableRows = ({ entry, cite, prints, stage1, stage2 }: PageTable): readonly Row[] => {
  const shared = { class: 'transient-memory', errno: everywhere('ENOMEM'), cite, ...(prints ? { prints } : {}), ...sleeping } as const;
  const either = stage2 ? { any: [stage1, stage2] } : stage1;
  const root = (stage: string, words: string, old: number, recent: number, when: Condition): Row =>
    alloc({
      ...shared,
      id: `${entry}/root-${stage}`,
      entry,
      words,
      when,
      site: both(`arm_64_lpae_alloc_pgtable_${stage}:${old}`, `arm_64_lpae_alloc_pgtable_${stage}:${recent}`),
      what: 'top-level table',
    });
  return [
    check({
      id: `${entry}/refused`,
      words: 'the page-table code refuses the widths or page sizes of the instance, for ever',
      class: 'device',
      errno: everywhere('ENOMEM'),
      cite: both('io-pgtable-arm.c: arm_lpae_alloc_pgtable:789-796', 'io-pgtable-arm.c: arm_lpae_alloc_pgtable:905-912'),
      ...(prints ? { prints } : {}),
      refuses: all(either, has('iommu.pageTablesRefused')),
      note: `To the caller it is the same as ${entry}: an ENOMEM that no memory cures.`,
    }),
    alloc({
      ...shared,
      id: entry,
      words: 'the domain has no page table yet and its record could not be allocated',
      when: either,
      site: both('arm_lpae_alloc_pgtable:798', 'arm_lpae_alloc_pgtable:914'),
      what: 'page-table object',
    }),
    root('s1', 'the top-level table of a stage-1 domain could not be allocated', 910, 1026, stage1),
    ...(stage2 ? [root('s2', 'the top-level table of a stage-2 domain could not be allocated', 1012, 1128, stage2)] : []),
  ];
};

const geometry: TableGeometry = { levels: 'domain.levels', bitsPerLevel, pageBits };

/** A mapping: refused before the domain has a table; `lines` are those of that test. */
export const mapRows = (driver: string, lines: PerColumn<string>, memory: 'handed-on' | 'atomic' = 'handed-on'): readonly Row[] => [
  check({
    id: `${driver}/map-unbound`,
    words: 'the domain has no page table yet, because no device was attached',
    class: 'other',
    errno: everywhere('ENODEV'),
    cite: lines,
    refuses: lacks('domain.iommu'),
  }),
  alloc({
    id: `${driver}/map-table`,
    words: 'a page table for the mapping could not be allocated',
    class: 'transient-memory',
    errno: everywhere('ENOMEM'),
    cite: both('io-pgtable-arm.c: __arm_lpae_map:388-390', 'io-pgtable-arm.c: __arm_lpae_map:421-423'),
    site: both('__arm_lpae_map:388', '__arm_lpae_map:421'),
    what: 'page table',
    ...(memory === 'atomic' ? atomic : handedOn),
    times: missingTables(geometry),
  }),
  effect({
    id: `${driver}/map-tables`,
    words: 'the domain has the tables of the mapping',
    cite: both('io-pgtable-arm.c: __arm_lpae_map:392', 'io-pgtable-arm.c: __arm_lpae_map:425'),
    changes: [{ set: 'domain.tables', to: withTables(geometry) }],
    undo: 'none',
  }),
];

/** Attributes that these rows keep on a domain, and read of an instance. */
export const pageTableDomain = {
  levels: { default: null, words: 'levels of the page table', alternatives: [4, 3] },
  tables: { default: null, words: 'page tables below the top level' },
  superpages: { default: true, words: 'aligned memory is contiguous, so that one entry maps a large block', alternatives: [false] },
} as const;
export const pageTableIommu = {
  pageTablesRefused: { default: false, words: 'the page-table code refuses the instance’s widths or page sizes', alternatives: [true] },
} as const;
export const bothStages = {
  stage1: { default: true, words: 'translates at stage 1', alternatives: [false] },
  stage2: { default: true, words: 'translates at stage 2; used only without stage 1', alternatives: [false] },
} as const;

/** A domain that translates, as opposed to an identity or blocking one. */
export const paging: Condition = {
  not: { any: [{ equal: ['domain.type', value('identity')] }, { equal: ['domain.type', value('blocking')] }] },
};
