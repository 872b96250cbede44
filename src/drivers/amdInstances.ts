// The record that a domain of 6.12 keeps for each AMD IOMMU with a device of it, and what a device takes along when it leaves.
import { all, has, lacks } from '../core/conditions.ts';
import { alloc, effect, in612 } from '../core/rowBuilders.ts';
import type { Row } from '../core/rows.ts';

const newInstance = lacks('domain.instances[iommu.id]');

/** Array entry 0 needs no node, so an index of 0 costs nothing; one node serves all others that the model can have. */
export const instance: readonly Row[] = [
  alloc({
    id: 'amd-instance-record-alloc',
    words: 'first attach of the domain on this instance: the record could not be allocated, without sleeping',
    class: 'transient-memory',
    errno: in612('ENOMEM'),
    cite: in612('pdom_attach_iommu:2273-2276'),
    when: newInstance,
    site: in612('pdom_attach_iommu:2273'),
    what: 'per-instance record',
    gfp: in612('GFP_ATOMIC'),
    plausible: in612('atomic'),
  }),
  alloc({
    id: 'amd-instance-array-store',
    words: 'the array of instances could not get a node',
    class: 'transient-memory',
    errno: in612('ENOSPC'),
    cite: in612('pdom_attach_iommu:2282-2288'),
    when: all(newInstance, has('iommu.index'), lacks('domain.indexedInstances')),
    site: in612('pdom_attach_iommu:2282'),
    what: 'array node',
    gfp: in612('GFP_ATOMIC'),
    plausible: in612('atomic'),
    tries: 2,
    note: 'A shortage of memory that reads as if ids had run out.',
  }),
  effect({
    id: 'amd/indexed-instance',
    words: 'the array has an entry above 0',
    cite: in612('pdom_attach_iommu:2282-2288'),
    when: all(newInstance, has('iommu.index')),
    changes: [{ add: 'domain.indexedInstances', by: 1 }],
    undo: 'reverse',
  }),
  effect({
    id: 'amd/instance-count',
    words: 'the domain has one device more on this instance',
    cite: in612('pdom_attach_iommu:2267-2280'),
    changes: [{ add: 'domain.instances[iommu.id]', by: 1 }],
    undo: 'reverse',
  }),
];

export const leave612: readonly Row[] = [
  effect({
    id: 'amd/guest-table-freed',
    words: 'the device’s guest table goes',
    cite: in612('detach_device:2425-2427; free_gcr3_table:1935-1952'),
    when: has('device.gcr3Table'),
    changes: [{ set: 'device.gcr3Table', to: false }],
    undo: 'none',
  }),
  effect({
    id: 'amd/device-id-freed',
    words: 'the device’s own domain id is given back',
    cite: in612('free_gcr3_table:1947'),
    when: has('device.ownDomainId'),
    changes: [{ set: 'device.ownDomainId', to: false }, { give: 'system.amdDomainIdsFree' }],
    undo: 'none',
  }),
  effect({
    id: 'amd/instance-left',
    words: 'the domain has one device less on this instance',
    cite: in612('pdom_detach_iommu:2313-2317'),
    when: has('domain.instances[iommu.id]'),
    changes: [{ add: 'domain.instances[iommu.id]', by: -1 }],
    undo: 'none',
  }),
  effect({
    id: 'amd/indexed-instance-left',
    words: 'the array loses an entry above 0',
    cite: in612('pdom_detach_iommu:2314-2317'),
    when: all(newInstance, has('iommu.index'), has('domain.indexedInstances')),
    changes: [{ add: 'domain.indexedInstances', by: -1 }],
    undo: 'none',
  }),
];
