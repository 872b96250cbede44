// Intel VT-d (intel/iommu.c, pasid.c, cache.c): a domain spans instances and needs one hardware domain id on each. Every attach blocks
// the old translation before it looks at the new domain. The rows are in the intel...Rows files, by step of the attach.
import { all, any, equal, has, lacks, value } from '../core/conditions.ts';
import { both, check, effect, everywhere, in61, in612, print } from '../core/rowBuilders.ts';
import type { Driver, Row } from '../core/rows.ts';
import * as attributes from './intelAttributes.ts';
import { cacheTags, context61, context612, contextIdentity612, lostTagUser } from './intelContextRows.ts';
import { allocate, allocateUser } from './intelDomainRows.ts';
import { joinInstance, leave61, leave612, leaveOld } from './intelInstanceRows.ts';
import { map61, map612, unmap } from './intelMapRows.ts';
import { pasid61, pasid612, pasidIdentity612 } from './intelPasidRows.ts';
import { prepare61, prepare612 } from './intelPrepareRows.ts';

const rmrr = check({
  id: 'intel-rmrr-unmanaged',
  words: 'an unmanaged domain for a device with a firmware reserved-memory requirement that cannot be relaxed',
  class: 'device',
  errno: in61('EPERM'),
  cite: in61('intel_iommu_attach_device:4325-4329'),
  prints: in61(
    print('dev_warn', 'Device is ineligible for IOMMU domain attach due to platform RMRR requirement.  Contact your platform vendor.'),
  ),
  refuses: all(equal('domain.type', value('unmanaged')), has('device.rmrrLocked')),
  note: 'The blocking stand-in of 6.1 is unmanaged too, so VFIO users meet this when ownership is claimed. 6.12: the core refuses instead.',
});

const secondLookUp = check({
  id: 'intel-add-dev-no-iommu',
  words: 'no IOMMU instance covers the device (second look-up)',
  class: 'device',
  errno: in61('ENODEV'),
  cite: in61('domain_add_dev_info:2534-2536'),
  refuses: lacks('device.iommu'),
  unreachable: 'intel-prepare-no-iommu has passed',
});

const tableFreed = effect({
  id: 'intel/pasid-table-freed',
  words: 'the PASID table goes with the device',
  cite: both('intel_iommu_release_device:4629-4630', 'intel_iommu_release_device:4046'),
  changes: [{ set: 'device.pasidPage', to: false }],
  undo: 'none',
});

const attach61: readonly Row[] = [rmrr, leaveOld, ...prepare61, secondLookUp, ...joinInstance, ...pasid61, ...context61];
const attach612: readonly Row[] = [leaveOld, ...prepare612, ...joinInstance, lostTagUser, ...pasid612, ...context612, ...cacheTags];

export const driver: Driver = {
  name: 'intel',
  files: everywhere('drivers/iommu/intel/iommu.c'),
  operations: both(
    ['intel_iommu_attach_device()'],
    ['intel_iommu_attach_device()', 'identity_domain_attach_dev()', 'blocking_domain_attach_dev()', 'intel_nested_attach_dev()'],
  ),
  attributes: {
    device: attributes.device,
    iommu: attributes.iommu,
    domain: attributes.domain,
    system: attributes.system,
  },
  blocking: both('stand-in', 'static'),
  // 6.12 has a static one, which takes no id.
  sharedIdentity: ['v6.1', 'seed-v6'],
  /** 6.12 also wants no second-level mapping yet; 6.1 never sets `hasMappings`. */
  tracksDirty: has('iommu.ssads'),
  enforcesCoherency: any(
    has('domain.forceSnooping'),
    all(has('iommu.snoopControl'), lacks('domain.unsnoopedDevices'), any(has('domain.useFirstLevel'), lacks('domain.hasMappings'))),
  ),
  coherencyEffects: [{ set: 'domain.forceSnooping', to: true }],
  msi: 'hardware',
  regions: both(
    { site: 'intel_iommu_get_resv_regions:4693', gfp: 'GFP_KERNEL' },
    { site: 'intel_iommu_get_resv_regions:4105', gfp: 'GFP_KERNEL' },
  ),
  paths: {
    allocate: both(allocate, allocate),
    allocateUser: in612(allocateUser),
    attach: both(attach61, attach612),
    attachIdentity: both(attach61, [leaveOld, ...pasidIdentity612, ...contextIdentity612]),
    attachBlocking: in612([leaveOld]),
    leave: both(leave61, leave612),
    map: both(map61, map612),
    unmap: everywhere(unmap),
    release: everywhere([leaveOld, tableFreed]),
  },
  sharing:
    'A domain may span several IOMMU instances and needs one hardware domain id on each. Address width, snoop control and (6.12) dirty tracking decide whether it fits.',
  note: 'Left out: a context entry that is present already is kept and counts as done (aliases behind a bridge); read-only mappings on a nested parent.',
};
