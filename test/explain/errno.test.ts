// Errnos that programs got from recorded kernels, asked about with that machine's snapshot and pieces of its log: the true cause is never
// ruled out, is shown where the machine tells it, and nothing else is left where it decides.
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { kernelNamed, profileFor, readInputs } from '../../src/cli/errnoInputs.ts';
import type { CauseStatus } from '../../src/core/explanation.ts';
import { explain } from '../../src/explain/explain.ts';

interface Ticket {
  readonly recording: string;
  readonly errno: string;
  readonly call: string;
  readonly group?: string;
  /** What was really wrong, by the recording. */
  readonly cause: string;
  readonly status: CauseStatus;
  /** Causes that are neither ruled out nor allocations. */
  readonly left: readonly string[];
}

const noir = '6.1-x86_64-intel_noir-basic';
const rmrr = '6.1-x86_64-intel_rmrr-basic';
const virtio = '6.12-x86_64-virtio-basic';
const intel = '6.12-x86_64-intel-basic';
const arm = '6.12-arm64-smmuv3x3-basic';

const container = 'VFIO_GROUP_SET_CONTAINER';
const misuse = ['compat-set-iommu-type', 'type1-open-type', 'vfio-set-iommu-no-backend', 'vfio-set-iommu-state'];

const tickets: readonly Ticket[] = [
  // Phase safe_interrupts_only.
  {
    recording: noir,
    errno: 'EPERM',
    call: 'VFIO_SET_IOMMU',
    cause: 'type1-no-interrupt-remapping',
    status: 'shown',
    left: ['type1-no-interrupt-remapping'],
  },
  {
    recording: virtio,
    errno: 'EPERM',
    call: 'VFIO_SET_IOMMU',
    cause: 'type1-no-interrupt-remapping',
    status: 'shown',
    left: ['type1-no-interrupt-remapping'],
  },
  // The device with a firmware region; the claim attaches an unmanaged stand-in.
  {
    recording: rmrr,
    errno: 'EPERM',
    call: container,
    group: '6',
    cause: 'intel-rmrr-unmanaged',
    status: 'shown',
    left: ['core-claim-group-owned', 'intel-rmrr-unmanaged'],
  },
  {
    recording: rmrr,
    errno: 'EPERM',
    call: container,
    group: '11',
    cause: 'core-claim-group-owned',
    status: 'possible',
    left: ['core-claim-group-owned'],
  },
  // Phase partner_in_use: another device of the group has its own driver (the snapshot was taken before).
  {
    recording: intel,
    errno: 'EPERM',
    call: container,
    group: '11',
    cause: 'core-claim-group-owned',
    status: 'possible',
    left: ['core-claim-group-owned'],
  },
  // Phase errors.
  {
    recording: intel,
    errno: 'EINVAL',
    call: 'VFIO_SET_IOMMU',
    cause: 'vfio-set-iommu-state',
    status: 'possible',
    left: ['type1-iova-exclude/empty', 'type1-nesting', ...misuse],
  },
  {
    recording: intel,
    errno: 'EBUSY',
    call: 'open_group',
    group: '5',
    cause: 'group-file-open',
    status: 'possible',
    left: ['group-file-open'],
  },
  { recording: intel, errno: 'ENOENT', call: 'open_group', cause: 'node-missing', status: 'possible', left: ['node-missing'] },
  {
    recording: intel,
    errno: 'EBUSY',
    call: 'VFIO_GROUP_UNSET_CONTAINER',
    group: '5',
    cause: 'device-open',
    status: 'possible',
    left: ['device-open'],
  },
  {
    recording: intel,
    errno: 'EINVAL',
    call: 'VFIO_GROUP_UNSET_CONTAINER',
    cause: 'vfio-unset-no-container',
    status: 'possible',
    left: ['vfio-unset-no-container'],
  },
  {
    recording: intel,
    errno: 'EBADF',
    call: container,
    cause: 'vfio-set-container-bad-fd',
    status: 'possible',
    left: ['vfio-set-container-bad-fd'],
  },
  {
    recording: intel,
    errno: 'EBADFD',
    call: container,
    cause: 'vfio-set-container-not-a-container',
    status: 'possible',
    left: ['vfio-set-container-not-a-container'],
  },
  {
    recording: intel,
    errno: 'EEXIST',
    call: 'VFIO_IOMMU_MAP_DMA',
    cause: 'type1-map-exists',
    status: 'possible',
    left: ['ioas-map-exists', 'type1-map-exists'],
  },
  {
    recording: intel,
    errno: 'EFAULT',
    call: 'VFIO_IOMMU_MAP_DMA',
    cause: 'page-not-pinned',
    status: 'possible',
    left: ['intel/map-beyond-width', 'page-not-pinned'],
  },
  {
    recording: intel,
    errno: 'ENOMEM',
    call: 'VFIO_IOMMU_MAP_DMA',
    cause: 'memlock',
    status: 'possible',
    left: ['memlock', 'page-table-cgroup'],
  },
  { recording: arm, errno: 'EPERM', call: 'VFIO_SET_IOMMU', cause: 'nesting-too-late', status: 'possible', left: ['nesting-too-late'] },
  // Three SMMUs: what the recorded kernel answered 33 times to a try of another SMMU's domain.
  {
    recording: arm,
    errno: 'EINVAL',
    call: 'VFIO_SET_IOMMU',
    cause: 'vfio-set-iommu-state',
    status: 'possible',
    left: ['arm-smmu-v3-bad-stage', 'arm-smmu-v3-foreign-smmu', 'type1-iova-exclude/empty', 'type1-nesting', ...misuse],
  },
];

const path = (folder: string, recording: string): string => new URL(`../recordings/${folder}/${recording}.txt`, import.meta.url).pathname;

const explained = ({ recording, errno, call, group }: Ticket) => {
  const dmesg = path('logs', recording);
  const inputs = readInputs({
    topology: path('topologies', recording),
    ...(existsSync(dmesg) ? { dmesg } : {}),
    ...(group === undefined ? {} : { group }),
  });
  return explain({ errno, call }, kernelNamed(profileFor(inputs.topology?.kernel)), inputs);
};

describe.each(tickets)('$recording: $errno from $call of group $group', (ticket) => {
  const { causes } = explained(ticket);
  const found = causes.find(({ id }) => id === ticket.cause);

  test(`is ${ticket.cause}, ${ticket.status}`, () => expect(found?.status).toBe(ticket.status));
  test('leaves these', () =>
    expect(
      causes
        .filter(({ status, kind }) => status !== 'ruled-out' && kind !== 'alloc')
        .map(({ id }) => id)
        .sort(),
    ).toEqual([...ticket.left].sort()));
  test('says of each cause that is ruled out which line does it', () =>
    expect(
      causes
        .filter(
          ({ status, speaksAgainst }) =>
            status === 'ruled-out' && !speaksAgainst.some(({ where, text }) => where !== null && text !== null),
        )
        .map(({ id }) => id),
    ).toEqual([]));
});

test('a line of the snapshot or the log stands beside what it proves, with its place', () => {
  const [cause] = explained(tickets[0]!).causes;
  expect(cause!.speaksFor.map(({ where, text }) => [where?.split('/').at(-1), text])).toEqual([
    [expect.stringMatching(/^6\.1-x86_64-intel_noir-basic\.txt:\d+$/), expect.stringContaining('No interrupt remapping support.')],
    [
      expect.stringMatching(/^6\.1-x86_64-intel_noir-basic\.txt:\d+$/),
      '/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts\tN',
    ],
  ]);
});

test('without a machine nothing is ruled out but what no run can reach, and every driver counts', () => {
  const nothing = { topology: null, snapshot: null, log: null, group: null };
  const { causes, leftOut } = explain({ errno: 'EINVAL', call: container }, kernelNamed('6.12.y'), nothing);
  expect(leftOut).toBe(0);
  expect(new Set(causes.filter(({ kind }) => kind !== 'beside').map(({ owner }) => owner)).size).toBeGreaterThan(10);
  expect(causes.filter(({ status }) => status === 'shown')).toEqual([]);
});
