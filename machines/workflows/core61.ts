// The core's attach, detach, claim and release of Linux 6.1 (facts: core-and-consumers 1.2, 1.5, 1.6).
import { createMachine } from 'xstate';
import type { WorkflowSet } from '../../src/core/workflow.ts';
import { end, step } from '../../src/core/workflow.ts';

/** Moves every device; stops at the first failure and puts nothing back. The record changes only when all moved. */
const setDomain = createMachine({
  id: 'setDomain',
  meta: { kernel: '__iommu_group_set_domain()' },
  initial: 'next',
  states: {
    next: step(['next', 'devices', 'device'], { OK: 'attach', NONE: 'record' }),
    attach: step(['attachDevice'], { OK: 'next', 'errno.*': 'failed' }, { kernel: '__iommu_attach_device()', step: '1.2/3' }),
    record: step(['recordDomain', 'domain'], { OK: 'done' }, { step: '1.2/4' }),
    done: end('OK'),
    failed: end('errno'),
  },
});

const attachGroup = createMachine({
  id: 'attachGroup',
  meta: { kernel: 'iommu_attach_group()' },
  initial: 'lock',
  states: {
    lock: step(['lock', 'group.mutex', 'group'], { OK: 'busy' }, { step: '1.2/1' }),
    busy: step(
      ['row', 'core-attach-group-busy'],
      { OK: 'old', 'errno.*': 'unlockFailed' },
      { kernel: '__iommu_attach_group()', step: '1.2/2' },
    ),
    old: step(['groupDomain', 'domain', 'old'], { OK: 'set', NONE: 'set' }),
    set: step(
      ['call', 'setDomain', 'group', 'domain'],
      { OK: 'unlock', 'errno.*': 'forget' },
      { kernel: '__iommu_attach_device()', step: '1.2/3' },
    ),
    forget: step(['recordDomain', 'none'], { OK: 'restore' }, { step: '1.2/5', undo: 'every device back to the old domain' }),
    restore: step(
      ['callUnlessNone', 'old', 'setDomain', 'group', 'domain=old'],
      { OK: 'unlockFailed', 'errno.*': 'warn' },
      {
        kernel: '__iommu_group_set_domain()',
        step: '1.2/5',
        row: 'core-rollback-failed',
        drops: true,
      },
    ),
    warn: step(['warn', 'core-rollback-failed'], { OK: 'unlockFailed' }),
    unlock: step(['unlock', 'group.mutex', 'group'], { OK: 'done' }),
    unlockFailed: step(['unlock', 'group.mutex', 'group'], { OK: 'failed' }),
    done: end('OK'),
    failed: end('errno'),
  },
});

/** No return value: a failure is only a WARN, and the record stays the old one. */
const detachGroup = createMachine({
  id: 'detachGroup',
  meta: { kernel: 'iommu_detach_group()' },
  initial: 'lock',
  states: {
    lock: step(['lock', 'group.mutex', 'group'], { OK: 'target' }, { step: '1.5' }),
    target: step(['detachTarget'], { OK: 'given' }, { kernel: '__iommu_group_set_core_domain()' }),
    given: step(['is', 'domain'], { YES: 'set', NO: 'next' }),
    // No default domain: the driver's detach op for every device, and no recorded domain.
    next: step(['next', 'devices', 'device'], { OK: 'leave', NONE: 'none' }),
    leave: step(['leaveDomain'], { OK: 'next', 'errno.*': 'next' }, { kernel: 'detach_dev op', step: '1.5' }),
    none: step(['recordDomain', 'domain'], { OK: 'unlock' }),
    set: step(['call', 'setDomain', 'group', 'domain'], { OK: 'unlock', 'errno.*': 'warn' }, { step: '1.5', drops: true }),
    warn: step(['warn', 'core-detach-failed'], { OK: 'unlock' }),
    unlock: step(['unlock', 'group.mutex', 'group'], { OK: 'done' }),
    done: end('OK'),
  },
});

const claimOwner = createMachine({
  id: 'claimOwner',
  meta: { kernel: 'iommu_group_claim_dma_owner()' },
  initial: 'lock',
  states: {
    lock: step(['lock', 'group.mutex', 'group'], { OK: 'empty' }, { step: '1.6' }),
    empty: step(['ownable'], { OK: 'owned', 'errno.*': 'unlockFailed' }),
    owned: step(['row', 'core-claim-group-owned'], { OK: 'default', 'errno.*': 'unlockFailed' }, { step: '1.6/1' }),
    default: step(['row', 'core-claim-not-default'], { OK: 'kept', 'errno.*': 'unlockFailed' }, { step: '1.6/2' }),
    kept: step(
      ['groupDomain', 'blocking', 'domain'],
      { OK: 'set', NONE: 'kind' },
      { step: '1.6/3', kernel: '__iommu_group_alloc_blocking_domain()' },
    ),
    kind: step(['blockingKind'], { STATIC: 'nameStatic', OWN: 'nameOwn', STANDIN: 'nameStandIn' }),
    nameStatic: step(['nameBlocking'], { OK: 'static' }),
    static: step(['startStaticBlocking'], { OK: 'keep' }),
    nameOwn: step(['nameBlocking'], { OK: 'own' }),
    own: step(
      ['call', 'allocateDomain', 'domain', 'group', 'type:blocking'],
      { OK: 'keep', 'errno.*': 'standIn' },
      { step: '1.6/3', drops: true },
    ),
    nameStandIn: step(['nameBlocking'], { OK: 'standIn' }),
    standIn: step(['call', 'allocateDomain', 'domain', 'group', 'type:unmanaged'], { OK: 'keep', 'errno.*': 'masked' }, { step: '1.6/3' }),
    masked: step(['failAs', 'core-claim-blocking-alloc'], { 'errno.*': 'unlockFailed' }, { row: 'core-claim-blocking-alloc' }),
    keep: step(['keepBlocking'], { OK: 'set' }, { undo: 'none: the blocking domain stays with the group' }),
    set: step(
      ['call', 'setDomain', 'group', 'domain'],
      { OK: 'claim', 'errno.*': 'unlockFailed' },
      {
        step: '1.6/4',
        row: 'core-claim-blocking-attach',
        undo: 'none: devices already moved stay on blocking',
      },
    ),
    claim: step(['claim', 'owner'], { OK: 'unlock' }, { step: '1.6/5' }),
    unlock: step(['unlock', 'group.mutex', 'group'], { OK: 'done' }),
    unlockFailed: step(['unlock', 'group.mutex', 'group'], { OK: 'failed' }),
    done: end('OK'),
    failed: end('errno'),
  },
});

const releaseOwner = createMachine({
  id: 'releaseOwner',
  meta: { kernel: 'iommu_group_release_dma_owner()' },
  initial: 'lock',
  states: {
    lock: step(['lock', 'group.mutex', 'group'], { OK: 'release' }, { step: '1.6' }),
    release: step(['release'], { OK: 'unlock', LAST: 'target' }),
    target: step(['groupDomain', 'default', 'domain'], { OK: 'set', NONE: 'next' }),
    // No default domain: the driver's detach op for every device, and no recorded domain.
    next: step(['next', 'devices', 'device'], { OK: 'leave', NONE: 'none' }),
    leave: step(['leaveDomain'], { OK: 'next', 'errno.*': 'next' }, { kernel: 'detach_dev op', step: '1.5' }),
    none: step(['recordDomain', 'domain'], { OK: 'unlock' }),
    set: step(['call', 'setDomain', 'group', 'domain'], { OK: 'unlock', 'errno.*': 'warn' }, { drops: true, step: '1.6' }),
    warn: step(['warn', 'core-release-failed'], { OK: 'unlock' }),
    unlock: step(['unlock', 'group.mutex', 'group'], { OK: 'done' }),
    done: end('OK'),
  },
});

/**
 * The kernel asks, it never detaches by force: the unplug waits until the user gives the group up. The driver's clean-up runs without
 * the group's mutex while the group lists the device still (teardown 3.1, 3.2).
 */
const unplug = createMachine({
  id: 'unplug',
  meta: { call: 'unplug', kernel: 'vfio_unregister_group_dev()' },
  initial: 'wait',
  states: {
    wait: step(['waitWhile', 'group.owner'], { OK: 'lockVfio' }, { kernel: 'vfio_unregister_group_dev()', step: 'teardown 3.1' }),
    lockVfio: step(['lock', 'vfio_group.group_lock', 'group'], { OK: 'owned' }, { kernel: 'vfio_device_remove_group()' }),
    owned: step(['test', 'group.owner'], { YES: 'unlockAgain', NO: 'clean' }),
    unlockAgain: step(['unlock', 'vfio_group.group_lock', 'group'], { OK: 'wait' }),
    clean: step(['releaseDevice'], { OK: 'leave', 'errno.*': 'leave' }, { kernel: 'iommu_release_device()', step: 'teardown 3.2' }),
    leave: step(['leaveDomain'], { OK: 'lock', 'errno.*': 'lock' }, { kernel: 'iommu_release_device()', step: 'teardown 3.2' }),
    lock: step(['lock', 'group.mutex', 'group'], { OK: 'remove' }, { step: 'teardown 3.2' }),
    remove: step(['removeDevice'], { OK: 'unlock' }, { kernel: 'iommu_group_remove_device()', step: 'teardown 3.2' }),
    unlock: step(['unlock', 'group.mutex', 'group'], { OK: 'unlockVfio' }),
    unlockVfio: step(['unlock', 'vfio_group.group_lock', 'group'], { OK: 'done' }),
    done: end('OK'),
  },
});

export const workflows: WorkflowSet = {
  columns: ['v6.1', 'seed-v6'],
  machines: { setDomain, attachGroup, detachGroup, claimOwner, releaseOwner, unplug },
};
