// Arm SMMUv3 (arm-smmu-v3.c): a domain belongs to one instance; 6.12 finalises it at allocation, 6.1 at its first attach.
import { all, equal, has, value } from '../core/conditions.ts';
import { alloc, both, each, effect, everywhere, in61, in612 } from '../core/rowBuilders.ts';
import type { Driver, Row } from '../core/rows.ts';
import { attach61, attach612, finaliseUnbound, leave } from './armSmmuV3Attach.ts';
import { finalise } from './armSmmuV3Rows.ts';
import { bothStages, mapRows, pageTableDomain, pageTableIommu, paging } from './ioPgtableArm.ts';

const domainRecord = alloc({
  id: 'arm-smmu-v3/domain-record',
  words: 'the domain record could not be allocated',
  class: 'transient-memory',
  errno: each('NULL', 'NULL', 'ENOMEM'),
  cite: both('arm_smmu_domain_alloc:2070-2072', 'arm_smmu_domain_alloc:2328-2330'),
  when: in612(paging),
  site: both('arm_smmu_domain_alloc:2070', 'arm_smmu_domain_alloc:2328'),
  what: 'domain record',
  gfp: everywhere('GFP_KERNEL'),
  plausible: everywhere('small-sleeping'),
});

const free: readonly Row[] = [
  effect({
    id: 'arm-smmu-v3/free-asid',
    words: 'the address-space id is given back',
    cite: both('arm_smmu_free_asid:1227-1240', 'arm_smmu_domain_free_paging:2373-2377'),
    when: all(has('domain.iommu'), equal('domain.stage', value('S1'))),
    changes: [{ give: 'system.asidsFree' }],
    undo: 'none',
  }),
  effect({
    id: 'arm-smmu-v3/free-vmid',
    words: 'the virtual-machine id is given back',
    cite: both('arm_smmu_domain_free:2117-2120', 'arm_smmu_domain_free_paging:2378-2382'),
    when: all(has('domain.iommu'), equal('domain.stage', value('S2'))),
    changes: [{ give: 'iommu.vmidsFree' }],
    undo: 'none',
  }),
];

const release = effect({
  id: 'arm-smmu-v3/release',
  words: 'the context descriptors go with the device',
  cite: in612('arm_smmu_release_device:3375-3376'),
  changes: [
    { set: 'device.cdTable', to: false },
    { set: 'device.cdLeaf', to: false },
  ],
  undo: 'none',
});

export const driver: Driver = {
  name: 'arm-smmu-v3',
  files: everywhere('drivers/iommu/arm/arm-smmu-v3/arm-smmu-v3.c'),
  operations: both(['arm_smmu_attach_dev()'], ['arm_smmu_attach_dev()', 'arm_smmu_attach_dev_identity()', 'arm_smmu_attach_dev_blocked()']),
  attributes: {
    device: {
      fwspec: { default: true, words: 'the firmware describes its IOMMU' },
      svaEnabled: { default: false, words: '6.1: shared virtual addressing is on', alternatives: [true] },
      ssidBits: { default: 0, words: 'width of its sub-stream (PASID) ids', alternatives: [16] },
      stallEnabled: { default: false, words: 'faulting transactions stall', alternatives: [true] },
      ssidsInUse: { default: false, words: '6.12: PASIDs are attached', alternatives: [true] },
      atsSupported: { default: false, words: 'ATS is usable at the endpoint and at the SMMU', alternatives: [true] },
      cdTable: { default: false, words: '6.12: has its context-descriptor table' },
      cdLeaf: { default: false, words: '6.12: has the leaf table of sub-stream 0' },
    },
    iommu: {
      ...bothStages,
      ...pageTableIommu,
      ias: { default: 48, words: 'input bits at stage 2', alternatives: [44, 40] },
      vaBits: {
        default: 48,
        words: 'input bits at stage 1: those of the instance (48), or fewer where the kernel has fewer',
        alternatives: [39],
      },
      vmidBits: { default: 16, words: 'width of virtual-machine ids' },
      vmidsFree: { default: 2 ** 16 - 1, words: 'virtual-machine ids left; 0 is kept for bypass' },
      twoLevelContextTables: { default: false, words: 'context-descriptor tables can have two levels', alternatives: [true] },
    },
    domain: {
      ...pageTableDomain,
      iommu: { default: null, words: 'instance that finalised it' },
      stage: { default: 'S1', words: 'S1, S2, or BYPASS for an identity domain of 6.1' },
      s1cdmax: { default: null, words: '6.1: sub-stream width of its context descriptors' },
      stallEnabled: { default: null, words: '6.1: stall setting of its first device' },
    },
    system: { asidsFree: { default: 2 ** 16 - 1, words: 'address-space ids left, over all SMMUv3 instances' } },
  },
  blocking: each('stand-in', 'stand-in', 'static'),
  enforcesCoherency: false,
  msi: 'software',
  // 6.12 finalises a domain when type1 allocates it, and the hook wants one that is not: it always refuses.
  nesting: { ...in61([{ set: 'domain.stage', to: value('S2') }]), ...in612('EPERM') },
  regions: both(
    { site: 'arm_smmu_get_resv_regions:2800', gfp: 'GFP_KERNEL' },
    { site: 'arm_smmu_get_resv_regions:3445', gfp: 'GFP_KERNEL' },
  ),
  paths: {
    allocate: both([domainRecord], [domainRecord, finaliseUnbound]),
    finalise,
    attach: both(attach61, attach612),
    attachIdentity: both(attach61, [leave]),
    free: everywhere(free),
    map: everywhere(mapRows('arm-smmu-v3', both('arm_smmu_map_pages:2525-2526', 'arm_smmu_map_pages:3144-3145'))),
    release: in612([release]),
  },
  sharing: 'One SMMU per domain. 6.1 also wants the sub-stream width and the stall setting of the first device.',
  note: 'iommufd’s allocation can add EOPNOTSUPP in 6.12 (unknown flags, dirty tracking at stage 2). 6.12 prints nothing when it refuses.',
};
