// Intel domains: allocation and geometry. type1 and the core allocate for 57 bits and let the first attach narrow the domain;
// iommufd (6.12) allocates for the device's instance.
import { type Computed, computed, differ, type Read, value } from '../core/conditions.ts';
import { alloc, both, effect, everywhere, in612, print } from '../core/rowBuilders.ts';
import type { EffectRow, Row } from '../core/rows.ts';

/** The width that an instance gives a domain: the smaller of its two. */
export const instanceWidth: Computed = computed('smaller of agaw and mgaw', ['iommu.agaw', 'iommu.mgaw'], (read) => widthOf(read));
export const widthOf = (read: Read): number => Math.min(Number(read('iommu.agaw')), Number(read('iommu.mgaw')));

const lastAddress = (path: string): Computed => computed(`2^${path} - 1`, [path], (read) => 2 ** Number(read(path)) - 1);
const lastOfInstance = computed('2^width - 1', ['iommu.agaw', 'iommu.mgaw'], (read) => 2 ** widthOf(read) - 1);

/** First-level addresses must be canonical, which costs the top bit. */
const apertureOfWidth = computed('end of the width, a bit less with first level', ['domain.gaw', 'domain.useFirstLevel'], (read) => {
  const width = Number(read('domain.gaw')) - (read('domain.useFirstLevel') === true ? 1 : 0);
  return 2 ** width - 1;
});

const bigPages = computed('all instances and the memory allow big pages', ['iommu.superpages', 'system.contiguousMemory'], (read) => {
  return read('iommu.superpages') === true && read('system.contiguousMemory') === true;
});

/** The kernel asks all instances of the machine; the model asks the one at hand. */
const prefersFirstLevel = computed('first level by default', ['iommu.scalableMode', 'iommu.flts', 'iommu.slts', 'domain.type'], (read) => {
  if (read('iommu.scalableMode') !== true) return false;
  const [first, second] = [read('iommu.flts') === true, read('iommu.slts') === true];
  return first !== second ? first : read('domain.type') !== 'unmanaged';
});

/** Identity costs no memory: one domain for all in 6.1, a static one in 6.12. */
const translated = differ('domain.type', value('identity'));
const outOfMemory = { class: 'transient-memory', errno: both('NULL', 'ENOMEM') } as const;

export const allocate: readonly Row[] = [
  alloc({
    id: 'intel/domain-record',
    words: 'the domain record could not be allocated',
    ...outOfMemory,
    cite: both('intel_iommu_domain_alloc:4244-4247', 'intel_iommu_domain_alloc:3573-3576'),
    prints: everywhere(print('pr_err', "Can't allocate dmar_domain")),
    when: translated,
    site: both('alloc_domain:1813', 'alloc_domain:1480'),
    what: 'domain record',
    gfp: everywhere('GFP_KERNEL'),
    plausible: everywhere('small-sleeping'),
    note: '6.1: the caller picks the errno for the null pointer. 6.12: the core makes it ENOMEM.',
  }),
  effect({
    id: 'intel/domain-widths',
    words: 'the domain starts with 57 bits, whatever the instances have',
    cite: both('md_domain_init:4217-4224', 'md_domain_init:3461-3468'),
    changes: [
      { set: 'domain.useFirstLevel', to: prefersFirstLevel },
      { set: 'domain.gaw', to: 57 },
      { set: 'domain.agaw', to: 57 },
      { set: 'domain.maxAddr', to: 0 },
    ],
    undo: 'none',
  }),
  alloc({
    id: 'intel/root-table',
    words: 'the root page-table page could not be allocated',
    ...outOfMemory,
    cite: both('md_domain_init:4227-4229', 'md_domain_init:3471-3473'),
    prints: everywhere(print('pr_err', 'Domain initialization failed')),
    when: translated,
    site: both('md_domain_init:4227', 'md_domain_init:3471'),
    what: 'root page-table page',
    gfp: everywhere('GFP_ATOMIC'),
    plausible: everywhere('atomic'),
  }),
  effect({
    id: 'intel/domain-geometry',
    words: 'the aperture is the whole 57 bits until the first attach',
    cite: both('intel_iommu_domain_alloc:4254-4258', 'intel_iommu_domain_alloc:3583-3587'),
    changes: [
      { set: 'domain.apertureStart', to: 0 },
      { set: 'domain.apertureEnd', to: lastAddress('domain.gaw') },
      { set: 'domain.pageSize', to: 4096 },
    ],
    undo: 'none',
  }),
];

export const allocateUser: readonly Row[] = [
  alloc({
    id: 'intel/user-domain-record',
    words: 'the domain record could not be allocated',
    class: 'transient-memory',
    errno: in612('ENOMEM'),
    cite: in612('paging_domain_alloc:3510-3512'),
    site: in612('paging_domain_alloc:3510'),
    what: 'domain record',
    gfp: in612('GFP_KERNEL'),
    plausible: in612('small-sleeping'),
  }),
  effect({
    id: 'intel/user-domain-geometry',
    words: "the domain takes the widths of the device's instance; its top address starts at the aperture end; always second level",
    cite: in612('paging_domain_alloc:3521-3551, intel_iommu_domain_alloc_user:3630'),
    changes: [
      { set: 'domain.useFirstLevel', to: false },
      { set: 'domain.gaw', to: instanceWidth },
      { set: 'domain.agaw', to: 'iommu.agaw' },
      { set: 'domain.maxAddr', to: lastOfInstance },
      { set: 'domain.superpages', to: bigPages },
      { set: 'domain.apertureStart', to: 0 },
      { set: 'domain.apertureEnd', to: lastOfInstance },
      { set: 'domain.pageSize', to: 4096 },
    ],
    undo: 'none',
  }),
  alloc({
    id: 'intel/user-root-table',
    words: 'the root page-table page could not be allocated',
    class: 'transient-memory',
    errno: in612('ENOMEM'),
    cite: in612('paging_domain_alloc:3554-3558'),
    site: in612('paging_domain_alloc:3554'),
    what: 'root page-table page',
    gfp: in612('GFP_KERNEL'),
    plausible: in612('small-sleeping'),
  }),
];

/** An instance joins or leaves the domain: what the domain can do is worked out anew, from the width written last. */
export const updateCapabilities = (id: string, when: EffectRow['when']): EffectRow =>
  effect({
    id,
    words: 'aperture and big pages are worked out anew',
    cite: both('domain_update_iommu_cap:594-620', 'domain_update_iommu_cap:465-490'),
    ...(when ? { when } : {}),
    changes: [
      { set: 'domain.superpages', to: bigPages },
      { set: 'domain.apertureEnd', to: apertureOfWidth },
    ],
    undo: 'none',
  });
