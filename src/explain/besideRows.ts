// Causes that no row of the model has: what ends a call before the kernel's attach begins, limits of the process, and what mapping asks for.
// Cited by kernel function: facts core-and-consumers 2, userspace-callers 2 and 6.
import type { Evidence } from '../core/explanation.ts';
import type { Errno, PerColumn } from '../core/rows.ts';
import type { Inputs } from './inputs.ts';
import { deviceBound, groupHeld, lockedMemory } from './observations.ts';

/** What the inputs say of such a cause: nothing, for it, or that it is not so. */
export interface Observation {
  readonly speaks: 'for' | 'against';
  readonly evidence: Evidence;
}

export interface BesideCause {
  readonly id: string;
  readonly calls: readonly string[];
  readonly errno: Errno;
  readonly words: string;
  readonly cite: PerColumn<string>;
  readonly decide: string;
  /** Only with one of these; default: whatever the machine has. */
  readonly drivers?: readonly string[];
  readonly observe?: (inputs: Inputs) => Observation | null;
}

const both = (cite: string): PerColumn<string> => ({ 'v6.1': cite, 'seed-v6': cite, 'v6.12': cite });
const moved = (old: string, recent: string): PerColumn<string> => ({ 'v6.1': old, 'seed-v6': old, 'v6.12': recent });
const inGroup = (name: string): PerColumn<string> => moved(`vfio_main.c: ${name}`, `group.c: ${name}`);
const recent = (cite: string): PerColumn<string> => ({ 'v6.12': cite });

const opens = ['open_group', 'open_container', 'open_device', 'open_iommufd'];

const opening: readonly BesideCause[] = [
  {
    id: 'group-file-open',
    calls: ['open_group'],
    errno: 'EBUSY',
    words: 'the group file is open already: another process, or a descriptor that was leaked or inherited',
    cite: inGroup('vfio_group_fops_open()'),
    decide: "ls -l /proc/[0-9]*/fd 2>/dev/null | grep '/dev/vfio/<group>$'",
    observe: groupHeld,
  },
  {
    id: 'device-cgroup',
    calls: opens,
    errno: 'EPERM',
    words: 'the device cgroup of the process (a container engine, libvirt, systemd) does not allow the node',
    cite: both('security/device_cgroup.c: devcgroup_check_permission()'),
    decide: 'cat /proc/<pid>/cgroup, then bpftool cgroup show or devices.list of it',
  },
  {
    id: 'noiommu-raw-io',
    calls: ['open_group'],
    errno: 'EPERM',
    words: 'a group without an IOMMU, and the process lacks CAP_SYS_RAWIO',
    cite: inGroup('vfio_group_fops_open()'),
    decide: 'ls /dev/vfio/noiommu-*; grep CapEff /proc/<pid>/status',
  },
  {
    id: 'node-permissions',
    calls: opens,
    errno: 'EACCES',
    words: 'owner or mode of the node do not allow it, or a security module refuses',
    cite: both('fs/namei.c: may_open()'),
    decide: 'ls -lZ /dev/vfio /dev/iommu',
  },
  {
    id: 'node-missing',
    calls: opens,
    errno: 'ENOENT',
    words: 'there is no such node: no device of the group is bound to a VFIO driver, or the node was not made inside the container',
    cite: inGroup('vfio_create_group()'),
    decide: 'ls -l /dev/vfio; readlink /sys/bus/pci/devices/<device>/driver',
  },
  {
    id: 'node-stale',
    calls: opens,
    errno: 'ENODEV',
    words: 'the node is left over: the VFIO group that it was made for is gone, or the module is not loaded',
    cite: inGroup('vfio_group_fops_open()'),
    decide: 'ls -l /dev/vfio, against /sys/class/vfio/*/dev',
  },
  {
    id: 'container-alloc',
    calls: ['open_container'],
    errno: 'ENOMEM',
    words: 'the container could not be allocated: charged to the memory cgroup of the process, which is at its limit',
    cite: moved('container.c: vfio_fops_open()', 'container.c: vfio_fops_open()'),
    decide: 'cat memory.events memory.max of the cgroup in /proc/<pid>/cgroup',
  },
];

const descriptors: readonly BesideCause[] = [
  {
    id: 'device-open',
    calls: ['VFIO_GROUP_UNSET_CONTAINER'],
    errno: 'EBUSY',
    words: 'a device of the group is still open',
    cite: inGroup('vfio_group_ioctl_unset_container()'),
    decide: "ls -l /proc/<pid>/fd | grep 'vfio-device'",
  },
  {
    id: 'nesting-too-late',
    calls: ['VFIO_SET_IOMMU', 'VFIO_GROUP_SET_CONTAINER'],
    errno: 'EPERM',
    words: 'the nesting type was asked for, and the domain is bound to its SMMU from its allocation on',
    cite: recent('arm/arm-smmu-v3/arm-smmu-v3.c: arm_smmu_enable_nesting()'),
    decide: 'strace -f -y -e trace=ioctl -p <pid>: is the type 6, VFIO_TYPE1_NESTING_IOMMU?',
    drivers: ['arm-smmu-v3'],
  },
  {
    id: 'get-fd-no-container',
    calls: ['VFIO_GROUP_GET_DEVICE_FD'],
    errno: 'EINVAL',
    words: 'the group is in no container, or the container has no backend: SET_CONTAINER or SET_IOMMU is missing',
    cite: both('container.c: vfio_device_assign_container()'),
    decide: 'strace -f -y -e trace=openat,ioctl -p <pid>',
  },
  {
    id: 'get-fd-unknown-device',
    calls: ['VFIO_GROUP_GET_DEVICE_FD'],
    errno: 'ENODEV',
    words: 'the group has no device of that name, or it is not bound to a VFIO driver',
    cite: inGroup('vfio_group_ioctl_get_device_fd()'),
    decide: 'ls -l /sys/kernel/iommu_groups/<group>/devices/*/driver',
    observe: deviceBound,
  },
  {
    id: 'hwpt-unknown-parent',
    calls: ['IOMMU_HWPT_ALLOC'],
    errno: 'EINVAL',
    words: 'the id given as address space or parent page table names no object, or one of another kind',
    cite: recent('iommufd/hw_pagetable.c: iommufd_hwpt_alloc()'),
    decide: 'strace -f -y -e trace=ioctl -p <pid>',
  },
  {
    id: 'bind-wrong-descriptor',
    calls: ['VFIO_DEVICE_BIND_IOMMUFD'],
    errno: 'EBADFD',
    words: 'the descriptor given as iommufd is of another kind of file',
    cite: recent('iommufd/main.c: iommufd_ctx_from_file()'),
    decide: 'ls -l /proc/<pid>/fd',
  },
];

const mapping: readonly BesideCause[] = [
  {
    id: 'memlock',
    calls: ['VFIO_IOMMU_MAP_DMA', 'IOMMU_IOAS_MAP'],
    errno: 'ENOMEM',
    words: 'pinning would take the process over its limit of locked memory; a second container counts the same memory again',
    cite: moved('vfio_iommu_type1.c: vfio_lock_acct()', 'vfio_iommu_type1.c: vfio_lock_acct(); pages.c: do_update_pinned()'),
    decide: "grep 'Max locked memory' /proc/<pid>/limits; grep -E 'VmLck|VmPin' /proc/<pid>/status",
    observe: lockedMemory,
  },
  {
    id: 'page-table-cgroup',
    calls: ['VFIO_IOMMU_MAP_DMA', 'IOMMU_IOAS_MAP'],
    errno: 'ENOMEM',
    words: 'page tables are charged to the memory cgroup of the process, which is at its limit',
    cite: moved('vfio_iommu_type1.c: vfio_iommu_map()', 'vfio_iommu_type1.c: vfio_iommu_map(), GFP_KERNEL_ACCOUNT'),
    decide: 'cat memory.events memory.max of the cgroup in /proc/<pid>/cgroup',
  },
  {
    id: 'mapping-limit',
    calls: ['VFIO_IOMMU_MAP_DMA'],
    errno: 'ENOSPC',
    words: 'the container has as many mappings as it may (no shortage of domain ids: those are not taken here)',
    cite: both('vfio_iommu_type1.c: vfio_dma_do_map()'),
    decide: 'cat /sys/module/vfio_iommu_type1/parameters/dma_entry_limit',
  },
  {
    id: 'page-not-pinned',
    calls: ['VFIO_IOMMU_MAP_DMA', 'IOMMU_IOAS_MAP'],
    errno: 'EFAULT',
    words: 'the user address is not mapped, or its pages cannot be pinned for writing or for long',
    cite: both('vfio_iommu_type1.c: vaddr_get_pfns()'),
    decide: 'the address in /proc/<pid>/maps',
  },
  {
    id: 'map-arguments',
    calls: ['VFIO_IOMMU_MAP_DMA'],
    errno: 'EINVAL',
    words: 'wrong arguments: flags, a size of zero, an address that wraps, no permission asked for',
    cite: both('vfio_iommu_type1.c: vfio_dma_do_map()'),
    decide: 'strace -f -y -e trace=ioctl -p <pid>',
  },
  {
    id: 'memlock-at-attach',
    calls: ['VFIO_GROUP_GET_DEVICE_FD', 'VFIO_DEVICE_ATTACH_IOMMUFD_PT', 'IOMMU_HWPT_ALLOC'],
    errno: 'ENOMEM',
    words: 'iommufd pins what is mapped already for its first page table: over the limit of locked memory',
    cite: recent('pages.c: do_update_pinned()'),
    decide: "grep 'Max locked memory' /proc/<pid>/limits; grep -E 'VmLck|VmPin' /proc/<pid>/status",
    observe: lockedMemory,
  },
];

export const besideRows: readonly BesideCause[] = [...opening, ...descriptors, ...mapping];
