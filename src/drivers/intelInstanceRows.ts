// An Intel domain joins and leaves an IOMMU instance: the record made on every attach, the hardware domain id, and the way out
// (device_block_translation), which any attach takes for the old domain first.
import { all, differ, equal, has, lacks, value } from '../core/conditions.ts';
import { alloc, both, call, effect, everywhere, in612, print, take } from '../core/rowBuilders.ts';
import type { EffectRow, PerColumn, Row } from '../core/rows.ts';
import { knownInstance, newInstance, scalableDirect } from './intelAttributes.ts';
import { updateCapabilities } from './intelDomainRows.ts';

export const instanceRecord = { what: 'per-instance record', gfp: 'GFP_KERNEL', plausible: 'small-sleeping' } as const;
export const instanceNode = { what: 'array node', gfp: 'GFP_ATOMIC', plausible: 'atomic' } as const;
/** Array index 0 alone sits in the array's head; any higher one brings the node. */
export const nodeNeeded = all(newInstance, differ('iommu.index', 0), lacks('domain.arrayEntries'));

/** The domain counts a device on the instance, and the array an entry for a new instance. */
export const counted = (name: string, cite: PerColumn<string>): readonly EffectRow[] => [
  effect({
    id: `${name}/array-entry`,
    words: 'the array holds an instance other than number 0',
    cite,
    when: all(newInstance, differ('iommu.index', 0)),
    changes: [{ add: 'domain.arrayEntries', by: 1 }],
    undo: 'reverse',
  }),
  effect({
    id: `${name}/instance-user`,
    words: 'the domain has one user more on the instance; a later failure takes it back',
    cite,
    changes: [{ add: 'domain.instances[iommu.id]', by: 1 }],
    undo: 'reverse',
  }),
];

const countedCite = both('domain_attach_iommu:1840-1866', 'domain_attach_iommu:1511-1538');

export const joinInstance: readonly Row[] = [
  alloc({
    id: 'intel-instance-record-alloc',
    words: 'the per-instance record could not be allocated; it is made on every attach, also where the instance is known',
    class: 'transient-memory',
    errno: everywhere('ENOMEM'),
    cite: both('domain_attach_iommu:1835-1837', 'domain_attach_iommu:1506-1508'),
    site: both('domain_attach_iommu:1835', 'domain_attach_iommu:1506'),
    what: instanceRecord.what,
    gfp: everywhere(instanceRecord.gfp),
    plausible: everywhere(instanceRecord.plausible),
    note: 'The cleanest real case of ENOMEM on a domain that fits and is in use.',
  }),
  take({
    id: 'intel-domain-ids-exhausted',
    words: 'the domain is new to the instance, which has no free hardware domain id',
    class: 'transient-space',
    errno: everywhere('ENOSPC'),
    cite: both('domain_attach_iommu:1833,1848-1853', 'domain_attach_iommu:1501,1519-1524'),
    prints: everywhere(print('pr_err', '<iommu name>: No free domain ids')),
    when: newInstance,
    pool: 'iommu.domainIdsFree',
    undo: 'reverse',
    note: 'Id found at domain_attach_iommu:1849 (6.1), domain_attach_iommu:1520 (6.12). Joining a domain that is on the instance needs none.',
  }),
  alloc({
    id: 'intel-instance-array-store',
    words: "the record could not be stored in the domain's instance array: no node",
    class: 'transient-memory',
    errno: everywhere(['ENOMEM', 'EBUSY']),
    cite: both('domain_attach_iommu:1859-1864', 'domain_attach_iommu:1530-1535'),
    when: nodeNeeded,
    site: both('domain_attach_iommu:1859', 'domain_attach_iommu:1530'),
    what: instanceNode.what,
    gfp: everywhere(instanceNode.gfp),
    plausible: everywhere(instanceNode.plausible),
    tries: 2,
    note: 'EBUSY (the slot is taken) cannot happen under the lock. A node serves 64 instances; the model knows one node.',
  }),
  updateCapabilities('intel/capabilities-joined', newInstance),
  ...counted('intel', countedCite),
  effect({
    id: 'intel/unsnooped-listed',
    words: 'a device without snoop control is listed: the domain cannot be made to force snooping',
    cite: both('domain_add_dev_info:2541-2544', 'dmar_domain_attach_device:2002-2006'),
    when: lacks('iommu.snoopControl'),
    changes: [{ add: 'domain.unsnoopedDevices', by: 1 }],
    undo: 'reverse',
  }),
];

/** A row that cannot fail: it walks the way out. */
export const leaveOld: Row = call({
  id: 'intel/leave',
  path: 'leave',
  words: 'the old translation is blocked; a later failure leaves the device blocked',
  class: 'other',
  errno: everywhere('0'),
  cite: both('intel_iommu_attach_device:4331-4337', 'intel_iommu_attach_device:3708'),
});

const blockCite = both('device_block_translation:4187-4211', 'device_block_translation:3421-3455');

const lastUser = equal('domain.instances[iommu.id]', 1);
const leaveInstance: readonly Row[] = [
  effect({
    id: 'intel/entry-cleared',
    words: 'the PASID entry is torn down',
    cite: blockCite,
    when: scalableDirect,
    changes: [{ set: 'device.pasidEntryPresent', to: false }],
    undo: 'none',
  }),
  effect({
    id: 'intel/unsnooped-unlisted',
    words: 'a device without snoop control is off the list',
    cite: blockCite,
    when: all(lacks('iommu.snoopControl'), has('domain.unsnoopedDevices'), knownInstance),
    changes: [{ add: 'domain.unsnoopedDevices', by: -1 }],
    undo: 'none',
  }),
  effect({
    id: 'intel/id-given-back',
    words: 'the last user on the instance gives the domain id back',
    cite: both('domain_detach_iommu:1885-1891', 'domain_detach_iommu:1558-1564'),
    when: lastUser,
    changes: [{ give: 'iommu.domainIdsFree' }],
    undo: 'none',
  }),
  effect({
    id: 'intel/array-entry-erased',
    words: 'its entry leaves the instance array',
    cite: both('domain_detach_iommu:1887', 'domain_detach_iommu:1560'),
    when: all(lastUser, differ('iommu.index', 0)),
    changes: [{ add: 'domain.arrayEntries', by: -1 }],
    undo: 'none',
  }),
  updateCapabilities('intel/capabilities-left', all(lastUser, differ('domain.type', value('nested')))),
  effect({
    id: 'intel/instance-user-left',
    words: 'the old domain has one user less on the instance',
    cite: both('domain_detach_iommu:1884-1885', 'domain_detach_iommu:1557-1558'),
    when: knownInstance,
    changes: [{ add: 'domain.instances[iommu.id]', by: -1 }],
    undo: 'none',
  }),
];

/** A tag loses one user, whoever it was counted for. */
const tagLeft = (id: string, words: string, tag: string): EffectRow =>
  effect({
    id,
    words,
    cite: in612('cache.c: cache_tag_unassign:85-106; device_block_translation:3431-3432'),
    when: has(tag),
    changes: [{ add: tag, by: -1 }],
    undo: 'none',
  });

const tagsLeft: readonly Row[] = [
  tagLeft('intel/tag-left', 'the IOTLB tag of the old domain loses a user', 'domain.cacheTagUsers[iommu.id]'),
  tagLeft('intel/device-tag-left', 'the device-TLB tag of the old domain goes', 'domain.deviceTagUsers[device.id]'),
  tagLeft('intel/parent-tag-left', 'nested: the tag on the parent loses a user', 'domain.parentTagUsers[iommu.id]'),
  tagLeft('intel/parent-device-tag-left', 'nested: the device-TLB tag on the parent goes', 'domain.parentDeviceTagUsers[device.id]'),
];

export const leave61: readonly Row[] = leaveInstance;
export const leave612: readonly Row[] = [...tagsLeft, ...leaveInstance];
