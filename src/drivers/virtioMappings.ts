// What a virtio-iommu domain does with mappings, and how a released device lets go: a record of the driver's own, and requests to the host.
import { has } from '../core/conditions.ts';
import { both, call, effect, everywhere, in61 } from '../core/rowBuilders.ts';
import type { PerColumn, Row } from '../core/rows.ts';
import { attached, buffer, hostErrnos, indirectTable, queue, type Sent } from './virtioRequests.ts';

/** Without an endpoint the host knows nothing of the domain: the driver only keeps its own list. */
const known = { when: has('domain.endpoints') };
/** A mapping is made for a domain, whatever device it serves: what its instance can do is kept on the domain. */
const ring = 'domain.indirectDescriptors';

const mapRequest: readonly Row[] = [
  buffer(
    {},
    {
      id: 'virtio-iommu/map-record',
      words: 'the mapping record could not be allocated',
      what: 'mapping record (atomic)',
      cite: both('viommu_add_mapping:319-321; viommu_map_pages:833-835', 'viommu_add_mapping:319-321; viommu_map_pages:832-834'),
      site: everywhere('viommu_add_mapping:319'),
      note: 'One per piece of contiguous memory; the model takes a mapping as one piece.',
    },
  ),
  buffer(known, {
    id: 'virtio-iommu/map-request',
    words: 'the map request could not be allocated',
    what: 'map request (atomic)',
    cite: both('__viommu_add_req:233-235; viommu_map_pages:847-851', '__viommu_add_req:233-235; viommu_map_pages:846-850'),
  }),
  indirectTable('virtio-iommu/map-indirect', known, ring),
  queue({ id: 'virtio-iommu/map-queue', words: 'the map request could not be put into the ring', ...known }),
];

const mapStatus: Row = call({
  id: 'virtio-iommu/map-status',
  words: 'the host refused the map request',
  class: 'other',
  errno: in61(hostErrnos),
  cite: in61('viommu_map_pages:847-851; viommu_get_req_errno:107-126'),
  ...known,
  note: '6.12 sends without asking for the answer (viommu_map_pages:846): a refusal is lost.',
});

export const mapPath: PerColumn<readonly Row[]> = both([...mapRequest, mapStatus], mapRequest);

/** The record is gone first: when the request cannot be sent, the host keeps a translation that the kernel has forgotten. */
export const unmapPath: PerColumn<readonly Row[]> = everywhere([
  buffer(known, {
    id: 'virtio-iommu/unmap-request',
    words: 'the unmap request could not be allocated; nothing counts as unmapped',
    errno: everywhere('0'),
    what: 'unmap request (atomic)',
    cite: both('viommu_unmap_pages:869-885', 'viommu_unmap_pages:868-884'),
    failure: 'ignored',
  }),
  indirectTable('virtio-iommu/unmap-indirect', known, ring),
  queue({
    id: 'virtio-iommu/unmap-queue',
    words: 'the unmap request could not be put into the ring; nothing counts as unmapped',
    errno: everywhere('0'),
    ...known,
    failure: 'ignored',
  }),
]);

const onDomain: Sent = { ...attached, when: has('device.domain.iommu') };

export const releasePath: PerColumn<readonly Row[]> = everywhere([
  buffer(onDomain, {
    id: 'virtio-iommu/detach-request',
    words: 'the detach request could not be allocated: a WARN, and the host keeps the endpoint',
    errno: everywhere('0'),
    what: 'detach request (atomic; one per endpoint id)',
    cite: both('viommu_detach_dev:807-810', 'viommu_detach_dev:806-809'),
    failure: 'ignored',
  }),
  indirectTable('virtio-iommu/detach-indirect', onDomain),
  effect({
    id: 'virtio-iommu/released',
    words: 'the domain of the released device has one endpoint less',
    cite: both('viommu_detach_dev:811-812', 'viommu_detach_dev:810-811'),
    when: has('device.domain.iommu'),
    changes: [{ add: 'device.domain.endpoints', by: -1 }],
    undo: 'none',
  }),
]);
