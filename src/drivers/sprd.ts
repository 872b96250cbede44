// Unisoc IOMMU (sprd-iommu.c): one table of 256 KiB per domain, made at the first attach. 6.1 allows one device a domain, 6.12 does not look.
import { all, any, differ, equal, has, lacks, value } from '../core/conditions.ts';
import { alloc, both, check, each, effect, everywhere, in61, in612 } from '../core/rowBuilders.ts';
import type { Driver, Row } from '../core/rows.ts';

const domainRecord = alloc({
  id: 'sprd/domain-record',
  words: 'the domain record could not be allocated',
  class: 'transient-memory',
  errno: each('NULL', 'NULL', 'ENOMEM'),
  cite: both('sprd_iommu_domain_alloc:142-144', 'sprd_iommu_domain_alloc_paging:140-142'),
  site: both('sprd_iommu_domain_alloc:142', 'sprd_iommu_domain_alloc_paging:140'),
  what: 'domain record',
  gfp: everywhere('GFP_KERNEL'),
  plausible: everywhere('small-sleeping'),
});

const geometry = effect({
  id: 'sprd/geometry',
  words: 'the domain gets its fixed 256 MiB',
  cite: both('sprd_iommu_domain_alloc:148-150', 'sprd_iommu_domain_alloc_paging:146-148'),
  changes: [
    { set: 'domain.apertureStart', to: 0 },
    { set: 'domain.apertureEnd', to: 2 ** 28 - 1 },
    { set: 'domain.pageSize', to: 4096 },
  ],
  undo: 'none',
});

const domainType = check({
  id: 'sprd/domain-type',
  words: 'another type than dma or unmanaged is asked for',
  class: 'other',
  errno: in61('NULL'),
  cite: in61('sprd_iommu_domain_alloc:139-140'),
  refuses: any(equal('domain.type', value('identity')), equal('domain.type', value('blocking'))),
});

const domainInUse = check({
  id: 'sprd-domain-in-use',
  words: 'the domain already has an IOMMU and so a device',
  class: 'incompatible',
  errno: { 'v6.1': 'EINVAL', 'seed-v6': 'EMEDIUMTYPE' },
  cite: in61('sprd_iommu_attach_device:256-259'),
  prints: { 'v6.1': { level: 'pr_err', text: "There's already a device attached to this domain." } },
  refuses: has('domain.iommu'),
  note: 'True even for the device that is on the domain. Gone in 6.12: every pairing is accepted.',
});

const pageTable = alloc({
  id: 'sprd-pgtable-alloc',
  words: 'the coherent page table could not be allocated',
  class: 'transient-memory',
  errno: everywhere('ENOMEM'),
  cite: both('sprd_iommu_attach_device:261-263', 'sprd_iommu_attach_device:259-262'),
  when: in612(lacks('domain.iommu')),
  site: both('sprd_iommu_attach_device:261', 'sprd_iommu_attach_device:260'),
  what: 'coherent page table, 256 KiB in one piece',
  gfp: everywhere('GFP_KERNEL'),
  plausible: everywhere('dma'),
});

const bind = effect({
  id: 'sprd/bind',
  words: 'the domain takes its first IOMMU, whose registers get the table',
  cite: both('sprd_iommu_attach_device:265-271', 'sprd_iommu_attach_device:264-279'),
  when: any(lacks('domain.iommu'), equal('domain.iommu', 'iommu.id')),
  changes: [
    { set: 'domain.iommu', to: 'iommu.id' },
    { set: 'iommu.table', to: 'domain.id' },
  ],
  undo: 'reverse',
});

/** Registers are written through the domain's IOMMU, then the device's is enabled: it runs on whatever table it had before. */
const foreign = effect({
  id: 'sprd/foreign',
  words: "an IOMMU that is not the domain's is enabled and keeps the table that it had",
  cite: in612('sprd_iommu_attach_device:267-279'),
  when: all(has('domain.iommu'), differ('domain.iommu', 'iommu.id')),
  changes: [{ set: 'device.translatedElsewhere', to: true }],
  undo: 'reverse',
});

const proper = effect({
  id: 'sprd/proper',
  words: "the device is translated by the domain's own table",
  cite: in612('sprd_iommu_attach_device:274-279'),
  when: equal('domain.iommu', 'iommu.id'),
  changes: [{ set: 'device.translatedElsewhere', to: false }],
  undo: 'reverse',
});

const leave: readonly Row[] = [
  effect({
    id: 'sprd/detach',
    words: 'the table is freed and the IOMMU disabled',
    cite: in61('sprd_iommu_detach_device:283-288'),
    when: equal('domain.iommu', 'iommu.id'),
    changes: [
      { set: 'domain.iommu', to: null },
      { set: 'iommu.table', to: null },
    ],
    undo: 'none',
  }),
];

const free: readonly Row[] = [
  effect({
    id: 'sprd/free',
    words: 'the IOMMU of the domain is disabled, whatever it serves by now',
    cite: both('sprd_iommu_cleanup:231-238', 'sprd_iommu_cleanup:229-236'),
    when: has('domain.iommu'),
    changes: [{ set: 'iommu.table', to: null }],
    undo: 'none',
  }),
];

export const driver: Driver = {
  name: 'sprd',
  files: everywhere('drivers/iommu/sprd-iommu.c'),
  operations: everywhere(['sprd_iommu_attach_device()']),
  attributes: {
    device: { translatedElsewhere: { default: false, words: 'its IOMMU was enabled for a domain whose table it does not have' } },
    iommu: { table: { default: null, words: 'domain whose table the registers name' } },
    domain: { iommu: { default: null, words: 'instance of the first attach' } },
  },
  blocking: everywhere('stand-in'),
  enforcesCoherency: false,
  msi: 'hardware',
  paths: {
    allocate: both([domainType, domainRecord, geometry], [domainRecord, geometry]),
    attach: both([domainInUse, pageTable, bind], [pageTable, foreign, bind, proper]),
    leave: in61(leave),
    free: everywhere(free),
  },
  sharing: '6.1: one device per domain. 6.12: the test is gone, a second device is silently accepted (one IOMMU serves one client).',
  note:
    'A mapping writes the one table and allocates nothing. The old domain is not removed by attach; 6.12 has no detach op at all. ' +
    '6.12 skips the attach when the IOMMU remembers this very domain; nothing clears that memory when a domain is freed (not modelled).',
};
