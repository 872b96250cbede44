// The core's attach and replace of Linux 6.12 (facts: core-and-consumers 1.3).
import { createMachine } from 'xstate';
import type { WorkflowSet } from '../../src/core/workflow.ts';
import { end, lockSteps, step } from '../../src/core/workflow.ts';

const { lock, unlock } = lockSteps('group.mutex', 'group');

/** Moves every device; a failure puts back the devices up to and including the failing one, blocking where that fails too. */
const setDomain = createMachine({
  id: 'setDomain',
  meta: { kernel: '__iommu_group_set_domain_internal()' },
  initial: 'current',
  states: {
    current: step(['same', 'domain.id', 'group.domain'], { YES: 'done', NO: 'old' }, { step: '1.3/3' }),
    old: step(['groupDomain', 'domain', 'old'], { OK: 'next', NONE: 'next' }),
    next: step(['next', 'devices', 'device'], { OK: 'direct', NONE: 'record' }),
    direct: step(
      ['row', 'core-require-direct-blocked'],
      { OK: 'attach', 'errno.*': 'putBack' },
      { kernel: '__iommu_device_set_domain()', step: '1.3/4' },
    ),
    attach: step(['attachDevice'], { OK: 'next', 'errno.*': 'putBack' }, { kernel: '__iommu_attach_device()', step: '1.3/4' }),
    putBack: step(['set', 'last', '=device'], { OK: 'restart' }, { step: '1.3/5' }),
    restart: step(['restart', 'device'], { OK: 'hadOld' }),
    hadOld: step(['is', 'old'], { YES: 'swap', NO: 'failed' }),
    swap: step(['set', 'domain', '=old'], { OK: 'back' }),
    back: step(['nextUpTo', 'devices', 'device', 'last'], { OK: 'restore', NONE: 'failed' }),
    restore: step(
      ['attachDevice'],
      { OK: 'back', 'errno.*': 'warn' },
      { kernel: '__iommu_device_set_domain()', step: '1.3/5', row: 'core-rollback-failed', drops: true },
    ),
    warn: step(['warn', 'core-rollback-failed'], { OK: 'fallBack' }),
    fallBack: step(['groupDomain', 'blocking', 'domain'], { OK: 'block', NONE: 'swap' }),
    block: step(['attachDevice'], { OK: 'swap', 'errno.*': 'swap' }, { step: '1.3/5', drops: true }),
    record: step(['recordDomain', 'domain'], { OK: 'done' }),
    done: end('OK'),
    failed: end('errno'),
  },
});

/** "Must succeed": every device is tried, blocking where one fails, and the record always becomes the target. */
const setDomainMust = createMachine({
  id: 'setDomainMust',
  meta: { kernel: '__iommu_group_set_domain_nofail()' },
  initial: 'current',
  states: {
    current: step(['same', 'domain.id', 'group.domain'], { YES: 'done', NO: 'target' }),
    target: step(['set', 'target', '=domain'], { OK: 'next' }),
    next: step(['next', 'devices', 'device'], { OK: 'attach', NONE: 'record' }),
    attach: step(['attachDevice'], { OK: 'next', 'errno.*': 'warn' }, { kernel: '__iommu_device_set_domain()', step: '1.5', drops: true }),
    warn: step(['warn', 'core-detach-failed'], { OK: 'fallBack' }),
    fallBack: step(['groupDomain', 'blocking', 'domain'], { OK: 'other', NONE: 'again' }),
    other: step(['same', 'user.domain', 'user.target'], { YES: 'again', NO: 'block' }),
    block: step(['attachDevice'], { OK: 'again', 'errno.*': 'again' }, { step: '1.5', drops: true }),
    again: step(['set', 'domain', '=target'], { OK: 'next' }),
    record: step(['recordDomain', 'target'], { OK: 'done' }, { step: '1.5' }),
    done: end('OK'),
  },
});

const attachGroup = createMachine({
  id: 'attachGroup',
  meta: { kernel: 'iommu_attach_group()' },
  initial: 'lock',
  states: {
    lock: lock('busy'),
    busy: step(
      ['row', 'core-attach-group-busy'],
      { OK: 'gate', 'errno.*': 'unlockFailed' },
      { kernel: '__iommu_attach_group()', step: '1.3/1' },
    ),
    gate: step(['row', 'core-owner-gate'], { OK: 'set', 'errno.*': 'unlockFailed' }, { kernel: '__iommu_attach_group()', step: '1.3/2' }),
    set: step(
      ['call', 'setDomain', 'group', 'domain'],
      { OK: 'unlock', 'errno.*': 'unlockFailed' },
      { kernel: '__iommu_group_set_domain_internal()', step: '1.3/4' },
    ),
    unlock: unlock('done'),
    unlockFailed: unlock('failed'),
    done: end('OK'),
    failed: end('errno'),
  },
});

const attachGroupHandle = createMachine({
  id: 'attachGroupHandle',
  meta: { kernel: 'iommu_attach_group_handle()' },
  initial: 'lock',
  states: {
    lock: lock('present'),
    present: step(['row', 'core-attach-handle-present'], { OK: 'insert', 'errno.*': 'unlockFailed' }, { step: '1.3' }),
    insert: step(['row', 'core-attach-handle-insert'], { OK: 'store', 'errno.*': 'unlockFailed' }, { step: '1.3' }),
    store: step(['storeHandle', 'handle'], { OK: 'busy' }),
    busy: step(['row', 'core-attach-group-busy'], { OK: 'gate', 'errno.*': 'erase' }, { kernel: '__iommu_attach_group()', step: '1.3/1' }),
    gate: step(['row', 'core-owner-gate'], { OK: 'set', 'errno.*': 'erase' }, { kernel: '__iommu_attach_group()', step: '1.3/2' }),
    set: step(
      ['call', 'setDomain', 'group', 'domain'],
      { OK: 'unlock', 'errno.*': 'erase' },
      { step: '1.3/4', undo: 'the handle is removed' },
    ),
    erase: step(['storeHandle', null], { OK: 'unlockFailed' }),
    unlock: unlock('done'),
    unlockFailed: unlock('failed'),
    done: end('OK'),
    failed: end('errno'),
  },
});

/** Neither the busy rule nor the owner gate stands in its way. */
const replaceGroupHandle = createMachine({
  id: 'replaceGroupHandle',
  meta: { kernel: 'iommu_replace_group_handle()' },
  initial: 'null',
  states: {
    null: step(['row', 'core-replace-null-domain'], { OK: 'lock', 'errno.*': 'failed' }),
    lock: lock('reserve'),
    reserve: step(['row', 'core-replace-handle-reserve'], { OK: 'set', 'errno.*': 'unlockFailed' }, { step: '1.3' }),
    set: step(['call', 'setDomain', 'group', 'domain'], { OK: 'store', 'errno.*': 'unlockFailed' }, { step: '1.3' }),
    store: step(['storeHandle', 'handle'], { OK: 'unlock' }),
    unlock: unlock('done'),
    unlockFailed: unlock('failed'),
    done: end('OK'),
    failed: end('errno'),
  },
});

export const workflows: WorkflowSet = {
  columns: ['v6.12'],
  machines: { setDomain, setDomainMust, attachGroup, attachGroupHandle, replaceGroupHandle },
};
