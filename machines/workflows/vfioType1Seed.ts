// VFIO type1 after the unmerged seed series v6: existing domains first, EMEDIUMTYPE means try the next (facts: core-and-consumers 2.5).
import { createMachine } from 'xstate';
import type { Caller } from '../../src/core/workflow.ts';
import { end, rowStep, step } from '../../src/core/workflow.ts';
import { caller as vfioType1 } from './vfioType1.ts';

const type1Attach = createMachine({
  id: 'type1Attach',
  meta: { kernel: 'vfio_iommu_type1_attach_group()' },
  initial: 'lock',
  states: {
    lock: step(['lock', 'vfio_iommu.lock', 'container'], { OK: 'vaddr' }, { step: '2.5/1' }),
    vaddr: rowStep('type1-vaddr-invalid', 'listed', 'unlockFailed', '2.5/1'),
    listed: step(['isListed'], { OK: 'duplicate' }),
    duplicate: rowStep('type1-duplicate-group', 'groupRecord', 'unlockFailed', '2.5/1'),
    groupRecord: rowStep('type1-group-alloc', 'emulated', 'unlockFailed', '2.5/1'),
    emulated: step(['test', 'group.emulated'], { YES: 'unlock', NO: 'regions' }, { step: '2.5/1' }),
    regions: step(
      ['readRegions', 'type1-resv-driver-list-alloc', 'type1-resv-regions'],
      { OK: 'scan', 'errno.*': 'unlockFailed' },
      {
        kernel: 'iommu_get_group_resv_regions()',
        step: '2.5/2',
      },
    ),
    scan: step(['nextRecord'], { OK: 'tryExisting', NONE: 'name' }, { step: '2.5/3' }),
    tryExisting: step(
      ['call', 'attachGroup', 'group', 'domain=candidate'],
      { OK: 'join', NEXT: 'scan', 'errno.*': 'unlockFailed' },
      {
        kernel: 'iommu_attach_group()',
        step: '2.5/3',
        row: 'type1-existing-attach-failed',
        scan: true,
      },
    ),
    join: step(['set', 'fresh', '=candidate'], { OK: 'joinRecord' }),
    joinRecord: step(['addToRecord', 'candidate'], { OK: 'aperture' }, { step: '2.5/5' }),
    name: step(['nameDomain', 'fresh', 'container'], { OK: 'allocate' }),
    allocate: step(
      ['call', 'allocateDomain', 'domain=fresh', 'group'],
      { OK: 'nesting', 'errno.NULL': 'masked', 'errno.*': 'unlockFailed' },
      {
        kernel: 'vfio_iommu_domain_alloc()',
        step: '2.5/4',
        row: 'type1-fresh-domain-alloc',
      },
    ),
    masked: step(['failAs', 'type1-fresh-domain-alloc'], { 'errno.*': 'unlockFailed' }),
    nesting: step(['enableNesting', 'type1-nesting'], { OK: 'attachFresh', 'errno.*': 'free' }, { step: '2.5/4' }),
    attachFresh: step(
      ['call', 'attachGroup', 'group', 'domain=fresh'],
      { OK: 'domainRecord', 'errno.*': 'free' },
      {
        kernel: 'iommu_attach_group()',
        step: '2.5/4',
        row: 'type1-fresh-attach',
      },
    ),
    domainRecord: rowStep('type1-domain-record-alloc', 'probe', 'detach', '2.5/4'),
    probe: step(
      ['attempt', 'type1-fgsp-probe'],
      { OK: 'probeAddress', FAILED: 'coherency' },
      { kernel: 'vfio_test_domain_fgsp()', step: '2.5/4' },
    ),
    probeAddress: step(['probeAddress'], { OK: 'probeMap', NONE: 'coherency' }, { step: '2.5/4' }),
    probeMap: step(['mapPath', 'map'], { OK: 'probeUnmap', 'errno.*': 'coherency' }, { kernel: 'iommu_map()', drops: true }),
    probeUnmap: step(['mapPath', 'unmap'], { OK: 'coherency', 'errno.*': 'coherency' }, { kernel: 'iommu_unmap()', drops: true }),
    coherency: step(['enforceCoherency', 'fresh'], { OK: 'batch' }, { kernel: 'enforce_cache_coherency()', step: '2.5/4' }),
    batch: step(
      ['attempt', 'type1-replay-batch-page'],
      { OK: 'replay', FAILED: 'replay' },
      { kernel: 'vfio_iommu_replay()', step: '2.5/4' },
    ),
    replay: step(['nextMapping'], { OK: 'pin', NONE: 'cookie' }),
    pin: rowStep('type1-replay/pin', 'replayMap', 'detach', '2.5/4'),
    replayMap: step(
      ['call', 'mapDomain', 'domain=fresh', 'iova', 'size'],
      { OK: 'replay', 'errno.*': 'detach' },
      {
        kernel: 'iommu_map()',
        step: '2.5/4',
        row: 'type1-replay',
      },
    ),
    cookie: step(['needsCookie'], { YES: 'makeCookie', NO: 'list' }),
    makeCookie: rowStep('type1-msi-cookie', 'list', 'detach', '2.5/4'),
    list: step(['listRecord', 'fresh', 'head'], { OK: 'aperture' }, { step: '2.5/4' }),
    // Only now, with the group attached and listed: failures undo through the shared detach helper (2.5/6).
    aperture: step(['checkAperture'], { OK: 'apertureFits' }),
    apertureFits: rowStep('type1-aperture-conflict', 'reserved', 'undo', '2.5/6'),
    reserved: step(['checkReserved'], { OK: 'reservedFits' }),
    reservedFits: rowStep('type1-resv-conflict', 'copy', 'undo', '2.5/6'),
    copy: step(['copyValid', 'type1-iova-copy-alloc'], { OK: 'resize', 'errno.*': 'undo' }, { step: '2.5/6' }),
    resize: step(['resizeValid', 'type1-iova-resize'], { OK: 'exclude', 'errno.*': 'undo' }, { step: '2.5/6' }),
    exclude: step(['excludeValid', 'type1-iova-exclude'], { OK: 'left', 'errno.*': 'undo' }, { step: '2.5/6' }),
    left: rowStep('type1-iova-exclude/empty', 'isolation', 'undo', '2.5/6'),
    isolation: step(['checkIsolation'], { OK: 'isolated' }),
    isolated: rowStep('type1-no-interrupt-remapping', 'publish', 'undo', '2.5/6'),
    publish: step(['publishValid'], { OK: 'unlock' }),
    unlock: step(['unlock', 'vfio_iommu.lock', 'container'], { OK: 'done' }),
    undo: step(['findRecord'], { OK: 'undoDetach', NONE: 'unlockFailed' }),
    undoDetach: step(['call', 'detachGroup', 'group'], { OK: 'undoRemove' }),
    undoRemove: step(['removeFromRecord'], { OK: 'unlockFailed', EMPTY: 'undoUnlist', LAST: 'undoUnlist', KEPT: 'undoUnlist' }),
    undoUnlist: step(['unlistRecord'], { OK: 'free' }),
    detach: step(['call', 'detachGroup', 'group'], { OK: 'free' }),
    free: step(['call', 'freeDomain', 'domain=fresh'], { OK: 'unlockFailed' }, { kernel: 'iommu_domain_free()' }),
    unlockFailed: step(['unlock', 'vfio_iommu.lock', 'container'], { OK: 'failed' }),
    done: end('OK'),
    failed: end('errno'),
  },
});

const never = 'the series was never merged; its drivers are those of 6.1 with patch 1/5';

export const caller: Caller = {
  ...vfioType1,
  name: 'vfio-type1-seed',
  title: 'VFIO type1 after the seed series v6: existing domains first, EMEDIUMTYPE means try the next',
  hypothetical: { 'v6.1': never, 'v6.12': never },
  scan: ['EMEDIUMTYPE'],
  workflows: { type1Attach },
};
