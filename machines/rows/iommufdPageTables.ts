// Rows of iommufd's new page tables: object, domain, first attach, and filling it with what the address space holds.
import { has } from '../../src/core/conditions.ts';
import { alloc, call, check, in612, print } from '../../src/core/rowBuilders.ts';
import type { Row } from '../../src/core/rows.ts';
import { pageTable, space } from './cites.ts';
import { accounted612, buffer612 } from './memory.ts';

const make: readonly Row[] = [
  check({
    id: 'iommufd-hwpt-flags',
    words: 'flags that are not supported are set for the new page table',
    class: 'other',
    errno: in612('EOPNOTSUPP'),
    cite: pageTable('iommufd_hwpt_paging_alloc:119-128'),
    refuses: has('user.unsupportedFlags'),
    note: 'Automatic page tables have no flags.',
  }),
  alloc({
    id: 'iommufd-hwpt-object-alloc/object',
    entry: 'iommufd-hwpt-object-alloc',
    words: 'the page-table object could not be allocated',
    ...accounted612,
    cite: pageTable('iommufd_hwpt_paging_alloc:130-133; main.c: _iommufd_object_alloc:40-58'),
    site: in612('_iommufd_object_alloc:40'),
    what: 'page-table object',
  }),
  alloc({
    id: 'iommufd-hwpt-object-alloc/id',
    entry: 'iommufd-hwpt-object-alloc',
    words: 'the page-table object got no id: no node, or all ids are taken (EBUSY)',
    ...accounted612,
    errno: in612(['ENOMEM', 'EBUSY']),
    cite: pageTable('iommufd_hwpt_paging_alloc:130-133; main.c: _iommufd_object_alloc:40-58'),
    site: in612('_iommufd_object_alloc:55'),
    what: 'array node for the id, every 64 ids',
    tries: 2,
  }),
  call({
    id: 'iommufd-hwpt-domain-alloc',
    words: 'the driver could not allocate the domain',
    class: 'transient-memory',
    errno: in612(['ENOMEM', 'EOPNOTSUPP', 'ENODEV', 'driver-errno']),
    cite: pageTable(
      'iommufd_hwpt_paging_alloc:142-158; iommu.c: iommu_paging_domain_alloc:2045-2048; iommu.c: __iommu_domain_alloc:1951-1966',
    ),
    path: 'allocateDomain',
  }),
  check({
    id: 'iommufd-hwpt-enforce-cc',
    words: 'the device can enforce coherency, but the fresh domain refuses to',
    class: 'other',
    errno: in612('EINVAL'),
    cite: pageTable('iommufd_hwpt_paging_alloc:174-178; hw_pagetable.c: iommufd_hwpt_paging_enforce_cc:80-81'),
    prints: in612(print('WARN', 'WARN_ON() in iommufd_hwpt_paging_alloc()')),
    refuses: has('user.coherencyRefused'),
    unreachable: 'a guard against driver bugs',
  }),
  call({
    id: 'iommufd-fresh-attach',
    words: 'the fresh domain could not be attached, whatever step of the attach failed',
    class: 'other',
    errno: in612('attach-errno'),
    cite: pageTable('iommufd_hwpt_paging_alloc:186-190'),
    path: 'attachPageTable',
    note: 'Here EINVAL goes to the user too: a fresh domain is not expected to be incompatible.',
  }),
];

const add: readonly Row[] = [
  check({
    id: 'iommufd-add-domain-duplicate',
    words: 'the address space has the domain already',
    class: 'other',
    errno: in612('EEXIST'),
    cite: space('iopt_table_add_domain:1051-1056'),
    prints: in612(print('WARN', 'WARN_ON() in iopt_table_add_domain()')),
    refuses: has('user.duplicateDomain'),
    unreachable: 'a guard against driver bugs',
  }),
  check({
    id: 'iommufd-add-domain-page-size',
    words: "the domain's smallest page is larger than a kernel page",
    class: 'device',
    errno: in612('EINVAL'),
    cite: space('iopt_table_add_domain:1066-1072'),
    refuses: has('user.pageSizeTooLarge'),
  }),
  check({
    id: 'iommufd-add-domain-alignment',
    words: "existing mappings are not aligned to the domain's smallest page",
    class: 'incompatible',
    errno: in612('EADDRINUSE'),
    cite: space('iopt_table_add_domain:1073-1077; io_pagetable.c: iopt_check_iova_alignment:1020-1025'),
    refuses: has('user.unaligned'),
  }),
  check({
    id: 'iommufd-add-domain-aperture',
    words: "existing mappings or allowed ranges lie outside the domain's aperture",
    class: 'incompatible',
    errno: in612('EADDRINUSE'),
    cite: space('iopt_table_add_domain:1079-1091; io_pagetable.c: iopt_reserve_iova:810-812'),
    refuses: has('user.outsideAperture'),
  }),
  alloc({
    id: 'iommufd-add-domain-aperture/record',
    entry: 'iommufd-add-domain-aperture',
    words: 'the record that reserves what lies outside the aperture could not be allocated',
    ...accounted612,
    cite: space('iopt_table_add_domain:1079-1091; io_pagetable.c: iopt_reserve_iova:814-816'),
    site: in612('iopt_reserve_iova:814 (iopt_table_add_domain)'),
    what: 'one record below and one above the aperture: none to two',
  }),
  alloc({
    id: 'iommufd-add-domain-array',
    words: 'the domain got no slot in the array of the address space',
    ...accounted612,
    gfp: in612('GFP_KERNEL, the array adds __GFP_ACCOUNT'),
    cite: space('iopt_table_add_domain:1093-1095'),
    site: in612('iopt_table_add_domain:1093'),
    what: 'array node, for the first domain of an address space and then every 64th',
    tries: 2,
  }),
];

const fill: readonly Row[] = [
  call({
    id: 'iommufd-add-domain-fill',
    words: 'what the address space holds could not be mapped into the domain',
    class: 'transient-memory',
    errno: in612(['ENOMEM', 'driver-errno']),
    cite: space('iopt_table_add_domain:1097-1099'),
    path: 'mapDomain',
    note: 'The device was attached before; it is detached again.',
  }),
  alloc({
    id: 'iommufd-add-domain-fill/batch',
    entry: 'iommufd-add-domain-fill',
    words: 'the batch of page frames got no memory, not even the one page it falls back to',
    ...buffer612,
    cite: in612('pages.c: temp_kmalloc:88; pages.c: __batch_init:321'),
    site: in612('temp_kmalloc:88 (__batch_init:321)'),
    what: 'batch of page frames, per area',
  }),
  alloc({
    id: 'iommufd-add-domain-fill/pages',
    entry: 'iommufd-add-domain-fill',
    words: 'the array of page pointers got no memory, not even the one page it falls back to',
    ...buffer612,
    cite: in612('pages.c: temp_kmalloc:88; pages.c: pfn_reader_user_pin:754'),
    site: in612('temp_kmalloc:88 (pfn_reader_user_pin:754)'),
    what: 'array of page pointers, per area that no domain or access of the address space holds yet',
  }),
];

export const rows: readonly Row[] = [...make, ...add, ...fill];
