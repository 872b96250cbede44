// Rows of VFIO's group and container ioctls: joining a container, leaving it, and giving it a backend.
import { all, any, has, lacks } from '../../src/core/conditions.ts';
import { both, call, check, effect, everywhere, in612 } from '../../src/core/rowBuilders.ts';
import type { PerColumn, Row } from '../../src/core/rows.ts';

/** The group's ioctls moved to a file of their own after 6.1. */
const setContainer = (old: string, recent: string): PerColumn<string> =>
  both(`vfio_main.c: vfio_group_ioctl_set_container:${old}`, `group.c: vfio_group_ioctl_set_container:${recent}`);
const attachGroup = (old: string, recent: string): PerColumn<string> =>
  both(`container.c: vfio_container_attach_group:${old}`, `container.c: vfio_container_attach_group:${recent}`);

const join: readonly Row[] = [
  check({
    id: 'vfio-set-container-bad-pointer',
    words: 'the container descriptor cannot be read from user memory',
    class: 'other',
    errno: everywhere('EFAULT'),
    cite: setContainer('712-713', '111-112'),
    refuses: has('user.badPointer'),
  }),
  check({
    id: 'vfio-set-container-bad-fd',
    words: 'the descriptor is not open',
    class: 'other',
    errno: everywhere('EBADF'),
    cite: setContainer('715-717', '114-116'),
    refuses: has('user.badDescriptor'),
  }),
  check({
    id: 'vfio-set-container-already',
    words: 'the group has a container already (6.12: or an iommufd context)',
    class: 'busy',
    errno: everywhere('EINVAL'),
    cite: setContainer('719-723', '118-122'),
    refuses: both(has('group.container'), any(has('group.container'), has('group.iommufd'))),
  }),
  check({
    id: 'vfio-set-container-group-gone',
    words: 'the VFIO group has lost its IOMMU group: its devices were removed',
    class: 'device',
    errno: everywhere('ENODEV'),
    cite: setContainer('724-727', '123-126'),
    refuses: lacks('group.devices'),
  }),
  check({
    id: 'vfio-set-container-iommufd-compat',
    words: 'for an iommufd descriptor no compatible address space could be made, or the context serves groups without an IOMMU',
    class: 'other',
    errno: in612(['ENOMEM', 'EBUSY', 'EINVAL']),
    cite: in612('group.c: vfio_group_ioctl_set_container:134-146; vfio_compat.c: iommufd_vfio_compat_ioas_create:85-97'),
    refuses: in612(has('user.compatFailed')),
    note: 'Nothing is claimed or attached on this way; that comes when the device is bound.',
  }),
  check({
    id: 'vfio-set-container-not-a-container',
    words: 'the descriptor is of another kind of file',
    class: 'other',
    errno: both('EINVAL', 'EBADFD'),
    cite: setContainer('729-734', '151-152'),
    refuses: has('user.otherFile'),
  }),
  check({
    id: 'vfio-container-noiommu-cap',
    words: 'a group without an IOMMU, and no right to raw I/O',
    class: 'other',
    errno: everywhere('EPERM'),
    cite: attachGroup('435-436', '424-425'),
    refuses: all(has('group.noiommu'), lacks('user.rawIo')),
  }),
  check({
    id: 'vfio-container-mixed-noiommu',
    words: 'groups with and without an IOMMU do not mix in a container',
    class: 'other',
    errno: everywhere('EPERM'),
    cite: attachGroup('440-445', '429-434'),
    refuses: all(
      has('container.groups'),
      any(all(has('group.noiommu'), lacks('container.noiommu')), all(lacks('group.noiommu'), has('container.noiommu'))),
    ),
  }),
  call({
    id: 'vfio-container-claim-owner',
    words: 'the group could not be claimed',
    class: 'busy',
    errno: everywhere('core-errno'),
    cite: attachGroup('447-451', '436-440'),
    path: 'claimOwner',
    note: 'EPERM when iommufd or another container has the group: this keeps it from being attached twice.',
  }),
  call({
    id: 'vfio-container-attach',
    words: "the backend's attach failed; ownership is released",
    class: 'other',
    errno: everywhere('backend-errno'),
    cite: attachGroup('453-464', '442-453'),
    path: 'type1Attach',
  }),
];

const setIommu: readonly Row[] = [
  check({
    id: 'vfio-set-iommu-state',
    words: 'the container has no group, or a backend already',
    class: 'other',
    errno: everywhere('EINVAL'),
    cite: both('container.c: vfio_ioctl_set_iommu:282-285', 'container.c: vfio_ioctl_set_iommu:276-279'),
    refuses: any(lacks('container.groups'), has('container.backend')),
  }),
  check({
    id: 'vfio-set-iommu-no-backend',
    words: 'no backend knows the type, or each that does failed: then the errno of the last',
    class: 'other',
    errno: everywhere(['ENODEV', 'ENOMEM', 'EINVAL', 'backend-errno']),
    cite: both(
      'container.c: vfio_ioctl_set_iommu:270,308-320; container.c: __vfio_container_attach_groups:246-263',
      'container.c: vfio_ioctl_set_iommu:264,302-314; container.c: __vfio_container_attach_groups:240-257',
    ),
    refuses: has('user.noBackend'),
    note: 'A backend that fails is released and the next one is tried, so a later errno can hide an earlier one.',
  }),
];

const leave: readonly Row[] = [
  check({
    id: 'vfio-unset-no-container',
    words: 'the group has no container (6.12: nor an iommufd context)',
    class: 'other',
    errno: everywhere('EINVAL'),
    cite: both('vfio_main.c: vfio_group_ioctl_unset_container:689-692', 'group.c: vfio_group_ioctl_unset_container:81-84'),
    refuses: both(lacks('group.container'), all(lacks('group.container'), lacks('group.iommufd'))),
  }),
  effect({
    id: 'vfio-unset-iommufd',
    words: 'the group gives up its iommufd context; devices stay bound and attached',
    cite: in612('group.c: vfio_group_ioctl_unset_container:92-95'),
    changes: [{ set: 'group.iommufd', to: null }],
    undo: 'none',
    columns: ['v6.12'],
  }),
];

export const rows: readonly Row[] = [...join, ...setIommu, ...leave];
