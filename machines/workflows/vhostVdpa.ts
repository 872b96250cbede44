// Vhost-vdpa: one private domain per device, never searched (facts: core-and-consumers 3.6).
import { createMachine } from 'xstate';
import type { Caller } from '../../src/core/workflow.ts';
import { end, lockSteps, rowStep, step } from '../../src/core/workflow.ts';
import { rows } from '../rows/vhostVdpa.ts';

const row = (id: string, next: string, fail: string) => rowStep(id, next, fail, '3.6');

const vdpaOpen = createMachine({
  id: 'vdpaOpen',
  meta: { call: 'open', counts: true, kernel: 'vhost_vdpa_alloc_domain()' },
  initial: 'open',
  states: {
    open: step(['openContainer', 'private'], { OK: 'bus' }),
    bus: row('vdpa-no-bus', 'coherent', 'failed'),
    coherent: row('vdpa-not-coherent', 'name', 'failed'),
    name: step(['nameDomain', 'fresh', 'container'], { OK: 'allocate' }),
    allocate: step(
      ['call', 'allocateDomain', 'domain=fresh', 'group', 'device'],
      { OK: 'noGroup', 'errno.NULL': 'masked', 'errno.*': 'failed' },
      {
        kernel: 'iommu_paging_domain_alloc()',
        row: 'vdpa-domain-alloc',
        step: '3.6',
      },
    ),
    masked: step(['failAs', 'vdpa-domain-alloc'], { 'errno.*': 'failed' }),
    noGroup: row('core-attach-device-no-group', 'single', 'free'),
    single: row('core-attach-device-not-singleton', 'attach', 'free'),
    attach: step(
      ['call', 'attachGroup', 'group', 'domain=fresh'],
      { OK: 'list', 'errno.*': 'free' },
      {
        kernel: 'iommu_attach_device()',
        row: 'vdpa-attach',
        step: '3.6',
        undo: 'the domain is freed',
      },
    ),
    list: step(['listRecord', 'fresh', 'head'], { OK: 'done' }),
    free: step(['call', 'freeDomain', 'domain=fresh'], { OK: 'failed' }),
    done: end('OK'),
    failed: end('errno'),
  },
});

const { lock, unlock } = lockSteps('vhost_dev.mutex', 'container');

const vdpaClose = createMachine({
  id: 'vdpaClose',
  meta: { call: 'close', kernel: 'vhost_vdpa_free_domain()' },
  initial: 'wait',
  states: {
    wait: step(['waitForOthers', 'container'], { OK: 'lock' }),
    lock: lock('next'),
    next: step(['lastRecordGroup'], { OK: 'find', NONE: 'areas' }),
    find: step(['findRecord'], { OK: 'detach', NONE: 'areas' }),
    detach: step(['call', 'detachGroup', 'group'], { OK: 'remove' }, { kernel: 'iommu_detach_device()' }),
    remove: step(['removeFromRecord'], { OK: 'next', EMPTY: 'unlist', LAST: 'unlist', KEPT: 'unlist' }),
    unlist: step(['unlistRecord'], { OK: 'free' }),
    free: step(['call', 'freeDomain', 'domain'], { OK: 'next' }, { kernel: 'iommu_domain_free()' }),
    areas: step(['nextMapping'], { OK: 'forget', NONE: 'close' }),
    forget: step(['removeMapping'], { OK: 'areas' }),
    close: step(['closeContainer'], { OK: 'unlock' }),
    unlock: unlock('done'),
    done: end('OK'),
  },
});

const vdpaMap = createMachine({
  id: 'vdpaMap',
  meta: { call: 'VHOST_IOTLB_UPDATE', counts: true, kernel: 'vhost_vdpa_map()' },
  initial: 'open',
  states: {
    open: row('vdpa-not-open', 'lock', 'failed'),
    lock: lock('next'),
    next: step(['next', 'records', 'record'], { OK: 'map', NONE: 'add' }),
    map: step(['call', 'mapDomain', 'domain=record', 'iova', 'size'], { OK: 'next', 'errno.*': 'unlockFailed' }, { kernel: 'iommu_map()' }),
    add: step(['addMapping'], { OK: 'unlock' }),
    unlock: unlock('done'),
    unlockFailed: unlock('failed'),
    done: end('OK'),
    failed: end('errno'),
  },
});

const vdpaUnmap = createMachine({
  id: 'vdpaUnmap',
  meta: { call: 'VHOST_IOTLB_INVALIDATE', kernel: 'vhost_vdpa_unmap()' },
  initial: 'open',
  states: {
    open: row('vdpa-not-open', 'lock', 'failed'),
    lock: lock('next'),
    next: step(['next', 'records', 'record'], { OK: 'unmap', NONE: 'remove' }),
    unmap: step(['call', 'unmapDomain', 'domain=record', 'iova', 'size'], { OK: 'next' }, { kernel: 'iommu_unmap()' }),
    remove: step(['removeMapping'], { OK: 'unlock' }),
    unlock: unlock('done'),
    done: end('OK'),
    failed: end('errno'),
  },
});

export const caller: Caller = {
  name: 'vhost-vdpa',
  title: 'vhost-vdpa: a private domain for each device, no search',
  containerKind: 'private',
  scan: null,
  requests: { attach: 'vdpaOpen', detach: 'vdpaClose', map: 'vdpaMap', unmap: 'vdpaUnmap', close: 'vdpaClose' },
  rows,
  workflows: { vdpaOpen, vdpaMap, vdpaUnmap, vdpaClose },
};
