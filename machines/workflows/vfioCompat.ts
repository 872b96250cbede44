// iommufd's VFIO compatibility layer, 6.12: joining a container attaches nothing, opening a device binds and attaches it (facts:
// userspace-callers 6).
import { createMachine } from 'xstate';
import type { WorkflowSet } from '../../src/core/workflow.ts';
import { end, lockSteps, rowStep, step } from '../../src/core/workflow.ts';
import { bindStates, mapRange, unmapRange } from './iommufdObjects.ts';

const group = lockSteps('vfio_group.group_lock', 'group');
const set = lockSteps('dev_set.lock', 'device');

/** Always allocates an address space, and throws it away where the descriptor has one. */
const compatSetContainer = createMachine({
  id: 'compatSetContainer',
  meta: { call: 'VFIO_GROUP_SET_CONTAINER', kernel: 'iommufd_vfio_compat_ioas_create()' },
  initial: 'lock',
  states: {
    lock: group.lock('already'),
    already: rowStep('vfio-set-container-already', 'gone', 'unlockFailed', '6.1/1'),
    gone: rowStep('vfio-set-container-group-gone', 'object', 'unlockFailed', '6.1/1'),
    object: rowStep('compat-ioas-alloc/object', 'first', 'unlockFailed', '6.1/1'),
    // The first object of the descriptor's context; a container without groups is closed.
    first: step(['test', 'container.groups'], { YES: 'id', NO: 'firstId' }),
    firstId: rowStep('compat-ioas-alloc/id', 'join', 'unlockFailed', '6.1/1'),
    id: step(
      ['idNodeRow', 'compat-ioas-alloc/id'],
      { OK: 'join', 'errno.*': 'unlockFailed' },
      { kernel: '_iommufd_object_alloc()', step: '6.1/1' },
    ),
    join: step(['joinContainer'], { OK: 'unlock' }),
    unlock: group.unlock('done'),
    unlockFailed: group.unlock('failed'),
    done: end('OK'),
    failed: end('errno'),
  },
});

const compatSetIommu = createMachine({
  id: 'compatSetIommu',
  meta: { call: 'VFIO_SET_IOMMU', kernel: 'iommufd_vfio_set_iommu()' },
  initial: 'type',
  states: { type: rowStep('compat-set-iommu-type', 'done', 'failed', '6.1/2'), done: end('OK'), failed: end('errno') },
});

/** Binds, then attaches to the address space by the kernel's own search; what is mapped is pinned here. */
const getDeviceFd = createMachine({
  id: 'getDeviceFd',
  meta: { call: 'VFIO_GROUP_GET_DEVICE_FD', counts: true, kernel: 'vfio_df_group_open()' },
  initial: 'lock',
  states: {
    lock: group.lock('lockSet'),
    lockSet: set.lock('coherent'),
    ...bindStates('attach', 'idNodeRow'),
    attach: step(
      ['call', 'attachPt', 'group', 'device', 'container', 'context'],
      { OK: 'unlockSet', 'errno.*': 'unbind' },
      { kernel: 'iommufd_device_attach()', step: '6.1/4', undo: 'the device is unbound' },
    ),
    unbind: step(['change', 'iommufd-unbound'], { OK: 'release' }),
    unlockSet: set.unlock('unlock'),
    unlockSetFailed: set.unlock('unlockFailed'),
    unlock: group.unlock('done'),
    unlockFailed: group.unlock('failed'),
    done: end('OK'),
    failed: end('errno'),
  },
});

/** Address space and mappings stay until the descriptor is closed. */
const leave = (id: string, meta: { call: string; kernel: string }) =>
  createMachine({
    id,
    meta,
    initial: 'lock',
    states: {
      lock: group.lock('joined'),
      joined: rowStep('vfio-unset-no-container', 'which', 'unlockFailed', '6.3'),
      which: step(['groupContainer'], { OK: 'part', NONE: 'forget' }),
      forget: step(['change', 'vfio-unset-iommufd'], { OK: 'unlock' }),
      part: step(['partContainer'], { OK: 'unlock' }),
      unlock: group.unlock('done'),
      unlockFailed: group.unlock('failed'),
      done: end('OK'),
      failed: end('errno'),
    },
  });

const compatClose = createMachine({
  id: 'compatClose',
  meta: { call: 'close', kernel: 'iommufd_fops_release()' },
  initial: 'areas',
  states: {
    areas: step(['nextMapping'], { OK: 'forget', NONE: 'close' }),
    forget: step(['removeMapping'], { OK: 'areas' }),
    close: step(['closeContainer'], { OK: 'done' }),
    done: end('OK'),
  },
});

export const workflows: WorkflowSet = {
  columns: ['v6.12'],
  machines: {
    compatSetContainer,
    compatSetIommu,
    getDeviceFd,
    compatUnset: leave('compatUnset', { call: 'VFIO_GROUP_UNSET_CONTAINER', kernel: 'vfio_group_ioctl_unset_container()' }),
    compatCloseGroup: leave('compatCloseGroup', { call: 'close', kernel: 'vfio_group_fops_release()' }),
    compatMap: mapRange('compatMap', { call: 'VFIO_IOMMU_MAP_DMA', kernel: 'iommufd_vfio_map_dma()' }),
    compatUnmap: unmapRange('compatUnmap', { call: 'VFIO_IOMMU_UNMAP_DMA', kernel: 'iommufd_vfio_unmap_dma()' }, 'unlock'),
    compatClose,
  },
};
