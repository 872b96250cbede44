// Kernel functions of the driver core: links between devices, registration, sysfs, components, notifiers, walks over devices.
import type { KernelApi } from './api.ts';
import { row } from './row.ts';

const memoryClass = { ENOMEM: 'transient-memory' } as const;
const errno = { returns: 'errno', class: 'device', classes: memoryClass } as const;
const others = { ...errno, andOthers: true } as const;
const flag = { returns: 'flag' } as const;
const callback = (argument: number) => ({ returns: 'callback', argument }) as const;

const devices: readonly KernelApi[] = [
  // Null for wrong flags, for a supplier that is not registered, for a loop, and for want of memory.
  row({ returns: 'pointer', class: 'device' }, 'device_link_add', 'drivers/base/core.c: device_link_add:785-982', '800-997'),
  row({ ...others, errnos: ['EINVAL', 'ENOMEM'] }, 'device_add device_register', 'drivers/base/core.c: device_add:3579-3771', '3641-3832'),
  row(
    { ...errno, errnos: ['ENOMEM'] },
    'dev_set_name kobject_set_name kobject_set_name_vargs',
    'lib/kobject.c: kobject_set_name_vargs:257-289',
    '266-297',
  ),
  row(
    { ...others, errnos: ['ENOENT', 'EINVAL', 'EEXIST', 'ENOMEM'] },
    'kobject_init_and_add kobject_add',
    'lib/kobject.c: kobject_add_internal:201-249',
    '210-258',
  ),
  row({ returns: 'pointer', class: 'device' }, 'kobject_create_and_add', 'lib/kobject.c: kobject_create_and_add:781-797', '789-805'),
  row({ returns: 'pointer', class: 'device' }, 'kset_create_and_add', 'lib/kobject.c: kset_create_and_add:986-1002', '1001-1017'),
  row(
    { ...errno, errnos: ['ENOMEM'] },
    'devm_add_action devm_add_action_or_reset',
    'drivers/base/devres.c: devm_add_action:738-752',
    'drivers/base/devres.c: __devm_add_action:742-756',
  ),
  row(
    { ...errno, errnos: ['ENODEV', 'ETIMEDOUT', 'EPROBE_DEFER'] },
    'driver_deferred_probe_check_state',
    'drivers/base/dd.c: driver_deferred_probe_check_state:290-303',
    '289-302',
  ),
  row({ ...others, errnos: ['EINVAL'] }, 'component_bind_all', 'drivers/base/component.c: component_bind_all:677-708'),
  row(
    { ...others, errnos: ['ENOMEM'] },
    'component_master_add_with_match',
    'drivers/base/component.c: component_master_add_with_match:512-545',
  ),
  row({ ...others, errnos: ['ENOMEM'] }, 'component_add', 'drivers/base/component.c: __component_add:711-741'),
  row(
    { ...errno, errnos: ['EEXIST', 'EBUSY', 'EINVAL'] },
    'bus_register_notifier',
    'drivers/base/bus.c: bus_register_notifier:886-889',
    '1025-1036',
  ),
  row(
    { ...errno, errnos: ['EEXIST', 'EBUSY'] },
    'atomic_notifier_chain_register blocking_notifier_chain_register',
    'kernel/notifier.c: notifier_chain_register:22-41',
    '25-45',
  ),
  row(
    { returns: 'errno', class: 'other', errnos: ['ENOENT'] },
    'atomic_notifier_chain_unregister blocking_notifier_chain_unregister',
    'kernel/notifier.c: notifier_chain_unregister:43-54',
    '47-59',
  ),
  row({ ...others, errnos: ['ENOMEM'] }, 'bus_register', 'drivers/base/bus.c: bus_register:785-862', '914-991'),
  row(
    { ...others, errnos: ['EINVAL', 'ENOMEM'] },
    'class_register',
    'drivers/base/class.c: __class_register:153-201',
    'drivers/base/class.c: class_register:178-230',
  ),
  row({ ...others, errnos: ['EBUSY'] }, 'misc_register', 'drivers/char/misc.c: misc_register:177-232', '209-267'),
  row(
    { returns: 'errno', class: 'device' },
    'tegra_mc_probe_device',
    'drivers/memory/tegra/mc.c: tegra_mc_probe_device:101-107',
    '103-109',
  ),
  row(
    { returns: 'errorPointer', class: 'device', errnos: ['ENOENT', 'ENODEV', 'EPROBE_DEFER', 'ENOMEM'], classes: memoryClass },
    'devm_tegra_memory_controller_get',
    'drivers/memory/tegra/mc.c: devm_tegra_memory_controller_get:71-98',
    '73-100',
  ),
  row({ ...errno, errnos: ['EPROBE_DEFER'] }, 'tegra_ahb_enable_smmu', 'drivers/amba/tegra-ahb.c: tegra_ahb_enable_smmu:137-152'),
];

const sysfs: readonly KernelApi[] = [
  row(
    { ...others, errnos: ['EINVAL', 'EEXIST'] },
    'sysfs_create_group sysfs_create_groups device_add_groups',
    'fs/sysfs/group.c: internal_create_group:107-159',
    '120-191',
  ),
  row({ ...others, errnos: ['EINVAL'] }, 'device_create_file', 'drivers/base/core.c: device_create_file:3044-3060', '3112-3128'),
  row(
    { returns: 'errorPointer', class: 'other', errnos: ['ENOMEM', 'EINTR'], classes: memoryClass },
    'kthread_run kthread_create kthread_create_on_node',
    'kernel/kthread.c: __kthread_create_on_node:414-478',
    '429-479',
  ),
  row({ ...others, errnos: ['EINVAL'] }, 'sysfs_create_file', 'fs/sysfs/file.c: sysfs_create_file_ns:349-360', '362-373'),
  row(
    { ...others, errnos: ['EINVAL', 'ENOENT', 'EEXIST'] },
    'sysfs_create_link sysfs_create_link_nowarn',
    'fs/sysfs/symlink.c: sysfs_do_create_link_sd:20-53',
  ),
  row({ ...others, errnos: ['ENOENT'] }, 'sysfs_add_link_to_group', 'fs/sysfs/group.c: sysfs_add_link_to_group:381-395', '412-426'),
  row(others, 'perf_pmu_register cpuhp_setup_state cpuhp_setup_state_multi cpuhp_state_add_instance_nocalls'),
  row(
    { returns: 'errorPointer', class: 'other', andOthers: true, classes: memoryClass },
    'anon_inode_getfile',
    'fs/anon_inodes.c: __anon_inode_getfile:90-138',
  ),
  row(
    { ...errno, errnos: ['EMFILE', 'ENOMEM'], class: 'transient-space' },
    'get_unused_fd_flags',
    'fs/file.c: alloc_fd:487-543',
    '492-548',
  ),
  // A dentry or an errno in a pointer, which nobody is meant to look at.
  row({ returns: 'nothing' }, 'debugfs_create_dir debugfs_create_file debugfs_create_u32 debugfs_create_bool fault_create_debugfs_attr'),
];

const walks: readonly KernelApi[] = [
  row(callback(2), 'device_for_each_child', 'drivers/base/core.c: device_for_each_child:4032-4047', '4091-4106'),
  row(callback(3), 'bus_for_each_dev', 'drivers/base/bus.c: bus_for_each_dev:290-306', '356-374'),
  row(callback(3), 'driver_for_each_device', 'drivers/base/driver.c: driver_for_each_device:117-133'),
  row(callback(1), 'idr_for_each', 'lib/idr.c: idr_for_each:197-216'),
  row(
    { ...callback(2), unlessDefined: true },
    'iommu_group_for_each_dev',
    'drivers/iommu/iommu.c: iommu_group_for_each_dev:1096-1106',
    '1295-1310',
  ),
  row(
    flag,
    'driver_find_device driver_find_device_by_fwnode bus_find_device device_find_child device_match_fwnode kset_find_obj soc_device_match',
  ),
  row(flag, 'device_is_bound', 'drivers/base/dd.c: device_is_bound:387-390', '452-455'),
  row(flag, 'try_module_get', 'kernel/module/main.c: try_module_get:831-847', '865-878'),
];

export const apis: readonly KernelApi[] = [...devices, ...sysfs, ...walks];
