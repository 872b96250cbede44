// The rest of an Intel attach once the domain has the instance: context entries (legacy mode, and both modes in 6.1), ATS, and the
// cache tags of 6.12 with their unbalanced way back.
import { all, any, differ, has, lacks, not, value } from '../core/conditions.ts';
import { alloc, both, call, check, effect, everywhere, in61, in612, print } from '../core/rowBuilders.ts';
import type { AllocRow, Row } from '../core/rows.ts';
import { direct, legacyDirect, passThrough, scalable } from './intelAttributes.ts';
import { tooDeep, trimmed } from './intelPasidRows.ts';
import { contextPage, contextPageMissing } from './intelPrepareRows.ts';

const mapFailed = in61(print('dev_err', 'Domain context map failed'));

/** 6.12 sets scalable-mode contexts up at probe. */
const contextTable: readonly Row[] = [
  alloc({
    id: 'intel-context-table-alloc',
    words: 'the context table page for the requester id could not be allocated',
    class: 'transient-memory',
    errno: everywhere('ENOMEM'),
    cite: both(
      'domain_context_mapping_one:1995-1999; domain_add_dev_info:2565-2570',
      'domain_context_mapping_one:1672-1676; dmar_domain_attach_device:2011-2012; context_setup_pass_through:4578-4583',
    ),
    prints: mapFailed,
    when: both(contextPageMissing, all(legacyDirect, contextPageMissing)),
    site: both('iommu_context_addr:651', contextPage.site612),
    what: contextPage.what,
    gfp: everywhere(contextPage.gfp),
    plausible: everywhere(contextPage.plausible),
    note: 'Only when no device of that bus was ever attached; the page is kept for the life of the instance.',
  }),
  effect({
    id: 'intel/context-page-kept',
    words: 'the page stays with the instance',
    cite: both('iommu_context_addr:655-658', 'iommu_context_addr:525-528'),
    when: both(contextPageMissing, all(legacyDirect, contextPageMissing)),
    changes: [{ add: 'iommu.contextPages[device.bus]', by: 1 }],
    undo: 'none',
  }),
];

const missingLevel = check({
  id: 'intel-context-missing-level',
  words: 'legacy mode: an upper level that must be skipped for a narrower instance has no entry',
  class: 'incompatible',
  errno: everywhere('ENOMEM'),
  cite: both('domain_context_mapping_one:2065-2070', 'domain_context_mapping_one:1691-1696'),
  prints: mapFailed,
  refuses: all(legacyDirect, not(passThrough), tooDeep),
  unreachable: trimmed,
  note: 'No memory shortage: the domain is too deep for the instance. The scalable-mode twin says EINVAL.',
});

const noInstance = check({
  id: 'intel-context-no-iommu',
  words: 'no IOMMU instance covers the device (third look-up)',
  class: 'device',
  errno: in61('ENODEV'),
  cite: in61('domain_context_mapping:2144-2146; domain_add_dev_info:2565-2570'),
  prints: mapFailed,
  refuses: lacks('device.iommu'),
  unreachable: 'intel-prepare-no-iommu has passed',
});

/** Legacy identity does without ATS. */
const translatedOrScalable = all(has('device.atsEnabled'), any(scalable, differ('domain.type', value('identity'))));

/** Whether it works is a fact about the device here (`device.atsEnabled`): a planned failure changes nothing but the record. */
const ats = call({
  id: 'intel/ats',
  api: 'pci-ats',
  words: 'ATS (6.1: PASID and PRI too) could not be switched on',
  class: 'device',
  errno: everywhere('0'),
  cite: both(
    'iommu_enable_pci_caps:1461-1510, domain_add_dev_info:2572-2573',
    'iommu_enable_pci_caps:1296-1307, dmar_domain_attach_device:2021, identity_domain_attach_dev:4640-4642',
  ),
  when: both(translatedOrScalable, all(direct, translatedOrScalable)),
  failure: 'ignored',
});

export const context61: readonly Row[] = [noInstance, ...contextTable, missingLevel, ats];
export const context612: readonly Row[] = [...contextTable, missingLevel, ats];
export const contextIdentity612: readonly Row[] = [...contextTable, ats];

/**
 * From here on every failure of a 6.12 attach runs through device_block_translation, which takes a user from the domain's tag on the
 * instance although this attach has counted none. With one other device there, the tag goes: invalidations then skip the instance.
 */
export const lostTagUser: Row = effect({
  id: 'intel/lost-tag-user',
  words: 'the domain is recorded on the device: a failure from here on costs a tag user that this attach never took',
  cite: in612('dmar_domain_attach_device:2002-2006,2032; device_block_translation:3431-3432; cache.c: cache_tag_unassign:94-105'),
  when: has('domain.cacheTagUsers[iommu.id]'),
  changes: [],
  undo: [{ add: 'domain.cacheTagUsers[iommu.id]', by: -1 }],
});

const tagFacts: Pick<AllocRow, 'class' | 'errno' | 'site' | 'gfp' | 'plausible'> = {
  class: 'transient-memory',
  errno: in612('ENOMEM'),
  site: in612('cache_tag_assign:52'),
  gfp: in612('GFP_KERNEL'),
  plausible: in612('small-sleeping'),
};

export const cacheTags: readonly Row[] = [
  alloc({
    id: 'intel-qi-batch-alloc',
    words: "the domain's buffer for batched invalidations could not be allocated",
    class: 'transient-memory',
    errno: in612('ENOMEM'),
    cite: in612('cache.c: domain_qi_batch_alloc:114-120, __cache_tag_assign_domain:133-135; dmar_domain_attach_device:2023-2025'),
    when: all(direct, lacks('domain.qiBatch')),
    site: in612('domain_qi_batch_alloc:118'),
    what: 'invalidation batch buffer',
    gfp: in612('GFP_ATOMIC'),
    plausible: in612('atomic'),
    note: 'Only the first attach of a domain allocates it; it stays until the domain is freed.',
  }),
  effect({
    id: 'intel/qi-batch-kept',
    words: 'the buffer stays with the domain',
    cite: in612('cache.c: domain_qi_batch_alloc:114-122'),
    when: direct,
    changes: [{ set: 'domain.qiBatch', to: true }],
    undo: 'none',
  }),
  alloc({
    id: 'intel-cache-tag-alloc',
    words: 'the IOTLB cache tag could not be allocated; it is made on every attach, also where an equal one exists',
    ...tagFacts,
    cite: in612('dmar_domain_attach_device:2023-2025; cache.c: cache_tag_assign:52-54, __cache_tag_assign_domain:137-139'),
    when: direct,
    what: 'IOTLB cache tag',
  }),
  effect({
    id: 'intel/tag-user',
    words: 'the IOTLB tag has one user more',
    cite: in612('cache.c: cache_tag_assign:56-82'),
    when: direct,
    changes: [{ add: 'domain.cacheTagUsers[iommu.id]', by: 1 }],
    undo: 'reverse',
  }),
  alloc({
    id: 'intel-cache-tag-devtlb-alloc',
    words: 'ATS is on and the device-TLB cache tag could not be allocated; the IOTLB tag is given back',
    ...tagFacts,
    cite: in612('cache.c: __cache_tag_assign_domain:141-143, cache_tag_assign:52-54; dmar_domain_attach_device:2021,2023-2025'),
    when: all(direct, has('device.atsEnabled')),
    what: 'device-TLB cache tag',
  }),
  effect({
    id: 'intel/device-tag-user',
    words: 'the device-TLB tag has its user',
    cite: in612('cache.c: cache_tag_assign:56-82'),
    when: all(direct, has('device.atsEnabled')),
    changes: [{ add: 'domain.deviceTagUsers[device.id]', by: 1 }],
    undo: 'reverse',
  }),
];
