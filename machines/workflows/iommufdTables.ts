// Iommufd's page tables: attach one, fill one, replace one, leave one (facts: core-and-consumers 3.3 to 3.5; teardown 2).
import { createMachine } from 'xstate';
import type { WorkflowSet } from '../../src/core/workflow.ts';
import { end, lockSteps, rowStep, step } from '../../src/core/workflow.ts';

const { lock, unlock } = lockSteps('igroup.lock', 'group');
/** Stands for both semaphores of the address space: whoever changes its ranges or domains takes them to write (teardown 0). */
const lockRanges = (next: string) => step(['lock', 'iopt.iova_rwsem', 'container'], { OK: next });
const unlockRanges = (next: string) => step(['unlock', 'iopt.iova_rwsem', 'container'], { OK: next });

/** Attaches a device to one page table: its own ranges always, the core only for the group's first device. */
const attachTable = createMachine({
  id: 'attachTable',
  meta: { kernel: 'iommufd_hw_pagetable_attach()' },
  initial: 'lock',
  states: {
    lock: lock('other'),
    other: step(['onOtherTable'], { OK: 'otherTable' }),
    otherTable: rowStep('iommufd-group-on-other-hwpt', 'selftest', 'unlockFailed', '3.4'),
    selftest: rowStep('iommufd-resv-fault-injection', 'lockRanges', 'unlockFailed', '3.4'),
    lockRanges: lockRanges('reserve'),
    reserve: step(
      ['reserveRanges', 'iommufd-resv-driver-list-alloc', 'iommufd-resv-in-use', 'iommufd-resv-alloc'],
      { OK: 'unlockRanges', 'errno.*': 'unlockRangesFailed' },
      {
        kernel: 'iopt_table_enforce_dev_resv_regions()',
        step: '3.4',
      },
    ),
    unlockRanges: unlockRanges('insane'),
    unlockRangesFailed: unlockRanges('drop'),
    insane: rowStep('iommufd-resv-insane-msi', 'first', 'drop', '3.4'),
    first: step(['firstOfGroup'], { YES: 'cookie', NO: 'join' }),
    cookie: step(['needsCookie'], { YES: 'makeCookie', NO: 'handle' }),
    makeCookie: step(
      ['cookieOnce', 'iommufd-msi-cookie'],
      { OK: 'handle', 'errno.*': 'drop' },
      { kernel: 'iommufd_group_setup_msi()', step: '3.4' },
    ),
    handle: rowStep('iommufd-handle-alloc', 'faultFunction', 'drop', '3.4'),
    faultFunction: rowStep('iommufd-fault-capable-vf', 'faultEnable', 'drop', '3.4'),
    faultEnable: step(
      ['whenFaulty', 'iommufd-fault-enable'],
      { OK: 'name', 'errno.*': 'drop' },
      { kernel: 'iommufd_fault_iopf_enable()', step: '3.4' },
    ),
    name: step(['nameHandle'], { OK: 'attach' }),
    attach: step(
      ['call', 'attachGroupHandle', 'group', 'domain', 'handle'],
      { OK: 'join', 'errno.*': 'drop' },
      {
        kernel: 'iommu_attach_group_handle()',
        step: '3.4',
        row: 'iommufd-core-attach',
        undo: 'reservations are dropped',
      },
    ),
    join: step(['joinTable'], { OK: 'unlock' }),
    unlock: unlock('done'),
    drop: step(['dropRanges', 'device'], { OK: 'unlockFailed' }),
    unlockFailed: unlock('failed'),
    done: end('OK'),
    failed: end('errno'),
  },
});

/** Adds a domain to the address space and fills it with what is mapped. */
const addDomain = createMachine({
  id: 'addDomain',
  meta: { kernel: 'iopt_table_add_domain()' },
  initial: 'lock',
  states: {
    lock: lockRanges('check'),
    check: step(['checkDomain'], { OK: 'duplicate' }),
    duplicate: rowStep('iommufd-add-domain-duplicate', 'pageSize', 'unlockFailed', '3.3'),
    pageSize: rowStep('iommufd-add-domain-page-size', 'alignment', 'unlockFailed', '3.3'),
    alignment: rowStep('iommufd-add-domain-alignment', 'outside', 'unlockFailed', '3.3'),
    outside: rowStep('iommufd-add-domain-aperture', 'aperture', 'unlockFailed', '3.3'),
    aperture: step(
      ['reserveOutside', 'iommufd-add-domain-aperture/record'],
      { OK: 'array', 'errno.*': 'drop' },
      { kernel: 'iopt_reserve_iova()', step: '3.3' },
    ),
    array: step(['firstDomainRow', 'iommufd-add-domain-array'], { OK: 'next', 'errno.*': 'drop' }, { step: '3.3' }),
    next: step(['nextMapping'], { OK: 'batch', NONE: 'unlock' }),
    batch: step(['row', 'iommufd-add-domain-fill/batch'], { OK: 'pages', 'errno.*': 'undo' }, { kernel: '__batch_init()', step: '3.3' }),
    pages: step(
      ['firstDomainRow', 'iommufd-add-domain-fill/pages'],
      { OK: 'pin', 'errno.*': 'undo' },
      { kernel: 'pfn_reader_user_pin()', step: '3.3' },
    ),
    pin: step(['pinPages'], { OK: 'map', 'errno.*': 'undo' }, { kernel: 'pin_user_pages_fast()' }),
    map: step(
      ['call', 'mapDomain', 'domain', 'iova', 'size'],
      { OK: 'next', 'errno.*': 'undo' },
      { kernel: 'iopt_area_fill_domain()', step: '3.3' },
    ),
    undo: step(['nextDomainMapping'], { OK: 'unmap', NONE: 'drop' }),
    unmap: step(['call', 'unmapDomain', 'domain', 'iova', 'size'], { OK: 'undo' }),
    drop: step(['dropRanges', 'domain'], { OK: 'unlockFailed' }),
    unlock: unlockRanges('done'),
    unlockFailed: unlockRanges('failed'),
    done: end('OK'),
    failed: end('errno'),
  },
});

/** Moves every attached device of the group at once; a failure leaves the old page table in place. */
const replaceTable = createMachine({
  id: 'replaceTable',
  meta: { kernel: 'iommufd_device_do_replace()' },
  initial: 'lock',
  states: {
    lock: lock('attached'),
    attached: step(['isAttached'], { OK: 'notAttached' }),
    notAttached: rowStep('iommufd-replace-not-attached', 'same', 'unlockFailed', '3.3'),
    same: step(['onThisTable'], { YES: 'unlock', NO: 'next' }),
    next: step(['nextForeignDevice'], { OK: 'selftest', NONE: 'cookie' }),
    selftest: rowStep('iommufd-replace-resv/fault-injection', 'lockRanges', 'drop', '3.3'),
    lockRanges: lockRanges('reserve'),
    reserve: step(
      ['reserveRanges', 'iommufd-resv-driver-list-alloc', 'iommufd-replace-resv', 'iommufd-replace-resv/record'],
      { OK: 'unlockRanges', 'errno.*': 'unlockRangesFailed' },
      {
        kernel: 'iommufd_group_do_replace_reserved_iova()',
        step: '3.3',
        row: 'iommufd-replace-resv',
      },
    ),
    unlockRanges: unlockRanges('next'),
    unlockRangesFailed: unlockRanges('drop'),
    cookie: step(['needsCookie'], { YES: 'makeCookie', NO: 'handle' }),
    makeCookie: step(['cookieOnce', 'iommufd-replace-resv/cookie'], { OK: 'handle', 'errno.*': 'drop' }, { step: '3.3' }),
    handle: rowStep('iommufd-replace-handle-alloc', 'name', 'drop', '3.3'),
    name: step(['nameHandle'], { OK: 'replace' }),
    replace: step(
      ['call', 'replaceGroupHandle', 'group', 'domain', 'handle'],
      { OK: 'leave', 'errno.*': 'drop' },
      {
        kernel: 'iommu_replace_group_handle()',
        step: '3.3',
        row: 'iommufd-replace-core',
        undo: 'the group stays on its old page table',
      },
    ),
    leave: step(['leaveOldTable'], { OK: 'join' }),
    join: step(['moveTable'], { OK: 'unlock' }),
    unlock: unlock('done'),
    drop: step(['dropReplaced'], { OK: 'unlockFailed' }),
    unlockFailed: unlock('failed'),
    // Whoever asked drops the old table once every lock is given up.
    done: end('OK', 'oldRecord', 'oldContainer'),
    failed: end('errno'),
  },
});

/** Drops a page table that nobody uses any more, if the search made it. Outside all other locks. */
const putTable = createMachine({
  id: 'putTable',
  meta: { kernel: 'iommufd_hw_pagetable_put()' },
  initial: 'unused',
  states: {
    unused: step(['unusedAutomatic'], { YES: 'lock', NO: 'done' }),
    lock: step(['lock', 'ioas.mutex', 'container'], { OK: 'again' }),
    again: step(['unusedAutomatic'], { YES: 'unlist', NO: 'unlock' }),
    unlist: step(['unlistTable'], { OK: 'unlockTable' }),
    unlockTable: step(['unlock', 'ioas.mutex', 'container'], { OK: 'lockRanges' }),
    lockRanges: lockRanges('unmap'),
    unmap: step(['nextDomainMapping'], { OK: 'unmapOne', NONE: 'ranges' }),
    unmapOne: step(['call', 'unmapDomain', 'domain', 'iova', 'size'], { OK: 'unmap' }),
    ranges: step(['dropRanges', 'domain'], { OK: 'unlockRanges' }),
    unlockRanges: unlockRanges('free'),
    free: step(['call', 'freeDomain', 'domain'], { OK: 'done' }, { kernel: 'iommu_domain_free()' }),
    unlock: step(['unlock', 'ioas.mutex', 'container'], { OK: 'done' }),
    done: end('OK'),
  },
});

/** Takes the device off a fresh page table that could not be filled. */
const detachFresh = createMachine({
  id: 'detachFresh',
  meta: { kernel: 'iommufd_hw_pagetable_detach()' },
  initial: 'lock',
  states: {
    lock: step(['lock', 'igroup.lock', 'group'], { OK: 'leave' }),
    leave: step(['leaveTable'], { OK: 'ranges', LAST: 'detach', NONE: 'ranges' }),
    detach: step(['call', 'detachGroup', 'group'], { OK: 'forget' }),
    forget: step(['forgetTable'], { OK: 'ranges' }),
    ranges: step(['dropRanges', 'device'], { OK: 'unlock' }),
    unlock: step(['unlock', 'igroup.lock', 'group'], { OK: 'done' }),
    done: end('OK'),
  },
});

export const workflows: WorkflowSet = {
  columns: ['v6.12'],
  machines: { attachTable, addDomain, replaceTable, putTable, detachFresh },
};
