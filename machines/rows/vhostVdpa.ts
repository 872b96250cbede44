// Rows of vhost-vdpa: one private domain per device, never searched for and never shared.
import { any, has, lacks } from '../../src/core/conditions.ts';
import { both, call, check, everywhere, in61, in612, print } from '../../src/core/rowBuilders.ts';
import type { PerColumn, Row } from '../../src/core/rows.ts';

const vdpa = (old: string, recent: string): PerColumn<string> =>
  both(`vdpa.c: vhost_vdpa_alloc_domain:${old}`, `vdpa.c: vhost_vdpa_alloc_domain:${recent}`);

export const rows: readonly Row[] = [
  check({
    id: 'vdpa-not-open',
    words: 'the device file is not open',
    class: 'other',
    errno: everywhere('EBADF'),
    cite: both('vdpa.c: vhost_vdpa_chr_write_iter:1137-1145', 'vdpa.c: vhost_vdpa_chr_write_iter:1366-1374'),
    refuses: lacks('container.records'),
    note: 'User space is told so before vhost-vdpa is asked.',
  }),
  check({
    id: 'vdpa-no-bus',
    words: 'the device that does the DMA is on no bus',
    class: 'device',
    errno: in61('EFAULT'),
    cite: in61('vdpa.c: vhost_vdpa_alloc_domain:1159-1161'),
    refuses: in61(has('device.noBus')),
  }),
  check({
    id: 'vdpa-not-coherent',
    words: 'the device is not cache coherent through an IOMMU, or has none',
    class: 'device',
    errno: everywhere('ENOTSUPP'),
    cite: vdpa('1163-1164', '1387-1391'),
    prints: in612(print('dev_warn_once', 'Failed to allocate domain, device is not IOMMU cache coherent capable')),
    refuses: any(lacks('device.iommu'), has('device.notCoherent')),
  }),
  call({
    id: 'vdpa-domain-alloc',
    words: 'the domain could not be allocated',
    class: 'transient-memory',
    errno: { ...in61('EIO'), ...in612(['ENOMEM', 'EOPNOTSUPP', 'ENODEV', 'driver-errno']) },
    cite: vdpa('1166-1168', '1393-1398; iommu.c: iommu_paging_domain_alloc:2045-2048; iommu.c: __iommu_domain_alloc:1951-1966'),
    path: 'allocateDomain',
  }),
  call({
    id: 'vdpa-attach',
    words: 'the domain could not be attached',
    class: 'other',
    errno: everywhere('attach-errno'),
    cite: vdpa('1170-1172', '1400-1402'),
    path: 'attachGroup',
    note: 'Ownership is not claimed before.',
  }),
];
