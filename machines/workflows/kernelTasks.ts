// What kernel drivers do to a group while callers use others of its devices: they bind and unbind (facts: teardown 3.3).
import { createMachine } from 'xstate';
import type { WorkflowSet } from '../../src/core/workflow.ts';
import { end, lockSteps, step } from '../../src/core/workflow.ts';

const { lock, unlock } = lockSteps('group.mutex', 'group');

const bindDriver = createMachine({
  id: 'bindDriver',
  meta: { call: 'bind', kernel: 'iommu_device_use_default_domain()' },
  initial: 'lock',
  states: {
    lock: lock('free'),
    free: step(['row', 'core-use-default-owned'], { OK: 'bind', 'errno.*': 'unlockFailed' }),
    bind: step(['bindDriver'], { OK: 'unlock', 'errno.*': 'unlockFailed' }),
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
    unbind: step(['unbindDriver'], { OK: 'unlock', 'errno.*': 'unlockFailed' }),
    unlock: unlock('done'),
    unlockFailed: unlock('failed'),
    done: end('OK'),
    failed: end('errno'),
  },
});

export const workflows: WorkflowSet = { columns: ['v6.1', 'seed-v6', 'v6.12'], machines: { bindDriver, unbindDriver } };
