// Attaching a device to a domain of the AMD driver: 6.1 leaves the old domain before it tests anything of the new one.
import { all, any, below, differ, equal, has, lacks, not, value } from '../core/conditions.ts';
import { both, call, check, everywhere, in61, in612 } from '../core/rowBuilders.ts';
import type { Row } from '../core/rows.ts';
import { guestTable } from './amdGuest.ts';
import { instance } from './amdInstances.ts';

const isPci = has('device.isPci');
const identity = equal('domain.type', value('identity'));
const guestCapable = any(has('domain.iommuV2'), identity);

export const leave = call({
  id: 'amd/leave',
  words: 'the device leaves its old domain',
  class: 'other',
  errno: everywhere([]),
  cite: both('amd_iommu_attach_device:2222-2223', 'amd_iommu_attach_device:2743-2744'),
  path: 'leave',
  note: 'Not undone: after a later failure the device is on no domain until the core puts the old one back.',
});

const stillAttached = check({
  id: 'amd-device-still-attached',
  words: 'the device still records a domain although it was just detached',
  class: 'busy',
  errno: everywhere('EBUSY'),
  cite: both('attach_device:1788-1790', 'attach_device:2337-2339'),
  refuses: has('device.domain'),
  unreachable: 'the only caller detaches first, under the group’s mutex',
});

const ats = call({
  id: 'amd/ats',
  words: 'ATS could not be enabled; the attach goes on',
  class: 'device',
  errno: everywhere('0'),
  cite: both('attach_device:1819-1823', 'attach_device:2367-2369'),
  when: both(all(isPci, has('device.atsSupported'), lacks('domain.iommuV2')), all(isPci, has('device.atsSupported'), not(guestCapable))),
  api: 'pci-ats',
  failure: 'ignored',
});

export const attach61: readonly Row[] = [
  check({
    id: 'amd-no-iommu-for-device',
    words: 'no requester id, no IOMMU instance for it, or an id beyond the last one of its PCI segment',
    class: 'device',
    errno: in61('EINVAL'),
    cite: in61('amd_iommu_attach_device:2212-2213; check_device:350-374'),
    refuses: any(equal('device.requesterId', false), lacks('device.iommu'), below('iommu.lastRequesterId', 'device.requesterId')),
    unreachable: 'the same test gates the probe of the device, so the core never attaches such a device',
  }),
  check({
    id: 'amd-rlookup-null',
    words: 'no IOMMU instance is recorded for the device’s requester id',
    class: 'device',
    errno: in61('EINVAL'),
    cite: in61('amd_iommu_attach_device:2218-2220'),
    refuses: lacks('device.iommu'),
    unreachable: 'as amd-no-iommu-for-device, which tests it too',
  }),
  leave,
  stillAttached,
  check({
    id: 'amd-v2-domain-default-not-identity',
    words: 'a PCI device, a version 2 domain in a version 1 system, and a default domain that is no identity domain',
    class: 'incompatible',
    errno: { 'v6.1': 'EINVAL', 'seed-v6': 'EMEDIUMTYPE' },
    cite: in61('attach_device:1796-1808'),
    refuses: all(
      isPci,
      has('domain.iommuV2'),
      equal('system.amdPgtableMode', value('v1')),
      differ('group.default.type', value('identity')),
    ),
    note: 'Only domains that the AMD version 2 API switched over; an unmanaged domain of VFIO is always version 1.',
  }),
  call({
    id: 'amd-v2-ats-pri-pasid-enable-failed',
    words: 'a version 2 domain and a capable PCI device: PASID, PRI or ATS could not be turned on; the errno is thrown away',
    class: 'device',
    errno: { 'v6.1': 'EINVAL', 'seed-v6': 'EMEDIUMTYPE' },
    cite: in61('attach_device:1799,1811-1813; pdev_pri_ats_enable:1735-1768'),
    when: all(isPci, has('domain.iommuV2'), has('device.iommuV2Capable')),
    api: 'pci-ats',
    masks: true,
    note: 'Never for an unmanaged domain. In a version 2 system the default and the blocking domain are such domains, so claims can hit it.',
  }),
  ats,
];

/** Path `attachDevice` of 6.12: walked unless the device is on the domain already. */
export const attachDevice612: readonly Row[] = [
  check({
    id: 'amd-dirty-tracking-unsupported',
    words: 'the domain enforces dirty tracking and the IOMMU has no dirty bits',
    class: 'incompatible',
    errno: in612('EINVAL'),
    cite: in612('amd_iommu_attach_device:2736-2741'),
    refuses: all(has('domain.dirtyTracking'), lacks('iommu.hdSupport')),
  }),
  leave,
  stillAttached,
  ...instance,
  ...guestTable,
  ats,
];

export const attach612: readonly Row[] = [
  call({
    id: 'amd/attach-device',
    words: 'the device is not on the domain yet; else nothing is done and the attach succeeds',
    class: 'other',
    errno: everywhere([]),
    cite: in612('amd_iommu_attach_device:2731-2732'),
    when: differ('device.domain', 'domain.id'),
    path: 'attachDevice',
  }),
];
