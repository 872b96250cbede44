// Rows of iommufd that the attach facts do not list: devices bound and unbound, mappings of an address space.
import { differ, has } from '../../src/core/conditions.ts';
import { check, effect, in612 } from '../../src/core/rowBuilders.ts';
import type { Row } from '../../src/core/rows.ts';

export const rows: readonly Row[] = [
  check({
    id: 'iommufd-bind-again',
    words: 'the device is bound to an iommufd context already',
    class: 'busy',
    errno: in612('EINVAL'),
    cite: in612('device_cdev.c: vfio_df_ioctl_bind_iommufd:89-94'),
    refuses: in612(has('device.boundTo')),
    note: 'A second file of a device that is open could not be bound either.',
  }),
  effect({
    id: 'iommufd-bound',
    words: 'the device belongs to this iommufd context',
    cite: in612('device.c: iommufd_device_bind:211-230'),
    changes: [{ set: 'device.boundTo', to: 'user.context' }],
    undo: 'none',
    columns: ['v6.12'],
  }),
  effect({
    id: 'iommufd-unbound',
    words: 'the device belongs to no iommufd context any more',
    cite: in612('device.c: iommufd_device_destroy:135-144'),
    changes: [{ set: 'device.boundTo', to: null }],
    undo: 'none',
    columns: ['v6.12'],
  }),
  check({
    id: 'iommufd-detach-not-bound',
    words: 'the device file is not bound to an iommufd context',
    class: 'other',
    errno: in612('EINVAL'),
    cite: in612('device_cdev.c: vfio_df_ioctl_detach_pt:197-218'),
    refuses: in612(differ('device.boundTo', 'user.context')),
  }),
  check({
    id: 'iommufd-destroy-in-use',
    words: 'the object still has users',
    class: 'busy',
    errno: in612('EBUSY'),
    cite: in612('main.c: iommufd_object_remove:194-230'),
    refuses: in612(has('user.inUse')),
  }),
  check({
    id: 'ioas-unmap-nothing',
    words: 'nothing is mapped in the range, or only a part of a mapping lies in it',
    class: 'other',
    errno: in612('ENOENT'),
    cite: in612('ioas.c: iommufd_ioas_unmap:320-323; io_pagetable.c: iopt_unmap_iova_range:688-691'),
    refuses: in612(has('user.notMapped')),
  }),
  check({
    id: 'ioas-map-exists',
    words: 'the range overlaps one that is mapped already',
    class: 'other',
    errno: in612('EEXIST'),
    cite: in612('io_pagetable.c: iopt_check_iova:198-200'),
    refuses: in612(has('user.overlapping')),
    note: 'A fixed address that is taken: EEXIST.',
  }),
  check({
    id: 'ioas-map-reserved',
    words: 'the range overlaps one that a device or the window of a domain reserves',
    class: 'other',
    errno: in612('EINVAL'),
    cite: in612('io_pagetable.c: iopt_check_iova:194-196'),
    refuses: in612(has('user.outside')),
  }),
];
