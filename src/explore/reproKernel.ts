// What a kernel must be built with and set to so that fail-nth reaches every allocation: rows, from lib/Kconfig.debug,
// mm/failslab.c, mm/fail_page_alloc.c and the Kconfig files of drivers/iommu and drivers/vfio in 6.1 and 6.12.
import type { GroupOfMachine, Setting, UserCall } from '../core/reproduction.ts';
import type { Column } from '../core/rows.ts';
import type { Scenario } from '../core/scenario.ts';
import { usesContainer, usesIommufd } from './reproCalls.ts';

type Need = 'always' | 'vfio' | 'iommufd';

interface Option {
  readonly name: string;
  readonly value?: 'n';
  readonly because: string;
  readonly need: Need;
  /** Columns that have the option; all when absent. */
  readonly columns?: readonly Column[];
}

const recent: readonly Column[] = ['v6.12'];
const old: readonly Column[] = ['v6.1', 'seed-v6'];

const options: readonly Option[] = [
  { name: 'FAULT_INJECTION', because: 'fail-nth itself; depends on DEBUG_KERNEL', need: 'always' },
  { name: 'FAILSLAB', because: 'kmalloc() and kmem_cache_alloc() can fail', need: 'always' },
  { name: 'SLUB', because: 'FAILSLAB does not go with SLOB, which a tiny configuration has', need: 'always', columns: old },
  { name: 'FAIL_PAGE_ALLOC', because: 'alloc_pages() can fail', need: 'always' },
  { name: 'FAULT_INJECTION_DEBUG_FS', because: 'ignore-gfp-wait and min-order; depends on DEBUG_FS', need: 'always' },
  { name: 'FAULT_INJECTION_USERCOPY', value: 'n', because: 'else fail-nth counts copies from user space too', need: 'always' },
  { name: 'FAIL_FUTEX', value: 'n', because: 'as above, for futexes', need: 'always' },
  {
    name: 'FAULT_INJECTION_STACKTRACE_FILTER',
    because: 'not needed, but helps: see filter.sh',
    need: 'always',
    columns: recent,
  },
  { name: 'KPROBE_EVENTS', because: 'the probes below; depends on KPROBES and FTRACE', need: 'always' },
  { name: 'KALLSYMS_ALL', because: 'stack traces with names', need: 'always' },
  { name: 'VFIO', because: 'devices for user space', need: 'always' },
  { name: 'VFIO_PCI', because: 'its driver for PCI devices', need: 'always' },
  { name: 'VFIO_GROUP', because: '/dev/vfio/N', need: 'vfio', columns: recent },
  { name: 'VFIO_CONTAINER', because: '/dev/vfio/vfio', need: 'vfio', columns: recent },
  { name: 'VFIO_IOMMU_TYPE1', because: 'the backend that attaches', need: 'vfio' },
  { name: 'IOMMUFD', because: '/dev/iommu', need: 'iommufd', columns: recent },
  { name: 'VFIO_DEVICE_CDEV', because: '/dev/vfio/devices/vfioN', need: 'iommufd', columns: recent },
];

/** By driver of the model. */
const driverOptions: Readonly<Record<string, string>> = {
  intel: 'INTEL_IOMMU',
  amd: 'AMD_IOMMU',
  'virtio-iommu': 'VIRTIO_IOMMU',
  'arm-smmu': 'ARM_SMMU',
  'arm-smmu-v3': 'ARM_SMMU_V3',
  'apple-dart': 'APPLE_DART',
  'ipmmu-vmsa': 'IPMMU_VMSA',
  omap: 'OMAP_IOMMU',
  qcom_iommu: 'QCOM_IOMMU',
  s390: 'S390_IOMMU',
  sprd: 'SPRD_IOMMU',
  'tegra-gart': 'TEGRA_IOMMU_GART',
};

const used = (calls: readonly UserCall[], need: Need): boolean =>
  need === 'always' || calls.some(need === 'iommufd' ? usesIommufd : usesContainer);

export const optionsFor = (column: Column, calls: readonly UserCall[], groups: readonly GroupOfMachine[]): Setting[] => {
  const common = options.filter(({ need, columns = [column] }) => used(calls, need) && columns.includes(column));
  const drivers = new Set(groups.flatMap(({ devices }) => devices.map(({ driver }) => driver)));
  const own = [...drivers].flatMap((driver) => (driver !== null && driverOptions[driver] ? [driverOptions[driver]] : []));
  return [
    ...common.map(({ name, value = 'y', because }) => ({ name: `CONFIG_${name}`, value, because })),
    ...own.map((name) => ({ name: `CONFIG_${name}`, value: 'y', because: 'the driver of the run' })),
  ];
};

const debugfs = (name: string, value: string, because: string): Setting => ({ name: `/sys/kernel/debug/${name}`, value, because });

const settings: readonly Setting[] = [
  debugfs('failslab/ignore-gfp-wait', 'N', 'allocations that may sleep fail too (GFP_KERNEL)'),
  debugfs('failslab/cache-filter', 'N', 'every slab cache'),
  debugfs('failslab/verbose', '1', 'one line in the kernel log for each hit'),
  debugfs('fail_page_alloc/ignore-gfp-wait', 'N', 'as above, for pages'),
  debugfs('fail_page_alloc/min-order', '0', 'single pages too'),
  debugfs('fail_page_alloc/verbose', '1', 'as above'),
];

export const settingsFor = ({ topology, set }: Scenario): Setting[] => {
  const unsafe = { ...topology.system, ...set['system'] }['allowUnsafeInterrupts'] === true;
  const parameter = {
    name: '/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts',
    value: 'Y',
    because: 'this machine does not isolate interrupts',
  };
  return unsafe ? [...settings, parameter] : [...settings];
};
