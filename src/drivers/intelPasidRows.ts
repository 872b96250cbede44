// Scalable mode of the Intel driver: the PASID table entry for requests without PASID, for identity, first-level and second-level
// domains. Its page is allocated at the first attach ever of the device (at boot) and kept; a failure there reads as ENODEV.
import { all, below, type Condition, differ, equal, has, lacks } from '../core/conditions.ts';
import { alloc, both, check, effect, everywhere, in61, print } from '../core/rowBuilders.ts';
import type { AllocRow, CheckRow, PerColumn, Row } from '../core/rows.ts';
import { firstLevel, passThrough, scalableDirect, secondLevel } from './intelAttributes.ts';

const setupFailed = 'Setup RID2PASID failed';
const quiet612 = in61(print('dev_err', setupFailed));
/** 6.1 adds its own line to the one of the check. */
const printed = (level: string, text: string) => both(print(`${level}+dev_err`, `${text}; then ${setupFailed}`), print(level, text));

const identity = both(all(scalableDirect, passThrough), scalableDirect);

interface Entry {
  readonly id: string;
  readonly kind: string;
  readonly applies: Condition | PerColumn<Condition>;
  readonly noEntry: PerColumn<string>;
  readonly present: PerColumn<string>;
}

const page = ({ id, kind, applies, noEntry }: Entry): AllocRow =>
  alloc({
    id,
    words: `${kind}: the entry cannot be had, as its table page could not be allocated`,
    class: 'transient-memory',
    errno: everywhere('ENODEV'),
    cite: noEntry,
    prints: quiet612,
    when: perColumn(applies, (condition) => all(condition, lacks('device.pasidPage'))),
    site: both('intel_pasid_get_entry:204', 'intel_pasid_get_entry:151'),
    what: 'PASID table page',
    gfp: everywhere('GFP_ATOMIC'),
    plausible: everywhere('atomic'),
    note: 'Only the very first attach of the device allocates the page. Memory shortage reported as ENODEV.',
  });

const busy = ({ id, kind, applies, present }: Entry): CheckRow =>
  check({
    id,
    words: `${kind}: the entry is live already`,
    class: 'busy',
    errno: everywhere('EBUSY'),
    cite: present,
    prints: quiet612,
    refuses: perColumn(applies, (condition) => all(condition, has('device.pasidEntryPresent'))),
    unreachable: 'the old translation was just blocked; needs a driver bug',
  });

const perColumn = (applies: Entry['applies'], change: (condition: Condition) => Condition): PerColumn<Condition> => {
  const columns = 'v6.12' in applies ? applies : everywhere(applies as Condition);
  return both(change(columns['v6.1']!), change(columns['v6.12']!));
};

const attachSide = '; iommu.c: domain_add_dev_info:2549-2561';
const getEntry = (setup: string, old: string, recent: string, caller = ''): PerColumn<string> =>
  both(
    `pasid.c: ${setup}:${old}, intel_pasid_get_entry:202-206${attachSide}`,
    `pasid.c: ${setup}:${recent}, intel_pasid_get_entry:148-153${caller}`,
  );

const passThroughEntry: Omit<Entry, 'id'> = {
  kind: 'identity domain',
  applies: identity,
  noEntry: getEntry('intel_pasid_setup_pass_through', '705-710', '535-540', '; iommu.c: identity_domain_attach_dev:4639-4642'),
  present: both('pasid.c: intel_pasid_setup_pass_through:712-715', 'pasid.c: intel_pasid_setup_pass_through:542-545'),
};

const firstEntry: Omit<Entry, 'id'> = {
  kind: 'first-level domain',
  applies: firstLevel,
  noEntry: getEntry('intel_pasid_setup_first_level', '567-572', '338-343'),
  present: both('pasid.c: intel_pasid_setup_first_level:574-577', 'pasid.c: intel_pasid_setup_first_level:345-348'),
};

const secondEntry: Omit<Entry, 'id'> = {
  kind: 'second-level domain',
  applies: secondLevel,
  noEntry: getEntry('intel_pasid_setup_second_level', '661-666', '427-432'),
  present: both('pasid.c: intel_pasid_setup_second_level:668-671', 'pasid.c: intel_pasid_setup_second_level:434-437'),
};

/** The prepare step has lowered the domain's width to the instance's, so the loops that skip levels do not run. */
export const tooDeep = all(below('iommu.agaw', 'domain.agaw'), lacks('domain.tables'));
export const trimmed = "the prepare step has just lowered the domain's width to that of the instance";

const firstLevelChecks: readonly Row[] = [
  check({
    id: 'intel-fl-missing-level',
    words: 'first-level domain: an upper level that must be skipped for a narrower instance has no entry',
    class: 'incompatible',
    errno: everywhere('ENOMEM'),
    cite: both('domain_setup_first_level:2423-2427', 'domain_setup_first_level:1951-1955'),
    prints: quiet612,
    refuses: all(firstLevel, tooDeep),
    unreachable: trimmed,
    note: 'No memory shortage: the domain is too deep for the instance. The second-level twin says EINVAL.',
  }),
  check({
    id: 'intel-fl-level-unsupported',
    words: 'first-level domain: neither four nor five levels are left',
    class: 'incompatible',
    errno: everywhere('EINVAL'),
    cite: both('domain_setup_first_level:2429-2431', 'domain_setup_first_level:1957-1959'),
    prints: quiet612,
    refuses: all(firstLevel, differ('domain.agaw', 48), differ('domain.agaw', 57)),
    note: 'The seed patch left EINVAL: where only EMEDIUMTYPE goes on, this stops the search.',
  }),
  check({
    id: 'intel-fl-not-supported',
    words: 'first-level domain on an instance without first-level translation',
    class: 'incompatible',
    errno: everywhere('EINVAL'),
    cite: both('pasid.c: intel_pasid_setup_first_level:538-542', 'pasid.c: intel_pasid_setup_first_level:326-330'),
    prints: printed('pr_err', 'No first level translation support on <iommu name>'),
    refuses: all(firstLevel, lacks('iommu.flts')),
    note: 'Practically unreachable: the kernel picks the level from what all instances have (6.1 1795-1807, 6.12 1462-1474); the model asks one. Not converted by the seed patch.',
  }),
  check({
    id: 'intel-fl-5level-unsupported',
    words: 'first-level domain of five levels on an instance without 5-level paging',
    class: 'incompatible',
    errno: everywhere('EINVAL'),
    cite: both('pasid.c: intel_pasid_setup_first_level:561-565', 'pasid.c: intel_pasid_setup_first_level:332-336'),
    prints: printed('pr_err', 'No 5-level paging support for first-level on <iommu name>'),
    refuses: all(firstLevel, equal('domain.agaw', 57), lacks('iommu.fl5lp')),
    note: 'Needs an instance whose width says five levels without the paging capability.',
  }),
];

const secondLevelChecks: readonly Row[] = [
  check({
    id: 'intel-sl-not-supported',
    words: 'second-level domain on an instance without second-level translation',
    class: 'incompatible',
    errno: everywhere('EINVAL'),
    cite: both('pasid.c: intel_pasid_setup_second_level:645-649', 'pasid.c: intel_pasid_setup_second_level:411-415'),
    prints: printed('pr_err', 'No second level translation support on <iommu name>'),
    refuses: all(secondLevel, lacks('iommu.slts')),
    note: 'type1: practically unreachable. 6.12 iommufd: its domains are always second level, so first-level-only hardware refuses each. Not converted by the seed patch.',
  }),
  check({
    id: 'intel-sl-page-table-too-deep',
    words: 'second-level domain whose table cannot be trimmed to the width of the instance',
    class: 'incompatible',
    errno: everywhere('EINVAL'),
    cite: both('pasid.c: intel_pasid_setup_second_level:651-656', 'pasid.c: intel_pasid_setup_second_level:417-422'),
    prints: printed('dev_err', 'Invalid domain page table'),
    refuses: all(secondLevel, tooDeep),
    unreachable: trimmed,
    note: 'Not converted by the seed patch.',
  }),
];

const entryMade: readonly Row[] = [
  effect({
    id: 'intel/pasid-page-kept',
    words: 'the page stays with the device',
    cite: both('pasid.c: intel_pasid_get_entry:208-222', 'pasid.c: intel_pasid_get_entry:151-170'),
    when: all(scalableDirect, lacks('device.pasidPage')),
    changes: [{ set: 'device.pasidPage', to: true }],
    undo: 'none',
  }),
  effect({
    id: 'intel/pasid-entry',
    words: 'the entry is live; a later failure clears it',
    cite: both('pasid.c: intel_pasid_setup_second_level:673-688', 'pasid.c: intel_pasid_setup_second_level:439-450'),
    when: scalableDirect,
    changes: [{ set: 'device.pasidEntryPresent', to: true }],
    undo: 'reverse',
  }),
];

const passThroughRows: readonly Row[] = [
  page({ id: 'intel-sm-passthrough-no-entry', ...passThroughEntry }),
  busy({ id: 'intel-sm-passthrough-present', ...passThroughEntry }),
];
const levelRows: readonly Row[] = [
  ...firstLevelChecks,
  page({ id: 'intel-fl-no-entry', ...firstEntry }),
  busy({ id: 'intel-fl-entry-present', ...firstEntry }),
  ...secondLevelChecks,
  page({ id: 'intel-sl-no-entry', ...secondEntry }),
  busy({ id: 'intel-sl-entry-present', ...secondEntry }),
];

/** 6.1: one attach op for all kinds. 6.12: identity has its own. */
export const pasid61: readonly Row[] = [...passThroughRows, ...levelRows, ...entryMade];
export const pasid612: readonly Row[] = [...levelRows, ...entryMade];
export const pasidIdentity612: readonly Row[] = [...passThroughRows, ...entryMade];
