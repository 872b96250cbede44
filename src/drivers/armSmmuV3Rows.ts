// What finalises a domain of an SMMUv3: its stage, its page table, and an id of that stage.
import { all, computed, equal, not, plain, type Read, value } from '../core/conditions.ts';
import { alloc, both, check, effect, everywhere, in612, take } from '../core/rowBuilders.ts';
import type { PerColumn, Plausible, Row } from '../core/rows.ts';
import { domainDescriptors } from './armSmmuV3Descriptors.ts';
import { geometryRow, pageTableRows, paging, supportedStage } from './ioPgtableArm.ts';

const stage1 = equal('domain.stage', value('S1'));
const stage2 = equal('domain.stage', value('S2'));
const file = (lines: string): string => `arm_smmu_domain_finalise_s1:${lines}`;
const idNode = { gfp: everywhere('GFP_KERNEL'), plausible: everywhere<Plausible>('id-or-xarray'), tries: 2 } as const;

/** Ids are dense in the model: the id just taken follows from how many are left. */
const allIds = 2 ** 16 - 1;
const lastAsid = (read: Read): number => allIds - Number(read('system.asidsFree'));
const lastVmid = (read: Read): number => 2 ** Number(read('iommu.vmidBits') ?? 16) - 1 - Number(read('iommu.vmidsFree'));
const asidNode = plain(
  'the id is the first one, or starts a block of 64',
  ['system.asidsFree'],
  (read) => {
    const asid = lastAsid(read);
    return asid === 1 || (asid > 0 && asid % 64 === 0);
  },
  { example: { 'system.asidsFree': allIds - 64 }, counterExample: { 'system.asidsFree': allIds - 2 } },
);
const vmidNode = plain(
  'the id is the 63rd of its block of 1024, or starts a block',
  ['iommu.vmidBits', 'iommu.vmidsFree'],
  (read) => {
    const vmid = lastVmid(read);
    return vmid % 1024 === 63 || (vmid > 0 && vmid % 1024 === 0);
  },
  { example: { 'iommu.vmidBits': 16, 'iommu.vmidsFree': 2 ** 16 - 64 } },
);

const bind = effect({
  id: 'arm-smmu-v3/bind',
  words: 'the domain belongs to the instance',
  cite: both('arm_smmu_attach_dev:2472-2478', 'arm_smmu_domain_finalise:2484-2485'),
  changes: [{ set: 'domain.iommu', to: 'iommu.id' }],
  undo: 'reverse',
});

const stageRow = effect({
  id: 'arm-smmu-v3/stage',
  words: 'the domain takes the stage that the instance can do',
  cite: both('arm_smmu_domain_finalise:2225-2234', 'arm_smmu_domain_finalise:2430-2434'),
  changes: [
    {
      set: 'domain.stage',
      to: computed('bypass for identity, else the stage', ['domain.type', ...supportedStage.reads], (read) =>
        read('domain.type') === 'identity' ? 'BYPASS' : supportedStage.compute(read),
      ),
    },
  ],
  undo: 'none',
});

const pageTable: readonly Row[] = [
  stageRow,
  check({
    id: 'arm-smmu-v3-bad-stage',
    words: 'the domain’s stage is none that finalising knows',
    class: 'other',
    errno: everywhere('EINVAL'),
    cite: both('arm_smmu_domain_finalise:2251-2252', 'arm_smmu_domain_finalise:2464-2465'),
    refuses: all(paging, not(stage1), not(stage2)),
    unreachable: 'the stage is narrowed to one that the instance supports just before, and 6.1 identity domains return earlier',
  }),
  ...pageTableRows({
    entry: 'arm-smmu-v3-pgtable-alloc',
    cite: both('arm_smmu_domain_finalise:2264-2266', 'arm_smmu_domain_finalise:2468-2470'),
    stage1,
    stage2,
  }),
  geometryRow({
    driver: 'arm-smmu-v3',
    cite: both('arm_smmu_domain_finalise:2268-2270', 'arm_smmu_domain_finalise:2472-2474'),
    when: paging,
    stage1: 'iommu.vaBits',
    stage2: 'iommu.ias',
  }),
];

const asid: readonly Row[] = [
  take({
    id: 'arm-smmu-v3-s1-asid-exhausted',
    words: 'every address-space id is in use; one table serves all SMMUv3 instances',
    class: 'transient-space',
    errno: everywhere('EBUSY'),
    cite: both(file('2140-2143'), file('2396-2400')),
    when: stage1,
    pool: 'system.asidsFree',
    undo: 'reverse',
    note: 'The array reports exhaustion as EBUSY, not ENOSPC. An instance with 8-bit ids runs out earlier, which the model does not count.',
  }),
  alloc({
    ...idNode,
    id: 'arm-smmu-v3-s1-asid-alloc',
    words: 'the table of address-space ids could not grow',
    class: 'transient-memory',
    errno: everywhere('ENOMEM'),
    cite: both(file('2140-2143'), file('2396-2400')),
    when: all(stage1, asidNode),
    site: both(file('2140'), file('2396')),
    what: 'id-table node',
  }),
];

const vmid = take({
  id: 'arm-smmu-v3-s2-vmid-exhausted',
  words: 'no virtual-machine id is free on this SMMU',
  class: 'transient-space',
  errno: everywhere('ENOSPC'),
  cite: both('arm_smmu_domain_finalise_s2:2194-2196; arm_smmu_bitmap_alloc:2087-2089', 'arm_smmu_domain_finalise_s2:2410-2413'),
  when: stage2,
  pool: 'iommu.vmidsFree',
  undo: 'reverse',
});

const vmidAllocator = alloc({
  ...idNode,
  id: 'arm-smmu-v3-s2-vmid-alloc',
  words: 'the allocator of virtual-machine ids could not grow',
  class: 'transient-memory',
  errno: in612('ENOMEM'),
  cite: in612('arm_smmu_domain_finalise_s2:2410-2413'),
  when: all(stage2, vmidNode),
  site: in612('arm_smmu_domain_finalise_s2:2410'),
  what: 'id-allocator bitmap or node',
  note: '6.1 has a fixed bitmap, which needs no memory.',
});

/** 6.1 binds first and undoes that; 6.12 binds when nothing can fail any more. */
export const finalise: PerColumn<readonly Row[]> = both(
  [bind, ...pageTable, ...asid, ...domainDescriptors, vmid],
  [...pageTable, ...asid, vmid, vmidAllocator, bind],
);
