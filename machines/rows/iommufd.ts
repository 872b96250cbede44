// Rows of iommufd: binding a device, and what an attach or replace call tests of its arguments.
import { all, any, has, lacks } from '../../src/core/conditions.ts';
import { alloc, call, check, in612 } from '../../src/core/rowBuilders.ts';
import type { Row } from '../../src/core/rows.ts';
import { device } from './cites.ts';
import { rows as attachRows } from './iommufdAttach.ts';
import { rows as pageTableRows } from './iommufdPageTables.ts';
import { accounted612, small612 } from './memory.ts';

const bind: readonly Row[] = [
  check({
    id: 'iommufd-bind-not-coherent',
    words: 'the device is not cache coherent through an IOMMU, or has none',
    class: 'device',
    errno: in612('EINVAL'),
    cite: device('iommufd_device_bind:173-174'),
    refuses: any(lacks('device.iommu'), has('device.notCoherent')),
  }),
  check({
    id: 'iommufd-bind-no-group',
    words: 'the device has no group',
    class: 'device',
    errno: in612('ENODEV'),
    cite: device('iommufd_get_group:70-72; device.c: iommufd_device_bind:176-178'),
    refuses: lacks('device.group'),
    unreachable: 'without an IOMMU the coherency test before it has refused already',
  }),
  alloc({
    id: 'iommufd-bind-group-alloc/record',
    entry: 'iommufd-bind-group-alloc',
    words: "the context's record of the group could not be allocated",
    ...small612,
    cite: device('iommufd_get_group:85-89; device.c: iommufd_device_bind:176-178'),
    site: in612('iommufd_get_group:85'),
    what: 'group record, for the first device of the group in this context',
  }),
  alloc({
    id: 'iommufd-bind-group-alloc/node',
    entry: 'iommufd-bind-group-alloc',
    words: "the context's record of the group got no node in the array of groups",
    ...small612,
    plausible: in612('id-or-xarray'),
    cite: device('iommufd_get_group:111-117; device.c: iommufd_device_bind:176-178'),
    site: in612('iommufd_get_group:111'),
    what: 'array node, for a group number other than 0 whose block of 64 has none yet',
    tries: 2,
  }),
  check({
    id: 'iommufd-bind-unsafe-msi',
    words: 'interrupts are not isolated, and the override parameter is off',
    class: 'device',
    errno: in612('EPERM'),
    cite: device('iommufd_device_bind:186-191'),
    refuses: all(lacks('user.isolated'), lacks('system.allowUnsafeInterrupts')),
    note: 'With the override on, a warning is printed instead.',
  }),
  call({
    id: 'iommufd-bind-claim-owner',
    words: 'the device could not be claimed',
    class: 'busy',
    errno: in612('core-errno'),
    cite: device('iommufd_device_bind:200-202'),
    path: 'claimOwner',
  }),
  alloc({
    id: 'iommufd-bind-object-alloc/object',
    entry: 'iommufd-bind-object-alloc',
    words: 'the device object could not be allocated',
    ...accounted612,
    cite: device('iommufd_device_bind:204-208; main.c: _iommufd_object_alloc:40-58'),
    site: in612('_iommufd_object_alloc:40'),
    what: 'device object',
  }),
  alloc({
    id: 'iommufd-bind-object-alloc/id',
    entry: 'iommufd-bind-object-alloc',
    words: 'the device object got no id: no node, or all ids are taken (EBUSY)',
    ...accounted612,
    errno: in612(['ENOMEM', 'EBUSY']),
    cite: device('iommufd_device_bind:204-208; main.c: _iommufd_object_alloc:40-58'),
    site: in612('_iommufd_object_alloc:55'),
    what: 'array node for the id, for the first object of the context and then every 64 ids',
    tries: 2,
  }),
];

const request: readonly Row[] = [
  check({
    id: 'iommufd-attach-pt-args',
    words: 'the arguments of the attach call cannot be read',
    class: 'other',
    errno: in612('EFAULT'),
    cite: in612('device_cdev.c: vfio_df_ioctl_attach_pt:172-173'),
    refuses: has('user.badPointer'),
    note: 'On an attached device the same call is a replace.',
  }),
  check({
    id: 'iommufd-attach-pt-args/flags',
    entry: 'iommufd-attach-pt-args',
    words: 'the arguments of the attach call are too short or have flags set',
    class: 'other',
    errno: in612('EINVAL'),
    cite: in612('device_cdev.c: vfio_df_ioctl_attach_pt:175-176'),
    refuses: has('user.badArguments'),
  }),
  check({
    id: 'iommufd-unknown-object',
    words: 'the id names nothing, or an object that is not finished or on its way out',
    class: 'other',
    errno: in612('ENOENT'),
    cite: device('iommufd_device_change_pt:760-762; main.c: iommufd_get_object:133-140'),
    refuses: has('user.unknownObject'),
    note: 'Also from fault injection of the self-test.',
  }),
  check({
    id: 'iommufd-wrong-object-type',
    words: 'the id names neither a page table nor an address space',
    class: 'other',
    errno: in612('EINVAL'),
    cite: device('iommufd_device_change_pt:785-787'),
    refuses: has('user.wrongObjectType'),
  }),
  check({
    id: 'iommufd-object-being-destroyed',
    words: 'the scan meets an automatic page table whose last user has gone',
    class: 'other',
    errno: in612('0'),
    cite: device('iommufd_device_auto_get_domain:703-704'),
    refuses: has('user.dying'),
    note: 'It is passed over without a word: listed, but of no use any more, so a second domain is made although the first one fits.',
  }),
  check({
    id: 'iommufd-attach-pt-writeback',
    words: 'the id of the page table could not be written back',
    class: 'other',
    errno: in612('EFAULT'),
    cite: in612('device_cdev.c: vfio_df_ioctl_attach_pt:183-193'),
    refuses: has('user.writebackFault'),
    note: 'The device is detached again; after a replace its former attachment is gone too.',
  }),
];

export const rows: readonly Row[] = [...bind, ...request, ...attachRows, ...pageTableRows];
