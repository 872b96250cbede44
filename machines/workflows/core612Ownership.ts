// The core's detach, claim and release of Linux 6.12, and how a device leaves its group (facts: core-and-consumers 1.5, 1.6).
import { createMachine } from 'xstate';
import type { WorkflowSet } from '../../src/core/workflow.ts';
import { end, lockSteps, step } from '../../src/core/workflow.ts';

const { lock, unlock } = lockSteps('group.mutex', 'group');

const detachGroup = createMachine({
  id: 'detachGroup',
  meta: { kernel: 'iommu_detach_group()' },
  initial: 'lock',
  states: {
    lock: lock('target'),
    target: step(['detachTarget'], { OK: 'set' }, { step: '1.5' }),
    set: step(['call', 'setDomainMust', 'group', 'domain'], { OK: 'handle' }, { step: '1.5' }),
    handle: step(['storeHandle', null], { OK: 'unlock' }),
    unlock: unlock('done'),
    done: end('OK'),
  },
});

const claimOwner = createMachine({
  id: 'claimOwner',
  meta: { kernel: 'iommu_group_claim_dma_owner()' },
  initial: 'null',
  states: {
    null: step(['row', 'core-claim-null-owner'], { OK: 'noGroup', 'errno.*': 'failed' }),
    noGroup: step(['row', 'core-claim-device-no-group'], { OK: 'lock', 'errno.*': 'failed' }),
    lock: lock('empty'),
    empty: step(['ownable'], { OK: 'mine', 'errno.*': 'unlockFailed' }),
    // The device variant: the same owner only counts up.
    mine: step(['ownedByMe'], { YES: 'claim', NO: 'owned' }, { step: '1.6/1' }),
    owned: step(['row', 'core-claim-group-owned'], { OK: 'default', 'errno.*': 'unlockFailed' }, { step: '1.6/1' }),
    default: step(['row', 'core-claim-not-default'], { OK: 'kept', 'errno.*': 'unlockFailed' }, { step: '1.6/2' }),
    kept: step(
      ['groupDomain', 'blocking', 'domain'],
      { OK: 'set', NONE: 'name' },
      { step: '1.6/3', kernel: '__iommu_group_alloc_blocking_domain()' },
    ),
    name: step(['nameBlocking'], { OK: 'kind' }),
    kind: step(['blockingKind'], { STATIC: 'static', OWN: 'standIn', STANDIN: 'standIn' }),
    static: step(['startStaticBlocking'], { OK: 'keep' }),
    standIn: step(
      ['call', 'allocateDomain', 'domain', 'group', 'type:unmanaged'],
      { OK: 'keep', 'errno.*': 'unlockFailed' },
      {
        step: '1.6/3',
        row: 'core-claim-blocking-alloc',
      },
    ),
    keep: step(['keepBlocking'], { OK: 'set' }, { undo: 'none: the blocking domain stays with the group' }),
    set: step(
      ['call', 'setDomain', 'group', 'domain'],
      { OK: 'claim', 'errno.*': 'unlockFailed' },
      { step: '1.6/4', row: 'core-claim-blocking-attach' },
    ),
    claim: step(['claim', 'owner'], { OK: 'unlock' }, { step: '1.6/5' }),
    unlock: unlock('done'),
    unlockFailed: unlock('failed'),
    done: end('OK'),
    failed: end('errno'),
  },
});

const releaseOwner = createMachine({
  id: 'releaseOwner',
  meta: { kernel: 'iommu_group_release_dma_owner()' },
  initial: 'lock',
  states: {
    lock: lock('release'),
    release: step(['release'], { OK: 'unlock', LAST: 'target' }, { step: '1.6' }),
    target: step(['groupDomain', 'default', 'domain'], { OK: 'set', NONE: 'unlock' }),
    set: step(['call', 'setDomainMust', 'group', 'domain'], { OK: 'unlock' }, { step: '1.6' }),
    unlock: unlock('done'),
    done: end('OK'),
  },
});

/** The kernel asks, it never detaches by force: the unplug waits until the user gives the group up (teardown 3.1, 3.2). */
const unplug = createMachine({
  id: 'unplug',
  meta: { call: 'unplug', kernel: 'vfio_unregister_group_dev()' },
  initial: 'wait',
  states: {
    wait: step(['waitWhile', 'group.owner'], { OK: 'lockVfio' }, { kernel: 'vfio_unregister_group_dev()', step: 'teardown 3.1' }),
    lockVfio: step(['lock', 'vfio_group.group_lock', 'group'], { OK: 'lock' }, { kernel: 'vfio_device_remove_group()' }),
    lock: lock('owned'),
    owned: step(['test', 'group.owner'], { YES: 'unlockAgain', NO: 'clean' }),
    unlockAgain: unlock('unlockVfioAgain'),
    unlockVfioAgain: step(['unlock', 'vfio_group.group_lock', 'group'], { OK: 'wait' }),
    clean: step(['releaseDevice'], { OK: 'leave', 'errno.*': 'leave' }, { kernel: 'iommu_deinit_device()', step: 'teardown 3.2' }),
    leave: step(['leaveDomain'], { OK: 'remove', 'errno.*': 'remove' }, { kernel: 'iommu_deinit_device()', step: 'teardown 3.2' }),
    remove: step(['removeDevice'], { OK: 'unlock' }, { kernel: '__iommu_group_remove_device()', step: 'teardown 3.2' }),
    unlock: unlock('unlockVfio'),
    unlockVfio: step(['unlock', 'vfio_group.group_lock', 'group'], { OK: 'done' }),
    done: end('OK'),
  },
});

export const workflows: WorkflowSet = { columns: ['v6.12'], machines: { detachGroup, claimOwner, releaseOwner, unplug } };
