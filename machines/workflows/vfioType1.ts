// VFIO type1 as Linux 6.1 and 6.12 have it: a fresh domain first, then any error means "try the next" (facts: core-and-consumers 2.3).
import { createMachine } from 'xstate';
import type { Caller } from '../../src/core/workflow.ts';
import { end, rowStep, step } from '../../src/core/workflow.ts';
import { rows as containerRows } from '../rows/vfioContainer.ts';
import { rows } from '../rows/vfioType1.ts';

export const type1Attach = createMachine({
  id: 'type1Attach',
  meta: { kernel: 'vfio_iommu_type1_attach_group()' },
  initial: 'lock',
  states: {
    lock: step(['lock', 'vfio_iommu.lock', 'container'], { OK: 'vaddr' }, { step: '2.3/1' }),
    vaddr: rowStep('type1-vaddr-invalid', 'listed', 'unlockFailed', '2.3/1'),
    listed: step(['isListed'], { OK: 'duplicate' }),
    duplicate: rowStep('type1-duplicate-group', 'groupRecord', 'unlockFailed', '2.3/2'),
    groupRecord: rowStep('type1-group-alloc', 'emulated', 'unlockFailed', '2.3/3'),
    emulated: step(['test', 'group.emulated'], { YES: 'unlock', NO: 'domainRecord' }, { step: '2.3/4' }),
    domainRecord: rowStep('type1-domain-record-alloc', 'name', 'unlockFailed', '2.3/5'),
    name: step(['nameDomain', 'fresh', 'container'], { OK: 'allocate' }),
    allocate: step(
      ['call', 'allocateDomain', 'domain=fresh', 'group'],
      { OK: 'nesting', 'errno.NULL': 'masked', 'errno.*': 'unlockFailed' },
      {
        kernel: 'vfio_iommu_domain_alloc()',
        step: '2.3/6',
        row: 'type1-fresh-domain-alloc',
      },
    ),
    // 6.1: the core gives a null pointer for every reason, type1 says EIO.
    masked: step(['failAs', 'type1-fresh-domain-alloc'], { 'errno.*': 'unlockFailed' }),
    nesting: step(['enableNesting', 'type1-nesting'], { OK: 'attachFresh', 'errno.*': 'free' }, { step: '2.3/7' }),
    attachFresh: step(
      ['call', 'attachGroup', 'group', 'domain=fresh'],
      { OK: 'aperture', 'errno.*': 'free' },
      {
        kernel: 'iommu_attach_group()',
        step: '2.3/8',
        row: 'type1-fresh-attach',
        undo: 'the fresh domain is freed',
      },
    ),
    aperture: step(['checkAperture'], { OK: 'apertureFits' }),
    apertureFits: rowStep('type1-aperture-conflict', 'regions', 'detach', '2.3/9'),
    regions: step(
      ['readRegions', 'type1-resv-driver-list-alloc', 'type1-resv-regions'],
      { OK: 'reserved', 'errno.*': 'detach' },
      {
        kernel: 'iommu_get_group_resv_regions()',
        step: '2.3/10',
      },
    ),
    reserved: step(['checkReserved'], { OK: 'reservedFits' }),
    reservedFits: rowStep('type1-resv-conflict', 'copy', 'detach', '2.3/11'),
    copy: step(
      ['copyValid', 'type1-iova-copy-alloc'],
      { OK: 'resize', 'errno.*': 'detach' },
      { kernel: 'vfio_iommu_iova_get_copy()', step: '2.3/12' },
    ),
    resize: step(
      ['resizeValid', 'type1-iova-resize'],
      { OK: 'exclude', 'errno.*': 'detach' },
      { kernel: 'vfio_iommu_aper_resize()', step: '2.3/13' },
    ),
    exclude: step(
      ['excludeValid', 'type1-iova-exclude'],
      { OK: 'left', 'errno.*': 'detach' },
      { kernel: 'vfio_iommu_resv_exclude()', step: '2.3/14' },
    ),
    left: rowStep('type1-iova-exclude/empty', 'isolation', 'detach', '2.3/14'),
    isolation: step(['checkIsolation'], { OK: 'isolated' }),
    isolated: rowStep('type1-no-interrupt-remapping', 'coherency', 'detach', '2.3/16'),
    coherency: step(['enforceCoherency', 'fresh'], { OK: 'scan' }, { kernel: 'enforce_cache_coherency()', step: '2.3/17' }),
    scan: step(['nextCandidate'], { OK: 'leaveFresh', NONE: 'probe' }, { step: '2.3/18' }),
    leaveFresh: step(['call', 'detachGroup', 'group'], { OK: 'tryExisting' }, { kernel: 'iommu_detach_group()', step: '2.3/18a' }),
    tryExisting: step(
      ['call', 'attachGroup', 'group', 'domain=candidate'],
      { OK: 'join', NEXT: 'reattach', 'errno.*': 'free' },
      {
        kernel: 'iommu_attach_group()',
        step: '2.3/18b',
        row: 'type1-existing-attach-failed',
        scan: true,
        drops: true,
        undo: 'the group goes back to the fresh domain',
      },
    ),
    reattach: step(
      ['call', 'attachGroup', 'group', 'domain=fresh'],
      { OK: 'scan', 'errno.*': 'free' },
      {
        kernel: 'iommu_attach_group()',
        step: '2.3/18c',
        row: 'type1-fresh-reattach-failed',
        undo: 'the group stays on blocking, the fresh domain is freed',
      },
    ),
    join: step(['addToRecord', 'candidate'], { OK: 'freeUnused' }, { step: '2.3/18b' }),
    freeUnused: step(['call', 'freeDomain', 'domain=fresh'], { OK: 'publish' }, { kernel: 'iommu_domain_free()', step: '2.3/18b' }),
    probe: step(
      ['attempt', 'type1-fgsp-probe'],
      { OK: 'probeAddress', FAILED: 'batch' },
      { kernel: 'vfio_test_domain_fgsp()', step: '2.3/19' },
    ),
    probeAddress: step(['probeAddress'], { OK: 'probeMap', NONE: 'batch' }, { step: '2.3/19' }),
    probeMap: step(['mapPath', 'map'], { OK: 'probeUnmap', 'errno.*': 'batch' }, { kernel: 'iommu_map()', step: '2.3/19', drops: true }),
    probeUnmap: step(['mapPath', 'unmap'], { OK: 'batch', 'errno.*': 'batch' }, { kernel: 'iommu_unmap()', step: '2.3/19', drops: true }),
    batch: step(
      ['attempt', 'type1-replay-batch-page'],
      { OK: 'replay', FAILED: 'replay' },
      { kernel: 'vfio_iommu_replay()', step: '2.3/20' },
    ),
    replay: step(['nextMapping'], { OK: 'pin', NONE: 'cookie' }, { step: '2.3/20' }),
    pin: rowStep('type1-replay/pin', 'replayMap', 'detach', '2.3/20'),
    replayMap: step(
      ['call', 'mapDomain', 'domain=fresh', 'iova', 'size'],
      { OK: 'replay', 'errno.*': 'detach' },
      {
        kernel: 'iommu_map()',
        step: '2.3/20',
        row: 'type1-replay',
        undo: 'replay unmaps what it mapped',
      },
    ),
    cookie: step(['needsCookie'], { YES: 'makeCookie', NO: 'list' }, { step: '2.3/21' }),
    makeCookie: step(
      ['row', 'type1-msi-cookie'],
      { OK: 'list', 'errno.*': 'detach' },
      { kernel: 'iommu_get_msi_cookie()', step: '2.3/21' },
    ),
    list: step(['listRecord', 'fresh', 'head'], { OK: 'publish' }, { step: '2.3/22' }),
    publish: step(['publishValid'], { OK: 'unlock' }, { step: '2.3/23' }),
    unlock: step(['unlock', 'vfio_iommu.lock', 'container'], { OK: 'done' }),
    detach: step(['call', 'detachGroup', 'group'], { OK: 'free' }, { kernel: 'iommu_detach_group()' }),
    free: step(['call', 'freeDomain', 'domain=fresh'], { OK: 'unlockFailed' }, { kernel: 'iommu_domain_free()' }),
    unlockFailed: step(['unlock', 'vfio_iommu.lock', 'container'], { OK: 'failed' }),
    done: end('OK'),
    failed: end('errno'),
  },
});

export const caller: Caller = {
  name: 'vfio-type1',
  title: 'VFIO type1: a fresh domain first, any errno of an existing one means try the next',
  containerKind: 'vfio',
  hypothetical: { 'seed-v6': 'patch 1/5 without the rest of the series never was in a tree' },
  scan: 'any',
  requests: {
    attach: 'vfioAttach',
    detach: 'unsetContainer',
    map: 'mapDma',
    unmap: 'unmapDma',
    close: 'vfioClose',
    'set-container': 'setContainerOnly',
    'set-iommu': 'setIommu',
    'unset-container': 'unsetContainer',
  },
  rows: [...containerRows, ...rows],
  workflows: { type1Attach },
};
