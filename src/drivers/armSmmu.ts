// Arm SMMU version 1 and 2 (arm-smmu.c): a domain is set up at its first attach, on one instance, with one of few context banks.
import { all, differ, has, lacks, value } from '../core/conditions.ts';
import { alloc, both, call, check, each, everywhere, in61, print } from '../core/rowBuilders.ts';
import type { Driver, Row } from '../core/rows.ts';
import { free, initContextPath } from './armSmmuRows.ts';
import { bothStages, mapRows, pageTableDomain, pageTableIommu } from './ioPgtableArm.ts';

const domainRecord = alloc({
  id: 'arm-smmu/domain-record',
  words: 'the domain record could not be allocated',
  class: 'transient-memory',
  errno: each('NULL', 'NULL', 'ENOMEM'),
  cite: both('arm_smmu_domain_alloc:868-870', 'arm_smmu_domain_alloc_paging:918-920'),
  site: both('arm_smmu_domain_alloc:868', 'arm_smmu_domain_alloc_paging:918'),
  what: 'domain record',
  gfp: everywhere('GFP_KERNEL'),
  plausible: everywhere('small-sleeping'),
});

const notMine = check({
  id: 'arm-smmu-not-my-device',
  words: 'the firmware describes no IOMMU for the device, or one of another driver',
  class: 'device',
  errno: in61('ENXIO'),
  cite: in61('arm_smmu_attach_dev:1121-1124'),
  prints: in61(print('dev_err', 'cannot attach to SMMU, is it on the same bus?')),
  refuses: { any: [lacks('device.fwspec'), has('device.foreignFwspec')] },
  note: '6.12 has the core’s test that the driver of the domain is the device’s instead.',
});

const noMaster = check({
  id: 'arm-smmu-no-master-cfg',
  words: 'the driver has not probed the device',
  class: 'device',
  errno: everywhere('ENODEV'),
  cite: both('arm_smmu_attach_dev:1133-1135', 'arm_smmu_attach_dev:1170-1172; arm_smmu_attach_dev_type:1211-1212'),
  refuses: lacks('device.masterCfg'),
});

const resume = call({
  id: 'arm-smmu-runtime-pm',
  words: 'the SMMU could not be resumed; tested before compatibility, so it hides that',
  class: 'device',
  errno: everywhere(['EINVAL', 'EACCES', 'EBUSY', 'EIO', 'callback-errno']),
  cite: both(
    'arm_smmu_attach_dev:1139-1141; arm_smmu_rpm_get:72-78',
    'arm_smmu_attach_dev:1176-1178; arm_smmu_attach_dev_type:1215-1217; arm_smmu_rpm_get:71-77',
  ),
  when: has('iommu.runtimePm'),
  api: 'pm-runtime-resume',
  note: 'Passed on as it is: EINVAL means that an earlier resume failed, not that domain and device do not fit.',
});

const initialise = call({
  id: 'arm-smmu/init-context',
  words: 'the domain is not bound to an instance yet',
  class: 'other',
  errno: everywhere([]),
  cite: both('arm_smmu_attach_dev:1143-1146', 'arm_smmu_attach_dev:1180-1183'),
  when: lacks('domain.iommu'),
  path: 'initContext',
});

const foreign = check({
  id: 'arm-smmu-foreign-smmu',
  words: 'the domain is bound to a different SMMU',
  class: 'incompatible',
  errno: each('EINVAL', 'EMEDIUMTYPE', 'EINVAL'),
  cite: both('arm_smmu_attach_dev:1152-1158', 'arm_smmu_attach_dev:1189-1192'),
  prints: {
    'v6.1': print('dev_err', 'cannot attach to SMMU <domain smmu> whilst already attached to domain on SMMU <device smmu>'),
  },
  refuses: all(has('domain.iommu'), differ('domain.iommu', 'device.iommu')),
  note: '6.1: an identity domain is bound to the first SMMU that used it. 6.12: paging domains only.',
});

/** Stream entries are rewritten on success; until then the device stays on its old domain. */
const attach61: readonly Row[] = [notMine, noMaster, resume, initialise, foreign];
const attach612: readonly Row[] = [noMaster, resume, initialise, foreign];
const attachStatic: readonly Row[] = [noMaster, resume];

export const driver: Driver = {
  name: 'arm-smmu',
  files: everywhere('drivers/iommu/arm/arm-smmu/arm-smmu.c'),
  operations: both(['arm_smmu_attach_dev()'], ['arm_smmu_attach_dev()', 'arm_smmu_attach_dev_identity()', 'arm_smmu_attach_dev_blocked()']),
  attributes: {
    device: {
      fwspec: { default: true, words: 'the firmware describes its IOMMU' },
      foreignFwspec: { default: false, words: 'the description belongs to another driver' },
      masterCfg: { default: true, words: 'the driver has probed it' },
      isGpu: { default: false, words: 'the GPU of an Adreno system', alternatives: [true] },
    },
    iommu: {
      ...bothStages,
      ...pageTableIommu,
      vaSize: { default: 48, words: 'input bits at stage 1', alternatives: [39, 32] },
      ipaSize: { default: 48, words: 'input bits at stage 2', alternatives: [40] },
      contextBanksFree: { default: 64, words: 'context banks left for the stage in use' },
      gpuBanksFree: { default: 1, words: 'Adreno: bank 0, for the GPU only' },
      contextFormat: {
        default: 'aarch64',
        words: 'page-table format that kernel and SMMU share; none: there is none',
        alternatives: ['none'],
      },
      runtimePm: { default: true, words: 'runtime power management is on (it has a power domain)', alternatives: [false] },
      threadedInterrupt: { default: false, words: '6.12: its fault handler needs a thread (a Qualcomm variant)', alternatives: [true] },
    },
    domain: {
      ...pageTableDomain,
      iommu: { default: null, words: 'instance of the first attach' },
      stage: { default: 'S1', words: 'S1, S2, or BYPASS for an identity domain of 6.1' },
      gpuBank: { default: false, words: 'holds the GPU’s bank' },
    },
  },
  blocking: each('stand-in', 'stand-in', 'static'),
  enforcesCoherency: false,
  msi: 'software',
  nesting: everywhere([{ set: 'domain.stage', to: value('S2') }]),
  regions: both(
    { site: 'arm_smmu_get_resv_regions:1553', gfp: 'GFP_KERNEL' },
    { site: 'arm_smmu_get_resv_regions:1625', gfp: 'GFP_KERNEL' },
  ),
  paths: {
    allocate: everywhere([domainRecord]),
    initContext: initContextPath,
    attach: both(attach61, attach612),
    attachBlocking: { 'v6.12': attachStatic },
    attachIdentity: both(attach61, attachStatic),
    free: everywhere(free),
    map: everywhere(mapRows('arm-smmu', both('arm_smmu_map_pages:1190-1191', 'arm_smmu_map_pages:1263-1264'))),
  },
  sharing: 'One SMMU per domain; in 6.1 that goes for identity domains too, in 6.12 identity is static and fits everywhere.',
  note:
    'No domain is set up at its allocation, so what initContext refuses is an attach error of the fresh domain. A domain freed while ' +
    'the SMMU cannot be resumed keeps its bank for ever, which the model does not follow.',
};
