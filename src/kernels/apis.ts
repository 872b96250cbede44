// Kernel APIs that drivers' rows call: the errnos each can give, which of them read as "incompatible" where EINVAL means that, and
// whether a first failure stays.
import type { ApiFacts, PerColumn } from '../core/rows.ts';

/** The seed patch touches none of these files: its lines are those of 6.1. */
const lines = (old: string, recent: string): PerColumn<string> => ({ 'v6.1': old, 'seed-v6': old, 'v6.12': recent });

const runtimePower: ApiFacts = {
  id: 'pm-runtime-resume',
  api: 'pm_runtime_get_sync / pm_runtime_resume_and_get',
  file: 'drivers/base/power/runtime.c',
  errnos: [
    {
      errno: 'EINVAL',
      when: 'the device carries the stored error of an earlier callback',
      lines: lines('rpm_resume:773-774', 'rpm_resume:773-774'),
      leaks: true,
    },
    {
      errno: 'EACCES',
      when: 'runtime PM is disabled and the device is not active already',
      lines: lines('rpm_resume:775-780', 'rpm_resume:775-780'),
    },
    { errno: 'EBUSY', when: 'the parent could not be made active', lines: lines('rpm_resume:893', 'rpm_resume:894') },
    { errno: 'EIO', when: 'the callback returned EACCES, which is rewritten', lines: lines('rpm_callback:536', 'rpm_callback:452') },
    {
      errno: 'callback-errno',
      when: 'the resume callback failed for the first time; the errno is stored',
      lines: lines('rpm_callback:535', 'rpm_callback:451'),
    },
  ],
  sticky: 'EINVAL',
  note:
    'The first failure gives the errno of the callback and stores it; every later call gives EINVAL without calling the callback, until the ' +
    'runtime status is reset. Where EINVAL means incompatible, one broken IOMMU looks incompatible with every domain from the second try on.',
};

const idRange: ApiFacts = {
  id: 'ida-alloc-range',
  api: 'ida_alloc_range',
  file: 'lib/idr.c',
  errnos: [
    {
      errno: 'ENOSPC',
      when: 'the lower bound is negative as a signed number, or no id of the range is free',
      lines: lines('ida_alloc_range:390-391,474-477', 'ida_alloc_range:390-391,474-477'),
    },
    {
      errno: 'ENOMEM',
      when: 'the tree of ids cannot grow',
      lines: lines('ida_alloc_range:463-464,468-470', 'ida_alloc_range:463-464,468-470'),
    },
  ],
  note:
    'Never EINVAL. Takes no memory while the id is among the first 63 of a block of 1024 that is block 0 or has a node; else a bitmap, and ' +
    'for a further block a node, each tried twice: one failure is tolerated.',
};

const arrayStore: ApiFacts = {
  id: 'xa-alloc',
  api: 'xa_alloc',
  file: 'lib/xarray.c',
  errnos: [
    { errno: 'EBUSY', when: 'every index of the range is in use', lines: lines('__xa_alloc:1828-1853', '__xa_alloc:1845-1870') },
    { errno: 'ENOMEM', when: 'a node could not be allocated', lines: lines('__xa_alloc:1828-1853', '__xa_alloc:1845-1870') },
    {
      errno: 'EINVAL',
      when: 'the array is misused: a kernel bug, with a WARN',
      lines: lines('__xa_alloc:1828-1853', '__xa_alloc:1845-1870'),
    },
  ],
  note:
    'Exhaustion is EBUSY, which the merged kernel-doc keeps for a device that is attached and cannot be changed. A node serves 64 indexes and ' +
    'is tried twice (6.1: xas_alloc 361-382, __xas_nomem 327-351; 6.12: 360-381, 326-350). A reserved entry needs one even at index 0.',
};

const arrayExchange: ApiFacts = {
  id: 'xa-cmpxchg',
  api: 'xa_cmpxchg',
  file: 'lib/xarray.c',
  errnos: [{ errno: 'ENOMEM', when: 'a node could not be allocated; comes as an encoded pointer' }],
  note:
    'AMD makes it ENOSPC, Intel passes it on. A pointer alone at index 0 lives in the head of the array and needs no node: the usual case ' +
    'for the first instance. Else two tries, as for xa_alloc. xa_insert and xa_reserve are alike, but a reserved entry always needs a node.',
};

const pageTableOps: ApiFacts = {
  id: 'alloc-io-pgtable-ops',
  api: 'alloc_io_pgtable_ops',
  file: 'drivers/iommu/io-pgtable.c',
  errnos: [
    {
      errno: 'NULL',
      when: 'format unknown, configuration refused by the format, or no memory: the caller cannot tell',
      lines: lines('alloc_io_pgtable_ops:37-60', 'alloc_io_pgtable_ops:57-83'),
    },
  ],
  note:
    'Callers make it ENOMEM (most), EINVAL (ipmmu-vmsa) or ENODEV (mtk in 6.1), or ignore it (msm): an ENOMEM from here can be permanent. ' +
    'The ARM long formats print when a table page gets a translated DMA address; a shortage of memory prints nothing.',
};

const secureConfiguration: ApiFacts = {
  id: 'qcom-scm-restore-sec-cfg',
  api: 'qcom_scm_restore_sec_cfg',
  file: 'drivers/firmware/qcom_scm.c',
  errnos: [
    ...(['EIO', 'EINVAL', 'EOPNOTSUPP', 'ENOMEM', 'EBUSY'] as const).map((errno) => ({
      errno,
      when: errno === 'EINVAL' ? 'the firmware says so, or gives a code that is not known' : 'the firmware says so',
      lines: lines('qcom_scm_restore_sec_cfg:771-787', 'qcom_scm_restore_sec_cfg:901-917'),
      ...(errno === 'EINVAL' ? { leaks: true } : {}),
    })),
    {
      errno: 'positive',
      when: "the call succeeded and the firmware's result word is not zero",
      lines: lines('qcom_scm_restore_sec_cfg:771-787', 'qcom_scm_restore_sec_cfg:901-917'),
    },
  ],
  note: 'In 6.12 the file is drivers/firmware/qcom/qcom_scm.c.',
};

const clock: ApiFacts = {
  id: 'clk-enable',
  api: 'clk_enable / clk_bulk_enable',
  file: 'drivers/clk/clk.c',
  errnos: [
    { errno: 'ESHUTDOWN', when: 'the clock is not prepared', lines: lines('clk_core_enable:1188-1190', 'clk_core_enable:1261') },
    { errno: 'callback-errno', when: 'the clock driver could not enable it' },
  ],
};

const addressServices: ApiFacts = {
  id: 'pci-ats',
  api: 'pci_enable_pasid, pci_reset_pri, pci_enable_pri, pci_enable_ats',
  file: 'drivers/pci/ats.c',
  errnos: [
    {
      errno: 'EINVAL',
      when: 'the capability is missing or cannot be used',
      lines: lines(
        '62,68,78 (ATS); 210,217 (PRI); 307 (PRI reset); 373,380,383,390 (PASID)',
        '99,105,115 (ATS); 247,254 (PRI); 344 (PRI reset); 410,417,420,423,430 (PASID)',
      ),
    },
    {
      errno: 'EBUSY',
      when: 'it is enabled already',
      lines: lines('65 (ATS); 214,221 (PRI); 304 (PRI reset); 377 (PASID)', '102 (ATS); 251,258 (PRI); 341 (PRI reset); 414 (PASID)'),
    },
  ],
  note: 'AMD in 6.1 replaces each by an EINVAL of its own; SMMUv3, Intel and AMD in 6.12 ignore failures.',
};

const virtqueue: ApiFacts = {
  id: 'virtqueue-add-sgs',
  api: 'virtqueue_add_sgs',
  file: 'drivers/virtio/virtio_ring.c',
  errnos: [
    { errno: 'ENOSPC', when: 'the ring is full', lines: lines('583,1264,1410', '607,1306,1456') },
    { errno: 'ENOMEM', when: 'split ring: a buffer could not be mapped for DMA', lines: lines('700', '731') },
    {
      errno: 'EIO',
      when: 'the device is marked broken; packed ring: a buffer could not be mapped for DMA',
      lines: lines('543,1379 (broken); 1503 (packed mapping)', '567,1425 (broken); 1565 (packed mapping)'),
    },
  ],
  note:
    'A missing indirect descriptor table is no error: both kinds of ring go on with direct descriptors (6.1: alloc_indirect_split 468-489, ' +
    'packed 1386-1395; 6.12: 492-513, 1432-1440).',
};

const registerUpdate: ApiFacts = {
  id: 'regmap-update-bits',
  api: 'regmap_update_bits',
  file: 'drivers/base/regmap/regmap.c',
  errnos: [{ errno: 'callback-errno', when: 'the write on the bus failed' }],
};

export const apis: readonly ApiFacts[] = [
  runtimePower,
  idRange,
  arrayStore,
  arrayExchange,
  pageTableOps,
  secureConfiguration,
  clock,
  addressServices,
  virtqueue,
  registerUpdate,
];
