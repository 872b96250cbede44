// virtio-iommu (virtio-iommu.c): the host decides. A domain is bound to one instance at its first attach; every attach is a request.
import { all, any, differ, has, lacks } from '../core/conditions.ts';
import { alloc, both, call, check, each, effect, everywhere, print } from '../core/rowBuilders.ts';
import type { Driver, Row } from '../core/rows.ts';
import { finalise } from './virtioFinalise.ts';
import { mapPath, releasePath, unmapPath } from './virtioMappings.ts';
import { attachRequest, replayPath } from './virtioRequests.ts';

const domainRecord = alloc({
  id: 'virtio-iommu/domain-record',
  words: 'the domain record could not be allocated',
  class: 'transient-memory',
  errno: each('NULL', 'NULL', 'ENOMEM'),
  cite: everywhere('viommu_domain_alloc:649-651'),
  site: everywhere('viommu_domain_alloc:649'),
  what: 'domain record',
  gfp: everywhere('GFP_KERNEL'),
  plausible: everywhere('small-sleeping'),
});

const foreign = check({
  id: 'virtio-foreign-viommu',
  words: 'the domain is bound to a different virtio-iommu device',
  class: 'incompatible',
  errno: each('EXDEV', 'EMEDIUMTYPE', 'EINVAL'),
  cite: both('viommu_attach_dev:736-739', 'viommu_attach_dev:736-738'),
  prints: { 'v6.1': print('dev_err', 'cannot attach to foreign vIOMMU') },
  refuses: all(has('domain.iommu'), differ('domain.iommu', 'device.iommu')),
});

/** Not restored on failure: a second try counts the old domain down again, past zero, where it reads as "has endpoints". */
const countOff = effect({
  id: 'virtio-iommu/count-off',
  words: "the device's old domain has one endpoint less",
  cite: both('viommu_attach_dev:757-758', 'viommu_attach_dev:756-757'),
  when: has('device.domain.iommu'),
  changes: [{ add: 'device.domain.endpoints', by: -1 }],
  undo: 'none',
});

const countOn = effect({
  id: 'virtio-iommu/count-on',
  words: 'the domain has one endpoint more',
  cite: both('viommu_attach_dev:786-787', 'viommu_attach_dev:785-786'),
  changes: [{ add: 'domain.endpoints', by: 1 }],
  undo: 'reverse',
});

const attach: readonly Row[] = [
  call({
    id: 'virtio-iommu/finalise',
    words: 'the domain is used for the first time',
    class: 'other',
    errno: {},
    cite: everywhere('viommu_attach_dev:730-735'),
    when: lacks('domain.iommu'),
    path: 'finalise',
  }),
  foreign,
  countOff,
  ...attachRequest,
  call({
    id: 'virtio-iommu/replay',
    words: 'the first endpoint of a domain that has mappings',
    class: 'other',
    errno: {},
    cite: both('viommu_attach_dev:776-784', 'viommu_attach_dev:775-783'),
    when: all(lacks('domain.endpoints'), any(has('domain.mappings'), has('domain.identityMappings'))),
    path: 'replay',
    note: 'On failure the host has attached the endpoint already; the driver does not record it.',
  }),
  countOn,
];

const free: readonly Row[] = [
  effect({
    id: 'virtio-iommu/free-id',
    words: 'the domain id is given back',
    cite: everywhere('viommu_domain_free:714-715'),
    when: has('domain.iommu'),
    changes: [{ give: 'iommu.domainIdsFree' }],
    undo: 'none',
  }),
];

export const driver: Driver = {
  name: 'virtio-iommu',
  files: everywhere('drivers/iommu/virtio-iommu.c'),
  operations: everywhere(['viommu_attach_dev()']),
  attributes: {
    device: {
      endpointIds: { default: 1, words: 'endpoint ids: one request each', alternatives: [2] },
      identityRanges: { default: 2, words: 'gaps between its reserved regions (one MSI window leaves two)' },
    },
    iommu: {
      pgsize: { default: 4096, words: 'smallest page size that the device advertises', alternatives: [65536] },
      inputStart: { default: 0, words: 'first address of the input range' },
      inputEnd: { default: 2 ** 39 - 1, words: 'last address of the input range', alternatives: [2 ** 48 - 1] },
      domainIdsFree: { default: 2 ** 31, words: 'domain ids left in the advertised range', alternatives: [1] },
      domainIdNode: {
        default: false,
        words: 'the next id is not among the first 63 of its block of 1024, or starts a block',
        alternatives: [true],
      },
      bypassConfig: { default: true, words: 'the host can bypass a domain', alternatives: [false] },
      indirectDescriptors: { default: true, words: 'the request ring has indirect descriptors', alternatives: [false] },
    },
    domain: {
      iommu: { default: null, words: 'instance of the first attach' },
      endpoints: { default: 0, words: 'endpoints, as the driver counts them; below zero reads as some' },
      indirectDescriptors: { default: true, words: 'the request ring of the instance has indirect descriptors' },
      bypass: { default: false, words: 'the host bypasses translation' },
      identityMappings: { default: 0, words: 'mappings of an identity domain that the driver made itself' },
    },
    system: { pageSize: { default: 4096, words: 'page size of the kernel', alternatives: [65536] } },
  },
  blocking: everywhere('stand-in'),
  enforcesCoherency: false,
  msi: 'hardware',
  regions: both({ site: 'viommu_get_resv_regions:926', gfp: 'GFP_KERNEL' }, { site: 'viommu_get_resv_regions:952', gfp: 'GFP_KERNEL' }),
  paths: {
    allocate: everywhere([domainRecord]),
    attach: everywhere(attach),
    finalise: everywhere(finalise),
    replay: replayPath,
    map: mapPath,
    unmap: unmapPath,
    free: everywhere(free),
    release: releasePath,
  },
  sharing: 'One virtio-iommu device per domain.',
  note:
    'A host that reports no MSI window gets a software one instead (not modelled). Failed requests are only logged at debug level. ' +
    'The blocking stand-in is an unmanaged domain, so a claim and every return to blocking cost requests too.',
};
