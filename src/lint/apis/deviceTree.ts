// Kernel functions that read what firmware says of a device: device tree, properties, platform resources.
import type { KernelApi } from './api.ts';
import { row } from './row.ts';

const errno = { returns: 'errno', class: 'device' } as const;
const others = { ...errno, andOthers: true } as const;
const mapped = {
  returns: 'errorPointer',
  class: 'device',
  errnos: ['EINVAL', 'ENOMEM', 'EBUSY'],
  classes: { ENOMEM: 'transient-memory' },
} as const;
const flag = { returns: 'flag' } as const;

const properties: readonly KernelApi[] = [
  row(
    { ...others, errnos: ['EINVAL', 'ENODEV', 'ENOMEM'], classes: { ENOMEM: 'transient-memory' } },
    'of_reserved_mem_device_init of_reserved_mem_device_init_by_idx',
    'drivers/of/of_reserved_mem.c: of_reserved_mem_device_init_by_idx:331-376',
    '650-695',
  ),
  row({ ...others, errnos: ['ENODEV'] }, 'iort_iommu_configure_id', 'drivers/acpi/arm64/iort.c: iort_iommu_configure_id:1318-1354'),
  row(
    { ...errno, errnos: ['EINVAL', 'ENODATA', 'EOVERFLOW'] },
    'of_property_read_u8 of_property_read_u16 of_property_read_u32 of_property_read_u64 of_property_read_u32_array of_property_read_u32_index of_property_read_variable_u32_array',
    'drivers/of/property.c: of_find_property_value_of_size:107-125',
    '104-122',
  ),
  row(
    { ...errno, errnos: ['EINVAL', 'ENODATA', 'EILSEQ'] },
    'of_property_read_string',
    'drivers/of/property.c: of_property_read_string:440-452',
    '437-450',
  ),
  row(
    { counts: true, ...errno, errnos: ['EINVAL', 'ENODATA', 'EILSEQ'] },
    'of_property_match_string',
    'drivers/of/property.c: of_property_match_string:464-489',
    '467-492',
  ),
  row(
    { counts: true, ...errno, errnos: ['EINVAL', 'ENODATA'] },
    'of_property_count_elems_of_size of_property_count_u32_elems',
    'drivers/of/property.c: of_property_count_elems_of_size:71-88',
    '68-85',
  ),
  row(
    { ...others, errnos: ['EINVAL'] },
    'device_property_read_u32 device_property_read_u32_array fwnode_property_read_u32',
    'drivers/base/property.c: fwnode_property_read_int_array:256-273',
    '257-274',
  ),
  row(
    { ...errno, errnos: ['EINVAL', 'ENOENT'] },
    'of_parse_phandle_with_args of_parse_phandle_with_fixed_args',
    'drivers/of/base.c: __of_parse_phandle_with_args:1423-1476',
    '1294-1347',
  ),
  row(
    { counts: true, ...errno, errnos: ['EINVAL', 'ENOENT'] },
    'of_count_phandle_with_args',
    'drivers/of/base.c: of_count_phandle_with_args:1684-1718',
    '1536-1570',
  ),
  row({ ...errno, errnos: ['EINVAL', 'ENODEV', 'EFAULT'] }, 'of_map_id', 'drivers/of/base.c: of_map_id:2132-2216', '1998-2082'),
  row({ counts: true, ...errno, errnos: ['ENODEV'] }, 'of_alias_get_id', 'drivers/of/base.c: of_alias_get_id:1986-2004', '1852-1870'),
  row(
    { ...errno, errnos: ['EINVAL', 'EOVERFLOW'] },
    'of_address_to_resource',
    'drivers/of/address.c: __of_address_to_resource:832-869',
    '1044-1079',
  ),
  row(
    { ...others, errnos: ['ENODEV', 'EINVAL', 'ENOMEM', 'EPROBE_DEFER'], classes: { ENOMEM: 'transient-memory' } },
    'of_dma_configure of_dma_configure_id',
    'drivers/of/device.c: of_dma_configure_id:114-223',
    '93-174',
  ),
  row(
    { ...errno, errnos: ['EPROBE_DEFER'] },
    'acpi_dma_configure acpi_dma_configure_id',
    'drivers/acpi/scan.c: acpi_dma_configure_id:1626-1646',
    '1679-1701',
  ),
];

const resources: readonly KernelApi[] = [
  row(
    mapped,
    'devm_ioremap_resource devm_platform_ioremap_resource devm_platform_get_and_ioremap_resource devm_platform_ioremap_resource_byname',
    'lib/devres.c: __devm_ioremap_resource:122-164',
    '125-168',
  ),
  row(mapped, 'devm_of_iomap', 'lib/devres.c: devm_of_iomap:237-247', '241-251'),
  row({ returns: 'pointer', class: 'device' }, 'of_iomap', 'drivers/of/address.c: of_iomap:896-907', '1119-1130'),
  row({ returns: 'pointer', class: 'device' }, 'platform_get_resource', 'drivers/base/platform.c: platform_get_resource:55-67'),
  row(
    { returns: 'pointer', class: 'device' },
    'platform_get_resource_byname',
    'drivers/base/platform.c: platform_get_resource_byname:419-435',
    '420-436',
  ),
  row(
    { returns: 'pointer', class: 'transient-memory', takes: 'memory' },
    'platform_device_alloc',
    'drivers/base/platform.c: platform_device_alloc:576-591',
  ),
  row(
    { ...others, errnos: ['ENOSPC', 'ENOMEM', 'EBUSY'], classes: { ENOMEM: 'transient-memory' } },
    'platform_device_add',
    'drivers/base/platform.c: platform_device_add:656-735',
    '656-734',
  ),
  row(
    { returns: 'errorPointer', class: 'device', errnos: ['ENOMEM'], andOthers: true, classes: { ENOMEM: 'transient-memory' } },
    'platform_device_register_full',
    'drivers/base/platform.c: platform_device_register_full:806-853',
    '805-852',
  ),
  row(
    { ...others, errnos: ['EINVAL', 'EBUSY'] },
    'platform_driver_register driver_register',
    'drivers/base/driver.c: driver_register:222-258',
  ),
  row(
    { ...others, errnos: ['EINVAL', 'ENOMEM'], classes: { ENOMEM: 'transient-memory' } },
    'devm_of_platform_populate',
    'drivers/of/platform.c: devm_of_platform_populate:669-691',
    '665-687',
  ),
];

/** Null, or nothing there: an answer. */
const lookups: readonly KernelApi[] = [
  row(flag, 'of_reserved_mem_lookup', 'drivers/of/of_reserved_mem.c: of_reserved_mem_lookup:435-449', '754-768'),
  row(flag, 'of_find_device_by_node', 'drivers/of/platform.c: of_find_device_by_node:48-54', '46-52'),
  row(flag, 'of_parse_phandle', 'include/linux/of.h: of_parse_phandle:918-929', '958-969'),
  row(flag, 'of_get_property', 'drivers/of/base.c: of_get_property:280-286', '282-288'),
  row(flag, 'of_find_property', 'drivers/of/base.c: of_find_property:210-222', '212-224'),
  row(flag, 'of_device_get_match_data', 'drivers/of/device.c: of_device_get_match_data:239-248', '177-186'),
  row(flag, 'device_get_match_data', 'drivers/base/property.c: device_get_match_data:1291-1294', '1287-1290'),
  row(flag, 'of_dma_is_coherent', 'drivers/of/address.c: of_dma_is_coherent:1098-1118', '1005-1019'),
  row(flag, 'of_translate_dma_region', null, 'drivers/of/address.c: of_translate_dma_region:657-683'),
  row(flag, 'of_get_child_by_name', 'drivers/of/base.c: of_get_child_by_name:895-904', '762-771'),
  row(flag, 'of_find_matching_node of_find_compatible_node of_find_node_by_phandle of_find_node_by_name of_get_parent of_get_address'),
  row(
    flag,
    'of_device_is_compatible of_device_is_available of_property_read_bool of_property_present device_property_read_bool device_property_present',
  ),
  row(flag, 'of_match_node of_match_device of_machine_is_compatible to_of_node is_of_node of_fwnode_handle dev_fwnode dev_of_node'),
  row(
    flag,
    'acpi_dev_get_first_match_dev acpi_dev_hid_uid_match acpi_dev_hid_match acpi_dev_resource_address_space acpi_dev_resource_interrupt acpi_fetch_acpi_dev',
  ),
  row(flag, 'has_acpi_companion to_acpi_device ACPI_COMPANION ACPI_HANDLE ACPI_FAILURE ACPI_SUCCESS acpi_match_platform_list'),
  row({ returns: 'status' }, 'device_get_dma_attr', 'drivers/base/property.c: device_get_dma_attr:932-938', '928-934'),
];

export const apis: readonly KernelApi[] = [...properties, ...resources, ...lookups];
