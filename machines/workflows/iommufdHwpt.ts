// Iommufd with page tables by id: user space makes them, nothing is searched (facts: core-and-consumers 3.4; teardown 4).
import { createMachine } from 'xstate';
import type { Caller } from '../../src/core/workflow.ts';
import { end, rowStep, step } from '../../src/core/workflow.ts';
import { caller as iommufdAuto } from './iommufdAuto.ts';

/** Makes a page table for a device: paging ones are filled at once, nested ones sit on a parent. */
const makePageTable = createMachine({
  id: 'makePageTable',
  meta: { call: 'IOMMU_HWPT_ALLOC', counts: true, kernel: 'iommufd_hwpt_alloc()' },
  initial: 'open',
  states: {
    open: step(['openContainer', 'ioas'], { OK: 'wanted', OTHER: 'unknown' }),
    // An id of another context, or of no address space, names nothing here.
    unknown: step(['failAs', 'iommufd-unknown-object'], { 'errno.*': 'failed' }),
    wanted: step(['is', 'parent'], { YES: 'parent', NO: 'flags' }),
    parent: step(['holdTable', 'parent', 'parentRecord', 'parent'], { OK: 'parentKnown' }),
    parentKnown: rowStep('iommufd-unknown-object', 'flags', 'failed', '3.3/3'),
    flags: rowStep('iommufd-hwpt-flags', 'object', 'letGoFailed', '3.3/3'),
    object: rowStep('iommufd-hwpt-object-alloc/object', 'id', 'letGoFailed', '3.3/3'),
    id: step(
      ['idNodeRow', 'iommufd-hwpt-object-alloc/id'],
      { OK: 'name', 'errno.*': 'letGoFailed' },
      { kernel: '_iommufd_object_alloc()', step: '3.3/3' },
    ),
    name: step(['nameDomain', 'domain', 'container'], { OK: 'record' }),
    record: step(['set', 'record', '=pageTable'], { OK: 'nested' }),
    nested: step(['is', 'nested'], { YES: 'typeNested', NO: 'start' }),
    typeNested: step(['set', 'type', 'nested'], { OK: 'canNest' }),
    canNest: step(
      ['canNest'],
      { OK: 'start', 'errno.*': 'letGoFailed' },
      { kernel: 'domain_alloc_user hook', row: 'iommufd-hwpt-domain-alloc' },
    ),
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
    unlock: step(['unlock', 'ioas.mutex', 'container'], { OK: 'letGo' }),
    list: step(['listTable', 0], { OK: 'letGo' }),
    unlockFailed: step(['unlock', 'ioas.mutex', 'container'], { OK: 'free' }),
    free: step(['call', 'freeDomain', 'domain'], { OK: 'letGoFailed' }, { kernel: 'iommu_domain_free()' }),
    drop: step(['dropDomain'], { OK: 'letGoFailed' }),
    letGo: step(['letGo', 'parentRecord'], { OK: 'done' }),
    letGoFailed: step(['letGo', 'parentRecord'], { OK: 'failed' }),
    done: end('OK'),
    failed: end('errno'),
  },
});

const byId = (id: string, kernel: string, workflow: string) =>
  createMachine({
    id,
    meta: { kernel },
    initial: 'find',
    states: {
      find: step(['holdTable', 'pageTable', 'record', 'domain', 'container'], { OK: 'object' }, { kernel: 'iommufd_get_object()' }),
      object: rowStep('iommufd-unknown-object', 'type', 'failed', '3.4'),
      type: rowStep('iommufd-wrong-object-type', 'change', 'letGoFailed', '3.4'),
      change: step(
        ['call', workflow, 'group', 'device', 'container', 'record', 'domain', 'faultQueue'],
        { OK: 'letGo', 'errno.*': 'letGoFailed' },
        {
          kernel: 'iommufd_hw_pagetable_attach()',
          step: '3.4',
        },
      ),
      letGo: step(['letGo', 'record'], { OK: 'putOld' }, { kernel: 'iommufd_put_object()' }),
      letGoFailed: step(['letGo', 'record'], { OK: 'failed' }, { kernel: 'iommufd_put_object()' }),
      // Only a replace leaves one behind.
      putOld: step(
        ['call', 'putTable', 'container=oldContainer', 'record=oldRecord'],
        { OK: 'done' },
        { kernel: 'iommufd_hw_pagetable_put()' },
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
    object: rowStep('iommufd-unknown-object', 'remove', 'failed', 'teardown 4'),
    // The id goes at once, or not at all: whoever looks it up from now on finds nothing.
    remove: step(
      ['removeUnused', 'iommufd-destroy-in-use'],
      { OK: 'lock', 'errno.*': 'failed' },
      { kernel: 'iommufd_object_remove()', step: 'teardown 4' },
    ),
    lock: step(['lock', 'ioas.mutex', 'container'], { OK: 'unlock' }),
    unlock: step(['unlock', 'ioas.mutex', 'container'], { OK: 'lockRanges' }),
    lockRanges: step(['lock', 'iopt.iova_rwsem', 'container'], { OK: 'unmap' }),
    unmap: step(['nextDomainMapping'], { OK: 'unmapOne', NONE: 'ranges' }),
    unmapOne: step(['call', 'unmapDomain', 'domain', 'iova', 'size'], { OK: 'unmap' }),
    ranges: step(['dropRanges', 'domain'], { OK: 'unlockRanges' }),
    unlockRanges: step(['unlock', 'iopt.iova_rwsem', 'container'], { OK: 'free' }),
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
    makePageTable,
    destroyPageTable,
    attachPt: byId('attachPt', 'iommufd_device_attach()', 'attachTable'),
    replacePt: byId('replacePt', 'iommufd_device_replace()', 'replaceTable'),
  },
};
