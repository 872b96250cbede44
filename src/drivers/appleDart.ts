// Apple DART (apple-dart.c): a domain is tied to the exact list of DART instances of its first device; attaching reprograms them.
import { all, any, below, differ, equal, has, lacks, value } from '../core/conditions.ts';
import { alloc, both, call, check, each, everywhere, in61, in612, print } from '../core/rowBuilders.ts';
import type { Driver } from '../core/rows.ts';
import { finalise, map } from './appleDartTables.ts';
import { paging } from './ioPgtableArm.ts';

const domainRecord = alloc({
  id: 'apple-dart/domain-record',
  words: 'the domain record could not be allocated',
  class: 'transient-memory',
  errno: each('NULL', 'NULL', 'ENOMEM'),
  cite: both('apple_dart_domain_alloc:606-608', 'apple_dart_domain_alloc_paging:755-757'),
  when: in612(paging),
  site: both('apple_dart_domain_alloc:606', 'apple_dart_domain_alloc_paging:755'),
  what: 'domain record',
  gfp: everywhere('GFP_KERNEL'),
  plausible: everywhere('small-sleeping'),
});

const bypassOnly = check({
  id: 'apple-dart-force-bypass-needs-identity',
  words: 'the DART can only bypass, because its pages are larger than the kernel’s, and the domain is no identity domain',
  class: 'incompatible',
  errno: { 'v6.1': 'EINVAL', 'seed-v6': 'EMEDIUMTYPE' },
  cite: in61('apple_dart_attach_dev:523-525'),
  refuses: all(has('iommu.forceBypass'), differ('domain.type', value('identity'))),
  note: 'A blocking domain is refused too, so on such a DART a claim of ownership fails with this errno and no search begins.',
});

const noBypass = check({
  id: 'apple-dart-identity-needs-bypass',
  words: 'an identity domain on a DART without bypass',
  class: 'incompatible',
  errno: each('EINVAL', 'EMEDIUMTYPE', 'EINVAL'),
  cite: both('apple_dart_attach_dev:526-528', 'apple_dart_attach_dev_identity:689-690'),
  refuses: all(equal('iommu.supportsBypass', false), equal('domain.type', value('identity'))),
});

const largePages = check({
  id: 'apple-dart-pgsize-too-large',
  words: 'the pages of the DART are larger than the kernel’s, so no paging domain works',
  class: 'incompatible',
  errno: in612('EINVAL'),
  cite: in612('apple_dart_finalize_domain:583-584'),
  refuses: all(paging, below('system.pageSize', 'iommu.pgsize')),
  note: 'Tested for every paging attach, and inside the allocation of a domain for a device; an identity domain works.',
});

const finaliseOnce = call({
  id: 'apple-dart/finalise',
  words: 'the domain has no page table yet',
  class: 'other',
  errno: everywhere([]),
  cite: both('apple_dart_attach_dev:530-532', 'apple_dart_domain_alloc_paging:761-769; apple_dart_attach_dev_paging:669-671'),
  when: all(paging, lacks('domain.finalized')),
  path: 'finalise',
  note: '6.12: with a device given to the allocation this happens there.',
});

const otherInstances = check({
  id: 'apple-dart-stream-map-mismatch',
  words: 'the domain was finalised for other DART instances, or for the same ones in another order',
  class: 'incompatible',
  errno: everywhere('EINVAL'),
  cite: both(
    'apple_dart_mod_streams:480-483; apple_dart_attach_dev:537-539',
    'apple_dart_mod_streams:633-636; apple_dart_attach_dev_paging:673-675',
  ),
  refuses: all(paging, any(differ('domain.iommu', 'device.iommu'), differ('domain.streamMaps', 'device.streamMaps'))),
  note: 'The seed patch overlooked it: with EMEDIUMTYPE as the only "next" this incompatibility ends the search.',
});

const flush = call({
  id: 'apple-dart/tlb-flush',
  words: 'the TLB flush did not end in time; the attach goes on',
  class: 'device',
  errno: everywhere('0'),
  cite: both('apple_dart_setup_translation:422', 'apple_dart_setup_translation:572'),
  prints: everywhere(print('dev_err', 'busy bit did not clear after command <command> for streams <streams>')),
  when: paging,
  failure: 'ignored',
});

const attach61 = [bypassOnly, noBypass, finaliseOnce, otherInstances, flush];
const attach612 = [largePages, finaliseOnce, otherInstances, flush];

export const driver: Driver = {
  name: 'apple-dart',
  files: everywhere('drivers/iommu/apple-dart.c'),
  operations: both(
    ['apple_dart_attach_dev()'],
    ['apple_dart_attach_dev_paging()', 'apple_dart_attach_dev_identity()', 'apple_dart_attach_dev_blocked()'],
  ),
  attributes: {
    device: { streamMaps: { default: null, words: 'its DART instances in order, when there are more than the one that serves it' } },
    iommu: {
      pgsize: { default: 16384, words: 'page size', alternatives: [4096] },
      ias: { default: 32, words: 'input bits (6.12 also knows wider ones)', alternatives: [36, 42] },
      forceBypass: { default: false, words: '6.1: its pages are larger than the kernel’s', alternatives: [true] },
      supportsBypass: { default: true, words: 'can bypass translation', alternatives: [false] },
    },
    domain: {
      iommu: { default: null, words: 'instance of the first attach' },
      streamMaps: { default: null, words: 'DART instances of the first attach' },
      finalized: { default: false, words: 'has a page table' },
      tables: { default: null, words: 'second-level tables' },
      superpages: { default: false, words: 'never: a DART has one page size' },
    },
    system: { pageSize: { default: 16384, words: 'page size of the kernel', alternatives: [4096] } },
  },
  blocking: each('own', 'own', 'static'),
  enforcesCoherency: false,
  msi: 'hardware',
  regions: both(
    { site: 'apple_dart_get_resv_regions:817', gfp: 'GFP_KERNEL' },
    { site: 'apple_dart_get_resv_regions:971', gfp: 'GFP_KERNEL' },
  ),
  paths: {
    allocate: both([domainRecord], [domainRecord, largePages, finaliseOnce]),
    finalise,
    attach: both(attach61, attach612),
    attachIdentity: both(attach61, [noBypass]),
    map: everywhere(map),
  },
  sharing: 'The DART instances of the first device, as an ordered list.',
  note: 'An attach never removes the old domain; the hardware is reprogrammed once nothing can fail any more.',
};
