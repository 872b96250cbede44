// Mutants of workflow machines that nothing notices, each with the reason; and those where no trial comes, with what would have to be.

/** Several mutants with one reason. */
const because = (reason: string, ...names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, reason]));

/** No run can tell, and why. */
export const equivalent: Readonly<Record<string, string>> = {
  ...because(
    `what it asks for depends on nothing that changed since, so that to ask once more gives the same`,
    'iommufd-compat compatExit: steps swapped, device and bound',
    'iommufd-compat compatExit: steps swapped, leave and last',
    'iommufd-hwpt destroyPageTable: steps swapped, unmapOne and unmap',
    'qemu-container qemuContainerClose: steps swapped, leave and last',
    'qemu-iommufd qemuLeaveSpace: steps swapped, destroy and table',
    'v6.1 vfioClose: steps swapped, unset and last',
    'v6.12 addDomain: steps swapped, unmap and undo',
    'v6.12 iommufdClose: steps swapped, unbind and next',
    'v6.12 iommufdClose: steps swapped, unmapOne and unmap',
    'v6.12 putTable: steps swapped, unmapOne and unmap',
    'vhost-vdpa vdpaClose: steps swapped, remove and next',
  ),
  ...because(
    `one of the two only sets a register that the other does not look at`,
    'iommufd-auto replacePt: steps swapped, fill and record',
    'iommufd-compat compatAttach: steps swapped, join and context',
    'iommufd-compat compatAttach: steps swapped, make and context',
    'qemu-iommufd qemuAttachContainer: steps swapped, information and flags',
    'vfio-type1-seed type1Attach: steps swapped, join and joinRecord',
    'vfio-type1-seed type1Attach: steps swapped, tryExisting and join',
  ),
  ...because(
    `under one lock, on lists that nothing else looks at without it; neither refuses, and neither looks at what the other changes`,
    'v6.1 type1Detach: steps swapped, unmapOne and forget',
    'v6.1 unmapDomain: steps swapped, unmap and record',
    'v6.12 claimOwner: steps swapped, static and keep',
    'v6.12 detachFresh: steps swapped, detach and forget',
    'v6.12 detachFresh: steps swapped, forget and ranges',
    'v6.12 detachFresh: steps swapped, leave and ranges',
    'v6.12 detachGroup: steps swapped, set and handle',
    'v6.12 getDeviceFd: steps swapped, unbind and release',
    'vfio-type1 type1Attach: steps swapped, join and freeUnused',
    'vfio-type1-seed type1Attach: steps swapped, undoUnlist and free',
  ),
  ...because(
    `what is checked is not on the list that changes`,
    'vfio-type1-seed type1Attach: steps swapped, joinRecord and aperture',
    'vfio-type1-seed type1Attach: steps swapped, list and aperture',
  ),
  ...because(
    `the domain that was asked to enforce coherency is freed on the refusal, and no row of a map or check looks at what that changed`,
    'iommufd-auto replacePt: steps swapped, coherency and fill',
    'vfio-type1 type1Attach: steps swapped, isolated and coherency',
    'vfio-type1-seed type1Attach: steps swapped, probeUnmap and coherency',
  ),
  ...because(
    `the second row is a guard that never refuses (see iommufd-hwpt-enforce-cc in notReached.ts)`,
    'iommufd-auto attachPt: steps swapped, coherency and enforced',
  ),
  ...because(
    `the first row never refuses (see core-alloc-unsupported-type in notReached.ts)`,
    'v6.1 allocateDomain: steps swapped, type and start',
  ),
  ...because(
    `the second row never refuses (see core-attach-device-no-group in notReached.ts)`,
    'vhost-vdpa vdpaOpen: steps swapped, allocate and noGroup',
  ),
  ...because(
    `whoever comes here has the group on a record, so the look-up always finds it, before the detach as after it`,
    'vfio-type1-seed type1Attach: steps swapped, undo and undoDetach',
    'vhost-vdpa vdpaClose: steps swapped, find and detach',
  ),
  ...because(
    `page tables that user space made are never dropped for want of users, so there is nothing to put`,
    'iommufd-hwpt attachPt: steps swapped, letGo and putOld',
    'iommufd-hwpt replacePt: steps swapped, letGo and putOld',
  ),
  ...because(
    `while the nested domain lives its parent is in use anyway, whether or not the call lets go of it first`,
    'iommufd-hwpt makePageTable: steps swapped, drop and letGoFailed',
    'iommufd-hwpt makePageTable: steps swapped, list and letGo',
  ),
  ...because(
    `only what has no parent comes here, so there is nothing to let go of`,
    'iommufd-hwpt makePageTable: steps swapped, free and letGoFailed',
    'iommufd-hwpt makePageTable: unwind forgotten, letGoFailed after free OK',
  ),
  ...because(
    `nothing is reserved before every record has its memory, so there is nothing to drop`,
    'v6.12 addDomain: unwind forgotten, drop after aperture errno.*',
    'v6.12 attachTable: unwind forgotten, drop after unlockRangesFailed OK',
  ),
  ...because(
    `nothing makes the row before it refuse (see core-attach-handle-insert and core-replace-handle-reserve in survivors.ts)`,
    'v6.12 attachGroupHandle: steps swapped, insert and store',
    'v6.12 replaceGroupHandle: steps swapped, reserve and set',
  ),
  ...because(
    `the handle is erased on every refusal, and is not looked at before`,
    'v6.12 attachGroupHandle: steps swapped, store and busy',
  ),
  ...because(
    `whether there is a handle is all that is ever asked of it, and there was one before`,
    'v6.12 replaceGroupHandle: steps swapped, set and store',
  ),
  ...because(
    `QEMU names the container that the group is in`,
    'v6.12 compatCloseGroup: steps swapped, which and part',
    'v6.12 compatUnset: steps swapped, which and part',
  ),
  ...because(
    `neither refuses, and neither looks at what the other changes: what the driver keeps of the device, its domain, the list of the group`,
    'v6.1 unplug: steps swapped, clean and leave',
    'v6.12 unplug: steps swapped, clean and leave',
    'v6.12 unplug: steps swapped, leave and remove',
  ),
};

/** They survive although a run could tell: which one is wanting. */
export const wanting: Readonly<Record<string, string>> = {
  ...because(
    `the 64th object of a context, whose id needs memory; the only run that has so many makes page tables by id, without a parent`,
    'iommufd-hwpt makePageTable: unwind forgotten, letGoFailed after id errno.*',
    'qemu-iommufd allocateSpace: steps swapped, id and open',
    'v6.12 compatSetContainer: steps swapped, id and join',
    'v6.12 getDeviceFd: steps swapped, id and bound',
  ),
  ...because(
    `a fresh domain whose window is narrower than that of the domain which is joined: the kernel has narrowed its list by then, the model does it when it publishes`,
    'vfio-type1 type1Attach: steps swapped, freeUnused and publish',
  ),
  ...because(
    `a kill at that very step, in a recording: a search compares how requests end and what is left, and all that a killed task has is closed`,
    'iommufd-compat compatNew: errno swallowed, map errno.*',
    'iommufd-compat compatNew: unwind forgotten, leave after map errno.*',
    'v6.12 addDomain: steps swapped, pin and map',
    'v6.12 addDomain: unwind forgotten, undo after pin errno.*',
    'v6.12 compatMap: errno swallowed, pin errno.*',
  ),
};

/** No trial comes where the mutant differs: why no run can, or which one would. */
export const unreached: Readonly<Record<string, string>> = {
  ...because(
    `no run can: the row never refuses (test/rows/notReached.ts says why)`,
    'iommufd-auto attachPt: errno swallowed, enforced errno.*',
    'iommufd-auto attachPt: unwind forgotten, free after enforced errno.*',
    'v6.1 allocateDomain: errno swallowed, type errno.*',
    'v6.12 addDomain: errno swallowed, duplicate errno.*',
    'v6.12 addDomain: errno swallowed, pageSize errno.*',
    'v6.12 attachGroupHandle: errno swallowed, insert errno.*',
    'v6.12 attachGroupHandle: errno swallowed, present errno.*',
    'v6.12 attachTable: errno swallowed, faultEnable errno.*',
    'v6.12 attachTable: errno swallowed, insane errno.*',
    'v6.12 attachTable: unwind forgotten, drop after faultEnable errno.*',
    'v6.12 attachTable: unwind forgotten, drop after insane errno.*',
    'v6.12 bindDevice: errno swallowed, hasGroup errno.*',
    'v6.12 claimOwner: errno swallowed, noGroup errno.*',
    'v6.12 claimOwner: errno swallowed, null errno.*',
    'v6.12 getDeviceFd: errno swallowed, hasGroup errno.*',
    'v6.12 replaceGroupHandle: errno swallowed, null errno.*',
    'v6.12 replaceGroupHandle: errno swallowed, reserve errno.*',
    'v6.12 replaceTable: errno swallowed, notAttached errno.*',
    'v6.12 replaceTable: errno swallowed, selftest errno.*',
    'v6.12 replaceTable: unwind forgotten, drop after selftest errno.*',
    'vfio-type1 type1Attach: errno swallowed, duplicate errno.*',
    'vfio-type1 type1Attach: errno swallowed, vaddr errno.*',
    'vfio-type1-seed type1Attach: errno swallowed, duplicate errno.*',
    'vfio-type1-seed type1Attach: errno swallowed, vaddr errno.*',
    'vhost-vdpa vdpaOpen: errno swallowed, noGroup errno.*',
    'vhost-vdpa vdpaOpen: unwind forgotten, free after noGroup errno.*',
  ),
  ...because(`no run can: the search makes page tables without flags`, 'iommufd-auto attachPt: errno swallowed, flags errno.*'),
  ...because(
    `no run can: SET_CONTAINER asks under the group's lock whether the group has devices, and an unplug takes that lock`,
    'v6.1 claimOwner: errno swallowed, empty errno.*',
  ),
  ...because(
    `no run can: a claim leaves the blocking domain with the group before anything is attached, and who attaches without one has one device`,
    'v6.12 setDomain: unwind forgotten, swap after fallBack NONE',
  ),
  ...because(
    `no run can: the context owns the group, which is on its blocking domain until its first device is attached`,
    'v6.12 attachGroupHandle: errno swallowed, busy errno.*',
    'v6.12 attachGroupHandle: unwind forgotten, erase after busy errno.*',
  ),
  ...because(
    `no run can: the search of type1 goes on after any errno`,
    'vfio-type1 type1Attach: errno swallowed, tryExisting errno.*',
    'vfio-type1 type1Attach: unwind forgotten, free after tryExisting errno.*',
  ),
  ...because(
    `no run can: in 6.1 a failed allocation is a null pointer, whatever the reason`,
    'vfio-type1-seed type1Attach: errno swallowed, allocate errno.*',
  ),
  ...because(
    `no run can: what lies outside a fresh domain's window is refused by the replay before, and a domain that is joined maps it already`,
    'vfio-type1-seed type1Attach: errno swallowed, apertureFits errno.*',
    'vfio-type1-seed type1Attach: unwind forgotten, undo after apertureFits errno.*',
  ),
  ...because(
    `no run can: QEMU makes these calls only on groups that it has put into a container, on devices that it has bound, and with types and tables that fit`,
    'iommufd-compat compatNew: errno swallowed, iommu errno.*',
    'iommufd-compat compatNew: unwind forgotten, leave after iommu errno.*',
    'iommufd-compat compatPutGroup: errno swallowed, unset errno.*',
    'qemu-container qemuContainerDetach: errno swallowed, unset errno.*',
    'qemu-iommufd hardwareInfo: errno swallowed, device errno.*',
    'qemu-iommufd qemuAttachContainer: errno swallowed, information errno.*',
    'qemu-iommufd qemuLeaveSpace: errno swallowed, destroy errno.*',
    'v6.1 closeGroup: errno swallowed, joined errno.*',
    'v6.1 closeGroup: unlock dropped, unlockGroupFailed',
    'v6.12 compatCloseGroup: errno swallowed, joined errno.*',
    'v6.12 compatCloseGroup: unlock dropped, unlockFailed',
    'v6.12 compatSetIommu: errno swallowed, type errno.*',
    'v6.12 compatUnset: errno swallowed, joined errno.*',
    'v6.12 compatUnset: unlock dropped, unlockFailed',
  ),
  ...because(`no run can: QEMU asks its own list of guest memory first`, 'v6.12 compatMap: errno swallowed, exists errno.*'),
  ...because(
    `an address space that no device is in refuses no map, and a killed task does not come so far: what is left is a map that fails for memory, which has no page table to fill`,
    'iommufd-compat compatNew: steps swapped, leave and close',
    'iommufd-compat compatNew: unwind forgotten, close after leave OK',
    'iommufd-compat compatNew: unwind forgotten, close after leave errno.*',
  ),
  ...because(
    `a run could, with 63 objects in the context before; the run that has them makes page tables by id`,
    'iommufd-auto attachPt: errno swallowed, id errno.*',
    'iommufd-auto replacePt: errno swallowed, id errno.*',
    'qemu-iommufd allocateSpace: errno swallowed, id errno.*',
    'v6.12 compatSetContainer: errno swallowed, id errno.*',
    'v6.12 getDeviceFd: errno swallowed, id errno.*',
    'v6.12 getDeviceFd: unwind forgotten, release after id errno.*',
  ),
  ...because(
    `no run can: in 6.1 no driver has a static blocking domain; amd and apple-dart make one of their own`,
    'v6.1 claimOwner: steps swapped, nameStatic and static',
    'v6.1 claimOwner: steps swapped, static and keep',
  ),
};
