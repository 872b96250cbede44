// Qualcomm's secured SMMU contexts (qcom_iommu.c): the device that binds a domain gets its contexts programmed, with help of firmware.
import { all, any, differ, equal, has, lacks, not, value } from '../core/conditions.ts';
import { alloc, both, call, check, each, effect, everywhere, in612, print } from '../core/rowBuilders.ts';
import type { Driver, Row } from '../core/rows.ts';
import { mapRows, pageTableDomain, pageTableIommu, pageTableRows, paging, tableLevels } from './ioPgtableArm.ts';

const initDomain = (old: string, recent: string) => both(`qcom_iommu_init_domain:${old}`, `qcom_iommu_init_domain:${recent}`);

const domainRecord = alloc({
  id: 'qcom-iommu/domain-record',
  words: 'the domain record could not be allocated',
  class: 'transient-memory',
  errno: each('NULL', 'NULL', 'ENOMEM'),
  cite: both('qcom_iommu_domain_alloc:340-342', 'qcom_iommu_domain_alloc_paging:333-335'),
  site: both('qcom_iommu_domain_alloc:340', 'qcom_iommu_domain_alloc_paging:333'),
  what: 'domain record',
  gfp: everywhere('GFP_KERNEL'),
  plausible: everywhere('small-sleeping'),
});

const resume = call({
  id: 'qcom-iommu/resume',
  words: 'the IOMMU could not be resumed; the attach goes on',
  class: 'device',
  errno: everywhere('0'),
  cite: both('qcom_iommu_attach_dev:381', 'qcom_iommu_attach_dev:374; qcom_iommu_identity_attach:406'),
  api: 'pm-runtime-resume',
  failure: 'ignored',
});

const notSecure = lacks('device.secureInitDone');
const secureFailed = everywhere(print('dev_err', 'secure init failed: <ret>'));
const leak = 'The page table made just before leaks, and contexts of the device that came earlier stay programmed with it.';

/** One context a device is the usual case; several share one pass here. */
const secureInit: readonly Row[] = [
  alloc({
    id: 'qcom-iommu-secure-init-errno/command-buffer',
    entry: 'qcom-iommu-secure-init-errno',
    words: 'legacy firmware interface: the command buffer of the secure-monitor call could not be allocated',
    class: 'transient-memory',
    errno: everywhere('ENOMEM'),
    cite: both('qcom_scm-legacy.c: scm_legacy_call:151-153', 'qcom_scm-legacy.c: scm_legacy_call:151-153'),
    prints: secureFailed,
    when: all(notSecure, has('system.legacyFirmware')),
    site: everywhere('scm_legacy_call:151'),
    what: 'firmware command buffer',
    gfp: everywhere('GFP_KERNEL'),
    plausible: everywhere('small-sleeping'),
    times: 'device.contexts',
    note: leak,
  }),
  call({
    id: 'qcom-iommu-secure-init-errno',
    words: 'the secure-monitor call that restores a context of the device returned an errno',
    class: 'device',
    errno: everywhere(['EINVAL', 'EIO', 'EOPNOTSUPP', 'ENOMEM', 'EBUSY']),
    cite: both(
      'qcom_iommu_init_domain:267-272; qcom_scm.c: qcom_scm_restore_sec_cfg:771-787; qcom_scm.h: qcom_scm_remap_error:141-157',
      'qcom_iommu_init_domain:257-262; qcom_scm.c: qcom_scm_restore_sec_cfg:901-917',
    ),
    prints: secureFailed,
    when: notSecure,
    api: 'qcom-scm-restore-sec-cfg',
    note: `Unknown firmware codes read as EINVAL in every column. ${leak}`,
  }),
  call({
    id: 'qcom-iommu-secure-init-positive',
    words: 'the call succeeded but the firmware’s own result was positive: the binding is cleared and the attach goes on',
    class: 'device',
    errno: each('oops', 'EMEDIUMTYPE', 'EINVAL'),
    cite: both(
      'qcom_iommu_init_domain:267-272; qcom_iommu_attach_dev:384-385,391-397',
      'qcom_iommu_init_domain:257-262; qcom_iommu_attach_dev:377-378,384-385',
    ),
    prints: each(
      print('dev_err', 'secure init failed: <ret>, then NULL pointer dereference while printing the mismatch message'),
      print('dev_err', 'secure init failed: <ret>'),
      print('dev_err', 'secure init failed: <ret>'),
    ),
    when: notSecure,
    note: `The test for a foreign instance then refuses the fresh domain; 6.1 crashes in its message. ${leak}`,
  }),
  effect({
    id: 'qcom-iommu/secure',
    words: 'the device’s contexts stay initialised',
    cite: initDomain('273', '263'),
    when: notSecure,
    changes: [{ set: 'device.secureInitDone', to: true }],
    undo: 'none',
  }),
];

const initDomainPath: readonly Row[] = [
  effect({
    id: 'qcom-iommu/bind',
    words: 'the domain belongs to the instance',
    cite: initDomain('249,323', '239,318'),
    changes: [{ set: 'domain.iommu', to: 'iommu.id' }],
    undo: 'reverse',
  }),
  ...pageTableRows({
    entry: 'qcom-iommu-pgtable-alloc',
    cite: initDomain('252-257', '242-247'),
    prints: everywhere(print('dev_err', 'failed to allocate pagetable ops')),
    stage1: paging,
  }),
  effect({
    id: 'qcom-iommu/geometry',
    words: 'the domain spans 32 bits',
    cite: initDomain('259-262', '249-252'),
    changes: [
      { set: 'domain.apertureStart', to: 0 },
      { set: 'domain.apertureEnd', to: 2 ** 32 - 1 },
      { set: 'domain.pageSize', to: 4096 },
      { set: 'domain.levels', to: tableLevels(32, false) },
    ],
    undo: 'none',
  }),
  ...secureInit,
];

const noIommu = check({
  id: 'qcom-iommu-no-iommu',
  words: 'no IOMMU instance is recorded for the device (6.1: or the firmware describes none, or one of another driver)',
  class: 'device',
  errno: everywhere('ENXIO'),
  cite: both('qcom_iommu_attach_dev:375-378; to_iommu:82-90', 'qcom_iommu_attach_dev:368-371'),
  prints: everywhere(print('dev_err', 'cannot attach to IOMMU, is it on the same bus?')),
  refuses: both(any(lacks('device.iommu'), lacks('device.fwspec'), has('device.foreignFwspec')), lacks('device.iommu')),
});

const attach: readonly Row[] = [
  noIommu,
  resume,
  call({
    id: 'qcom-iommu/init-domain',
    words: 'the domain is not bound to an instance yet',
    class: 'other',
    errno: everywhere([]),
    cite: both('qcom_iommu_attach_dev:382', 'qcom_iommu_attach_dev:375'),
    when: lacks('domain.iommu'),
    path: 'initDomain',
  }),
  check({
    id: 'qcom-iommu-foreign-iommu',
    words: 'the domain is bound to a different IOMMU instance',
    class: 'incompatible',
    errno: each('EINVAL', 'EMEDIUMTYPE', 'EINVAL'),
    cite: both('qcom_iommu_attach_dev:391-397', 'qcom_iommu_attach_dev:384-385'),
    prints: {
      'v6.1': print('dev_err', 'cannot attach to IOMMU <domain iommu> while already attached to domain on IOMMU <device iommu>'),
    },
    refuses: all(has('domain.iommu'), differ('domain.iommu', 'device.iommu')),
  }),
];

const identityOverUnbound = check({
  id: 'qcom-iommu-identity-unbound-old',
  words: 'a switch to identity while the group’s domain is a paging one without an IOMMU',
  class: 'other',
  errno: in612('EINVAL'),
  cite: in612('qcom_iommu_identity_attach:403-404'),
  prints: in612(print('WARN', 'qcom_iommu_identity_attach()')),
  refuses: all(has('group.domain'), not(equal('group.domain.type', value('identity'))), lacks('group.domain.iommu')),
  unreachable: 'a domain that the group records was attached, so it has an IOMMU; only a bug of the driver breaks that',
});

export const driver: Driver = {
  name: 'qcom_iommu',
  files: everywhere('drivers/iommu/arm/arm-smmu/qcom_iommu.c'),
  operations: both(['qcom_iommu_attach_dev()'], ['qcom_iommu_attach_dev()', 'qcom_iommu_identity_attach()']),
  attributes: {
    device: {
      fwspec: { default: true, words: 'the firmware describes its IOMMU' },
      foreignFwspec: { default: false, words: 'the description belongs to another driver' },
      contexts: { default: 1, words: 'its contexts', alternatives: [2] },
      secureInitDone: { default: false, words: 'the firmware has initialised its contexts' },
    },
    iommu: pageTableIommu,
    domain: { ...pageTableDomain, iommu: { default: null, words: 'instance of the first attach' } },
    system: { legacyFirmware: { default: false, words: 'the firmware has the legacy call interface', alternatives: [true] } },
  },
  blocking: everywhere('stand-in'),
  enforcesCoherency: false,
  msi: 'hardware',
  paths: {
    allocate: everywhere([domainRecord]),
    initDomain: everywhere(initDomainPath),
    attach: everywhere(attach),
    attachIdentity: in612([identityOverUnbound, resume]),
    map: everywhere(mapRows('qcom-iommu', both('qcom_iommu_map:432-433', 'qcom_iommu_map:437-438'), 'atomic')),
  },
  sharing: 'One IOMMU instance per domain.',
  note:
    'An attach to a bound domain of the same instance changes nothing and reports success, also for a device whose contexts a detach ' +
    'had switched off. The driver names no reserved regions.',
};
