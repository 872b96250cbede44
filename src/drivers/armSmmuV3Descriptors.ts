// Context descriptors of an SMMUv3, which stage 1 needs: kept by the domain in 6.1, by the device from its first stage-1 attach on in 6.12.
import { all, below, type Condition, equal, has, lacks, not, value } from '../core/conditions.ts';
import { alloc, both, check, effect, everywhere, in61, in612, print, sleeping } from '../core/rowBuilders.ts';
import type { AllocRow, Plausible, Row } from '../core/rows.ts';

const stage1 = equal('domain.stage', value('S1'));
const manyContexts = all(stage1, has('iommu.twoLevelContextTables'), below(10, 'device.ssidBits'));
const firstTable = all(stage1, lacks('device.cdTable'));
const coherent = { gfp: everywhere('GFP_KERNEL'), plausible: everywhere<Plausible>('dma') };
const shortage = { class: 'transient-memory', errno: everywhere('ENOMEM') } as const;

const noTable = in61(print('dev_warn', 'failed to allocate context descriptor'));
const noLeaf = in61(print('dev_warn', 'failed to allocate context descriptor table'));

const array = alloc({
  ...shortage,
  ...sleeping,
  id: 'arm-smmu-v3-cd-l1-alloc',
  words: 'two-level format: the array that tracks the leaf tables could not be allocated',
  cite: both(
    'arm_smmu_alloc_cd_tables:1168-1172',
    'arm_smmu_alloc_cd_tables:1452-1456; arm_smmu_alloc_cd_ptr:1279-1282; arm_smmu_attach_dev:2835-2838',
  ),
  when: both(manyContexts, all(firstTable, manyContexts)),
  site: both('arm_smmu_alloc_cd_tables:1168', 'arm_smmu_alloc_cd_tables:1452'),
  what: 'leaf tracking array',
  note: '6.12: on the device’s first stage-1 attach only, but also when the domain exists and fits.',
});

const table = alloc({
  ...shortage,
  ...coherent,
  id: 'arm-smmu-v3-cd-table-alloc',
  words: 'the context-descriptor table could not be allocated from coherent memory',
  cite: both('arm_smmu_alloc_cd_tables:1177-1182', 'arm_smmu_alloc_cd_tables:1442-1446,1459-1464; arm_smmu_attach_dev:2835-2838'),
  prints: noTable,
  when: both(stage1, all(firstTable, not(manyContexts))),
  site: both('arm_smmu_alloc_cd_tables:1177', 'arm_smmu_alloc_cd_tables:1442'),
  what: 'linear or first-level table (6.12: linear)',
});

const leaf = alloc({
  ...shortage,
  ...coherent,
  id: 'arm-smmu-v3-cd-leaf-alloc',
  words: 'two-level format: the leaf table of sub-stream 0 is missing and could not be allocated',
  cite: both(
    'arm_smmu_write_ctx_desc:1088-1090; arm_smmu_alloc_cd_leaf_table:1020-1026',
    'arm_smmu_alloc_cd_ptr:1288-1294; arm_smmu_attach_dev:2835-2838',
  ),
  prints: noLeaf,
  when: both(manyContexts, all(manyContexts, lacks('device.cdLeaf'))),
  site: both('arm_smmu_alloc_cd_leaf_table:1020', 'arm_smmu_alloc_cd_ptr:1291'),
  what: 'leaf table',
  note: '6.12 keeps a first level that was just built, so that the next attempt starts here.',
});

/** 6.1 gets coherent memory as managed: a record first, then the memory itself, at one site. */
const managed = (of: AllocRow, what: string, when: Condition): Row =>
  alloc({
    ...sleeping,
    id: `${of.id}/managed-record`,
    entry: of.id,
    words: `${of.words}: the record that manages it`,
    class: 'transient-memory',
    errno: in61('ENOMEM'),
    cite: in61(of.cite['v6.1']!),
    prints: of.prints!,
    when,
    site: in61(of.site['v6.1']!),
    what,
  });

/** 6.1: made while the domain is finalised. */
export const domainDescriptors: readonly Row[] = [
  effect({
    id: 'arm-smmu-v3/sizes',
    words: 'a stage-1 domain takes sub-stream width and stall setting of its first device',
    cite: in61('arm_smmu_domain_finalise_s1:2145-2147'),
    when: stage1,
    changes: [
      { set: 'domain.s1cdmax', to: 'device.ssidBits' },
      { set: 'domain.stallEnabled', to: 'device.stallEnabled' },
    ],
    undo: 'none',
  }),
  array,
  managed(table, 'managed record of the table', stage1),
  table,
  check({
    id: 'arm-smmu-v3-cd-ssid-range',
    words: 'sub-stream 0 is outside the table just built',
    class: 'other',
    errno: in61('E2BIG'),
    cite: in61('arm_smmu_write_ctx_desc:1085-1086'),
    prints: in61(print('WARN', 'arm_smmu_write_ctx_desc()')),
    refuses: all(stage1, below('domain.s1cdmax', 0)),
    unreachable: 'a table has at least one entry',
  }),
  managed(leaf, 'managed record of the leaf table', manyContexts),
  leaf,
];

const kept = (id: string, attribute: string, when: Condition): Row =>
  effect({
    id,
    words: 'the device has it from now on',
    cite: in612('arm_smmu_alloc_cd_ptr:1279-1298'),
    when: all(when, lacks(attribute)),
    changes: [{ set: attribute, to: true }],
    undo: 'none',
  });

/** 6.12: what the device's first stage-1 attach builds; kept until the device is released. */
export const deviceDescriptors: readonly Row[] = [
  array,
  table,
  alloc({
    class: 'transient-memory',
    errno: in612('ENOMEM'),
    ...coherent,
    id: 'arm-smmu-v3-cd-table-alloc/first-level',
    entry: 'arm-smmu-v3-cd-table-alloc',
    words: 'two-level format: the first level could not be allocated from coherent memory',
    cite: in612('arm_smmu_alloc_cd_tables:1459-1464; arm_smmu_attach_dev:2835-2838'),
    when: all(firstTable, manyContexts),
    site: in612('arm_smmu_alloc_cd_tables:1459'),
    what: 'first-level table',
  }),
  kept('arm-smmu-v3/cd-table-kept', 'device.cdTable', stage1),
  leaf,
  kept('arm-smmu-v3/cd-leaf-kept', 'device.cdLeaf', manyContexts),
];
