// The prepare step of an Intel attach: does the domain fit the instance, and the widths that it overwrites for good.
// 6.12 takes it for the parent of a nested domain too, so the rows are made for either.
import { all, type Condition, computed, has, lacks, plain, type Read } from '../core/conditions.ts';
import { alloc, check, each, effect, in61, in612, print } from '../core/rowBuilders.ts';
import type { AllocRow, EffectRow, PerColumn, Row } from '../core/rows.ts';
import { scalableDirect } from './intelAttributes.ts';
import { instanceWidth, widthOf } from './intelDomainRows.ts';

type Subject = 'domain' | 'domain.parent';

export const unsnooped = (subject: Subject): Condition => all(has(`${subject}.forceSnooping`), lacks('iommu.snoopControl'));
export const untracked = (subject: Subject): Condition => all(has(`${subject}.dirtyTracking`), lacks('iommu.ssads'));
export const tooWide = (subject: Subject): Condition =>
  plain(
    `${subject}.maxAddr > 2^min(iommu.agaw, iommu.mgaw)`,
    [`${subject}.maxAddr`, 'iommu.agaw', 'iommu.mgaw'],
    (read) => Number(read(`${subject}.maxAddr`)) > 2 ** widthOf(read),
    { example: { [`${subject}.maxAddr`]: 2 ** 48 + 4096 } },
  );

/** Neither is restored when the attach fails later: the width can rise again with the next attach, the table stays trimmed. */
export const overwriteWidths = (id: string, subject: Subject, cite: PerColumn<string>): EffectRow =>
  effect({
    id,
    words: 'the domain takes the width of this instance, and its table loses top levels that the instance does not walk',
    cite,
    changes: [
      { set: `${subject}.gaw`, to: instanceWidth },
      {
        set: `${subject}.agaw`,
        to: computed('smaller of both tables', [`${subject}.agaw`, 'iommu.agaw'], (read) => smaller(read, subject)),
      },
    ],
    undo: 'none',
  });

const smaller = (read: Read, subject: Subject): number => Math.min(Number(read(`${subject}.agaw`)), Number(read('iommu.agaw')));

export const copiedContext = all(scalableDirect, has('device.contextCopied'));
export const contextPageMissing = lacks('iommu.contextPages[device.bus]');

/** What the page costs; where it sits in the path differs. */
export const contextPage = {
  what: 'context table page',
  gfp: 'GFP_ATOMIC',
  plausible: 'atomic',
  site612: 'iommu_context_addr:521',
} as const;

export const copiedContextPage = (row: Pick<AllocRow, 'id' | 'entry' | 'cite' | 'prints'>): AllocRow =>
  alloc({
    ...row,
    words: 'kdump: no context table page for the entry that replaces the copied one',
    class: 'transient-memory',
    errno: in612('ENOMEM'),
    when: all(copiedContext, contextPageMissing),
    site: in612(contextPage.site612),
    what: contextPage.what,
    gfp: in612(contextPage.gfp),
    plausible: in612(contextPage.plausible),
    note: 'Practically unreachable: a copied entry lies in a page that exists; only an alias in the other half of the bus could need one.',
  });

export const copiedContextReplaced: EffectRow = effect({
  id: 'intel/copied-context-replaced',
  words: "the copied context entry gives way to one with the device's PASID table",
  cite: in612('pasid.c: device_pasid_table_setup:808-838'),
  when: copiedContext,
  changes: [{ set: 'device.contextCopied', to: false }],
  undo: 'none',
});

const noInstance = check({
  id: 'intel-prepare-no-iommu',
  words: 'no IOMMU instance covers the device',
  class: 'device',
  errno: in61('ENODEV'),
  cite: in61('prepare_domain_attach_device:4283-4285'),
  refuses: lacks('device.iommu'),
  note: '6.12: the instance is a field set at probe and cannot be missing.',
});

const snooping = check({
  id: 'intel-force-snooping-unsupported',
  words: 'the domain forces snooped DMA and the instance has no snoop control',
  class: 'incompatible',
  errno: each('EOPNOTSUPP', 'EMEDIUMTYPE', 'EINVAL'),
  cite: { ...in61('prepare_domain_attach_device:4287-4288'), ...in612('prepare_domain_attach_device:3667-3668') },
  refuses: unsnooped('domain'),
});

const tracking = check({
  id: 'intel-dirty-tracking-unsupported',
  words: 'the domain tracks dirty pages and the instance has no second-level access and dirty bits',
  class: 'incompatible',
  errno: in612('EINVAL'),
  cite: in612('prepare_domain_attach_device:3670-3671'),
  refuses: untracked('domain'),
});

const width = check({
  id: 'intel-address-width-insufficient',
  words: 'the recorded top address of the domain lies above what the instance can reach',
  class: 'incompatible',
  errno: each('EFAULT', 'EMEDIUMTYPE', 'EINVAL'),
  cite: { ...in61('prepare_domain_attach_device:4295-4300'), ...in612('prepare_domain_attach_device:3678-3679') },
  prints: {
    'v6.1': print(
      'dev_err',
      'prepare_domain_attach_device: iommu width (<width>) is not sufficient for the mapped address (<hex max_addr>)',
    ),
  },
  refuses: tooWide('domain'),
  note: 'Depends on what was mapped so far, so a pair can fit earlier and not later. iommufd domains start at their aperture end: a narrower instance refuses them empty.',
});

const widths = overwriteWidths('intel/widths-overwritten', 'domain', {
  ...in61('prepare_domain_attach_device:4301-4315'),
  ...in612('prepare_domain_attach_device:3680-3694'),
});

export const prepare61: readonly Row[] = [noInstance, snooping, width, widths];
export const prepare612: readonly Row[] = [
  snooping,
  tracking,
  width,
  widths,
  copiedContextPage({
    id: 'intel-copied-context-alloc',
    cite: in612('prepare_domain_attach_device:3696-3698; pasid.c: device_pasid_table_setup:796-801'),
  }),
  copiedContextReplaced,
];
