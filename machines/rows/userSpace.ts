// Rows of user space above the kernel: the guest memory that it keeps mapped, and the address spaces that it asks for.

import { has } from '../../src/core/conditions.ts';
import { alloc, check, effect, everywhere, in612 } from '../../src/core/rowBuilders.ts';
import type { Row } from '../../src/core/rows.ts';
import { accounted612 } from './memory.ts';

/** What the memory core of QEMU calls its listeners for. */
export const memoryRows: readonly Row[] = [
  check({
    id: 'guest-memory-exists',
    words: 'guest memory is there already: no user space asks for it again',
    class: 'other',
    errno: everywhere('EEXIST'),
    cite: everywhere('qemu hw/vfio/listener.c'),
    refuses: has('user.overlapping'),
  }),
  effect({
    id: 'guest-memory-added',
    words: 'guest memory of this address space, whatever container maps it',
    cite: everywhere('qemu hw/vfio/listener.c'),
    changes: [{ set: 'system.guestMemory[user.place]', to: 'user.size' }],
    undo: 'none',
  }),
  effect({
    id: 'guest-memory-removed',
    words: 'no guest memory any more',
    cite: everywhere('qemu hw/vfio/listener.c'),
    changes: [{ set: 'system.guestMemory[user.place]', to: null }],
    undo: 'none',
  }),
];

/** An address space by its own ioctl, or by SET_CONTAINER on an iommufd descriptor; both are one object with one id. */
const spaceAllocation = (id: string, asked: string, cite: string): readonly Row[] => [
  alloc({
    id: `${id}/object`,
    entry: id,
    words: `${asked}: the address space could not be allocated`,
    ...accounted612,
    cite: in612(`${cite}main.c: _iommufd_object_alloc:40-58`),
    site: in612('_iommufd_object_alloc:40'),
    what: 'address space object',
  }),
  alloc({
    id: `${id}/id`,
    entry: id,
    words: `${asked}: the address space got no id: no node, or all ids are taken (EBUSY)`,
    ...accounted612,
    errno: in612(['ENOMEM', 'EBUSY']),
    cite: in612(`${cite}main.c: _iommufd_object_alloc:40-58`),
    site: in612('_iommufd_object_alloc:55'),
    what: 'array node for the id, for the first object of the context and then every 64 ids',
    tries: 2,
  }),
];

export const spaceRows: readonly Row[] = spaceAllocation('ioas-alloc', 'IOMMU_IOAS_ALLOC', '');

export const compatRows: readonly Row[] = [
  ...spaceAllocation('compat-ioas-alloc', 'SET_CONTAINER', 'vfio_compat.c: iommufd_vfio_compat_ioas_create:80-97; '),
  check({
    id: 'compat-set-iommu-type',
    words: 'a type other than type1 and type1 v2',
    class: 'other',
    errno: in612('EINVAL'),
    cite: in612('vfio_compat.c: iommufd_vfio_set_iommu:333-335'),
    refuses: in612(has('user.noBackend')),
    unreachable: 'QEMU asks for a type that CHECK_EXTENSION names before',
  }),
];
