// Kernel functions of the PCI core: ATS, PRI, PASID, configuration space, requester ids.
import type { KernelApi } from './api.ts';
import { row } from './row.ts';

const errno = { returns: 'errno', class: 'device' } as const;
const others = { ...errno, andOthers: true } as const;
const flag = { returns: 'flag' } as const;

export const apis: readonly KernelApi[] = [
  row({ ...errno, errnos: ['EINVAL', 'EBUSY'] }, 'pci_enable_ats', 'drivers/pci/ats.c: pci_enable_ats:56-87', '93-124'),
  row({ ...errno, errnos: ['EINVAL', 'EBUSY'] }, 'pci_prepare_ats', null, 'drivers/pci/ats.c: pci_prepare_ats:63-83'),
  row({ ...errno, errnos: ['EINVAL', 'EBUSY'] }, 'pci_enable_pri', 'drivers/pci/ats.c: pci_enable_pri:196-234', '233-271'),
  row({ ...errno, errnos: ['EINVAL', 'EBUSY'] }, 'pci_reset_pri', 'drivers/pci/ats.c: pci_reset_pri:295-313', '332-350'),
  row({ ...errno, errnos: ['EINVAL', 'EBUSY'] }, 'pci_enable_pasid', 'drivers/pci/ats.c: pci_enable_pasid:361-400', '398-440'),
  row({ ...errno, errnos: ['EINVAL'] }, 'pci_ats_queue_depth', 'drivers/pci/ats.c: pci_ats_queue_depth:134-146', '171-183'),
  row({ ...errno, errnos: ['EINVAL'] }, 'pci_pasid_features', 'drivers/pci/ats.c: pci_pasid_features:460-477', '500-517'),
  row({ ...errno, errnos: ['EINVAL'] }, 'pci_max_pasids', 'drivers/pci/ats.c: pci_max_pasids:489-506', '527-542'),
  row({ ...errno, errnos: ['EINVAL'] }, 'pci_pasid_status', null, 'drivers/pci/ats.c: pci_pasid_status:557-575'),
  row(flag, 'pci_ats_supported', 'drivers/pci/ats.c: pci_ats_supported:40-46', '41-50'),
  row(flag, 'pci_pri_supported', 'drivers/pci/ats.c: pci_pri_supported:336-342', '373-379'),
  row(flag, 'pci_ats_page_aligned', 'drivers/pci/ats.c: pci_ats_page_aligned:159-172', '196-209'),
  row(flag, 'pci_prg_resp_pasid_required', 'drivers/pci/ats.c: pci_prg_resp_pasid_required:322-328', '359-365'),
  row({ returns: 'callback', argument: 1 }, 'pci_for_each_dma_alias', 'drivers/pci/search.c: pci_for_each_dma_alias:28-114'),
  // PCIBIOS_DEVICE_NOT_FOUND and the like: positive, never an errno.
  row(
    { returns: 'status', class: 'device' },
    'pci_read_config_byte pci_read_config_word pci_read_config_dword',
    'drivers/pci/access.c: pci_read_config_dword:562-570',
    '580-588',
  ),
  row(
    { returns: 'status', class: 'device' },
    'pci_write_config_byte pci_write_config_word pci_write_config_dword',
    'drivers/pci/access.c: pci_write_config_dword:589-595',
    '607-613',
  ),
  row({ returns: 'status', class: 'device' }, 'pci_bus_read_config_byte pci_bus_read_config_word pci_bus_read_config_dword'),
  row({ returns: 'index' }, 'pci_find_ext_capability', 'drivers/pci/pci.c: pci_find_ext_capability:604-607', '610-613'),
  row({ returns: 'index' }, 'pci_find_capability', 'drivers/pci/pci.c: pci_find_capability:499-508', '505-514'),
  row(flag, 'pci_acs_enabled', 'drivers/pci/pci.c: pci_acs_enabled:3669-3731', '3640-3702'),
  row(flag, 'pci_acs_path_enabled', 'drivers/pci/pci.c: pci_acs_path_enabled:3742-3760', '3713-3731'),
  row(flag, 'pci_device_is_present', 'drivers/pci/pci.c: pci_device_is_present:6486-6495', '6475-6484'),
  row(flag, 'pci_devs_are_dma_aliases', 'drivers/pci/pci.c: pci_devs_are_dma_aliases:6476-6484', '6465-6473'),
  row(flag, 'pci_get_domain_bus_and_slot pci_get_slot', 'drivers/pci/search.c: pci_get_domain_bus_and_slot:228-239'),
  row(flag, 'pci_get_device pci_get_class', 'drivers/pci/search.c: pci_get_device:332-336'),
  row(others, 'pci_enable_device pcim_enable_device', 'drivers/pci/pci.c: pci_enable_device_flags:2077-2110', '2164-2197'),
  row({ ...others, errnos: ['ENOTTY'] }, 'pci_reset_function', 'drivers/pci/pci.c: pci_reset_function:5460-5476', '5373-5401'),
  row(
    { ...others, errnos: ['EINVAL', 'ERANGE', 'ENOSPC'] },
    'pci_enable_msi',
    'drivers/pci/msi/msi.c: __pci_enable_msi_range:883-935',
    '414-473',
  ),
];
