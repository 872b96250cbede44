// QEMU on iommufd's VFIO compatibility layer: joining a container attaches nothing, the errors of an attach come when the device is
// opened, where nobody tries again (facts: userspace-callers 6).
import { createMachine } from 'xstate';
import type { Caller } from '../../src/core/workflow.ts';
import { end, step } from '../../src/core/workflow.ts';
import { compatRows, memoryRows } from '../rows/userSpace.ts';
import { rows as containerRows } from '../rows/vfioContainer.ts';
import { caller as iommufdAuto } from './iommufdAuto.ts';
import { lockQemu, qemuMap, qemuUnmap, replay, unlockQemu, unlockQemuFailed } from './qemu.ts';

/** A context for each container: the descriptor that user space opened. */
const openDevice = (next: string, fail: string) => ({
  attached: step(['spaceAttached'], { YES: next, NO: 'context' }),
  context: step(['set', 'context', '=container'], { OK: 'device' }),
  device: step(
    ['call', 'getDeviceFd', 'group', 'device', 'container', 'context'],
    { OK: next, 'errno.*': fail },
    { step: '6.1/4', undo: 'the group leaves, the container of a last group is closed' },
  ),
});

/** The request `attach`: QEMU's container path, which never sees an attach fail while it looks for a container. */
const compatAttach = createMachine({
  id: 'compatAttach',
  initial: 'space',
  states: {
    ...lockQemu('open'),
    open: step(['groupOpen'], { YES: 'attached', NO: 'scan' }),
    scan: step(['newestContainer', 'ioas'], { OK: 'join', NONE: 'name' }, { step: '2.2/4' }),
    join: step(
      ['call', 'compatSetContainer', 'group', 'container', 'context=container'],
      { OK: 'context', 'errno.*': 'scan' },
      { drops: true },
    ),
    name: step(['nameContainer'], { OK: 'make' }),
    make: step(
      ['call', 'compatNew', 'group', 'container', 'context=container', 'space'],
      { OK: 'context', 'errno.*': 'unlockFailed' },
      { step: '2.2/5' },
    ),
    ...openDevice('unlock', 'putGroup'),
    putGroup: step(['call', 'compatPutGroup', 'group', 'container', 'context'], { OK: 'unlockFailed' }, { step: '2.3' }),
    ...unlockQemu,
    ...unlockQemuFailed,
  },
});

const compatNew = createMachine({
  id: 'compatNew',
  initial: 'open',
  states: {
    open: step(['openContainer', 'ioas'], { OK: 'set' }),
    set: step(['call', 'compatSetContainer', 'group', 'container', 'context'], { OK: 'iommu', 'errno.*': 'close' }, { step: '6.1/1' }),
    iommu: step(['call', 'compatSetIommu'], { OK: 'memory', 'errno.*': 'leave' }, { step: '6.1/2' }),
    ...replay(['compatMap', 'container', 'context', 'iova', 'size'], 'done', 'leave'),
    leave: step(['call', 'compatCloseGroup', 'group', 'container'], { OK: 'close', 'errno.*': 'close' }, { drops: true }),
    close: step(['call', 'compatClose', 'container'], { OK: 'failed' }),
    done: end('OK'),
    failed: end('errno'),
  },
});

/** The group's last device is gone: it leaves, and its container closes behind the last group. */
const compatPutGroup = createMachine({
  id: 'compatPutGroup',
  initial: 'bound',
  states: {
    bound: step(['groupBound'], { YES: 'done', NO: 'unset' }),
    unset: step(['call', 'compatUnset', 'group', 'container'], { OK: 'used', 'errno.*': 'done' }, { step: '2.3', drops: true }),
    used: step(['test', 'container.groups'], { YES: 'done', NO: 'close' }),
    close: step(['call', 'compatClose', 'container'], { OK: 'done' }),
    done: end('OK'),
  },
});

const compatDetach = createMachine({
  id: 'compatDetach',
  initial: 'space',
  states: {
    ...lockQemu('open'),
    open: step(['groupOpen'], { YES: 'context', NO: 'refused' }),
    refused: step(['failAs', 'vfio-unset-no-container'], { 'errno.*': 'unlockFailed' }),
    context: step(['set', 'context', '=container'], { OK: 'device' }),
    device: step(['call', 'unbindDevice', 'group', 'device', 'container', 'context'], { OK: 'putGroup' }, { step: '2.3' }),
    putGroup: step(['call', 'compatPutGroup', 'group', 'container', 'context'], { OK: 'unlock' }, { step: '2.3' }),
    ...unlockQemu,
    ...unlockQemuFailed,
  },
});

/** QEMU ends: for each container its devices, its groups, then the descriptor itself. The lock stands for files in use. */
const compatExit = createMachine({
  id: 'compatExit',
  initial: 'space',
  states: {
    ...lockQemu('next'),
    next: step(['newestContainer', 'ioas'], { OK: 'context', NONE: 'unlock' }),
    context: step(['set', 'context', '=container'], { OK: 'bound' }),
    bound: step(['lastBound'], { OK: 'device', NONE: 'last' }),
    device: step(['call', 'unbindDevice', 'group', 'device', 'container', 'context'], { OK: 'bound' }),
    last: step(['lastGroup'], { OK: 'leave', NONE: 'close' }),
    leave: step(['call', 'compatCloseGroup', 'group', 'container'], { OK: 'last', 'errno.*': 'last' }),
    close: step(['call', 'compatClose', 'container'], { OK: 'next' }),
    ...unlockQemu,
  },
});

export const caller: Caller = {
  name: 'iommufd-compat',
  title: "QEMU on iommufd's VFIO layer: containers by name only, the kernel's search when the device is opened, nobody tries again",
  containerKind: 'ioas',
  above: { 'v6.12': iommufdAuto },
  absent: iommufdAuto.absent!,
  scan: null,
  requests: { attach: 'compatAttach', detach: 'compatDetach', map: 'compatQemuMap', unmap: 'compatQemuUnmap', close: 'compatExit' },
  rows: [...containerRows, ...memoryRows, ...compatRows],
  workflows: {
    compatAttach,
    compatNew,
    compatPutGroup,
    compatDetach,
    compatExit,
    compatQemuMap: qemuMap('compatQemuMap', 'ioas', ['compatMap', 'container', 'context=container', 'iova', 'size']),
    compatQemuUnmap: qemuUnmap('compatQemuUnmap', 'ioas', ['compatUnmap', 'container', 'context=container', 'iova', 'size']),
  },
};
