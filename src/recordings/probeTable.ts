// What to probe to see attach and detach: kernel functions with their arguments, as the sources of 6.1.192, 6.12.117
// and 7.3.4 have them; those of 6.18 are what 7.3.4 has where a recorded 6.18 kernel has it too.
// A compiler may inline or rename a function: whether it can be probed is for the machine to say.
import type { ProbeKernel, ProbeRow } from './probeRow.ts';
import { driverProbes } from './probeTableDrivers.ts';
import {
  both,
  bound,
  bus,
  container,
  device,
  domain,
  every,
  flags,
  group,
  iommufd,
  owner,
  pageTable,
  rowsOf,
  since612,
  space,
  type,
  v61,
  v612,
  v618,
} from './probeWords.ts';

export {
  entryEvent,
  entryFetch,
  type ProbeArgument,
  type ProbeKernel,
  type ProbeReturn,
  type ProbeRole,
  type ProbeRow,
  returnEvent,
  returnType,
} from './probeRow.ts';

const coreRows: readonly ProbeRow[] = rowsOf('core', null, [
  { function: 'iommu_attach_group', arguments: [domain(1), group(2)], returns: 'errno', kernels: every },
  { function: 'iommu_detach_group', arguments: [domain(1), group(2)], returns: 'void', kernels: every },
  { function: 'iommu_attach_group_handle', arguments: [domain(1), group(2)], returns: 'errno', kernels: since612 },
  { function: 'iommu_replace_group_handle', arguments: [group(1), domain(2)], returns: 'errno', kernels: since612 },
  { function: 'iommu_detach_group_handle', arguments: [domain(1), group(2)], returns: 'void', kernels: since612 },
  { function: 'iommu_attach_device', arguments: [domain(1), device(2)], returns: 'errno', kernels: every },
  { function: 'iommu_detach_device', arguments: [domain(1), device(2)], returns: 'void', kernels: every },
  { function: '__iommu_attach_group', arguments: [domain(1), group(2)], returns: 'errno', kernels: every },
  { function: '__iommu_group_set_domain', arguments: [group(1), domain(2)], returns: 'errno', kernels: v61 },
  { function: '__iommu_group_set_domain_internal', arguments: [group(1), domain(2), flags(3)], returns: 'errno', kernels: since612 },
  { function: '__iommu_group_set_core_domain', arguments: [group(1)], returns: 'void', kernels: every },
  { function: 'iommu_group_do_attach_device', arguments: [device(1), domain(2)], returns: 'errno', kernels: v61 },
  { function: '__iommu_attach_device', arguments: [domain(1), device(2)], returns: 'errno', kernels: every },
  { function: '__iommu_device_set_domain', arguments: [group(1), device(2), domain(3), flags(4)], returns: 'errno', kernels: since612 },
  { function: 'iommu_domain_alloc', arguments: [bus(1)], returns: 'pointer', kernels: both },
  { function: 'iommu_paging_domain_alloc', arguments: [device(1)], returns: 'pointer', kernels: v612 },
  { function: 'iommu_paging_domain_alloc_flags', arguments: [device(1), flags(2)], returns: 'pointer', kernels: v618 },
  { function: '__iommu_domain_alloc', arguments: [bus(1), type(2)], returns: 'pointer', kernels: v61 },
  { function: '__iommu_domain_alloc', arguments: [device(2), type(3)], returns: 'pointer', kernels: v612 },
  { function: 'iommu_domain_free', arguments: [domain(1)], returns: 'void', kernels: every },
  { function: 'iommu_group_claim_dma_owner', arguments: [group(1), owner(2)], returns: 'errno', kernels: every },
  { function: 'iommu_group_release_dma_owner', arguments: [group(1)], returns: 'void', kernels: every },
  { function: 'iommu_device_claim_dma_owner', arguments: [device(1), owner(2)], returns: 'errno', kernels: since612 },
  { function: 'iommu_device_release_dma_owner', arguments: [device(1)], returns: 'void', kernels: since612 },
  { function: 'iommu_device_use_default_domain', arguments: [device(1)], returns: 'errno', kernels: every },
  { function: 'iommu_device_unuse_default_domain', arguments: [device(1)], returns: 'void', kernels: every },
  { function: 'iommu_change_dev_def_domain', arguments: [group(1), type(3)], returns: 'errno', kernels: v61 },
  { function: 'iommu_setup_default_domain', arguments: [group(1), type(2)], returns: 'errno', kernels: since612 },
  { function: 'iommu_get_group_resv_regions', arguments: [group(1)], returns: 'errno', kernels: every },
  { function: 'iommu_group_has_isolated_msi', arguments: [group(1)], returns: 'bool', kernels: since612 },
]);

const containerRows: readonly ProbeRow[] = rowsOf('vfio', 'vfio', [
  { function: 'vfio_container_attach_group', arguments: [container(1, 'cont'), owner(2, 'vgrp')], returns: 'errno', kernels: every },
]);

const type1Rows: readonly ProbeRow[] = rowsOf('vfio', 'vfio_iommu_type1', [
  { function: 'vfio_iommu_type1_open', arguments: [type(1)], returns: 'pointer', kernels: every },
  { function: 'vfio_iommu_type1_release', arguments: [container(1, 'data')], returns: 'void', kernels: every },
  { function: 'vfio_iommu_type1_attach_group', arguments: [container(1, 'data'), group(2), type(3)], returns: 'errno', kernels: every },
  { function: 'vfio_iommu_type1_detach_group', arguments: [container(1, 'data'), group(2)], returns: 'void', kernels: every },
  { function: 'vfio_iommu_domain_alloc', arguments: [device(1)], returns: 'bool', kernels: every },
  { function: 'vfio_iommu_replay', arguments: [container(1, 'data')], returns: 'errno', kernels: every },
  { function: 'vfio_iommu_resv_conflict', arguments: [container(1, 'data')], returns: 'bool', kernels: every },
  { function: 'vfio_iommu_aper_conflict', arguments: [container(1, 'data')], returns: 'bool', kernels: every },
]);

const iommufdRows: readonly ProbeRow[] = rowsOf('iommufd', 'iommufd', [
  { function: 'iommufd_device_bind', arguments: [iommufd(1, 'ictx'), device(2)], returns: 'pointer', kernels: since612 },
  { function: 'iommufd_device_unbind', arguments: [bound(1)], returns: 'void', kernels: since612 },
  { function: 'iommufd_device_attach', arguments: [bound(1)], returns: 'errno', kernels: since612 },
  { function: 'iommufd_device_replace', arguments: [bound(1)], returns: 'errno', kernels: since612 },
  { function: 'iommufd_device_detach', arguments: [bound(1)], returns: 'void', kernels: since612 },
  { function: 'iommufd_device_auto_get_domain', arguments: [bound(1), space(2, 'ioas')], returns: 'pointer', kernels: since612 },
  { function: 'iommufd_device_do_attach', arguments: [bound(1), pageTable(2)], returns: 'pointer', kernels: since612 },
  { function: 'iommufd_device_do_replace', arguments: [bound(1), pageTable(2)], returns: 'pointer', kernels: since612 },
  { function: 'iommufd_hw_pagetable_attach', arguments: [pageTable(1), bound(2)], returns: 'errno', kernels: since612 },
  { function: 'iommufd_hw_pagetable_detach', arguments: [bound(1)], returns: 'pointer', kernels: since612 },
  {
    function: 'iommufd_hwpt_paging_alloc',
    arguments: [iommufd(1, 'ictx'), space(2, 'ioas'), bound(3), flags(4)],
    returns: 'pointer',
    kernels: since612,
  },
  { function: 'iommufd_hwpt_paging_destroy', arguments: [pageTable(1, 'obj')], returns: 'void', kernels: since612 },
  { function: 'iopt_table_add_domain', arguments: [space(1, 'iopt'), domain(2)], returns: 'errno', kernels: since612 },
  { function: 'iopt_table_remove_domain', arguments: [space(1, 'iopt'), domain(2)], returns: 'void', kernels: since612 },
  { function: 'iopt_table_enforce_dev_resv_regions', arguments: [space(1, 'iopt'), device(2)], returns: 'errno', kernels: since612 },
]);

/** A function whose arguments differ between kernels has a row for each. */
export const probeTable: readonly ProbeRow[] = [...coreRows, ...containerRows, ...type1Rows, ...iommufdRows, ...driverProbes];

export const probesOf = (kernel: ProbeKernel): ProbeRow[] => probeTable.filter(({ kernels }) => kernels.includes(kernel));

/** By the event's name, `p_iommu_attach_group` or `r_iommu_attach_group`. */
export const probeNamed = (event: string, kernel: ProbeKernel): ProbeRow | undefined =>
  /^[pr]_/.test(event) ? probesOf(kernel).find((row) => row.function === event.slice(2)) : undefined;
