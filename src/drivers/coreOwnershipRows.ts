// Rows of DMA ownership in the core: who may claim a group, and the blocking domain that a claim makes and attaches.
import { all, any, differ, equal, has, lacks, not, value } from '../core/conditions.ts';
import { both, call, check, everywhere, in61, in612, print } from '../core/rowBuilders.ts';
import type { Row } from '../core/rows.ts';
import { core, core612 } from './coreCites.ts';

const owned = has('group.ownerCount');
const offDefault = all(has('group.domain'), differ('group.domain', 'group.default'));

/** 6.1 takes any identity domain for the default one when that is an identity domain itself. */
const identity = all(equal('group.domain.type', value('identity')), equal('group.default.type', value('identity')));
const notOnDefault = differ('group.domain', 'group.default');

const claim: readonly Row[] = [
  check({
    id: 'core-claim-null-owner',
    words: 'the claim names no owner',
    class: 'other',
    errno: in612('EINVAL'),
    cite: core612('iommu_group_claim_dma_owner:3218-3219; iommu.c: iommu_device_claim_dma_owner:3250-3251'),
    prints: in612(print('WARN', 'WARN_ON() in iommu_group_claim_dma_owner()')),
    refuses: has('user.nullOwner'),
    unreachable: 'a guard against kernel bugs: every caller names itself',
  }),
  check({
    id: 'core-claim-device-no-group',
    words: 'a device without a group is claimed',
    class: 'device',
    errno: in612('ENODEV'),
    cite: core612('iommu_device_claim_dma_owner:3253-3254'),
    refuses: all(has('user.deviceClaim'), lacks('device.group')),
  }),
  check({
    id: 'core-claim-group-owned',
    words: 'the group has an owner already, or kernel drivers use it (6.12, claim by device: an owner that is another one)',
    class: 'busy',
    errno: everywhere('EPERM'),
    cite: core(
      'iommu_group_claim_dma_owner:3211-3213',
      'iommu_group_claim_dma_owner:3222-3225; iommu.c: iommu_device_claim_dma_owner:3257-3260',
    ),
    refuses: both(owned, all(owned, not(all(has('user.deviceClaim'), equal('group.owner', 'user.owner'))))),
  }),
  check({
    id: 'core-claim-not-default',
    words: 'the group is not on its default domain (6.12: or has PASID attachments)',
    class: 'busy',
    errno: everywhere('EBUSY'),
    cite: core('iommu_group_claim_dma_owner:3215-3218', '__iommu_take_dma_ownership:3189-3191'),
    refuses: both(offDefault, any(offDefault, has('group.pasidEntries'))),
    note: 'A group that records no domain at all passes.',
  }),
  call({
    id: 'core-claim-blocking-alloc',
    words: 'neither a blocking domain nor an empty stand-in could be made',
    class: 'transient-memory',
    errno: { ...in61('EINVAL'), ...in612(['ENOMEM', 'EOPNOTSUPP', 'driver-errno']) },
    cite: core('__iommu_group_alloc_blocking_domain:3182-3193', '__iommu_group_alloc_blocking_domain:3170-3180'),
    path: 'allocateDomain',
    note: '6.1 masks a memory shortage as EINVAL. Once a group: the domain is kept, a later claim allocates nothing.',
  }),
  call({
    id: 'core-claim-blocking-attach',
    words: 'a device of the group could not move to the blocking domain',
    class: 'other',
    errno: everywhere('driver-errno'),
    cite: core('iommu_group_claim_dma_owner:3224-3226', '__iommu_take_dma_ownership:3196-3198'),
    path: 'setDomain',
    note: 'A driver without a static blocking domain can run out of ids, contexts or memory here, once a group.',
  }),
];

/** The other side of ownership: kernel drivers that want the default domain when they bind. */
const bind: readonly Row[] = [
  check({
    id: 'core-use-default-owned',
    words: 'a kernel driver binds, but the group has an owner or is not on its default domain',
    class: 'busy',
    errno: everywhere('EBUSY'),
    cite: core('iommu_device_use_default_domain:3135-3140', 'iommu_device_use_default_domain:3125-3131'),
    refuses: both(
      all(owned, any(has('group.owner'), all(notOnDefault, not(identity)))),
      all(owned, any(has('group.owner'), notOnDefault, has('group.pasidEntries'))),
    ),
    note: 'Not asked while the count is zero, so a group left on a wrong domain is let through.',
  }),
];

export const rows: readonly Row[] = [...claim, ...bind];
