// What would be needed to make a kernel API or a host fail, which fail-nth cannot.
// Sources: lib/fault-inject.c, kernel/fail_function.c, every ALLOW_ERROR_INJECTION() of linux 6.1 and 6.12.

export const unmarked =
  'fail-nth fails allocations only; fail_function and BPF only what ALLOW_ERROR_INJECTION() marks: of all that attach and detach call, ' +
  'should_failslab() and should_fail_alloc_page()';
/** What makes a function fail that is no allocation. */
export const byProbe = (what: string): string =>
  `a module with a kretprobe on ${what} that sets the return value (regs_set_return_value()) for this caller only; or mark it ` +
  'ALLOW_ERROR_INJECTION(name, ERRNO), build with FUNCTION_ERROR_INJECTION and FAIL_FUNCTION, and write its name to fail_function/inject';

/** By what failed: a kernel API, or a row that asks hardware or host. */
export const apiInstead: Readonly<Record<string, string>> = {
  'pm-runtime-resume': byProbe('__pm_runtime_resume()'),
  'virtio-attach-request-status':
    "a VMM whose virtio-iommu answers the attach request with that status (VIRTIO_IOMMU_S_INVAL is -EINVAL): nothing in the guest's kernel",
  'xa-alloc': `${byProbe('__xa_alloc()')}; its allocations fail-nth can fail, but they are tried twice`,
  'alloc-io-pgtable-ops': byProbe('alloc_io_pgtable_ops()'),
  'clk-enable': byProbe('clk_enable()'),
  'qcom-scm-restore-sec-cfg': byProbe('qcom_scm_restore_sec_cfg()'),
  'regmap-update-bits': byProbe('regmap_update_bits_base()'),
  'pci-ats': byProbe('pci_enable_ats(), pci_enable_pri() or pci_enable_pasid()'),
};
