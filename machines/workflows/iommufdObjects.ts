// Iommufd's other objects: devices bound and unbound, mappings of an address space, closing (facts: core-and-consumers 3.2; teardown 2).
import { createMachine } from 'xstate';
import type { WorkflowSet } from '../../src/core/workflow.ts';
import { end, rowStep, step } from '../../src/core/workflow.ts';

const lockSet = (next: string) => step(['lock', 'dev_set.lock', 'device'], { OK: next });
const unlockSet = (next: string) => step(['unlock', 'dev_set.lock', 'device'], { OK: next });

/** What binding is under the device set's lock, from `coherent` to `next` or `unlockSetFailed`; `id` says when an id costs a node. */
export const bindStates = (next: string, id: 'firstObjectRow' | 'idNodeRow') => ({
  coherent: rowStep('iommufd-bind-not-coherent', 'hasGroup', 'unlockSetFailed', '3.2'),
  hasGroup: rowStep('iommufd-bind-no-group', 'group', 'unlockSetFailed', '3.2'),
  group: step(
    ['firstBoundRow', 'iommufd-bind-group-alloc/record'],
    { OK: 'node', 'errno.*': 'unlockSetFailed' },
    { kernel: 'iommufd_get_group()', step: '3.2' },
  ),
  node: step(
    ['firstBoundRow', 'iommufd-bind-group-alloc/node'],
    { OK: 'isolation', 'errno.*': 'unlockSetFailed' },
    { kernel: 'iommufd_get_group()', step: '3.2' },
  ),
  isolation: step(['checkIsolation'], { OK: 'isolated' }),
  isolated: rowStep('iommufd-bind-unsafe-msi', 'claim', 'unlockSetFailed', '3.2'),
  claim: step(
    ['call', 'claimOwner', 'group', 'device', 'owner=context', 'deviceClaim:device'],
    { OK: 'object', 'errno.*': 'unlockSetFailed' },
    {
      kernel: 'iommu_device_claim_dma_owner()',
      step: '3.2',
      row: 'iommufd-bind-claim-owner',
    },
  ),
  object: rowStep('iommufd-bind-object-alloc/object', 'id', 'release', '3.2'),
  id: step([id, 'iommufd-bind-object-alloc/id'], { OK: 'bound', 'errno.*': 'release' }, { kernel: '_iommufd_object_alloc()', step: '3.2' }),
  bound: step(['change', 'iommufd-bound'], { OK: next }),
  release: step(['call', 'releaseOwner', 'group'], { OK: 'unlockSetFailed' }, { kernel: 'iommu_device_release_dma_owner()' }),
});

const bindDevice = createMachine({
  id: 'bindDevice',
  meta: { call: 'VFIO_DEVICE_BIND_IOMMUFD', kernel: 'iommufd_device_bind()' },
  initial: 'lockSet',
  states: {
    lockSet: lockSet('again'),
    again: rowStep('iommufd-bind-again', 'coherent', 'unlockSetFailed', '3.2'),
    ...bindStates('unlockSet', 'firstObjectRow'),
    unlockSet: unlockSet('done'),
    unlockSetFailed: unlockSet('failed'),
    done: end('OK'),
    failed: end('errno'),
  },
});

/** The device's file closes: what its context attached is detached first (teardown 2.2). */
const unbindDevice = createMachine({
  id: 'unbindDevice',
  meta: { call: 'close', kernel: 'vfio_iommufd_physical_unbind()' },
  initial: 'lockSet',
  states: {
    lockSet: lockSet('bound'),
    bound: step(['same', 'device.boundTo', 'user.context'], { YES: 'attached', NO: 'unlockSet' }),
    attached: step(['deviceAttached'], { YES: 'detach', NO: 'release' }),
    detach: step(
      ['call', 'detachDevice', 'group', 'device', 'container'],
      { OK: 'release' },
      { kernel: 'iommufd_device_detach()', step: 'teardown 2.2/3' },
    ),
    release: step(
      ['call', 'releaseOwner', 'group'],
      { OK: 'unbound' },
      { kernel: 'iommu_device_release_dma_owner()', step: 'teardown 2.2/4' },
    ),
    unbound: step(['change', 'iommufd-unbound'], { OK: 'unlockSet' }),
    unlockSet: unlockSet('done'),
    done: end('OK'),
  },
});

const detachPt = createMachine({
  id: 'detachPt',
  meta: { call: 'VFIO_DEVICE_DETACH_IOMMUFD_PT', kernel: 'vfio_df_ioctl_detach_pt()' },
  initial: 'lockSet',
  states: {
    lockSet: lockSet('bound'),
    bound: rowStep('iommufd-detach-not-bound', 'detach', 'unlockSetFailed', 'teardown 4'),
    detach: step(['call', 'detachDevice', 'group', 'device', 'container'], { OK: 'unlockSet' }, { kernel: 'iommufd_device_detach()' }),
    unlockSet: unlockSet('done'),
    unlockSetFailed: unlockSet('failed'),
    done: end('OK'),
    failed: end('errno'),
  },
});

const detachDevice = createMachine({
  id: 'detachDevice',
  meta: { kernel: 'iommufd_device_detach()' },
  initial: 'lock',
  states: {
    lock: step(['lock', 'igroup.lock', 'group'], { OK: 'leave' }),
    leave: step(['leaveTable'], { OK: 'ranges', LAST: 'detach', NONE: 'unlockOnly' }),
    detach: step(['call', 'detachGroup', 'group'], { OK: 'forget' }, { kernel: 'iommu_detach_group_handle()', step: '3.5' }),
    forget: step(['forgetTable'], { OK: 'ranges' }),
    ranges: step(['dropRanges', 'device'], { OK: 'unlock' }),
    unlock: step(['unlock', 'igroup.lock', 'group'], { OK: 'letGo' }),
    // Only now: whoever destroys the table must not find the group still on it.
    letGo: step(['letGo', 'record'], { OK: 'put' }),
    put: step(['call', 'putTable', 'container', 'record'], { OK: 'done' }, { kernel: 'iommufd_hw_pagetable_put()', step: '3.5' }),
    unlockOnly: step(['unlock', 'igroup.lock', 'group'], { OK: 'done' }),
    done: end('OK'),
  },
});

/** A mapping goes to every page table of the address space, whichever ioctl asks for it. */
export const mapRange = (id: string, meta: { call: string; kernel: string }) =>
  createMachine({
    id,
    meta: { ...meta, counts: true },
    initial: 'open',
    states: {
      open: step(['openContainer', 'ioas'], { OK: 'lock', OTHER: 'unknown' }),
      unknown: step(['failAs', 'iommufd-unknown-object'], { 'errno.*': 'failed' }),
      lock: step(['lock', 'iopt.iova_rwsem', 'container'], { OK: 'check' }),
      check: step(['checkReservation'], { OK: 'exists' }),
      exists: step(['row', 'ioas-map-exists'], { OK: 'outside', 'errno.*': 'unlockFailed' }),
      outside: step(['row', 'ioas-map-reserved'], { OK: 'pin', 'errno.*': 'unlockFailed' }),
      pin: step(['pinPages'], { OK: 'next', 'errno.*': 'unlockFailed' }, { kernel: 'pin_user_pages_fast()' }),
      next: step(['nextTable'], { OK: 'map', NONE: 'add' }),
      map: step(['call', 'mapDomain', 'domain', 'iova', 'size'], { OK: 'next', 'errno.*': 'back' }, { kernel: 'iopt_area_fill_domains()' }),
      back: step(['previousTable'], { OK: 'unmap', NONE: 'unlockFailed' }),
      unmap: step(['call', 'unmapDomain', 'domain', 'iova', 'size'], { OK: 'back' }),
      add: step(['addMapping'], { OK: 'unlock' }),
      unlock: step(['unlock', 'iopt.iova_rwsem', 'container'], { OK: 'done' }),
      unlockFailed: step(['unlock', 'iopt.iova_rwsem', 'container'], { OK: 'failed' }),
      done: end('OK'),
      failed: end('errno'),
    },
  });

/** `nothing`: where a range leads in which nothing is mapped. */
export const unmapRange = (id: string, meta: { call: string; kernel: string }, nothing: 'mapped' | 'unlock') =>
  createMachine({
    id,
    meta,
    initial: 'open',
    states: {
      open: step(['openContainer', 'ioas'], { OK: 'lock', OTHER: 'unknown' }),
      unknown: step(['failAs', 'iommufd-unknown-object'], { 'errno.*': 'failed' }),
      lock: step(['lock', 'iopt.iova_rwsem', 'container'], { OK: 'check' }),
      check: step(['checkUnmapping'], { OK: 'mapped', NOTHING: nothing }),
      mapped: step(['row', 'ioas-unmap-nothing'], { OK: 'next', 'errno.*': 'unlockFailed' }),
      next: step(['nextTable'], { OK: 'unmap', NONE: 'remove' }),
      unmap: step(['call', 'unmapDomain', 'domain', 'iova', 'size'], { OK: 'next' }),
      remove: step(['removeMapping'], { OK: 'unlock' }),
      unlock: step(['unlock', 'iopt.iova_rwsem', 'container'], { OK: 'done' }),
      unlockFailed: step(['unlock', 'iopt.iova_rwsem', 'container'], { OK: 'failed' }),
      done: end('OK'),
      failed: end('errno'),
    },
  });

const ioasMap = mapRange('ioasMap', { call: 'IOMMU_IOAS_MAP', kernel: 'iommufd_ioas_map()' });
const ioasUnmap = unmapRange('ioasUnmap', { call: 'IOMMU_IOAS_UNMAP', kernel: 'iommufd_ioas_unmap()' }, 'mapped');

/** Every bound device is detached and unbound, last bound first; then the address spaces go (teardown 2.4). Nobody else has the file. */
const iommufdClose = createMachine({
  id: 'iommufdClose',
  meta: { kernel: 'iommufd_fops_release()' },
  initial: 'wait',
  states: {
    wait: step(['waitForOthers', 'context'], { OK: 'next' }),
    next: step(['lastBound'], { OK: 'unbind', NONE: 'spaces' }),
    unbind: step(['call', 'unbindDevice', 'group', 'device', 'container', 'context'], { OK: 'next' }, { step: 'teardown 2.2' }),
    spaces: step(['next', 'contextSpaces', 'container'], { OK: 'tables', NONE: 'done' }),
    tables: step(['sweepTable'], { OK: 'unlist', NONE: 'areas' }),
    unlist: step(['unlistTable'], { OK: 'unmap' }),
    unmap: step(['nextDomainMapping'], { OK: 'unmapOne', NONE: 'ranges' }),
    unmapOne: step(['call', 'unmapDomain', 'domain', 'iova', 'size'], { OK: 'unmap' }),
    ranges: step(['dropRanges', 'domain'], { OK: 'free' }),
    free: step(['call', 'freeDomain', 'domain'], { OK: 'tables' }),
    areas: step(['nextMapping'], { OK: 'forget', NONE: 'close' }),
    forget: step(['removeMapping'], { OK: 'areas' }),
    close: step(['closeContainer'], { OK: 'spaces' }),
    done: end('OK'),
  },
});

export const workflows: WorkflowSet = {
  columns: ['v6.12'],
  machines: { bindDevice, unbindDevice, detachPt, detachDevice, ioasMap, ioasUnmap, iommufdClose },
};
