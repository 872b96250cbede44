// Attaching a device to a paging domain of an SMMUv3: 6.1 leaves the old domain early, 6.12 swaps when nothing can fail any more.
import { all, differ, equal, has, lacks, not, value } from '../core/conditions.ts';
import { alloc, both, call, check, each, everywhere, in61, in612, print } from '../core/rowBuilders.ts';
import type { Row } from '../core/rows.ts';
import { deviceDescriptors } from './armSmmuV3Descriptors.ts';
import { paging } from './ioPgtableArm.ts';

const stage1 = equal('domain.stage', value('S1'));

export const finaliseUnbound = call({
  id: 'arm-smmu-v3/finalise',
  words: 'the domain is not bound to an instance yet',
  class: 'other',
  errno: everywhere([]),
  cite: both('arm_smmu_attach_dev:2472-2478', 'arm_smmu_domain_alloc_paging:2352-2361; arm_smmu_attach_dev:2826-2827'),
  when: both(lacks('domain.iommu'), all(paging, lacks('domain.iommu'))),
  path: 'finalise',
  note: '6.12: with a device given to the allocation this happens there, so what it refuses is an allocation error.',
});

const noFwspec = check({
  id: 'arm-smmu-v3-no-fwspec',
  words: 'the firmware describes no IOMMU for the device',
  class: 'device',
  errno: everywhere('ENOENT'),
  cite: both('arm_smmu_attach_dev:2452-2453', 'arm_smmu_attach_dev:2818-2819'),
  refuses: lacks('device.fwspec'),
  unreachable: 'probing a device needs the description already',
});

export const leave = call({
  id: 'arm-smmu-v3/leave',
  words: 'the device leaves its old domain',
  class: 'other',
  errno: everywhere([]),
  cite: both('arm_smmu_attach_dev:2468', 'arm_smmu_attach_commit:2800'),
  path: 'leave',
  note: '6.1: before every test but those of the device, and not undone. 6.12: only when nothing can fail any more.',
});

const foreign = check({
  id: 'arm-smmu-v3-foreign-smmu',
  words: 'the domain was finalised on a different SMMU',
  class: 'incompatible',
  errno: each('ENXIO', 'EMEDIUMTYPE', 'EINVAL'),
  cite: both('arm_smmu_attach_dev:2479-2485', 'arm_smmu_attach_dev:2828-2829'),
  prints: { 'v6.1': print('dev_err', 'cannot attach to SMMU <domain smmu> (upstream of <device smmu>)') },
  refuses: all(has('domain.iommu'), differ('domain.iommu', 'device.iommu')),
  note: 'An identity domain of 6.1 is bound to its first SMMU too.',
});

const ats = call({
  id: 'arm-smmu-v3/ats',
  words: 'ATS could not be enabled at the endpoint; the attach goes on',
  class: 'device',
  errno: everywhere('0'),
  cite: both('arm_smmu_enable_ats:2356-2357', 'arm_smmu_enable_ats:2562-2563'),
  prints: everywhere(print('dev_err', 'Failed to enable ATS (STU <n>)')),
  when: all(paging, has('device.atsSupported')),
  api: 'pci-ats',
  failure: 'ignored',
});

export const attach61: readonly Row[] = [
  noFwspec,
  check({
    id: 'arm-smmu-v3-sva-enabled',
    words: 'shared virtual addressing is on, so the device’s translation table cannot be swapped',
    class: 'busy',
    errno: in61('EBUSY'),
    cite: in61('arm_smmu_attach_dev:2463-2466'),
    prints: in61(print('dev_err', 'cannot attach - SVA enabled')),
    refuses: has('device.svaEnabled'),
  }),
  leave,
  finaliseUnbound,
  foreign,
  check({
    id: 'arm-smmu-v3-ssid-bits-mismatch',
    words: 'the context descriptors of a stage-1 domain were sized for another sub-stream width than the device’s',
    class: 'incompatible',
    errno: { 'v6.1': 'EINVAL', 'seed-v6': 'EMEDIUMTYPE' },
    cite: in61('arm_smmu_attach_dev:2486-2492'),
    prints: { 'v6.1': print('dev_err', 'cannot attach to incompatible domain (<domain bits> SSID bits != <device bits>)') },
    refuses: all(stage1, differ('domain.s1cdmax', 'device.ssidBits')),
  }),
  check({
    id: 'arm-smmu-v3-stall-mismatch',
    words: 'the stall setting of a stage-1 domain differs from the device’s',
    class: 'incompatible',
    errno: { 'v6.1': 'EINVAL', 'seed-v6': 'EMEDIUMTYPE' },
    cite: in61('arm_smmu_attach_dev:2493-2499'),
    prints: { 'v6.1': print('dev_err', 'cannot attach to stall-enabled|disabled domain') },
    refuses: all(stage1, differ('domain.stallEnabled', 'device.stallEnabled')),
  }),
  ats,
];

export const attach612: readonly Row[] = [
  noFwspec,
  finaliseUnbound,
  foreign,
  ...deviceDescriptors,
  check({
    id: 'arm-smmu-v3-ssids-in-use',
    words: 'a stage-2 domain while the device has PASIDs attached',
    class: 'busy',
    errno: in612('EBUSY'),
    cite: in612('arm_smmu_attach_dev:2839-2840'),
    refuses: all(not(stage1), has('device.ssidsInUse')),
  }),
  alloc({
    id: 'arm-smmu-v3-master-domain-alloc',
    words: 'the record that links device and domain could not be allocated',
    class: 'transient-memory',
    errno: in612('ENOMEM'),
    cite: in612('arm_smmu_attach_prepare:2735-2738; arm_smmu_attach_dev:2850-2854'),
    site: in612('arm_smmu_attach_prepare:2736'),
    what: 'device-domain link record',
    gfp: in612('GFP_KERNEL'),
    plausible: in612('small-sleeping'),
    note: 'Every attach of a paging domain needs it, so a shortage can refuse a domain that exists and fits.',
  }),
  ats,
  leave,
];
