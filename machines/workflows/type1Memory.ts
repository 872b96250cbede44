// Type1's detach, map and unmap, the same under every type1 caller (facts: core-and-consumers 2.4; teardown 1.1, 1.5, 1.6).
import { createMachine } from 'xstate';
import type { WorkflowSet } from '../../src/core/workflow.ts';
import { end, lockSteps, step } from '../../src/core/workflow.ts';

const { lock, unlock } = lockSteps('vfio_iommu.lock', 'container');

const type1Detach = createMachine({
  id: 'type1Detach',
  meta: { kernel: 'vfio_iommu_type1_detach_group()' },
  initial: 'lock',
  states: {
    lock: lock('copy'),
    copy: step(['copyForDetach', 'type1-detach-copy'], { OK: 'find' }, { kernel: 'vfio_iommu_iova_get_copy()', step: '2.4' }),
    find: step(['findRecord'], { OK: 'detach', NONE: 'unlock' }),
    detach: step(['call', 'detachGroup', 'group'], { OK: 'remove' }, { kernel: 'iommu_detach_group()', step: '2.4' }),
    remove: step(['removeFromRecord'], { OK: 'regions', EMPTY: 'free', LAST: 'unmap', KEPT: 'reaccount' }),
    reaccount: step(['nextDomainMapping'], { OK: 'keep', NONE: 'free' }, { kernel: 'vfio_iommu_unmap_unpin_reaccount()' }),
    keep: step(['attempt', 'type1-detach-unmap'], { OK: 'unmapKept', FAILED: 'unmapKept' }, { kernel: 'vfio_unmap_unpin()' }),
    unmapKept: step(['call', 'unmapDomain', 'domain', 'iova', 'size'], { OK: 'reaccount' }),
    // Only with the container's last domain; others are freed with their mappings inside.
    unmap: step(['nextMapping'], { OK: 'entry', NONE: 'free' }, { kernel: 'vfio_iommu_unmap_unpin_all()' }),
    entry: step(['attempt', 'type1-detach-unmap'], { OK: 'unmapOne', FAILED: 'unmapOne' }, { kernel: 'vfio_unmap_unpin()' }),
    unmapOne: step(['call', 'unmapDomain', 'domain', 'iova', 'size'], { OK: 'forget' }),
    forget: step(['removeMapping'], { OK: 'unmap' }),
    free: step(['call', 'freeDomain', 'domain'], { OK: 'unlist' }, { kernel: 'iommu_domain_free()' }),
    unlist: step(['unlistRecord'], { OK: 'regions' }),
    regions: step(
      ['readRemaining', 'type1-resv-driver-list-alloc', 'type1-detach-regions'],
      { OK: 'refresh', NONE: 'unlock' },
      { kernel: 'iommu_get_group_resv_regions()', step: '2.4' },
    ),
    refresh: step(
      ['refreshValid', 'type1-detach-refresh', 'type1-detach-exclude'],
      { OK: 'unlock' },
      { kernel: 'vfio_iommu_resv_refresh()', step: '2.4' },
    ),
    unlock: unlock('done'),
    done: end('OK'),
  },
});

/** One mapping into one domain. */
const mapDomain = createMachine({
  id: 'mapDomain',
  meta: { kernel: 'iommu_map()' },
  initial: 'map',
  states: {
    map: step(['mapPath', 'map'], { OK: 'record', 'errno.*': 'failed' }),
    record: step(['recordMapped'], { OK: 'done' }),
    done: end('OK'),
    failed: end('errno'),
  },
});

const unmapDomain = createMachine({
  id: 'unmapDomain',
  meta: { kernel: 'iommu_unmap()' },
  initial: 'unmap',
  states: {
    unmap: step(['mapPath', 'unmap'], { OK: 'record', 'errno.*': 'record' }, { drops: true }),
    record: step(['recordUnmapped'], { OK: 'done' }),
    done: end('OK'),
  },
});

/** A mapping goes to every domain of the container; a failure takes it out of all of them. */
const mapDma = createMachine({
  id: 'mapDma',
  meta: { call: 'VFIO_IOMMU_MAP_DMA', counts: true, kernel: 'vfio_dma_do_map()' },
  initial: 'backend',
  states: {
    backend: step(['row', 'type1-map-no-backend'], { OK: 'lock', 'errno.*': 'failed' }),
    lock: lock('place'),
    place: step(['checkMapping'], { OK: 'aligned' }),
    aligned: step(['row', 'type1-map-unaligned'], { OK: 'exists', 'errno.*': 'unlockFailed' }),
    exists: step(['row', 'type1-map-exists'], { OK: 'valid', 'errno.*': 'unlockFailed' }),
    valid: step(['row', 'type1-map-outside'], { OK: 'pin', 'errno.*': 'unlockFailed' }, { kernel: 'vfio_iommu_iova_dma_valid()' }),
    pin: step(['pinPages'], { OK: 'next', 'errno.*': 'unlockFailed' }, { kernel: 'vfio_pin_pages_remote()' }),
    next: step(['next', 'records', 'record'], { OK: 'map', NONE: 'add' }),
    map: step(
      ['call', 'mapDomain', 'domain=record', 'iova', 'size'],
      { OK: 'next', 'errno.*': 'back' },
      {
        kernel: 'vfio_iommu_map()',
        undo: 'the range is unmapped from every domain that has it',
      },
    ),
    back: step(['previous', 'records', 'record'], { OK: 'unmap', NONE: 'unlockFailed' }),
    unmap: step(['call', 'unmapDomain', 'domain=record', 'iova', 'size'], { OK: 'back' }, { kernel: 'iommu_unmap()' }),
    add: step(['addMapping'], { OK: 'unlock' }),
    unlock: unlock('done'),
    unlockFailed: unlock('failed'),
    done: end('OK'),
    failed: end('errno'),
  },
});

const unmapDma = createMachine({
  id: 'unmapDma',
  meta: { call: 'VFIO_IOMMU_UNMAP_DMA', kernel: 'vfio_dma_do_unmap()' },
  initial: 'backend',
  states: {
    backend: step(['row', 'type1-map-no-backend'], { OK: 'lock', 'errno.*': 'failed' }),
    lock: lock('next'),
    next: step(['next', 'records', 'record'], { OK: 'unmap', NONE: 'remove' }),
    unmap: step(['call', 'unmapDomain', 'domain=record', 'iova', 'size'], { OK: 'next' }, { kernel: 'vfio_unmap_unpin()' }),
    remove: step(['removeMapping'], { OK: 'unlock' }),
    unlock: unlock('done'),
    done: end('OK'),
    failed: end('errno'),
  },
});

export const workflows: WorkflowSet = {
  columns: ['v6.1', 'seed-v6', 'v6.12'],
  machines: { type1Detach, mapDomain, unmapDomain, mapDma, unmapDma },
};
