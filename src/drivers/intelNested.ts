// Nested domains of the Intel driver (intel/nested.c, 6.12): the user's stage-1 table on a parent domain. They take a domain id of
// their own on each instance, and cache tags on themselves and on the parent; a failure undoes exactly what was taken.
import { below, type Condition } from '../core/conditions.ts';
import { alloc, check, in61, in612, print } from '../core/rowBuilders.ts';
import type { AttributeTable, Driver, Row } from '../core/rows.ts';
import * as intel from './intelAttributes.ts';
import { leave612, leaveOld } from './intelInstanceRows.ts';
import { joinInstance, pasidEntry, tags } from './intelNestedRows.ts';
import { copiedContextPage, copiedContextReplaced, overwriteWidths, tooWide, unsnooped, untracked } from './intelPrepareRows.ts';

const domain: AttributeTable = {
  addrWidth: { default: 48, words: "width of the user's stage-1 table", alternatives: [57, 39] },
  s1Supervisor: { default: false, words: 'the user asked for supervisor requests', alternatives: [true] },
  s1ExtendedAccess: { default: false, words: 'the user asked for the extended access flag', alternatives: [true] },
  instances: intel.domain.instances,
  arrayEntries: intel.domain.arrayEntries,
  qiBatch: intel.domain.qiBatch,
  cacheTagUsers: intel.domain.cacheTagUsers,
  deviceTagUsers: intel.domain.deviceTagUsers,
  parentTagUsers: intel.domain.parentTagUsers,
  parentDeviceTagUsers: intel.domain.parentDeviceTagUsers,
};

const record = alloc({
  id: 'intel-nested/domain-record',
  words: 'the domain record could not be allocated',
  class: 'transient-memory',
  errno: in612('ENOMEM'),
  cite: in612('intel_nested_domain_alloc:159-161'),
  site: in612('intel_nested_domain_alloc:159'),
  what: 'domain record',
  gfp: in612('GFP_KERNEL_ACCOUNT'),
  plausible: in612('accounted'),
});

const narrowInstance = check({
  id: 'intel-nested-agaw',
  words: 'the instance walks a narrower table than the parent has',
  class: 'incompatible',
  errno: in612('ENODEV'),
  cite: in612('intel_nested_attach_dev:32-35'),
  prints: in612(print('dev_err_ratelimited', 'Adjusted guest address width not compatible')),
  refuses: below('iommu.agaw', 'domain.parent.agaw'),
  note: 'Another parent would fit, yet the errno is ENODEV.',
});

const parentEntry = 'intel-nested-parent-incompatible';
const unfit = in612(print('dev_err_ratelimited', 's2 domain is not compatible'));
const parentCheck = (id: string, words: string, lines: string, refuses: Condition): Row =>
  check({
    id,
    ...(id === parentEntry ? {} : { entry: parentEntry }),
    words: `the parent does not fit the instance: ${words}`,
    class: 'incompatible',
    errno: in612('EINVAL'),
    cite: in612(`intel_nested_attach_dev:42-46; iommu.c: prepare_domain_attach_device:${lines}`),
    prints: unfit,
    refuses,
  });

const parentFits: readonly Row[] = [
  parentCheck(parentEntry, 'it forces snooped DMA, without snoop control', '3667-3668', unsnooped('domain.parent')),
  parentCheck(
    `${parentEntry}/dirty-tracking`,
    'it tracks dirty pages, without access and dirty bits',
    '3670-3671',
    untracked('domain.parent'),
  ),
  parentCheck(`${parentEntry}/address-width`, 'its recorded top address lies above the width', '3678-3679', tooWide('domain.parent')),
  overwriteWidths('intel-nested/parent-widths-overwritten', 'domain.parent', in612('iommu.c: prepare_domain_attach_device:3680-3694')),
  copiedContextPage({
    id: `${parentEntry}/copied-context`,
    entry: parentEntry,
    cite: in612('intel_nested_attach_dev:42-46; iommu.c: prepare_domain_attach_device:3696-3698'),
    prints: unfit,
  }),
  copiedContextReplaced,
];

export const driver: Driver = {
  name: 'intel-nested',
  files: in612('drivers/iommu/intel/nested.c'),
  absent: in61('no nested domains in 6.1'),
  operations: in612(['intel_nested_attach_dev()']),
  attributes: { device: intel.device, iommu: intel.iommu, domain },
  blocking: in612('static'),
  enforcesCoherency: false,
  msi: 'hardware',
  paths: {
    allocateUser: in612([record]),
    attach: in612([leaveOld, narrowInstance, ...parentFits, ...joinInstance, ...tags, ...pasidEntry]),
    leave: in612(leave612),
  },
  sharing: 'A nested domain sits on one second-level parent and takes a domain id of its own on each IOMMU instance.',
  note: 'Made by users only and never part of an automatic search: every errno goes to the user.',
};
