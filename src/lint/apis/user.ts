// Kernel functions that read what user space gave, or the memory of a process.
import type { KernelApi } from './api.ts';
import { row } from './row.ts';

const errno = { returns: 'errno', class: 'other' } as const;
const others = { ...errno, andOthers: true, classes: { ENOMEM: 'transient-memory' } } as const;
const taken = {
  returns: 'errorPointer',
  class: 'other',
  classes: { ENOMEM: 'transient-memory' },
  takes: 'memory',
  gfp: 'GFP_USER',
} as const;
const flag = { returns: 'flag' } as const;
/** Bytes that could not be copied. */
const left = { returns: 'status', class: 'other' } as const;

const copies: readonly KernelApi[] = [
  row(left, 'copy_from_user', 'include/linux/uaccess.h: copy_from_user:158-163', '205-214'),
  row(left, 'copy_to_user', 'include/linux/uaccess.h: copy_to_user:166-171', '217-227'),
  row(left, 'clear_user', 'include/asm-generic/uaccess.h: clear_user:220-227'),
  row({ ...errno, errnos: ['EFAULT'] }, 'get_user', 'include/asm-generic/uaccess.h: get_user:186-193'),
  row({ ...errno, errnos: ['EFAULT'] }, 'put_user', 'include/asm-generic/uaccess.h: put_user:124-131'),
  row(
    { ...errno, errnos: ['E2BIG', 'EFAULT'] },
    'copy_struct_from_user',
    'include/linux/uaccess.h: copy_struct_from_user:326-348',
    '387-409',
  ),
  // EINVAL: another type of data, or too little of it.
  row(
    { ...errno, errnos: ['EINVAL', 'E2BIG', 'EFAULT'] },
    'iommu_copy_struct_from_user',
    null,
    'include/linux/iommu.h: __iommu_copy_struct_from_user:422-434',
  ),
  row(
    { ...errno, errnos: ['EINVAL', 'E2BIG', 'EFAULT'] },
    'iommu_copy_struct_from_user_array',
    null,
    'include/linux/iommu.h: __iommu_copy_struct_from_user_array:464-481',
  ),
  // Linux 6.14 and later.
  row({ ...errno, errnos: ['EINVAL', 'E2BIG', 'EFAULT'] }, 'iommu_copy_struct_from_full_user_array'),
  row({ ...errno, errnos: ['EINVAL', 'EFAULT'] }, 'iommu_copy_struct_to_user'),
  row({ ...taken, errnos: ['ENOMEM', 'EFAULT'] }, 'memdup_user', 'mm/util.c: memdup_user:170-184', '222-236'),
  row({ ...taken, errnos: ['ENOMEM', 'EFAULT'] }, 'vmemdup_user', 'mm/util.c: vmemdup_user:196-210', '248-262'),
  row({ ...taken, errnos: ['ENOMEM', 'EFAULT'] }, 'memdup_user_nul', 'mm/util.c: memdup_user_nul:252-272', '304-324'),
  row({ ...errno, errnos: ['EFAULT'] }, 'strncpy_from_user', 'lib/strncpy_from_user.c: strncpy_from_user:113-145', '113-155'),
];

const numbers: readonly KernelApi[] = [
  row({ ...errno, errnos: ['EINVAL'] }, 'kstrtobool', 'lib/kstrtox.c: kstrtobool:348-388'),
  row(
    { ...errno, errnos: ['EINVAL', 'ERANGE'] },
    'kstrtoull kstrtou64 kstrtoul kstrtoll kstrtos64 kstrtol',
    'lib/kstrtox.c: _kstrtoull:96-114',
  ),
  row({ ...errno, errnos: ['EINVAL', 'ERANGE'] }, 'kstrtouint kstrtou32', 'lib/kstrtox.c: kstrtouint:228-240'),
  row({ ...errno, errnos: ['EINVAL', 'ERANGE'] }, 'kstrtoint kstrtos32', 'lib/kstrtox.c: kstrtoint:259-271'),
];

const processes: readonly KernelApi[] = [
  row({ ...others, errnos: ['EINVAL'] }, 'get_user_pages', 'mm/gup.c: get_user_pages:2327-2336', '2739-2749'),
  row({ ...others, errnos: ['EINVAL'] }, 'get_user_pages_remote', 'mm/gup.c: get_user_pages_remote:2280-2290', '2698-2712'),
  // EINTR: a signal came while all locks of the address space were taken.
  row(
    { ...errno, errnos: ['ENOMEM', 'EINTR'], classes: { ENOMEM: 'transient-memory' } },
    'mmu_notifier_register',
    'mm/mmu_notifier.c: __mmu_notifier_register:629-700',
    '596-677',
  ),
  row(
    { returns: 'errorPointer', class: 'other', errnos: ['ENOMEM', 'EINTR'], andOthers: true, classes: { ENOMEM: 'transient-memory' } },
    'mmu_notifier_get mmu_notifier_get_locked',
    'mm/mmu_notifier.c: mmu_notifier_get_locked:774-799',
    '751-776',
  ),
  row(flag, 'mmget_not_zero', 'include/linux/sched/mm.h: mmget_not_zero:103-106', '136-139'),
  row(flag, 'get_task_mm', 'kernel/fork.c: get_task_mm:1407-1421', '1566-1579'),
  row(
    { returns: 'errorPointer', class: 'other', errnos: ['EINTR', 'ESRCH', 'EACCES'] },
    'mm_access',
    'kernel/fork.c: mm_access:1424-1443',
    '1582-1601',
  ),
  row(flag, 'find_get_task_by_vpid', 'kernel/pid.c: find_get_task_by_vpid:425-436', '438-449'),
  row(
    { ...errno, class: 'transient-memory', errnos: ['ENOMEM'] },
    'account_locked_vm __account_locked_vm',
    'mm/util.c: __account_locked_vm:448-476',
    '516-544',
  ),
  row(
    { ...others, errnos: ['EINVAL', 'EOVERFLOW', 'EFAULT'] },
    'pin_user_pages_fast get_user_pages_fast',
    'mm/gup.c: internal_get_user_pages_fast:3038-3084',
    'mm/gup.c: gup_fast_fallback:3437-3486',
  ),
  row({ ...others, errnos: ['EINVAL'] }, 'pin_user_pages_remote pin_user_pages', 'mm/gup.c: pin_user_pages_remote:3266-3281', '3606-3619'),
  row({ ...others, errnos: ['ENXIO', 'EFAULT', 'EINVAL'] }, 'vm_map_pages', 'mm/memory.c: __vm_map_pages:2073-2096', '2245-2268'),
  row({ ...others, errnos: ['EINVAL'] }, 'remap_pfn_range', 'mm/memory.c: remap_pfn_range:2568-2581', '2723-2736'),
  row(others, 'set_memory_4k set_memory_uc set_memory_wb'),
  row({ returns: 'status' }, 'handle_mm_fault', 'mm/memory.c: handle_mm_fault:5263-5312', '6071-6135'),
  row(flag, 'vma_lookup find_vma find_extend_vma capable fget is_vmalloc_addr'),
];

export const apis: readonly KernelApi[] = [...copies, ...numbers, ...processes];
