// Mutants that nothing notices, each with the reason why nothing can. The name is that of the mutant, without its kernel; parts are numbered
// from the outside in, as mutants.ts drops and swaps them.

/** Several mutants with one reason. */
const because = (reason: string, ...names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, reason]));

const drivers = {
  ...because(
    'a domain without an instance has just been bound to this one, so the domain has one here',
    'arm-smmu-foreign-smmu: part dropped 1 of 2',
    'arm-smmu-v3-foreign-smmu: part dropped 1 of 2',
    'ipmmu-foreign-mmu: part dropped 1 of 2',
    'qcom-iommu-foreign-iommu: part dropped 1 of 2',
    'virtio-foreign-viommu: part dropped 1 of 2',
  ),
  ...because(
    'a domain that was bound here cannot be refused as foreign, and nothing else refuses after it',
    'ipmmu-vmsa/bind: undo reverse',
  ),
  ...because(
    'every domain has a type',
    'omap/domain-type: part dropped 1 of 2',
    's390/domain-type: part dropped 1 of 2',
    's390/unlist-device: part dropped 1 of 2',
    's390/unregister: part dropped 1 of 2',
    'tegra-gart/domain-type: part dropped 1 of 2',
  ),
  ...because(
    'in 6.1 a domain that has an instance was refused before',
    'sprd/bind: operator swapped 2 of 2',
    'sprd/bind: part dropped 2 of 2',
  ),
  ...because('the rows after it are those of the other page size', 'apple-dart/map-tables-16K: undo reverse'),
  ...because('without PASIDs the table is not deep, as the other half of the condition says', 'amd-gcr3-too-deep: part dropped 6 of 12'),
  ...because(
    'stage 1 is asked for twice, by the condition of a first table and by that of many contexts',
    'arm-smmu-v3-cd-l1-alloc: part dropped 3 of 7',
    'arm-smmu-v3-cd-l1-alloc: part dropped 5 of 7',
    'arm-smmu-v3-cd-table-alloc: part dropped 5 of 7',
    'arm-smmu-v3-cd-table-alloc/first-level: part dropped 3 of 7',
    'arm-smmu-v3-cd-table-alloc/first-level: part dropped 5 of 7',
  ),
};

const core = {
  ...because(
    'no state of a workflow performs the row, see test/rows/notReached.ts',
    'core-alloc-dma-cookie: negated',
    'core-no-attach-op: negated',
    'core-set-null-domain: negated',
    'vfio-set-container-iommufd-compat: negated',
    'type1-replay/pin: negated',
    'iommufd-object-being-destroyed: negated',
    'iommufd-fault-enable: negated',
  ),
  ...because(
    'one allocation more that nothing makes fail: the row is reached under no condition of its own',
    'core-attach-handle-insert: negated',
    'core-replace-handle-reserve: negated',
  ),
  ...because(
    'a group that records no domain has no default one either, so the two do not differ',
    'core-attach-group-busy: part dropped 1 of 3',
    'core-claim-not-default: part dropped 3 of 4',
  ),
  ...because('a device without an IOMMU has no driver, which no domain has either', 'core-owner-gate: part dropped 1 of 2'),
  ...because(
    'a group keeps its blocking domain before it is put on it, so the id says what the type says',
    'core-require-direct-blocked: part dropped 3 of 4',
  ),
  ...because(
    'the workflow asks whether the owner is the same before it performs the row',
    'core-claim-group-owned: operator swapped 2 of 3',
    'core-claim-group-owned: part dropped 2 of 4',
    'core-claim-group-owned: part dropped 3 of 4',
  ),
  ...because(
    'an owned group is on its blocking domain or on one of its owner, never on its default one',
    'core-use-default-owned: part dropped 3 of 8',
    'core-use-default-owned: part dropped 3 of 5',
  ),
  ...because(
    'no group ever has a second identity domain beside its default one',
    'core-use-default-owned: operator swapped 4 of 5',
    'core-use-default-owned: operator swapped 5 of 5',
    'core-use-default-owned: part dropped 6 of 8',
    'core-use-default-owned: part dropped 7 of 8',
    'core-use-default-owned: part dropped 8 of 8',
  ),
};

const callers = {
  ...because(
    'a container never turns into one without an IOMMU: such groups are refused beside others, and alone they are not modelled further',
    'vfio-container-mixed-noiommu: operator swapped 4 of 5',
    'vfio-container-mixed-noiommu: part dropped 4 of 8',
    'vfio-container-mixed-noiommu: part dropped 6 of 8',
    'vfio-container-mixed-noiommu: part dropped 7 of 8',
  ),
  ...because(
    'groups in an iommufd context by way of a VFIO container descriptor are not modelled',
    'vfio-set-container-already: part dropped 2 of 2',
    'vfio-unset-no-container: part dropped 2 of 2',
  ),
  ...because('the operation itself counts: one entry while the list is empty', 'type1-iova-resize: operator swapped 1 of 1'),
};

export const survivors: Readonly<Record<string, string>> = { ...drivers, ...core, ...callers };
