// Kernel functions that power, clock or configure hardware.
import type { KernelApi } from './api.ts';

export const apis: readonly KernelApi[] = [
  {
    names: ['pm_runtime_get_sync', 'pm_runtime_resume_and_get', 'pm_runtime_get'],
    returns: 'errno',
    errnos: ['EINVAL', 'EACCES', 'EBUSY', 'EIO'],
    class: 'device',
  },
  {
    names: ['clk_enable', 'clk_prepare_enable', 'clk_bulk_enable', 'clk_bulk_prepare_enable'],
    returns: 'errno',
    errnos: [],
    class: 'device',
  },
  { names: ['pci_enable_ats'], returns: 'errno', errnos: ['EINVAL', 'EBUSY'], class: 'device' },
  { names: ['pci_enable_pri'], returns: 'errno', errnos: ['EINVAL', 'EBUSY'], class: 'device' },
  { names: ['pci_reset_pri'], returns: 'errno', errnos: ['EINVAL', 'EBUSY'], class: 'device' },
  { names: ['pci_enable_pasid'], returns: 'errno', errnos: ['EINVAL'], class: 'device' },
];
