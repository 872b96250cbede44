// QEMU on VFIO containers: every container of the guest's address space, newest first, and any errno means the next; then a new one,
// with all of guest memory mapped and pinned again (facts: userspace-callers 2).
import { createMachine } from 'xstate';
import type { Caller } from '../../src/core/workflow.ts';
import { end, step } from '../../src/core/workflow.ts';
import { memoryRows } from '../rows/userSpace.ts';
import { lockQemu, qemuMap, qemuUnmap, replay, unlockQemu, unlockQemuFailed } from './qemu.ts';
import { caller as vfioType1 } from './vfioType1.ts';
import { caller as vfioType1Seed } from './vfioType1Seed.ts';

/** The request `attach`: a device is realized. */
const qemuContainerAttach = createMachine({
  id: 'qemuContainerAttach',
  meta: { kernel: 'vfio_container_connect()' },
  initial: 'space',
  states: {
    ...lockQemu('open'),
    open: step(['groupOpen'], { YES: 'unlock', NO: 'scan' }, { step: '2.2/1' }),
    scan: step(['newestContainer', 'vfio'], { OK: 'join', NONE: 'name' }, { step: '2.2/4' }),
    // The errno is neither looked at nor stored.
    join: step(['call', 'setContainer', 'group', 'container'], { OK: 'unlock', 'errno.*': 'scan' }, { step: '2.2/4', drops: true }),
    name: step(['nameContainer'], { OK: 'make' }),
    make: step(
      ['call', 'qemuContainerNew', 'group', 'container', 'space'],
      { OK: 'unlock', 'errno.*': 'unlockFailed' },
      { kernel: 'vfio_create_container()', step: '2.2/5' },
    ),
    ...unlockQemu,
    ...unlockQemuFailed,
  },
});

const qemuContainerNew = createMachine({
  id: 'qemuContainerNew',
  meta: { kernel: 'vfio_create_container()' },
  initial: 'open',
  states: {
    open: step(['openContainer', 'vfio'], { OK: 'set' }, { step: '2.2/5' }),
    // An empty container: the group is claimed, nothing is attached.
    set: step(['call', 'setContainer', 'group', 'container'], { OK: 'iommu', 'errno.*': 'close' }, { step: '2.2/7' }),
    iommu: step(['call', 'setIommu', 'container'], { OK: 'memory', 'errno.*': 'close' }, { step: '2.2/7' }),
    ...replay(['mapDma', 'container', 'iova', 'size'], 'done', 'close'),
    // No UNSET_CONTAINER: the group leaves with its own file, and has its claim until then.
    close: step(['closeContainer'], { OK: 'inside' }, { step: '2.3', undo: 'the container is closed, then the group' }),
    inside: step(['same', 'group.container', 'user.container'], { YES: 'closeGroup', NO: 'failed' }),
    closeGroup: step(['call', 'closeGroup', 'group', 'container'], { OK: 'failed', 'errno.*': 'failed' }, { step: '2.3', drops: true }),
    done: end('OK'),
    failed: end('errno'),
  },
});

/** The request `detach`: the last device of the group is unrealized. */
const qemuContainerDetach = createMachine({
  id: 'qemuContainerDetach',
  meta: { kernel: 'vfio_container_disconnect()' },
  initial: 'space',
  states: {
    ...lockQemu('open'),
    open: step(['groupOpen'], { YES: 'unset', NO: 'refused' }),
    // Nothing was realized: no file to make the call on.
    refused: step(['failAs', 'vfio-unset-no-container'], { 'errno.*': 'unlockFailed' }),
    unset: step(['call', 'unsetContainer', 'group', 'container'], { OK: 'used', 'errno.*': 'unlockFailed' }, { step: '2.3' }),
    used: step(['test', 'container.groups'], { YES: 'unlock', NO: 'close' }),
    close: step(['closeContainer'], { OK: 'unlock' }, { step: '2.3' }),
    ...unlockQemu,
    ...unlockQemuFailed,
  },
});

/** QEMU ends: for each container the files of its groups, last joined first, then its own. The lock stands for files in use. */
const qemuContainerClose = createMachine({
  id: 'qemuContainerClose',
  initial: 'space',
  states: {
    ...lockQemu('next'),
    next: step(['newestContainer', 'vfio'], { OK: 'last', NONE: 'unlock' }),
    last: step(['lastGroup'], { OK: 'leave', NONE: 'close' }),
    leave: step(['call', 'closeGroup', 'group', 'container'], { OK: 'last', 'errno.*': 'last' }),
    close: step(['closeContainer'], { OK: 'next' }, { kernel: 'vfio_fops_release()' }),
    ...unlockQemu,
  },
});

export const caller: Caller = {
  name: 'qemu-container',
  title: 'QEMU on VFIO containers: any errno of a container means try the next, then a new one with guest memory pinned again',
  containerKind: 'vfio',
  above: { 'v6.1': vfioType1, 'seed-v6': vfioType1Seed, 'v6.12': vfioType1 },
  scan: null,
  requests: {
    attach: 'qemuContainerAttach',
    detach: 'qemuContainerDetach',
    map: 'qemuContainerMap',
    unmap: 'qemuContainerUnmap',
    close: 'qemuContainerClose',
  },
  rows: memoryRows,
  workflows: {
    qemuContainerAttach,
    qemuContainerNew,
    qemuContainerDetach,
    qemuContainerMap: qemuMap('qemuContainerMap', 'vfio', ['mapDma', 'container', 'iova', 'size']),
    qemuContainerUnmap: qemuUnmap('qemuContainerUnmap', 'vfio', ['unmapDma', 'container', 'iova', 'size']),
    qemuContainerClose,
  },
};
