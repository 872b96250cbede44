// QEMU 9.1 and later on iommufd: page tables of its own, newest first, of each container; EINVAL means the next table, any other errno
// the next container; then a new address space, with all of guest memory mapped and pinned again (facts: userspace-callers 3).
import { createMachine } from 'xstate';
import type { Caller } from '../../src/core/workflow.ts';
import { end, rowStep, step } from '../../src/core/workflow.ts';
import { memoryRows, spaceRows } from '../rows/userSpace.ts';
import { caller as iommufdHwpt } from './iommufdHwpt.ts';
import { lockQemu, qemuMap, qemuUnmap, replay, unlockQemu, unlockQemuFailed } from './qemu.ts';

const parts = ['group', 'device', 'container', 'context'] as const;

/** The request `attach`: a device is realized. */
const qemuIommufdAttach = createMachine({
  id: 'qemuIommufdAttach',
  meta: { kernel: 'iommufd_cdev_attach()' },
  initial: 'space',
  states: {
    ...lockQemu('realized'),
    realized: step(['spaceAttached'], { YES: 'unlock', NO: 'bind' }),
    bind: step(['call', 'bindDevice', 'group', 'device', 'context'], { OK: 'scan', 'errno.*': 'unlockFailed' }, { step: '3.1/1' }),
    scan: step(['newestContainer', 'ioas'], { OK: 'join', NONE: 'name' }, { step: '3.1/2' }),
    // Only a trace event says why a container was given up.
    join: step(
      ['call', 'qemuAttachContainer', ...parts],
      { OK: 'unlock', 'errno.*': 'scan' },
      { kernel: 'iommufd_cdev_attach_container()', step: '3.1/3', drops: true },
    ),
    name: step(['nameContainer'], { OK: 'make' }),
    make: step(['call', 'qemuNewSpace', ...parts, 'space'], { OK: 'unlock', 'errno.*': 'unbind' }, { step: '3.1/4' }),
    unbind: step(['call', 'unbindDevice', ...parts], { OK: 'unlockFailed' }),
    ...unlockQemu,
    ...unlockQemuFailed,
  },
});

/** Whatever page table attaches is taken, not the best one. */
const qemuAttachContainer = createMachine({
  id: 'qemuAttachContainer',
  meta: { kernel: 'iommufd_cdev_autodomains_get()' },
  initial: 'next',
  states: {
    next: step(['newestTable'], { OK: 'try', NONE: 'information' }, { step: '3.2/1' }),
    try: step(['call', 'changePt', ...parts, 'pageTable'], { OK: 'done', 'errno.EINVAL': 'next', 'errno.*': 'failed' }, { step: '3.2/1' }),
    information: step(['call', 'hardwareInfo', 'device', 'context'], { OK: 'flags', 'errno.*': 'failed' }, { step: '3.2/2' }),
    flags: step(['dirtyFlag'], { OK: 'name' }, { step: '3.2/3' }),
    name: step(['nameTable'], { OK: 'allocate' }),
    allocate: step(
      ['call', 'makePageTable', ...parts, 'pageTable', 'domain.dirtyTracking'],
      { OK: 'attach', 'errno.*': 'failed' },
      { step: '3.2/4' },
    ),
    attach: step(
      ['call', 'changePt', ...parts, 'pageTable'],
      { OK: 'done', 'errno.*': 'destroy' },
      { step: '3.2/5', undo: 'the page table is destroyed' },
    ),
    destroy: step(
      ['call', 'destroyPageTable', 'pageTable', 'context'],
      { OK: 'failed', 'errno.*': 'failed' },
      { step: '3.2/5', drops: true },
    ),
    done: end('OK'),
    failed: end('errno'),
  },
});

/** Asks what the device's instance can do; what the driver allocates for its answer is not modelled. */
const hardwareInfo = createMachine({
  id: 'hardwareInfo',
  meta: { call: 'IOMMU_GET_HW_INFO', kernel: 'iommufd_get_hw_info()' },
  initial: 'device',
  states: {
    device: rowStep('iommufd-unknown-object', 'done', 'failed'),
    done: end('OK'),
    failed: end('errno'),
  },
});

const allocateSpace = createMachine({
  id: 'allocateSpace',
  meta: { call: 'IOMMU_IOAS_ALLOC', kernel: 'iommufd_ioas_alloc_ioctl()' },
  initial: 'object',
  states: {
    object: rowStep('ioas-alloc/object', 'id', 'failed'),
    id: step(['idNodeRow', 'ioas-alloc/id'], { OK: 'open', 'errno.*': 'failed' }, { kernel: '_iommufd_object_alloc()' }),
    open: step(['openContainer', 'ioas'], { OK: 'done' }),
    done: end('OK'),
    failed: end('errno'),
  },
});

const destroySpace = createMachine({
  id: 'destroySpace',
  meta: { call: 'IOMMU_DESTROY', kernel: 'iommufd_ioas_destroy()' },
  initial: 'areas',
  states: {
    areas: step(['nextMapping'], { OK: 'forget', NONE: 'close' }),
    forget: step(['removeMapping'], { OK: 'areas' }),
    close: step(['closeContainer'], { OK: 'done' }),
    done: end('OK'),
  },
});

/** Attach comes before the replay: the fresh page table is attached empty and filled by the maps. */
const qemuNewSpace = createMachine({
  id: 'qemuNewSpace',
  initial: 'allocate',
  states: {
    allocate: step(['call', 'allocateSpace', 'container', 'context'], { OK: 'attach', 'errno.*': 'failed' }, { step: '3.1/4' }),
    attach: step(['call', 'qemuAttachContainer', ...parts], { OK: 'memory', 'errno.*': 'leave' }, { step: '3.1/4' }),
    ...replay(['ioasMap', 'container', 'context', 'iova', 'size'], 'done', 'leave'),
    leave: step(['call', 'qemuLeaveSpace', ...parts], { OK: 'failed' }, { undo: 'device, page table and address space go' }),
    done: end('OK'),
    failed: end('errno'),
  },
});

/** The device leaves; a page table without devices and an address space without page tables are destroyed. */
const qemuLeaveSpace = createMachine({
  id: 'qemuLeaveSpace',
  meta: { kernel: 'iommufd_cdev_detach_container()' },
  initial: 'attached',
  states: {
    attached: step(['deviceAttached'], { YES: 'detach', NO: 'table' }),
    detach: step(['call', 'detachPt', ...parts], { OK: 'table', 'errno.*': 'table' }, { drops: true }),
    table: step(['unusedTable'], { OK: 'destroy', NONE: 'left' }, { kernel: 'iommufd_cdev_autodomains_put()' }),
    destroy: step(['call', 'destroyPageTable', 'pageTable', 'context'], { OK: 'table', 'errno.*': 'left' }, { drops: true }),
    left: step(['test', 'container.records'], { YES: 'done', NO: 'space' }),
    space: step(['call', 'destroySpace', 'container'], { OK: 'done' }, { kernel: 'iommufd_cdev_container_destroy()' }),
    done: end('OK'),
  },
});

/** The request `detach`: the device is unrealized. */
const qemuIommufdDetach = createMachine({
  id: 'qemuIommufdDetach',
  meta: { kernel: 'iommufd_cdev_detach()' },
  initial: 'space',
  states: {
    ...lockQemu('realized'),
    realized: step(['spaceAttached'], { YES: 'leave', NO: 'refused' }),
    refused: step(['failAs', 'iommufd-detach-not-bound'], { 'errno.*': 'unlockFailed' }),
    leave: step(['call', 'qemuLeaveSpace', ...parts], { OK: 'unbind' }),
    unbind: step(['call', 'unbindDevice', ...parts], { OK: 'unlock' }),
    ...unlockQemu,
    ...unlockQemuFailed,
  },
});

const absent = 'iommufd was merged in v6.2';

export const caller: Caller = {
  name: 'qemu-iommufd',
  title: 'QEMU 9.1 on iommufd: EINVAL of its page table means try the next, any other errno a new address space with memory pinned again',
  containerKind: 'ioas',
  above: { 'v6.12': iommufdHwpt },
  absent: { 'v6.1': absent, 'seed-v6': absent },
  scan: null,
  requests: {
    attach: 'qemuIommufdAttach',
    detach: 'qemuIommufdDetach',
    map: 'qemuIommufdMap',
    unmap: 'qemuIommufdUnmap',
    close: 'iommufdClose',
  },
  rows: [...memoryRows, ...spaceRows],
  workflows: {
    qemuIommufdAttach,
    qemuAttachContainer,
    hardwareInfo,
    allocateSpace,
    destroySpace,
    qemuNewSpace,
    qemuLeaveSpace,
    qemuIommufdDetach,
    qemuIommufdMap: qemuMap('qemuIommufdMap', 'ioas', ['ioasMap', 'container', 'context', 'iova', 'size']),
    qemuIommufdUnmap: qemuUnmap('qemuIommufdUnmap', 'ioas', ['ioasUnmap', 'container', 'context', 'iova', 'size']),
  },
};
