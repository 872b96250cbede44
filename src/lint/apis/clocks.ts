// Kernel functions for clocks, resets, regulators and register maps: each asks the driver of other hardware and hands on its errno.
import type { KernelApi } from './api.ts';
import { resumeErrnos } from './power.ts';
import { row } from './row.ts';

const errno = { returns: 'errno', class: 'device', andOthers: true } as const;
const pointer = { returns: 'errorPointer', class: 'device', andOthers: true, classes: { ENOMEM: 'transient-memory' } } as const;
const getErrnos = ['ENOENT', 'EINVAL', 'EPROBE_DEFER', 'ENOMEM'] as const;

const clocks: readonly KernelApi[] = [
  row({ ...errno, errnos: ['ESHUTDOWN'] }, 'clk_enable', 'drivers/clk/clk.c: clk_core_enable:1179-1213', '1250-1284'),
  row({ ...errno, errnos: ['ESHUTDOWN'] }, 'clk_bulk_enable', 'drivers/clk/clk-bulk.c: clk_bulk_enable:227-247'),
  // The clock's own device is resumed first.
  row({ ...errno, errnos: resumeErrnos }, 'clk_prepare', 'drivers/clk/clk.c: clk_core_prepare:1041-1088', '1112-1159'),
  row({ ...errno, errnos: resumeErrnos }, 'clk_bulk_prepare', 'drivers/clk/clk-bulk.c: clk_bulk_prepare:176-197'),
  row(
    { ...errno, errnos: ['ESHUTDOWN', ...resumeErrnos] },
    'clk_prepare_enable',
    'include/linux/clk.h: clk_prepare_enable:1068-1080',
    '1140-1152',
  ),
  row(
    { ...errno, errnos: ['ESHUTDOWN', ...resumeErrnos] },
    'clk_bulk_prepare_enable',
    'include/linux/clk.h: clk_bulk_prepare_enable:1090-1102',
    '1162-1174',
  ),
  row({ returns: 'errno', class: 'device' }, 'clk_set_rate', 'drivers/clk/clk.c: clk_set_rate:2503-2524', '2596-2617'),
  row({ ...pointer, errnos: getErrnos }, 'clk_get of_clk_get clk_get_optional', 'drivers/clk/clkdev.c: clk_get:100-112'),
  row({ ...pointer, errnos: getErrnos }, 'devm_clk_get devm_clk_get_optional', 'drivers/clk/clk-devres.c: __devm_clk_get:22-61'),
  row(
    { ...pointer, errnos: [...getErrnos, 'EACCES', 'EBUSY', 'EIO'] },
    'devm_clk_get_prepared devm_clk_get_optional_prepared',
    'drivers/clk/clk-devres.c: __devm_clk_get:22-61',
  ),
  row(
    { ...pointer, errnos: [...getErrnos, 'EACCES', 'EBUSY', 'EIO', 'ESHUTDOWN'] },
    'devm_clk_get_enabled devm_clk_get_optional_enabled',
    'drivers/clk/clk-devres.c: __devm_clk_get:22-61',
  ),
  row(
    { ...errno, errnos: getErrnos },
    'clk_bulk_get devm_clk_bulk_get devm_clk_bulk_get_optional',
    'drivers/clk/clk-bulk.c: __clk_bulk_get:81-112',
  ),
  row({ ...errno, errnos: getErrnos }, 'clk_bulk_get_all', 'drivers/clk/clk-bulk.c: of_clk_bulk_get_all:46-70'),
  row(
    { ...errno, errnos: getErrnos },
    'devm_clk_bulk_get_all devm_clk_bulk_get_all_enabled',
    'drivers/clk/clk-devres.c: devm_clk_bulk_get_all:161-182',
    '197-218',
  ),
];

const resets: readonly KernelApi[] = [
  row(
    { ...errno, errnos: ['EINVAL', 'ENOTSUPP', 'EPERM'] },
    'reset_control_assert',
    'drivers/reset/core.c: reset_control_assert:442-486',
    '468-512',
  ),
  row(
    { ...errno, errnos: ['EINVAL', 'EPERM'] },
    'reset_control_deassert',
    'drivers/reset/core.c: reset_control_deassert:530-566',
    '556-592',
  ),
  row(
    { ...errno, errnos: ['EINVAL', 'ENOTSUPP', 'EPERM'] },
    'reset_control_reset',
    'drivers/reset/core.c: reset_control_reset:327-359',
    '353-385',
  ),
  row(
    { ...pointer, errnos: ['ENOENT', 'EINVAL', 'EPROBE_DEFER', 'ENOMEM', 'EILSEQ', 'ENOTSUPP'] },
    'devm_reset_control_get devm_reset_control_get_exclusive devm_reset_control_get_shared devm_reset_control_get_optional ' +
      'devm_reset_control_get_optional_exclusive devm_reset_control_get_optional_shared reset_control_get',
    'drivers/reset/core.c: __of_reset_control_get:817-878',
    '1003-1081',
  ),
];

const regulators: readonly KernelApi[] = [
  row({ returns: 'errno', class: 'device' }, 'regulator_enable', 'drivers/regulator/core.c: regulator_enable:3006-3017', '2995-3006'),
  row(
    { returns: 'errno', class: 'device' },
    'regulator_bulk_enable',
    'drivers/regulator/core.c: regulator_bulk_enable:4992-5026',
    '5070-5104',
  ),
  row({ returns: 'errno', class: 'device' }, 'regulator_disable', 'drivers/regulator/core.c: regulator_disable:3116-3127', '3107-3118'),
  row(
    { ...pointer, errnos: ['EINVAL', 'ENODEV', 'EPROBE_DEFER', 'EPERM', 'EBUSY', 'ENOMEM'] },
    'regulator_get devm_regulator_get devm_regulator_get_optional',
    'drivers/regulator/core.c: _regulator_get:2216-2339',
    '2311-2323',
  ),
];

const registerMaps: readonly KernelApi[] = [
  row(pointer, 'devm_regmap_init_mmio regmap_init_mmio', 'include/linux/regmap.h: devm_regmap_init_mmio:1063-1064', '1108-1109'),
  // EBUSY: only the cache may be read. EIO: the register is not readable, or not writeable.
  row({ ...errno, errnos: ['EINVAL', 'EBUSY', 'EIO'] }, 'regmap_read', 'drivers/base/regmap/regmap.c: _regmap_read:2908-2938', '2825-2855'),
  row({ ...errno, errnos: ['EINVAL', 'EIO'] }, 'regmap_write', 'drivers/base/regmap/regmap.c: _regmap_write:2012-2040', '1943-1971'),
  row(
    { ...errno, errnos: ['EBUSY', 'EIO'] },
    'regmap_update_bits regmap_set_bits regmap_clear_bits',
    'drivers/base/regmap/regmap.c: _regmap_update_bits:3267-3299',
    '3252-3283',
  ),
  row(
    { ...errno, errnos: ['ETIMEDOUT', 'EINVAL', 'EBUSY', 'EIO'] },
    'regmap_read_poll_timeout regmap_read_poll_timeout_atomic',
    'include/linux/regmap.h: regmap_read_poll_timeout:104-110',
    '121-127',
  ),
  row(
    { ...pointer, errnos: ['ENODEV', 'EINVAL', 'ENOTSUPP', 'ENOMEM'] },
    'syscon_regmap_lookup_by_phandle',
    'drivers/mfd/syscon.c: syscon_regmap_lookup_by_phandle:254-274',
    '269-289',
  ),
  row(
    { ...pointer, errnos: ['ENODEV', 'EINVAL', 'ENOTSUPP', 'ENOMEM'] },
    'syscon_regmap_lookup_by_compatible',
    'drivers/mfd/syscon.c: syscon_regmap_lookup_by_compatible:238-251',
    '253-266',
  ),
  row(
    { ...pointer, errnos: ['EINVAL', 'ENOTSUPP', 'ENOMEM'] },
    'syscon_node_to_regmap',
    'drivers/mfd/syscon.c: syscon_node_to_regmap:229-235',
    '244-250',
  ),
];

export const apis: readonly KernelApi[] = [...clocks, ...resets, ...regulators, ...registerMaps];
