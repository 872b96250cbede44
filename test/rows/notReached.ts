// Rows of the core and of callers that no run of the tables reaches, each with the reason; a row that is reached after all has to go from here.
const noRequest = 'no request can say it';
const guard = 'a guard against kernel bugs, marked so in the row';
const unnamed = 'no state of a workflow names it: it documents what a called workflow means';

export const notReached: Readonly<Record<string, string>> = {
  'core-alloc-no-ops': 'a topology gives every group that a script can name an IOMMU; iommufd and vdpa refuse such a device before',
  'core-alloc-unsupported-type': noRequest,
  'core-alloc-dma-cookie': 'no attach makes a default domain',
  'core-attach-device-no-group': 'every device of a topology has a group',
  'core-attach-handle-present': 'whoever attaches twice is refused before the handle is looked at',
  'core-attach-handle-insert': 'PASID attachments of a group keep it from being claimed at all',
  'core-no-attach-op': noRequest,
  'core-replace-null-domain': guard,
  'core-replace-handle-reserve': 'a group that can be replaced has its handle',
  'core-set-null-domain': guard,
  'core-claim-null-owner': guard,
  'core-claim-device-no-group': 'every device of a topology has a group',
  'vfio-set-container-iommufd-compat': noRequest,
  'type1-vaddr-invalid': 'live updates are not modelled',
  'type1-duplicate-group': 'the container refuses the group before the backend sees it',
  'type1-fgsp-probe/map': unnamed,
  'type1-replay/pin': 'no run of the tables has mappings without a domain: that takes an emulated group',
  'iommufd-bind-no-group': guard,
  'iommufd-object-being-destroyed': 'said by the candidate that is passed over, which is no refusal',
  'iommufd-resv-insane-msi': guard,
  'iommufd-fault-enable': noRequest,
  'iommufd-replace-not-attached': 'a request for a device that is not attached is an attach',
  'iommufd-replace-resv/fault-injection': 'the attach before the replace meets the same self-test flag',
  'iommufd-replace-resv/cookie': 'the tables replace on Intel, whose MSI window needs no cookie',
  'iommufd-hwpt-enforce-cc': guard,
  'iommufd-add-domain-duplicate': guard,
  'iommufd-add-domain-page-size': 'every driver refuses such pages itself, before',
  'iommufd-add-domain-fill': unnamed,
};
