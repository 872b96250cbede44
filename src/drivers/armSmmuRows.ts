// What an SMMUv1/v2 does with a domain at its first attach: a format, a context bank, a page table, an interrupt.
import { all, type Computed, computed, equal, has, lacks, not, value } from '../core/conditions.ts';
import { alloc, both, check, effect, everywhere, take } from '../core/rowBuilders.ts';
import type { PerColumn, Row } from '../core/rows.ts';
import { geometryRow, pageTableRows, paging, supportedStage } from './ioPgtableArm.ts';

const stage1 = equal('domain.stage', value('S1'));
const stage2 = equal('domain.stage', value('S2'));
const initContext = (old: string, recent: string) => both(`arm_smmu_init_domain_context:${old}`, `arm_smmu_init_domain_context:${recent}`);

const stage: Computed = computed('stage, bypass for identity', ['domain.type', ...supportedStage.reads], (read) =>
  read('domain.type') === 'identity' ? 'BYPASS' : supportedStage.compute(read),
);

const format: readonly Row[] = [
  effect({
    id: 'arm-smmu/stage',
    words: 'the domain takes the stage that the instance can do',
    cite: initContext('628-656', '700-703'),
    changes: [{ set: 'domain.stage', to: stage }],
    undo: 'none',
  }),
  check({
    id: 'arm-smmu-no-context-format',
    words: 'the SMMU supports no page-table format that this kernel can use',
    class: 'device',
    errno: everywhere('EINVAL'),
    cite: initContext('678-681', '726-729'),
    refuses: all(paging, equal('iommu.contextFormat', value('none'))),
    note: 'EINVAL although no domain can ever work.',
  }),
  check({
    id: 'arm-smmu-bad-stage',
    words: 'the domain’s stage is none that the set-up knows',
    class: 'other',
    errno: everywhere('EINVAL'),
    cite: initContext('724-726', '772-774'),
    refuses: all(paging, not(stage1), not(stage2)),
    unreachable: 'the stage is narrowed to a known one just before, and 6.1 identity domains return earlier',
  }),
];

const bankCite = both(
  'arm_smmu_init_domain_context:729-732; arm-smmu.h: __arm_smmu_alloc_bitmap:459-461; arm-smmu-qcom.c: qcom_adreno_smmu_alloc_context_bank:177-196',
  'arm_smmu_init_domain_context:777-780; arm-smmu.h: __arm_smmu_alloc_bitmap:469-471; arm-smmu-qcom.c: qcom_adreno_smmu_alloc_context_bank:188-207',
);

const bank: readonly Row[] = [
  take({
    id: 'arm-smmu-context-bank-exhausted',
    words: 'no context bank is free',
    class: 'transient-space',
    errno: everywhere('ENOSPC'),
    cite: bankCite,
    when: all(paging, lacks('device.isGpu')),
    pool: 'iommu.contextBanksFree',
    undo: 'reverse',
    note: '6.1: the blocking stand-in of every claimed group holds a bank of its own, besides the container’s domains.',
  }),
  take({
    id: 'arm-smmu-context-bank-exhausted/gpu',
    entry: 'arm-smmu-context-bank-exhausted',
    words: 'the Adreno variant keeps bank 0 for the GPU, and it is in use',
    class: 'transient-space',
    errno: everywhere('ENOSPC'),
    cite: bankCite,
    when: all(paging, has('device.isGpu')),
    pool: 'iommu.gpuBanksFree',
    undo: 'reverse',
  }),
  effect({
    id: 'arm-smmu/bank-kind',
    words: 'the domain remembers that it holds the GPU’s bank',
    cite: bankCite,
    when: all(paging, has('device.isGpu')),
    changes: [{ set: 'domain.gpuBank', to: true }],
    undo: 'reverse',
  }),
];

const setUp: readonly Row[] = [
  ...format,
  ...bank,
  effect({
    id: 'arm-smmu/bind',
    words: 'the domain belongs to the instance',
    cite: initContext('630,734', '782'),
    changes: [{ set: 'domain.iommu', to: 'iommu.id' }],
    undo: 'reverse',
  }),
  ...pageTableRows({ entry: 'arm-smmu-pgtable-alloc', cite: initContext('767-771', '815-819'), stage1, stage2 }),
  geometryRow({
    driver: 'arm-smmu',
    cite: initContext('774-783', '822-831'),
    when: paging,
    stage1: 'iommu.vaSize',
    stage2: 'iommu.ipaSize',
  }),
];

const interrupt = alloc({
  id: 'arm-smmu/context-interrupt',
  words: 'the context fault interrupt could not be requested; the attach goes on without one',
  class: 'transient-memory',
  errno: everywhere('0'),
  cite: initContext('800-806', '848-862'),
  prints: everywhere({ level: 'dev_err', text: 'failed to request context IRQ <n> (<irq>)' }),
  when: both(paging, all(paging, lacks('iommu.threadedInterrupt'))),
  site: initContext('800', '855'),
  what: 'managed interrupt record and action',
  gfp: everywhere('GFP_KERNEL'),
  plausible: everywhere('small-sleeping'),
  times: 2,
  failure: 'ignored',
});

const threadedInterrupt = alloc({
  id: 'arm-smmu/context-interrupt/threaded',
  words: 'a context fault interrupt with a thread could not be requested; the attach goes on without one',
  class: 'transient-memory',
  errno: { 'v6.12': '0' },
  cite: { 'v6.12': 'arm_smmu_init_domain_context:848-862' },
  prints: { 'v6.12': { level: 'dev_err', text: 'failed to request context IRQ <n> (<irq>)' } },
  when: all(paging, has('iommu.threadedInterrupt')),
  site: { 'v6.12': 'arm_smmu_init_domain_context:849' },
  what: 'managed interrupt record and action',
  gfp: everywhere('GFP_KERNEL'),
  plausible: everywhere('small-sleeping'),
  times: 2,
  failure: 'ignored',
});

/** Walked for a domain that no instance has, and undone as a whole when a step fails. */
export const initContextPath: PerColumn<readonly Row[]> = both([...setUp, interrupt], [...setUp, interrupt, threadedInterrupt]);

/** A domain's bank goes back to where it came from; an identity domain of 6.1 has none. */
export const free: readonly Row[] = [
  effect({
    id: 'arm-smmu/free-bank',
    words: 'the context bank is given back',
    cite: both('arm_smmu_destroy_domain_context:849', 'arm_smmu_destroy_domain_context:904'),
    when: all(has('domain.iommu'), paging, lacks('domain.gpuBank')),
    changes: [{ give: 'iommu.contextBanksFree' }],
    undo: 'none',
  }),
  effect({
    id: 'arm-smmu/free-gpu-bank',
    words: 'the GPU’s context bank is given back',
    cite: both('arm_smmu_destroy_domain_context:849', 'arm_smmu_destroy_domain_context:904'),
    when: all(has('domain.iommu'), has('domain.gpuBank')),
    changes: [{ give: 'iommu.gpuBanksFree' }],
    undo: 'none',
  }),
];
