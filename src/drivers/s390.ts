// s390 PCI (s390-iommu.c): translation is registered with the hypervisor per device; the old domain goes before the new one is known to work.
import { all, any, below, differ, has, lacks, value } from '../core/conditions.ts';
import { alloc, both, call, check, each, effect, everywhere, in61, in612, print } from '../core/rowBuilders.ts';
import type { Driver, Row } from '../core/rows.ts';
import { mapPath } from './s390Tables.ts';

/** What three table levels translate: 2^42 bytes. */
const tableEnd = 2 ** 42 - 1;

const domainType = check({
  id: 's390/domain-type',
  words: 'another type than unmanaged is asked for',
  class: 'other',
  errno: in61('NULL'),
  cite: in61('s390_domain_alloc:58-59'),
  refuses: all(has('domain.type'), differ('domain.type', value('unmanaged'))),
  note: 'So a group has no default domain in 6.1: its own DMA code serves the device.',
});

const records: readonly Row[] = [
  alloc({
    id: 's390/domain-record',
    words: 'the domain record could not be allocated',
    class: 'transient-memory',
    errno: each('NULL', 'NULL', 'ENOMEM'),
    cite: both('s390_domain_alloc:61-63', 's390_domain_alloc_paging:337-339'),
    site: both('s390_domain_alloc:61', 's390_domain_alloc_paging:337'),
    what: 'domain record',
    gfp: everywhere('GFP_KERNEL'),
    plausible: everywhere('small-sleeping'),
  }),
  alloc({
    id: 's390/region-table',
    words: 'the region table could not be allocated',
    class: 'transient-memory',
    errno: each('NULL', 'NULL', 'ENOMEM'),
    cite: both('s390_domain_alloc:65-69', 's390_domain_alloc_paging:341-345'),
    site: both('dma_alloc_cpu_table:34 (arch/s390/pci/pci_dma.c)', 'dma_alloc_cpu_table:164'),
    what: 'region table from a slab cache',
    gfp: both('GFP_ATOMIC', 'GFP_KERNEL'),
    plausible: both('atomic', 'small-sleeping'),
  }),
];

const geometry = effect({
  id: 's390/geometry',
  words: 'the domain spans all that its tables translate',
  cite: in612('s390_domain_alloc_paging:346-349'),
  changes: [
    { set: 'domain.apertureStart', to: 0 },
    { set: 'domain.apertureEnd', to: tableEnd },
    { set: 'domain.pageSize', to: 4096 },
  ],
  undo: 'none',
});

const noFunction = check({
  id: 's390-no-zdev',
  words: 'the device has no zPCI function',
  class: 'device',
  errno: everywhere('ENODEV'),
  cite: both('s390_iommu_attach_device:121-122', 's390_iommu_attach_device:472-473'),
  refuses: lacks('device.zdev'),
});

const link = alloc({
  id: 's390-link-alloc',
  words: 'the record that links domain and device could not be allocated',
  class: 'transient-memory',
  errno: in61('ENOMEM'),
  cite: in61('s390_iommu_attach_device:124-126'),
  site: in61('s390_iommu_attach_device:124'),
  what: 'domain-device link',
  gfp: in61('GFP_KERNEL'),
  plausible: in61('small-sleeping'),
  note: 'Comes before the old domain is dropped, so its failure leaves the device as it was. 6.12 has the list node in the device.',
});

const leaveOld = call({
  id: 's390/leave',
  words: 'the old domain or DMA table is dropped',
  class: 'other',
  errno: {},
  cite: both('s390_iommu_attach_device:128-131', 's390_iommu_attach_device:479'),
  path: 'leave',
  note: 'Not undone: after a later failure the device is on no domain (6.1) or blocked (6.12).',
});

const register = call({
  id: 's390-ioat-register',
  words: 'the hypervisor or firmware refused to register the I/O address translation',
  class: 'device',
  errno: everywhere('EIO'),
  cite: both('s390_iommu_attach_device:133-137', 's390_iommu_attach_device:482-485'),
});

const registerGone = call({
  id: 's390/register-function-gone',
  words: 'registering failed because the function is gone: invalid handle, or an error that says "not available"',
  class: 'device',
  errno: in612('0'),
  cite: in612('s390_iommu_attach_device:482-485'),
  failure: 'ignored',
});

const rangeMismatch = check({
  id: 's390-dma-range-mismatch',
  words: "6.1: the domain has devices and their DMA range differs from this one's. 6.12: this one's does not touch the domain's aperture",
  class: 'incompatible',
  errno: each('EINVAL', 'EMEDIUMTYPE', 'EINVAL'),
  cite: both('s390_iommu_attach_device:143-153', 's390_iommu_attach_device:475-477'),
  prints: in612(print('WARN', 'WARN_ON() in s390_iommu_attach_device()')),
  refuses: both(
    all(has('domain.devices'), any(differ('domain.apertureStart', 'device.dmaStart'), differ('domain.apertureEnd', 'device.dmaEnd'))),
    any(below('device.dmaEnd', 'domain.apertureStart'), below('domain.apertureEnd', 'device.dmaStart')),
  ),
  note:
    'Unreachable in 6.12: every domain spans the whole table and the probe refuses functions whose range starts beyond it. ' +
    'In 6.1 the translation is unregistered again and the device is left on no domain.',
});

const firstDevice = effect({
  id: 's390/first-device',
  words: 'the first device sets the limits of the domain',
  cite: in61('s390_iommu_attach_device:142-146'),
  when: lacks('domain.devices'),
  changes: [
    { set: 'domain.apertureStart', to: 'device.dmaStart' },
    { set: 'domain.apertureEnd', to: 'device.dmaEnd' },
    { set: 'domain.pageSize', to: 4096 },
  ],
  undo: 'none',
});

const listDevice = effect({
  id: 's390/list-device',
  words: "the device joins the domain's list",
  cite: both('s390_iommu_attach_device:154-157', 's390_iommu_attach_device:486-491'),
  changes: [{ add: 'domain.devices', by: 1 }],
  undo: 'reverse',
});

/** 6.1: no old domain, but a table of the DMA code. 6.12: the static blocking domain keeps no list and has nothing to unregister. */
const translated = all(has('domain.type'), differ('domain.type', value('blocking')));

const leave: readonly Row[] = [
  effect({
    id: 's390/unlist-device',
    words: "the device leaves the domain's list",
    cite: both('__s390_iommu_detach_device:96-105', 'blocking_domain_attach_device:451-454'),
    when: translated,
    changes: [{ add: 'domain.devices', by: -1 }],
    undo: 'none',
  }),
  call({
    id: 's390/unregister',
    words: 'unregistering the translation of the old domain failed',
    class: 'device',
    errno: everywhere('0'),
    cite: both('__s390_iommu_detach_device:107', 'blocking_domain_attach_device:456'),
    when: translated,
    failure: 'ignored',
  }),
];

export const driver: Driver = {
  name: 's390',
  files: everywhere('drivers/iommu/s390-iommu.c'),
  operations: both(['s390_iommu_attach_device()'], ['s390_iommu_attach_device()', 'blocking_domain_attach_device()']),
  attributes: {
    device: {
      zdev: { default: true, words: 'the device has a zPCI function' },
      dmaStart: { default: 2 ** 32, words: 'first DMA address of the function' },
      dmaEnd: { default: tableEnd, words: 'last DMA address of the function', alternatives: [2 ** 33 - 1] },
    },
    domain: {
      devices: { default: 0, words: "devices on the domain's list" },
      tables: { default: null, words: 'segment and page tables' },
    },
  },
  blocking: both('stand-in', 'static'),
  enforcesCoherency: false,
  msi: 'hardware',
  regions: in612({ site: 's390_iommu_get_resv_regions:503', gfp: 'GFP_KERNEL' }),
  paths: {
    allocate: both([domainType, ...records], [...records, geometry]),
    attach: both(
      [noFunction, link, leaveOld, register, rangeMismatch, firstDevice, listDevice],
      [noFunction, rangeMismatch, leaveOld, register, registerGone, listDevice],
    ),
    attachBlocking: in612([leaveOld]),
    leave: everywhere(leave),
    map: mapPath,
  },
  sharing: "6.1: all devices of a domain must have identical DMA ranges. 6.12: ranges only have to overlap the domain's aperture.",
  note:
    'Giving the device back in 6.1 (the detach op) allocates for the DMA code of the architecture; the result is ignored (not modelled). ' +
    'The seed patch was written against other surrounding code with one more unwind label; its errno is the same.',
};
