// What others do to a group while callers use it: kernel drivers bind and unbind, devices go away (facts: teardown 3).
import { createMachine } from 'xstate';
import type { WorkflowSet } from '../../src/core/workflow.ts';
import { end, step } from '../../src/core/workflow.ts';

const lock = (next: string) => step(['lock', 'group.mutex', 'group'], { OK: next });
const unlock = (next: string) => step(['unlock', 'group.mutex', 'group'], { OK: next });

const bindDriver = createMachine({
  id: 'bindDriver',
  meta: { call: 'bind', kernel: 'iommu_device_use_default_domain()' },
  initial: 'lock',
  states: {
    lock: lock('free'),
    free: step(['row', 'core-use-default-owned'], { OK: 'bind', 'errno.*': 'unlockFailed' }),
    bind: step(['bindDriver'], { OK: 'unlock' }),
    unlock: unlock('done'),
    unlockFailed: unlock('failed'),
    done: end('OK'),
    failed: end('errno'),
  },
});

const unbindDriver = createMachine({
  id: 'unbindDriver',
  meta: { call: 'unbind', kernel: 'iommu_device_unuse_default_domain()' },
  initial: 'lock',
  states: {
    lock: lock('unbind'),
    unbind: step(['unbindDriver'], { OK: 'unlock' }),
    unlock: unlock('done'),
    done: end('OK'),
  },
});

/** The kernel asks, it never detaches by force: the unplug waits until the user gives the group up. */
const unplug = createMachine({
  id: 'unplug',
  meta: { call: 'unplug', kernel: 'vfio_unregister_group_dev()' },
  initial: 'wait',
  states: {
    wait: step(['waitWhile', 'group.owner'], { OK: 'lock' }, { kernel: 'vfio_unregister_group_dev()', step: 'teardown 3.1' }),
    lock: lock('remove'),
    remove: step(['removeDevice'], { OK: 'unlock' }, { kernel: 'iommu_release_device()', step: 'teardown 3.2' }),
    unlock: unlock('done'),
    done: end('OK'),
  },
});

export const workflows: WorkflowSet = { columns: ['v6.1', 'seed-v6', 'v6.12'], machines: { bindDriver, unbindDriver, unplug } };
