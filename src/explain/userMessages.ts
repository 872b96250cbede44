// Messages of user space about VFIO and iommufd, each with the call that it stands for (facts: userspace-callers 2.6, 3.4, 4.4, 5.6, 7).
// Of those that fit the longest counts; capitals are not told apart, as they changed between versions.
import type { Errno } from '../core/rows.ts';

export interface UserMessage {
  readonly program: string;
  /** Words of the message; `<x>` stands for a value. */
  readonly text: string;
  /** Null: no call failed, the program refuses by itself. */
  readonly call: string | null;
  readonly note?: string;
  /** Where the message never has one: what the call gives, or would give. */
  readonly errno?: Errno;
}

const claimOnly = 'no container took the group, and this last one is empty: the kernel only claims the group here';
const firstAttach = 'the container is new: a fresh domain is allocated and attached';

/** No call has failed yet: VFIO_GROUP_GET_STATUS lacks the flag, which it sets where the claim below would succeed. */
const notViable = {
  call: 'VFIO_GROUP_SET_CONTAINER',
  errno: 'EPERM',
  note: 'VFIO_GROUP_GET_STATUS says that the group cannot be claimed; this call would fail like this',
} as const;
const ofMappings = '-28 is the number of mappings, not of domain ids';
const tooMany = 'a limit of the program itself, no call failed; its build options say how many there may be';

const qemu: readonly UserMessage[] = [
  { program: 'QEMU', text: 'group <group> is not viable', ...notViable },
  {
    program: 'QEMU',
    text: 'group <group> used in multiple address spaces',
    call: null,
    note: 'devices of one group are behind different virtual IOMMU address spaces, no call failed; a group has one page table',
  },
  { program: 'QEMU', text: 'Failed to set group container', call: 'VFIO_GROUP_SET_CONTAINER', note: claimOnly },
  { program: 'QEMU', text: 'Failed to set iommu for container', call: 'VFIO_SET_IOMMU', note: firstAttach },
  { program: 'QEMU', text: 'failed to open /dev/vfio/vfio', call: 'open_container' },
  { program: 'QEMU', text: 'failed to open /dev/vfio/devices/<node>', call: 'open_device' },
  { program: 'QEMU', text: 'failed to open /dev/iommu', call: 'open_iommufd' },
  { program: 'QEMU', text: 'failed to open /dev/vfio/<group>', call: 'open_group' },
  { program: 'QEMU', text: 'could not open /dev/vfio/<group>', call: 'open_group' },
  { program: 'libvirt', text: "unable to open '/dev/vfio/<group>'", call: 'open_group' },
  {
    program: 'QEMU',
    text: 'error getting device from group <group>',
    call: 'VFIO_GROUP_GET_DEVICE_FD',
    note: 'where iommufd provides /dev/vfio/vfio, bind, attach and pinning happen here as well',
  },
  {
    program: 'QEMU',
    text: 'vfio_container_dma_map(',
    call: 'VFIO_IOMMU_MAP_DMA',
    note: ofMappings,
  },
  { program: 'QEMU', text: 'vfio_dma_map(', call: 'VFIO_IOMMU_MAP_DMA', note: ofMappings },
  { program: 'QEMU', text: 'error bind device fd=<fd> to iommufd=<fd>', call: 'VFIO_DEVICE_BIND_IOMMUFD' },
  {
    program: 'QEMU',
    text: 'error attach <device> (<fd>) to id=<id>',
    call: 'VFIO_DEVICE_ATTACH_IOMMUFD_PT',
    note: 'the last page table tried, a fresh one',
  },
  { program: 'QEMU', text: 'Failed to allocate hwpt', call: 'IOMMU_HWPT_ALLOC' },
  { program: 'QEMU', text: 'Failed to allocate ioas', call: 'IOMMU_IOAS_ALLOC' },
  { program: 'QEMU', text: 'Failed to get hardware info', call: 'IOMMU_GET_HW_INFO' },
  { program: 'QEMU', text: 'Failed to free id', call: 'IOMMU_DESTROY' },
  { program: 'QEMU', text: 'detach <device> failed', call: 'VFIO_DEVICE_DETACH_IOMMUFD_PT' },
  { program: 'QEMU', text: 'vfio_container_dma_unmap(', call: 'VFIO_IOMMU_UNMAP_DMA' },
  { program: 'QEMU', text: 'vfio_dma_unmap(', call: 'VFIO_IOMMU_UNMAP_DMA' },
  {
    program: 'QEMU',
    text: 'DMA mapping failed, unable to continue',
    call: 'VFIO_IOMMU_MAP_DMA',
    note: 'the line before it, "vfio_container_dma_map(...) = -<errno>", has the errno',
  },
  {
    program: 'QEMU',
    text: 'possibly running out of DMA mappings',
    call: 'VFIO_IOMMU_MAP_DMA',
    errno: 'ENOSPC',
    note: 'a warning before any call fails: more blocks of memory than mappings are left',
  },
  { program: 'QEMU', text: 'IOMMU_IOAS_MAP failed', call: 'IOMMU_IOAS_MAP' },
  { program: 'QEMU', text: 'error disconnecting group <group> from container', call: 'VFIO_GROUP_UNSET_CONTAINER' },
];

const firstClaims = 'with the first group only a claim; with later ones the whole attach';

const others: readonly UserMessage[] = [
  { program: 'DPDK', text: 'VFIO group is not viable', ...notViable },
  { program: 'DPDK', text: 'Maximum number of VFIO groups reached', call: null, note: tooMany },
  { program: 'DPDK', text: 'Cannot add more VFIO groups to container', call: null, note: tooMany },
  { program: 'DPDK', text: 'Exceed max VFIO container limit', call: null, note: tooMany },
  { program: 'DPDK', text: 'No more space for user mem maps', call: null, note: tooMany },
  { program: 'DPDK', text: 'Cannot allocate IOAS', call: 'IOMMU_IOAS_ALLOC' },
  { program: 'DPDK', text: 'Cannot open VFIO device <device>', call: 'VFIO_GROUP_GET_DEVICE_FD' },
  { program: 'DPDK', text: "Couldn't map user memory for DMA", call: 'VFIO_IOMMU_MAP_DMA' },
  { program: 'DPDK', text: "Couldn't map new region for DMA", call: 'VFIO_IOMMU_MAP_DMA' },
  { program: 'DPDK', text: 'Cannot clear DMA remapping', call: 'VFIO_IOMMU_UNMAP_DMA' },
  { program: 'DPDK', text: 'cannot add VFIO group to container', call: 'VFIO_GROUP_SET_CONTAINER', note: firstClaims },
  { program: 'DPDK', text: 'Cannot add VFIO group <group> to container', call: 'VFIO_GROUP_SET_CONTAINER', note: firstClaims },
  {
    program: 'DPDK',
    text: 'failed to select IOMMU type',
    call: 'VFIO_SET_IOMMU',
    note: 'the errno of each type tried is printed at debug level only, and type 1 is the first',
  },
  { program: 'DPDK', text: 'Set IOMMU type <id> (<type>) failed', call: 'VFIO_SET_IOMMU' },
  { program: 'DPDK', text: 'Cannot set up DMA remapping', call: 'VFIO_IOMMU_MAP_DMA' },
  { program: 'DPDK', text: 'DMA remapping failed', call: 'VFIO_IOMMU_MAP_DMA', note: 'the number printed may be of an earlier call' },
  { program: 'DPDK', text: 'Getting a vfio_dev_fd for <device> failed', call: 'VFIO_GROUP_GET_DEVICE_FD' },
  { program: 'DPDK', text: 'Cannot bind device to IOMMUFD', call: 'VFIO_DEVICE_BIND_IOMMUFD' },
  { program: 'DPDK', text: 'Cannot attach device to IOAS', call: 'VFIO_DEVICE_ATTACH_IOMMUFD_PT' },
  { program: 'DPDK', text: 'Failed to open VFIO group <group>', call: 'open_group' },
  { program: 'DPDK', text: 'Cannot open /dev/vfio/<group>', call: 'open_group' },
  { program: 'SPDK', text: 'Cannot set up DMA mapping', call: 'VFIO_IOMMU_MAP_DMA' },
  { program: 'vfio-ioctls', text: 'group is not viable', ...notViable },
  { program: 'vfio-ioctls', text: 'failed to remove guest memory map from iommu table', call: 'VFIO_IOMMU_UNMAP_DMA' },
  { program: 'vfio-ioctls', text: 'failed to add vfio group into vfio container', call: 'VFIO_GROUP_SET_CONTAINER', note: firstClaims },
  { program: 'vfio-ioctls', text: "failed to set container's IOMMU driver type", call: 'VFIO_SET_IOMMU', note: firstAttach },
  { program: 'vfio-ioctls', text: 'failed to open /dev/vfio/vfio container', call: 'open_container' },
  { program: 'vfio-ioctls', text: 'failed to open /dev/vfio/<group> group', call: 'open_group' },
  { program: 'vfio-ioctls', text: 'failed to get vfio device fd', call: 'VFIO_GROUP_GET_DEVICE_FD' },
  { program: 'vfio-ioctls', text: 'failed to add guest memory map into iommu table', call: 'VFIO_IOMMU_MAP_DMA' },
  { program: 'vfio-ioctls', text: 'failed to bind the vfio device to the specified iommufd', call: 'VFIO_DEVICE_BIND_IOMMUFD' },
  {
    program: 'vfio-ioctls',
    text: 'failed to associate the vfio device with an IOAS within the bound iommufd',
    call: 'VFIO_DEVICE_ATTACH_IOMMUFD_PT',
  },
];

export const userMessages: readonly UserMessage[] = [...others, ...qemu];

const escaped = (text: string): string => text.replace(/[^\w\s]/g, '\\$&');

const formOf = ({ text }: UserMessage): RegExp => new RegExp(text.split(/<\w+>/).map(escaped).join('.{1,80}?'), 'i');

export const userMessageIn = (message: string): UserMessage | undefined => {
  const line = message.replace(/\s+/g, ' ').slice(0, 4000);
  const found = userMessages.filter((candidate) => formOf(candidate).test(line));
  return found.sort((a, b) => b.text.length - a.text.length)[0];
};

/** The group that a message names. */
export const groupIn = (message: string): string | undefined => /(?:\bgroup |\/dev\/vfio\/)(\d+)\b/.exec(message)?.[1];
