// What an OMAP attach runs through: tests of the device and the domain, first-level tables, then power for each IOMMU.
import { any, equal, has, lacks, value } from '../core/conditions.ts';
import { alloc, both, call, check, each, effect, everywhere, print } from '../core/rowBuilders.ts';
import type { Row } from '../core/rows.ts';

const initFailed = everywhere(print('dev_err', 'failed to allocate required iommu data <ret>'));
const fromAttach = both('omap_iommu_attach_dev:1490-1493', 'omap_iommu_attach_dev:1484-1487');
const withCaller = (lines: string) => both(`${lines}; ${fromAttach['v6.1']}`, `${lines}; ${fromAttach['v6.12']}`);

const checks: readonly Row[] = [
  check({
    id: 'omap-no-iommu',
    words: 'the device has no OMAP IOMMU data',
    class: 'device',
    errno: each('EINVAL', 'EINVAL', 'ENODEV'),
    cite: both('omap_iommu_attach_dev:1465-1468', 'omap_iommu_attach_dev:1459-1462'),
    prints: everywhere(print('dev_err', "device doesn't have an associated iommu")),
    refuses: any(lacks('device.masterCfg'), lacks('device.iommu'), lacks('device.iommuCount')),
  }),
  check({
    id: 'omap-domain-in-use',
    words: 'the domain already serves a device',
    class: 'incompatible',
    errno: each('EBUSY', 'EMEDIUMTYPE', 'EINVAL'),
    cite: both('omap_iommu_attach_dev:1472-1477', 'omap_iommu_attach_dev:1466-1471'),
    prints: {
      'v6.1': print('dev_err', 'iommu domain is already attached'),
      'v6.12': print('dev_err', 'iommu domain is already attached'),
    },
    refuses: has('domain.attachedDevice'),
    note: 'True even for the device that it serves. 6.12 still prints beside EINVAL, against the advice of the merged documentation.',
  }),
  check({
    id: 'omap-zero-iommus',
    words: 'the device has no IOMMU to count',
    class: 'device',
    errno: each('EINVAL', 'EINVAL', 'ENODEV'),
    cite: both(
      'omap_iommu_attach_init:1415-1417; omap_iommu_attach_dev:1479-1483',
      'omap_iommu_attach_init:1409-1411; omap_iommu_attach_dev:1473-1477',
    ),
    prints: initFailed,
    refuses: equal('device.iommuCount', 0),
    unreachable: 'omap-no-iommu already demands a first IOMMU, so the count is at least one',
  }),
];

const tables: readonly Row[] = [
  alloc({
    id: 'omap-iommus-array-alloc',
    words: 'the array of per-IOMMU records could not be allocated',
    class: 'transient-memory',
    errno: everywhere('ENOMEM'),
    cite: both('omap_iommu_attach_init:1419-1422', 'omap_iommu_attach_init:1413-1416'),
    prints: initFailed,
    site: both('omap_iommu_attach_init:1419', 'omap_iommu_attach_init:1413'),
    what: 'array of per-IOMMU records (atomic)',
    gfp: everywhere('GFP_ATOMIC'),
    plausible: everywhere('atomic'),
  }),
  alloc({
    id: 'omap-pgtable-alloc',
    words: 'a first-level page table could not be allocated',
    class: 'transient-memory',
    errno: everywhere('ENOMEM'),
    cite: both('omap_iommu_attach_init:1426-1428', 'omap_iommu_attach_init:1420-1422'),
    prints: initFailed,
    site: both('omap_iommu_attach_init:1426', 'omap_iommu_attach_init:1420'),
    what: 'first-level table, 16 KiB, one per IOMMU of the device (atomic)',
    gfp: everywhere('GFP_ATOMIC'),
    plausible: everywhere('atomic'),
    times: 'device.iommuCount',
  }),
  check({
    id: 'omap-pgtable-misaligned',
    words: 'a first-level table is not aligned to its size',
    class: 'other',
    errno: everywhere('EINVAL'),
    cite: both('omap_iommu_attach_init:1434-1436', 'omap_iommu_attach_init:1428-1430'),
    prints: everywhere(print('WARN+dev_err', 'failed to allocate required iommu data <ret>')),
    refuses: equal('system.allocator', value('misaligned')),
    unreachable: 'the allocator aligns objects of a power of two; the source says that it should never happen',
  }),
];

/** One pass stands for all IOMMUs of the device; those enabled before a failing one are disabled again. */
const enable: readonly Row[] = [
  call({
    id: 'omap-dma-map',
    words: 'the first-level table could not be mapped for the IOMMU',
    class: 'transient-memory',
    errno: everywhere('ENOMEM'),
    cite: withCaller('omap_iommu_attach:852-857'),
    prints: everywhere(print('dev_err+dev_err', "DMA map error for L1 table; then can't get omap iommu: -12")),
    note: 'Takes no memory: the address is out of reach, or there is no bounce buffer.',
  }),
  effect({
    id: 'omap/table-pointer',
    words: 'the IOMMU points at the new table',
    cite: everywhere('omap_iommu_attach:860'),
    changes: [{ set: 'iommu.table', to: 'domain.id' }],
    // A failing power-up leaves pointer and DMA mapping although the table is freed; the next attach overwrites both.
    undo: 'none',
  }),
  call({
    id: 'omap/power-constraint',
    words: 'the power-domain constraint could not be set during resume',
    class: 'device',
    errno: everywhere('0'),
    cite: everywhere('omap_iommu_runtime_resume:1059-1065'),
    prints: everywhere(print('dev_warn', 'pwrdm_constraint failed to be set, status = <ret>')),
    failure: 'ignored',
  }),
  call({
    id: 'omap-runtime-pm',
    words: 'the IOMMU could not be powered up; errnos of its resume callback included',
    class: 'device',
    errno: everywhere(['EINVAL', 'EACCES', 'EBUSY', 'EIO', 'callback-errno']),
    cite: withCaller(
      'omap_iommu_attach:861-863; iommu_enable:196-200; omap_iommu_runtime_resume:1067-1073,1082; omap2_iommu_enable:158-163',
    ),
    prints: everywhere(print('dev_err', "can't get omap iommu: <ret>")),
    api: 'pm-runtime-resume',
    note: 'The EINVAL of a kernel API that the 2022 thread names; forwarded unchanged. A failing reset callback prints a line of its own first.',
  }),
  effect({
    id: 'omap/attached',
    words: 'the domain records its one client device',
    cite: both('omap_iommu_attach_dev:1500', 'omap_iommu_attach_dev:1494'),
    changes: [
      { set: 'domain.attachedDevice', to: 'device.id' },
      { set: 'domain.iommuCount', to: 'device.iommuCount' },
    ],
    undo: 'reverse',
  }),
];

/** The same in 6.1 and 6.12; only errnos and prints differ. */
export const attachRows: readonly Row[] = [...checks, ...tables, ...enable];
