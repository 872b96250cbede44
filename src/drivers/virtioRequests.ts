// Requests to the virtio-iommu host: what one costs (a buffer, maybe an indirect descriptor table, a place in the ring) and how the host
// answers an attach. Of several requests the kernel takes buffer and table in turn, the model all buffers first.
import { all, type Computed, type Condition, computed, equal, has, type Operand, type Path } from '../core/conditions.ts';
import { alloc, both, call, check, everywhere } from '../core/rowBuilders.ts';
import type { AllocRow, CallRow, Errno, PerColumn, Row } from '../core/rows.ts';

export const hostErrnos: readonly Errno[] = ['EINVAL', 'ENOSYS', 'ERANGE', 'ENOENT', 'EFAULT', 'ENOMEM', 'EIO'];
const queueErrnos: readonly Errno[] = ['ENOSPC', 'ENOMEM', 'EIO'];

/** Which requests: how many, and under which condition. */
export interface Sent {
  readonly times?: Operand | Computed;
  readonly when?: Condition;
}

export const buffer = (sent: Sent, row: Pick<AllocRow, 'id' | 'words' | 'what' | 'cite'> & Partial<AllocRow>): AllocRow =>
  alloc({
    class: 'transient-memory',
    errno: everywhere('ENOMEM'),
    site: everywhere('__viommu_add_req:233'),
    gfp: everywhere('GFP_ATOMIC'),
    plausible: everywhere('atomic'),
    ...sent,
    ...row,
  });

export const indirectTable = (id: string, { times, when }: Sent, ring: Path = 'iommu.indirectDescriptors'): AllocRow =>
  alloc({
    id,
    words: 'no indirect descriptor table: direct descriptors are used',
    class: 'transient-memory',
    errno: everywhere('0'),
    cite: both('virtio_ring.c: alloc_indirect_split:468-489', 'virtio_ring.c: alloc_indirect_split:492-513'),
    when: when ? all(when, has(ring)) : has(ring),
    site: both('alloc_indirect_split:482', 'alloc_indirect_split:506'),
    what: 'indirect descriptor table (atomic; after each request)',
    gfp: everywhere('GFP_ATOMIC'),
    plausible: everywhere('atomic'),
    failure: 'ignored',
    ...(times === undefined ? {} : { times }),
  });

export const queue = (row: Pick<CallRow, 'id' | 'words'> & Partial<CallRow>): CallRow =>
  call({
    class: 'transient-space',
    errno: everywhere(queueErrnos),
    cite: everywhere('__viommu_add_req:247-254'),
    api: 'virtqueue-add-sgs',
    ...row,
  });

export const attached: Sent = { times: 'device.endpointIds' };

export const attachRequest: readonly Row[] = [
  check({
    id: 'virtio-request-malformed',
    words: 'the request has no part that the device can write',
    class: 'other',
    errno: everywhere('EINVAL'),
    cite: everywhere('__viommu_add_req:229-231'),
    refuses: equal(0, 1),
    unreachable: 'an attach request always ends with a status that the device writes',
  }),
  buffer(attached, {
    id: 'virtio-request-alloc',
    words: 'the attach request buffer could not be allocated',
    what: 'attach request (atomic; one per endpoint id of the device)',
    cite: both('__viommu_add_req:233-235; viommu_attach_dev:771-773', '__viommu_add_req:233-235; viommu_attach_dev:770-772'),
    note: 'The old domain has lost its endpoint by then.',
  }),
  indirectTable('virtio-iommu/attach-indirect', attached),
  queue({
    id: 'virtio-queue-add',
    words: 'the request could not be put into the ring, even after one sync and a second try',
    note:
      'A full ring is drained once under the same lock. ENOMEM and EIO are a failed DMA mapping or a broken device. ' +
      'The old domain has lost its endpoint by then.',
  }),
  call({
    id: 'virtio-attach-request-status',
    words: 'the host refused the attach request',
    class: 'other',
    errno: everywhere(hostErrnos),
    cite: both('viommu_get_req_errno:107-126; viommu_attach_dev:768-774', 'viommu_get_req_errno:107-126; viommu_attach_dev:767-773'),
    note:
      'The status byte becomes an errno: "invalid" leaks as EINVAL. Endpoint ids before the failing one stay attached; ' +
      'the old domain has lost its endpoint by then.',
  }),
];

const replayed: Sent = {
  times: computed(
    'mappings of the domain',
    ['domain.mappings', 'domain.identityMappings'],
    (read) => Number(read('domain.mappings')) + Number(read('domain.identityMappings')),
  ),
};
const replayCite = both(
  'viommu_attach_dev:776-784; viommu_replay_mappings:454-456',
  'viommu_attach_dev:775-783; viommu_replay_mappings:454-456',
);

/** Each mapping is sent again: the host forgot them with the domain's last endpoint. */
export const replayPath: PerColumn<readonly Row[]> = everywhere([
  buffer(replayed, {
    id: 'virtio-replay-mappings/request',
    entry: 'virtio-replay-mappings',
    words: 'a map request of the replay could not be allocated',
    what: 'map request and indirect table (one pair per mapping)',
    cite: replayCite,
    site: both(
      'viommu_replay_mappings:454 (__viommu_add_req 233, alloc_indirect_split 482)',
      'viommu_replay_mappings:454 (__viommu_add_req 233, alloc_indirect_split 506)',
    ),
  }),
  indirectTable('virtio-iommu/replay-indirect', replayed),
  call({
    id: 'virtio-replay-mappings',
    words: 'a mapping of the domain could not be sent again: ring or host refused it',
    class: 'other',
    errno: everywhere([...hostErrnos.slice(0, -1), 'ENOSPC', 'EIO']),
    cite: replayCite,
    note: 'The host has attached the endpoint already; the driver does not record it.',
  }),
]);
