// Rows of the IOMMU core: allocating a domain, attaching and replacing it, and the DMA ownership that callers claim before.
// A call row says what the failure of a nested workflow means at that place; the workflow itself is a machine.
import { all, any, below, differ, equal, has, lacks, value } from '../core/conditions.ts';
import { alloc, both, call, check, everywhere, in61, in612, print } from '../core/rowBuilders.ts';
import type { Errno, PerColumn, Row } from '../core/rows.ts';
import { arrayNode, core, core612 } from './coreCites.ts';
import { rows as ownershipRows } from './coreOwnershipRows.ts';
import { rows as switchRows } from './coreSwitchRows.ts';

/** 6.1 has one answer, a null pointer, to every failed allocation. */
const nullIn61 = (recent: Errno | readonly Errno[]): PerColumn<Errno | readonly Errno[]> => ({ ...in61('NULL'), ...in612(recent) });

const allocation: readonly Row[] = [
  check({
    id: 'core-alloc-no-ops',
    words: 'the bus (6.1) or the device (6.12) has no IOMMU driver to ask for a domain',
    class: 'device',
    errno: nullIn61('ENODEV'),
    cite: core('__iommu_domain_alloc:1909-1910', 'iommu_paging_domain_alloc:2045-2046'),
    refuses: lacks('device.iommu'),
  }),
  check({
    id: 'core-alloc-unsupported-type',
    words: 'the driver has no way to make a domain of this type',
    class: 'device',
    errno: in612('EOPNOTSUPP'),
    cite: core612('__iommu_domain_alloc:1947-1956'),
    refuses: has('user.unsupportedType'),
  }),
  call({
    id: 'core-alloc-driver-failed',
    words: "the driver's allocation hook gave no domain",
    class: 'transient-memory',
    errno: nullIn61(['ENOMEM', 'driver-errno']),
    cite: core('__iommu_domain_alloc:1912-1914', '__iommu_domain_alloc:1963-1966'),
    path: 'allocate',
    note: '6.1: a type that the driver never makes looks the same as a memory shortage.',
  }),
  alloc({
    id: 'core-alloc-dma-cookie',
    words: 'the address allocator of a default domain could not be made',
    class: 'transient-memory',
    errno: nullIn61(['ENOMEM', 'EEXIST']),
    cite: core('__iommu_domain_alloc:1927-1930', '__iommu_domain_alloc:1980-1987'),
    site: both('cookie_alloc (iommu_get_dma_cookie:313)', 'cookie_alloc (iommu_get_dma_cookie:396)'),
    what: 'DMA-API cookie',
    gfp: everywhere('GFP_KERNEL'),
    plausible: everywhere('small-sleeping'),
    when: equal('domain.type', value('dma')),
    note: 'No attach makes a default domain.',
  }),
];

const attach: readonly Row[] = [
  check({
    id: 'core-attach-device-no-group',
    words: 'the device has no group',
    class: 'device',
    errno: everywhere('ENODEV'),
    cite: core('iommu_attach_device:1984-1986', 'iommu_attach_device:2112-2113'),
    refuses: lacks('device.group'),
  }),
  check({
    id: 'core-attach-device-not-singleton',
    words: 'a single device is to be attached, but its group has more',
    class: 'device',
    errno: everywhere('EINVAL'),
    cite: core('iommu_attach_device:1993-1995', 'iommu_attach_device:2120-2122'),
    refuses: below(1, 'group.devices'),
    note: 'An EINVAL that is no incompatibility; the 2022 thread left open what it means where EINVAL says "try another domain".',
  }),
  check({
    id: 'core-attach-handle-present',
    words: 'the group holds an attach handle already',
    class: 'busy',
    errno: in612('EBUSY'),
    cite: core612('iommu_attach_group_handle:3542-3544'),
    refuses: has('group.handle'),
    note: 'The array insert finds it, before the busy test and before any allocation.',
  }),
  alloc({
    id: 'core-attach-handle-insert',
    words: 'the attach handle got no node in the array of the group',
    ...arrayNode,
    cite: core612('iommu_attach_group_handle:3542-3544'),
    site: in612('iommu_attach_group_handle:3542'),
    what: 'array node for the handle',
    when: has('group.pasidEntries'),
    note: 'A lone entry at index 0 needs no node: only PASID attachments make the array bigger.',
  }),
  check({
    id: 'core-attach-group-busy',
    words: 'the group is on a domain that is neither its default nor its blocking one',
    class: 'busy',
    errno: everywhere('EBUSY'),
    cite: core('__iommu_attach_group:2093-2095', '__iommu_attach_group:2185-2187'),
    refuses: all(has('group.domain'), differ('group.domain', 'group.default'), differ('group.domain', 'group.blocking')),
    note: 'Also when the requested domain is the current one.',
  }),
  check({
    id: 'core-owner-gate',
    words: "the domain was made by another driver than that of the group's first device, or that device has no IOMMU",
    class: 'incompatible',
    errno: in612('EINVAL'),
    cite: core612('__iommu_attach_group:2189-2191'),
    refuses: any(lacks('device.iommu'), differ('domain.driver', 'device.driver')),
    note: 'Drivers are compared, not instances. The half "no IOMMU" is a failure of the device. Replace and claim do not pass here.',
  }),
  check({
    id: 'core-no-attach-op',
    words: "the domain's operations have no attach",
    class: 'other',
    errno: everywhere('ENODEV'),
    cite: core('__iommu_attach_device:1970-1971', '__iommu_attach_device:2083-2084'),
    refuses: has('user.noAttachOp'),
  }),
  check({
    id: 'core-require-direct-blocked',
    words: 'firmware wants 1:1 regions for the device, and the new domain is a blocking one or its stand-in',
    class: 'device',
    errno: in612('EINVAL'),
    cite: core612('__iommu_device_set_domain:2260-2266'),
    prints: in612(
      print(
        'dev_warn',
        'Firmware has requested this device have a 1:1 IOMMU mapping, rejecting configuring the device without a 1:1 mapping. Contact your platform vendor.',
      ),
    ),
    refuses: all(has('device.requireDirect'), any(equal('domain.type', value('blocking')), equal('domain.id', 'group.blocking'))),
    note: "Comes up when ownership is claimed, so from SET_CONTAINER or bind. Stands where 6.1 has Intel's EPERM.",
  }),
];

export const rows: readonly Row[] = [...allocation, ...attach, ...switchRows, ...ownershipRows];
