// Iommufd with page tables by id: user space makes them, nothing is searched (facts: core-and-consumers 3.4; teardown 4).
import { createMachine } from 'xstate';
import type { Caller } from '../../src/core/workflow.ts';
import { end, step } from '../../src/core/workflow.ts';
import { iommufdAttach, caller as iommufdAuto } from './iommufdAuto.ts';

const row = (id: string, next: string, fail: string, name: string) => step(['row', id], { OK: next, 'errno.*': fail }, { step: name });

/** Makes a page table for a device: paging ones are filled at once, nested ones sit on a parent. */
const makePageTable = createMachine({
  id: 'makePageTable',
  meta: { call: 'IOMMU_HWPT_ALLOC', counts: true, kernel: 'iommufd_hwpt_alloc()' },
  initial: 'open',
  states: {
    open: step(['openContainer', 'ioas'], { OK: 'parent' }),
    parent: step(['findTable', 'parent', 'parentRecord', 'parent'], { OK: 'flags' }),
    flags: row('iommufd-hwpt-flags', 'object', 'failed', '3.3/3'),
    object: row('iommufd-hwpt-object-alloc/object', 'id', 'failed', '3.3/3'),
    id: step(['idNodeRow', 'iommufd-hwpt-object-alloc/id'], { OK: 'name', 'errno.*': 'failed' }, { kernel: '_iommufd_object_alloc()', step: '3.3/3' }),
    name: step(['nameDomain', 'domain', 'container'], { OK: 'record' }),
    record: step(['set', 'record', '=pageTable'], { OK: 'nested' }),
    nested: step(['is', 'nested'], { YES: 'typeNested', NO: 'start' }),
    typeNested: step(['set', 'type', 'nested'], { OK: 'start' }),
    start: step(['startDomain'], { OK: 'allocate' }),
    allocate: step(
      ['walkAllocateUser'],
      { OK: 'kind', 'errno.*': 'drop' },
      { kernel: 'domain_alloc_user hook', step: '3.3/3', row: 'iommufd-hwpt-domain-alloc' },
    ),
    kind: step(['is', 'nested'], { YES: 'list', NO: 'coherency' }),
    coherency: step(['enforceCoherency', 'domain'], { OK: 'lock' }, { kernel: 'enforce_cache_coherency()' }),
    lock: step(['lock', 'ioas.mutex', 'container'], { OK: 'add' }),
    add: step(
      ['call', 'addDomain', 'group', 'container', 'domain'],
      { OK: 'listLocked', 'errno.*': 'unlockFailed' },
      { kernel: 'iopt_table_add_domain()' },
    ),
    listLocked: step(['listTable', 0], { OK: 'unlock' }),
    unlock: step(['unlock', 'ioas.mutex', 'container'], { OK: 'done' }),
    list: step(['listTable', 0], { OK: 'done' }),
    unlockFailed: step(['unlock', 'ioas.mutex', 'container'], { OK: 'free' }),
    free: step(['call', 'freeDomain', 'domain'], { OK: 'failed' }, { kernel: 'iommu_domain_free()' }),
    drop: step(['dropDomain'], { OK: 'failed' }),
    done: end('OK'),
    failed: end('errno'),
  },
});

const byId = (id: string, kernel: string, workflow: string) =>
  createMachine({
    id,
    meta: { call: 'VFIO_DEVICE_ATTACH_IOMMUFD_PT', counts: true, kernel },
    initial: 'pointer',
    states: {
      pointer: row('iommufd-attach-pt-args', 'arguments', 'failed', '3.4'),
      arguments: row('iommufd-attach-pt-args/flags', 'find', 'failed', '3.4'),
      find: step(['findTable', 'pageTable', 'record', 'domain'], { OK: 'object' }),
      object: row('iommufd-unknown-object', 'type', 'failed', '3.4'),
      type: row('iommufd-wrong-object-type', 'change', 'failed', '3.4'),
      change: step(
        ['call', workflow, 'group', 'device', 'container', 'record', 'domain', 'faultQueue'],
        { OK: 'writeBack', 'errno.*': 'failed' },
        {
          kernel: 'iommufd_hw_pagetable_attach()',
          step: '3.4',
        },
      ),
      writeBack: row('iommufd-attach-pt-writeback', 'done', 'detachAgain', '3.4'),
      detachAgain: step(
        ['call', 'detachPt', 'group', 'device', 'container', 'context'],
        { OK: 'failed', 'errno.*': 'failed' },
        { drops: true },
      ),
      done: end('OK'),
      failed: end('errno'),
    },
  });

const destroyPageTable = createMachine({
  id: 'destroyPageTable',
  meta: { call: 'IOMMU_DESTROY', kernel: 'iommufd_destroy()' },
  initial: 'find',
  states: {
    find: step(['findTable', 'pageTable', 'record', 'domain'], { OK: 'object' }),
    object: row('iommufd-unknown-object', 'use', 'failed', 'teardown 4'),
    use: step(['tableInUse'], { OK: 'users' }),
    users: row('iommufd-destroy-in-use', 'lock', 'failed', 'teardown 4'),
    lock: step(['lock', 'ioas.mutex', 'container'], { OK: 'unlist' }),
    unlist: step(['unlistTable'], { OK: 'unlock' }),
    unlock: step(['unlock', 'ioas.mutex', 'container'], { OK: 'unmap' }),
    unmap: step(['nextDomainMapping'], { OK: 'unmapOne', NONE: 'ranges' }),
    unmapOne: step(['call', 'unmapDomain', 'domain', 'iova', 'size'], { OK: 'unmap' }),
    ranges: step(['dropRanges', 'domain'], { OK: 'free' }),
    free: step(['call', 'freeDomain', 'domain'], { OK: 'done' }, { kernel: 'iommu_domain_free()' }),
    done: end('OK'),
    failed: end('errno'),
  },
});

export const caller: Caller = {
  ...iommufdAuto,
  name: 'iommufd-hwpt',
  title: 'iommufd with page tables by id: made by user space, no search',
  scan: null,
  requests: { ...iommufdAuto.requests, 'make-page-table': 'makePageTable', 'destroy-page-table': 'destroyPageTable' },
  workflows: {
    ...iommufdAuto.workflows,
    iommufdAttach,
    makePageTable,
    destroyPageTable,
    attachPt: byId('attachPt', 'iommufd_device_attach()', 'attachTable'),
    replacePt: byId('replacePt', 'iommufd_device_replace()', 'replaceTable'),
  },
};
