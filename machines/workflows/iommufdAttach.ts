// What every iommufd caller does to attach: bind where needed, then one ioctl that attaches, or replaces on an attached device
// (facts: core-and-consumers 3.1, 3.3; teardown 4).
import { createMachine } from 'xstate';
import { end, rowStep, step } from '../../src/core/workflow.ts';

const row = (id: string, next: string, fail: string) => rowStep(id, next, fail, '3.3');

const parts = ['group', 'device', 'container', 'context', 'pageTable', 'faultQueue'] as const;
/** What user space can get wrong about the call, as options of its request. */
const mistakes = ['badPointer', 'badArguments', 'unknownObject', 'wrongObjectType', 'writebackFault'] as const;

/** The request `attach`. */
export const iommufdAttach = createMachine({
  id: 'iommufdAttach',
  initial: 'open',
  states: {
    open: step(['openContainer', 'ioas'], { OK: 'bound', OTHER: 'unknown' }),
    // An id of another context, or of no address space, names nothing here.
    unknown: step(['failAs', 'iommufd-unknown-object'], { 'errno.*': 'failed' }),
    bound: step(['same', 'device.boundTo', 'user.context'], { YES: 'change', NO: 'bind' }),
    bind: step(['call', 'bindDevice', 'group', 'device', 'context'], { OK: 'change', 'errno.*': 'failed' }),
    change: step(['call', 'changePt', ...parts, ...mistakes], { OK: 'done', 'errno.*': 'failed' }),
    done: end('OK'),
    failed: end('errno'),
  },
});

const change = (workflow: string) => step(['call', workflow, ...parts, ...mistakes], { OK: 'writeBack', 'errno.*': 'unlockSetFailed' });

/** The kernel's lock is per slot or bus, the model's per device: devices of one bus are serialised there, and not here. */
export const changePt = createMachine({
  id: 'changePt',
  meta: { call: 'VFIO_DEVICE_ATTACH_IOMMUFD_PT', counts: true, kernel: 'vfio_df_ioctl_attach_pt()' },
  initial: 'pointer',
  states: {
    pointer: row('iommufd-attach-pt-args', 'arguments', 'failed'),
    arguments: row('iommufd-attach-pt-args/flags', 'lockSet', 'failed'),
    lockSet: step(['lock', 'dev_set.lock', 'device'], { OK: 'bound' }),
    bound: row('iommufd-detach-not-bound', 'attached', 'unlockSetFailed'),
    attached: step(['deviceAttached'], { YES: 'replace', NO: 'attach' }, { kernel: 'vfio_iommufd_physical_attach_ioas()', step: '3.1' }),
    attach: change('attachPt'),
    replace: change('replacePt'),
    writeBack: row('iommufd-attach-pt-writeback', 'unlockSet', 'detachAgain'),
    // Not even a replace restores the old attachment (teardown 4).
    detachAgain: step(['call', 'detachDevice', 'group', 'device', 'container'], { OK: 'unlockSetFailed' }, { drops: true }),
    unlockSet: step(['unlock', 'dev_set.lock', 'device'], { OK: 'done' }),
    unlockSetFailed: step(['unlock', 'dev_set.lock', 'device'], { OK: 'failed' }),
    done: end('OK'),
    failed: end('errno'),
  },
});
