// Rows of iommufd's attach and replace of one page table: reserved ranges, MSI window, handle, and the core's part.
import { all, has } from '../../src/core/conditions.ts';
import { alloc, call, check, in612, print } from '../../src/core/rowBuilders.ts';
import type { Row } from '../../src/core/rows.ts';
import { device, space } from './cites.ts';
import { accounted612, small612 } from './memory.ts';

const cookie = {
  ...small612,
  errno: in612(['ENOMEM', 'EEXIST', 'EINVAL']),
  site: in612('cookie_alloc (iommu_get_msi_cookie:426)'),
} as const;
const record = { ...accounted612, site: in612('iopt_reserve_iova:814') } as const;

const reserve: readonly Row[] = [
  check({
    id: 'iommufd-group-on-other-hwpt',
    words: "the device's group is on another page table",
    class: 'busy',
    errno: in612('EINVAL'),
    cite: device('iommufd_hw_pagetable_attach:489-492'),
    refuses: has('user.otherPageTable'),
    note: 'The scan takes it for an incompatibility. On a user-made table, or one of another address space, every candidate and the fresh one fail like this.',
  }),
  check({
    id: 'iommufd-resv-fault-injection',
    words: 'fault injection of the self-test',
    class: 'other',
    errno: in612('EINVAL'),
    cite: space('iopt_table_enforce_dev_resv_regions:1407-1408'),
    refuses: has('system.iommufdSelftestFailure'),
    note: 'In kernels built for the self-test only: an EINVAL that is no incompatibility and makes a second domain.',
  }),
  alloc({
    id: 'iommufd-resv-driver-list-alloc',
    words: "the driver could not allocate an entry of the device's list of reserved regions; the range is not reserved",
    ...small612,
    errno: in612('0'),
    failure: 'ignored',
    cite: space('iopt_table_enforce_dev_resv_regions:1411-1412'),
    site: in612('intel_iommu_get_resv_regions:4105'),
    what: "driver's own entry, per region of this device",
    note: 'The user can then map the range (Intel: the MSI window). Every driver is like this; Intel is cited.',
  }),
  check({
    id: 'iommufd-resv-in-use',
    words: 'a reserved region of the device overlaps an existing mapping or an allowed range',
    class: 'device',
    errno: in612('EADDRINUSE'),
    cite: space('iopt_reserve_iova:810-812; io_pagetable.c: iopt_table_enforce_dev_resv_regions:1425-1428'),
    refuses: has('user.reservedInUse'),
  }),
  alloc({
    id: 'iommufd-resv-alloc',
    words: 'the record of a reservation could not be allocated',
    ...record,
    cite: space('iopt_reserve_iova:814-816'),
    what: 'reservation record per region, relaxable ones excepted',
  }),
  check({
    id: 'iommufd-resv-insane-msi',
    words: 'the driver reports hardware and software MSI regions together, or two software ones',
    class: 'device',
    errno: in612('EINVAL'),
    cite: space('iopt_table_enforce_dev_resv_regions:1431-1435'),
    prints: in612(print('WARN', 'WARN_ON() in iopt_table_enforce_dev_resv_regions()')),
    refuses: has('user.insaneMsi'),
    unreachable: 'a guard against driver bugs',
  }),
];

const firstDevice: readonly Row[] = [
  alloc({
    id: 'iommufd-msi-cookie',
    words: 'the software MSI window could not be prepared',
    ...cookie,
    cite: device('iommufd_group_setup_msi:316-320; dma-iommu.c: iommu_get_msi_cookie:420-428'),
    what: 'MSI cookie, for the first device of the group, once per page table',
  }),
  alloc({
    id: 'iommufd-handle-alloc',
    words: 'the attach handle could not be allocated',
    ...small612,
    cite: device('iommufd_hwpt_attach_device:378-380'),
    site: in612('iommufd_hwpt_attach_device:378'),
    what: 'attach handle, for the first device of the group',
  }),
  check({
    id: 'iommufd-fault-capable-vf',
    words: 'the page table has a fault queue, and the device is a virtual function',
    class: 'device',
    errno: in612('EINVAL'),
    cite: in612('fault.c: iommufd_fault_iopf_enable:30-31; device.c: iommufd_hwpt_attach_device:382-386'),
    refuses: all(has('user.faultQueue'), has('device.isVf')),
    note: 'Automatic page tables have no fault queue.',
  }),
  call({
    id: 'iommufd-fault-enable',
    words: 'the driver does not enable I/O page faults for the device; ENODEV where it has no such hook',
    class: 'device',
    errno: in612(['ENODEV', 'driver-errno']),
    cite: in612(
      'fault.c: iommufd_fault_iopf_enable:40-45; iommu.c: iommu_dev_enable_feature:2913-2920; device.c: iommufd_hwpt_attach_device:382-386',
    ),
    path: 'enableFaults',
    when: has('user.faultQueue'),
  }),
  call({
    id: 'iommufd-core-attach',
    words: 'the core or the driver refuses the attach',
    class: 'other',
    errno: in612('attach-errno'),
    cite: device('iommufd_hwpt_attach_device:390-393'),
    path: 'attachGroupHandle',
    note: 'EINVAL means the next candidate, everything else stops the scan.',
  }),
];

const replace: readonly Row[] = [
  check({
    id: 'iommufd-replace-not-attached',
    words: 'the group or the device to replace for is not attached',
    class: 'other',
    errno: in612('EINVAL'),
    cite: device('iommufd_device_do_replace:612-620'),
    refuses: has('user.notAttached'),
    note: 'An automatic replace takes it for an incompatibility on every candidate, then makes a fresh domain that fails the same way.',
  }),
  check({
    id: 'iommufd-replace-resv',
    words: 'a reserved region of a device of the group overlaps something in the other address space',
    class: 'device',
    errno: in612('EADDRINUSE'),
    cite: device('iommufd_group_do_replace_reserved_iova:579-596'),
    refuses: has('user.reservedInUse'),
  }),
  check({
    id: 'iommufd-replace-resv/fault-injection',
    entry: 'iommufd-replace-resv',
    words: 'fault injection of the self-test',
    class: 'other',
    errno: in612('EINVAL'),
    cite: device('iommufd_group_do_replace_reserved_iova:579-596'),
    refuses: has('system.iommufdSelftestFailure'),
  }),
  alloc({
    id: 'iommufd-replace-resv/record',
    entry: 'iommufd-replace-resv',
    words: 'the record of a reservation in the other address space could not be allocated',
    ...record,
    cite: device('iommufd_group_do_replace_reserved_iova:579-596; io_pagetable.c: iopt_reserve_iova:814-816'),
    what: 'reservation record per region of every attached device of the group',
  }),
  alloc({
    id: 'iommufd-replace-resv/cookie',
    entry: 'iommufd-replace-resv',
    words: 'the software MSI window of the new page table could not be prepared',
    ...cookie,
    cite: device('iommufd_device_do_replace:628-632'),
    what: 'MSI cookie, once per page table',
    note: 'Within one address space only this part of the reservations runs.',
  }),
  alloc({
    id: 'iommufd-replace-handle-alloc',
    words: 'the new attach handle could not be allocated',
    ...small612,
    cite: device('iommufd_hwpt_replace_device:448-450'),
    site: in612('iommufd_hwpt_replace_device:448'),
    what: 'attach handle',
  }),
  call({
    id: 'iommufd-replace-core',
    words: 'the core or the driver refuses the switch; the group stays on its page table',
    class: 'other',
    errno: in612('attach-errno'),
    cite: device('iommufd_hwpt_replace_device:459-462; device.c: iommufd_device_do_replace:634-636'),
    path: 'replaceGroupHandle',
    note: 'EINVAL means the next candidate of an automatic replace. The owner gate of a plain attach is not passed.',
  }),
];

export const rows: readonly Row[] = [...reserve, ...firstDevice, ...replace];
