// Nested domains of the Intel driver: the instance's id, cache tags on the nested domain and on its parent, and the PASID entry.
import { all, type Condition, differ, equal, has, lacks } from '../core/conditions.ts';
import { alloc, check, effect, in612, print, take } from '../core/rowBuilders.ts';
import type { AllocRow, EffectRow, Row } from '../core/rows.ts';
import { newInstance } from './intelAttributes.ts';
import { counted, instanceNode, instanceRecord, nodeNeeded } from './intelInstanceRows.ts';

const instanceEntry = 'intel-nested-instance-attach';
const instanceFacts = {
  cite: in612('intel_nested_attach_dev:48-52; iommu.c: domain_attach_iommu:1506-1546'),
  prints: in612(print('dev_err_ratelimited', 'Failed to attach domain to iommu')),
};

export const joinInstance: readonly Row[] = [
  alloc({
    id: `${instanceEntry}/record`,
    entry: instanceEntry,
    words: 'the per-instance record could not be allocated',
    class: 'transient-memory',
    errno: in612('ENOMEM'),
    ...instanceFacts,
    site: in612('domain_attach_iommu:1506'),
    what: instanceRecord.what,
    gfp: in612(instanceRecord.gfp),
    plausible: in612(instanceRecord.plausible),
  }),
  take({
    id: instanceEntry,
    words: 'the instance has no free hardware domain id for the nested domain',
    class: 'transient-space',
    errno: in612('ENOSPC'),
    ...instanceFacts,
    when: newInstance,
    pool: 'iommu.domainIdsFree',
    undo: 'reverse',
    note: 'The line "No free domain ids" of driver intel comes first.',
  }),
  alloc({
    id: `${instanceEntry}/array-node`,
    entry: instanceEntry,
    words: 'no node for the instance array',
    class: 'transient-memory',
    errno: in612(['ENOMEM', 'EBUSY']),
    ...instanceFacts,
    when: nodeNeeded,
    site: in612('domain_attach_iommu:1530'),
    what: instanceNode.what,
    gfp: in612(instanceNode.gfp),
    plausible: in612(instanceNode.plausible),
    tries: 2,
    note: 'EBUSY cannot happen under the lock.',
  }),
  ...counted('intel-nested', in612('iommu.c: domain_attach_iommu:1511-1538')),
];

type Site = Pick<AllocRow, 'site' | 'gfp' | 'plausible'>;
const tagsEntry = 'intel-nested-cache-tags';
const withAts = has('device.atsEnabled');
const tagSite: Site = { site: in612('cache_tag_assign:52'), gfp: in612('GFP_KERNEL'), plausible: in612('small-sleeping') };
const batchSite: Site = { site: in612('domain_qi_batch_alloc:118'), gfp: in612('GFP_ATOMIC'), plausible: in612('atomic') };

const tagAlloc = (id: string, what: string, site: Site, when?: Condition): AllocRow =>
  alloc({
    id,
    ...(id === tagsEntry ? {} : { entry: tagsEntry }),
    words: `no memory for the ${what}`,
    class: 'transient-memory',
    errno: in612('ENOMEM'),
    cite: in612('cache.c: cache_tag_assign_domain:214-229; intel_nested_attach_dev:54-56'),
    ...site,
    what,
    ...(when ? { when } : {}),
  });

const tagUser = (id: string, words: string, counter: string, when?: Condition): EffectRow =>
  effect({
    id: `intel-nested/${id}`,
    words,
    cite: in612('cache.c: cache_tag_assign:56-82'),
    ...(when ? { when } : {}),
    changes: [{ add: counter, by: 1 }],
    undo: 'reverse',
  });

const batchKept = (id: string, buffer: string): EffectRow =>
  effect({
    id: `intel-nested/${id}`,
    words: 'the buffer stays with its domain',
    cite: in612('cache.c: domain_qi_batch_alloc:114-122'),
    changes: [{ set: buffer, to: true }],
    undo: 'none',
  });

export const tags: readonly Row[] = [
  tagAlloc(tagsEntry, 'batch buffer of the nested domain', batchSite, lacks('domain.qiBatch')),
  batchKept('batch-kept', 'domain.qiBatch'),
  tagAlloc(`${tagsEntry}/tag`, 'IOTLB tag', tagSite),
  tagUser('tag-user', 'the IOTLB tag has one user more', 'domain.cacheTagUsers[iommu.id]'),
  tagAlloc(`${tagsEntry}/device-tag`, 'device-TLB tag', tagSite, withAts),
  tagUser('device-tag-user', 'the device-TLB tag has its user', 'domain.deviceTagUsers[device.id]', withAts),
  tagAlloc(`${tagsEntry}/parent-batch`, 'batch buffer of the parent', batchSite, lacks('domain.parent.qiBatch')),
  batchKept('parent-batch-kept', 'domain.parent.qiBatch'),
  tagAlloc(`${tagsEntry}/parent-tag`, 'nesting IOTLB tag on the parent', tagSite),
  tagUser('parent-tag-user', 'its tag on the parent has one user more', 'domain.parentTagUsers[iommu.id]'),
  tagAlloc(`${tagsEntry}/parent-device-tag`, 'nesting device-TLB tag on the parent', tagSite, withAts),
  tagUser('parent-device-tag-user', 'its device-TLB tag on the parent has its user', 'domain.parentDeviceTagUsers[device.id]', withAts),
];

const userCheck = (id: string, words: string, lines: string, level: string, text: string, refuses: Condition): Row =>
  check({
    id,
    words,
    class: id === 'intel-nested-bad-address-width' ? 'other' : 'incompatible',
    errno: in612('EINVAL'),
    cite: in612(`pasid.c: intel_pasid_setup_nested:${lines}`),
    prints: in612(print(level, text)),
    refuses,
  });

export const pasidEntry: readonly Row[] = [
  userCheck(
    'intel-nested-fl5-unsupported',
    "the user's table has five levels and the instance has no 5-level paging",
    '626-631',
    'dev_err_ratelimited',
    '5-level paging not supported',
    all(equal('domain.addrWidth', 57), lacks('iommu.fl5lp')),
  ),
  userCheck(
    'intel-nested-bad-address-width',
    "the user's address width is that of neither four nor five levels",
    '633-636',
    'dev_err_ratelimited',
    'Invalid stage-1 address width <width>',
    all(differ('domain.addrWidth', 48), differ('domain.addrWidth', 57)),
  ),
  userCheck(
    'intel-nested-no-supervisor',
    'the user asked for supervisor requests, which the instance does not take',
    '639-643',
    'pr_err_ratelimited',
    'No supervisor request support on <iommu name>',
    all(has('domain.s1Supervisor'), lacks('iommu.srs')),
  ),
  userCheck(
    'intel-nested-no-extended-access',
    'the user asked for the extended access flag, which the instance does not have',
    '645-649',
    'pr_err_ratelimited',
    'No extended access flag support on <iommu name>',
    all(has('domain.s1ExtendedAccess'), lacks('iommu.eafs')),
  ),
  alloc({
    id: 'intel-nested-no-entry',
    words: 'the PASID entry cannot be had, as its table page could not be allocated',
    class: 'transient-memory',
    errno: in612('ENODEV'),
    cite: in612('pasid.c: intel_pasid_setup_nested:651-656, intel_pasid_get_entry:148-153'),
    when: lacks('device.pasidPage'),
    site: in612('intel_pasid_get_entry:151'),
    what: 'PASID table page',
    gfp: in612('GFP_ATOMIC'),
    plausible: in612('atomic'),
    note: 'Only the very first attach of the device allocates the page. Memory shortage reported as ENODEV.',
  }),
  check({
    id: 'intel-nested-entry-present',
    words: 'the PASID entry is live already',
    class: 'busy',
    errno: in612('EBUSY'),
    cite: in612('pasid.c: intel_pasid_setup_nested:657-660'),
    refuses: has('device.pasidEntryPresent'),
    unreachable: 'the old translation was just blocked; needs a driver bug',
  }),
  effect({
    id: 'intel-nested/pasid-page-kept',
    words: 'the page stays with the device',
    cite: in612('pasid.c: intel_pasid_get_entry:151-170'),
    changes: [{ set: 'device.pasidPage', to: true }],
    undo: 'none',
  }),
  effect({
    id: 'intel-nested/pasid-entry',
    words: 'the entry is live',
    cite: in612('pasid.c: intel_pasid_setup_nested:662-693'),
    changes: [{ set: 'device.pasidEntryPresent', to: true }],
    undo: 'reverse',
  }),
];
