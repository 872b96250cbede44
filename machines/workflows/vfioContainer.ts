// VFIO's container and group ioctls, shared by the type1 callers (facts: core-and-consumers 2.1, 2.2; teardown 1.5).
import { createMachine } from 'xstate';
import type { WorkflowSet } from '../../src/core/workflow.ts';
import { end, rowStep, step } from '../../src/core/workflow.ts';

const lockGroup = (next: string) => step(['lock', 'vfio_group.group_lock', 'group'], { OK: next });
const unlockGroup = (next: string) => step(['unlock', 'vfio_group.group_lock', 'group'], { OK: next });
const lockContainer = (next: string) => step(['lock', 'container.group_lock', 'container'], { OK: next });
const unlockContainer = (next: string) => step(['unlock', 'container.group_lock', 'container'], { OK: next });
/** What user space can get wrong about the call, as options of its request. */
const callSetContainer = (next: string) =>
  step(['call', 'setContainer', 'group', 'container', 'badPointer', 'badDescriptor', 'otherFile', 'rawIo'], {
    OK: next,
    'errno.*': 'failed',
  });

/** The request `attach`: SET_CONTAINER, and SET_IOMMU when the container has no backend yet. */
const vfioAttach = createMachine({
  id: 'vfioAttach',
  initial: 'open',
  states: {
    open: step(['openContainer', 'vfio'], { OK: 'set', OTHER: 'other' }),
    other: step(['failAs', 'vfio-set-container-not-a-container'], { 'errno.*': 'failed' }),
    set: callSetContainer('backend'),
    backend: step(['test', 'container.backend'], { YES: 'done', NO: 'iommu' }),
    iommu: step(['call', 'setIommu', 'container', 'noBackend', 'unmapAllType', 'nestingRefused', 'nesting'], {
      OK: 'done',
      'errno.*': 'failed',
    }),
    done: end('OK'),
    failed: end('errno'),
  },
});

const setContainerOnly = createMachine({
  id: 'setContainerOnly',
  initial: 'open',
  states: {
    open: step(['openContainer', 'vfio'], { OK: 'set', OTHER: 'other' }),
    other: step(['failAs', 'vfio-set-container-not-a-container'], { 'errno.*': 'failed' }),
    set: callSetContainer('done'),
    done: end('OK'),
    failed: end('errno'),
  },
});

const setContainer = createMachine({
  id: 'setContainer',
  meta: { call: 'VFIO_GROUP_SET_CONTAINER', counts: 'container.backend', kernel: 'vfio_group_ioctl_set_container()' },
  initial: 'pointer',
  states: {
    pointer: rowStep('vfio-set-container-bad-pointer', 'descriptor', 'failed'),
    descriptor: rowStep('vfio-set-container-bad-fd', 'lockGroup', 'failed'),
    lockGroup: lockGroup('already'),
    already: rowStep('vfio-set-container-already', 'gone', 'unlockGroupFailed'),
    gone: rowStep('vfio-set-container-group-gone', 'file', 'unlockGroupFailed'),
    file: rowStep('vfio-set-container-not-a-container', 'lockContainer', 'unlockGroupFailed'),
    lockContainer: lockContainer('capability'),
    capability: rowStep('vfio-container-noiommu-cap', 'mixed', 'unlockFailed'),
    mixed: rowStep('vfio-container-mixed-noiommu', 'claim', 'unlockFailed'),
    claim: step(
      ['call', 'claimOwner', 'group', 'owner=container'],
      { OK: 'backend', 'errno.*': 'unlockFailed' },
      {
        kernel: 'iommu_group_claim_dma_owner()',
        step: '2.2',
        row: 'vfio-container-claim-owner',
      },
    ),
    backend: step(['test', 'container.backend'], { YES: 'attach', NO: 'join' }),
    attach: step(
      ['call', 'type1Attach', 'group', 'container'],
      { OK: 'join', 'errno.*': 'release' },
      {
        kernel: 'vfio_iommu_type1_attach_group()',
        step: '2.2',
        row: 'vfio-container-attach',
        undo: 'ownership is released',
      },
    ),
    release: step(['call', 'releaseOwner', 'group'], { OK: 'unlockFailed' }, { kernel: 'iommu_group_release_dma_owner()' }),
    join: step(['joinContainer'], { OK: 'unlock' }),
    unlock: unlockContainer('unlockGroup'),
    unlockGroup: unlockGroup('done'),
    unlockFailed: unlockContainer('unlockGroupFailed'),
    unlockGroupFailed: unlockGroup('failed'),
    done: end('OK'),
    failed: end('errno'),
  },
});

const setIommu = createMachine({
  id: 'setIommu',
  meta: { call: 'VFIO_SET_IOMMU', counts: true, kernel: 'vfio_ioctl_set_iommu()' },
  initial: 'lock',
  states: {
    lock: lockContainer('state'),
    state: rowStep('vfio-set-iommu-state', 'lockDrivers', 'unlockFailed'),
    lockDrivers: step(['lock', 'vfio.iommu_drivers_lock', 'vfio'], { OK: 'none' }),
    none: rowStep('vfio-set-iommu-no-backend', 'type', 'unlockDriversFailed'),
    type: rowStep('type1-open-type', 'open', 'unlockDriversFailed'),
    open: rowStep('type1-open-alloc', 'next', 'unlockDriversFailed'),
    // The container lists the group that joined last first.
    next: step(['next', 'newestGroups', 'group'], { OK: 'attach', NONE: 'set' }),
    attach: step(
      ['call', 'type1Attach', 'group', 'container', 'nestingRefused', 'nesting'],
      { OK: 'next', 'errno.*': 'back' },
      {
        kernel: 'vfio_iommu_type1_attach_group()',
        step: '2.2',
        undo: 'groups attached so far are detached in reverse, the backend is released',
      },
    ),
    back: step(['previous', 'newestGroups', 'group'], { OK: 'detach', NONE: 'unlockDriversFailed' }),
    detach: step(['call', 'type1Detach', 'group', 'container'], { OK: 'back' }, { kernel: 'vfio_iommu_type1_detach_group()' }),
    set: step(['setBackend', 'type1'], { OK: 'unlockDrivers' }),
    unlockDrivers: step(['unlock', 'vfio.iommu_drivers_lock', 'vfio'], { OK: 'unlock' }),
    unlock: unlockContainer('done'),
    unlockDriversFailed: step(['unlock', 'vfio.iommu_drivers_lock', 'vfio'], { OK: 'unlockFailed' }),
    unlockFailed: unlockContainer('failed'),
    done: end('OK'),
    failed: end('errno'),
  },
});

/** Both ways out of a container: the ioctl, and closing the group's file. */
const leave = (id: string, meta: { call: string; kernel: string }) =>
  createMachine({
    id,
    meta,
    initial: 'lockGroup',
    states: {
      lockGroup: lockGroup('joined'),
      joined: rowStep('vfio-unset-no-container', 'which', 'unlockGroupFailed'),
      which: step(['groupContainer'], { OK: 'lockContainer', NONE: 'forget' }),
      // Devices stay bound and attached: only the group's own reference on the context goes (teardown 2.5).
      forget: step(['change', 'vfio-unset-iommufd'], { OK: 'unlockGroup' }),
      lockContainer: lockContainer('backend'),
      backend: step(['test', 'container.backend'], { YES: 'detach', NO: 'release' }),
      detach: step(['call', 'type1Detach', 'group', 'container'], { OK: 'release' }, { kernel: 'vfio_iommu_type1_detach_group()' }),
      release: step(['call', 'releaseOwner', 'group'], { OK: 'part' }, { kernel: 'iommu_group_release_dma_owner()' }),
      part: step(['partContainer'], { OK: 'unlock', LAST: 'close' }),
      close: step(['setBackend', null], { OK: 'unlock' }, { kernel: 'vfio_iommu_type1_release()' }),
      unlock: unlockContainer('unlockGroup'),
      unlockGroup: unlockGroup('done'),
      unlockGroupFailed: unlockGroup('failed'),
      done: end('OK'),
      failed: end('errno'),
    },
  });

const unsetContainer = leave('unsetContainer', { call: 'VFIO_GROUP_UNSET_CONTAINER', kernel: 'vfio_group_ioctl_unset_container()' });
const closeGroup = leave('closeGroup', { call: 'close', kernel: 'vfio_group_fops_release()' });

/** A task's descriptors close in falling order: its groups as they joined, last first, then the container's. */
const vfioClose = createMachine({
  id: 'vfioClose',
  initial: 'last',
  states: {
    last: step(['lastGroup', 'own'], { OK: 'unset', NONE: 'close' }),
    unset: step(
      ['call', 'unsetContainer', 'group', 'container'],
      { OK: 'last', 'errno.*': 'last' },
      { kernel: 'vfio_group_fops_release()' },
    ),
    close: step(['closeContainer', 'container'], { OK: 'done' }, { kernel: 'vfio_fops_release()' }),
    done: end('OK'),
  },
});

export const workflows: WorkflowSet = {
  columns: ['v6.1', 'seed-v6', 'v6.12'],
  machines: { vfioAttach, setContainerOnly, setContainer, setIommu, unsetContainer, closeGroup, vfioClose },
};
