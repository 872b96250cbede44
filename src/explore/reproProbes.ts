// Kprobe events that show which domain each group got and that a failed allocation was the one meant (facts: real-observables 2).
import type { FailedAllocation, ProbeEvent, UserCall } from '../core/reproduction.ts';
import type { Column } from '../core/rows.ts';

const group = (argument: number): string => `gid=+0(+0($arg${argument})):string`;

interface Probe {
  /** Name of the entry event; the return event ends in `_ret`. */
  readonly name: string;
  readonly function: string;
  readonly arguments: string;
  readonly returns: boolean;
}

/** Domain and group of every attach: what the second domain is counted by. */
const containerProbes: readonly Probe[] = [
  { name: 'attach', function: 'iommu_attach_group', arguments: `dom=$arg1:x64 ${group(2)}`, returns: true },
  { name: 'detach', function: 'iommu_detach_group', arguments: `dom=$arg1:x64 ${group(2)}`, returns: false },
];

const deviceProbes: readonly Probe[] = [
  { name: 'attach_handle', function: 'iommu_attach_group_handle', arguments: `dom=$arg1:x64 ${group(2)}`, returns: true },
  { name: 'attach_replace', function: 'iommu_replace_group_handle', arguments: `dom=$arg2:x64 ${group(1)}`, returns: true },
  { name: 'detach_handle', function: 'iommu_detach_group_handle', arguments: `dom=$arg1:x64 ${group(2)}`, returns: false },
];

const freeProbe: Probe = { name: 'domain_free', function: 'iommu_domain_free', arguments: 'dom=$arg1:x64', returns: false };

/** Nonzero where an allocation is made to fail, whichever it is. */
const injected: readonly ProbeEvent[] = [
  { name: 'slab_fails', definition: 'r:repro/slab_fails should_failslab ret=$retval:s32' },
  { name: 'page_fails', definition: 'r:repro/page_fails should_fail_alloc_page ret=$retval:u8' },
];

const eventsOf = ({ name, function: symbol, arguments: values, returns }: Probe): ProbeEvent[] => [
  { name, definition: `p:repro/${name} ${symbol} ${values}`.trimEnd() },
  ...(returns ? [{ name: `${name}_ret`, definition: `r:repro/${name}_ret ${symbol} ret=$retval:s32` }] : []),
];

/** The functions whose allocations failed, with what they return. */
const siteProbes = (failures: readonly FailedAllocation[]): Probe[] =>
  [...new Set(failures.map((failure) => failure.function))].map((symbol, index) => ({
    name: index === 0 ? 'site' : `site${index + 1}`,
    function: symbol,
    arguments: '',
    returns: true,
  }));

export const probesFor = (column: Column, calls: readonly UserCall[], failures: readonly FailedAllocation[]): ProbeEvent[] => {
  const byDevice = calls.some(({ call }) => call === 'VFIO_DEVICE_ATTACH_IOMMUFD_PT') && column === 'v6.12';
  const byGroup = calls.some(({ call }) => call.startsWith('VFIO_GROUP_'));
  const domains = [...(byGroup ? containerProbes : []), ...(byDevice ? deviceProbes : []), freeProbe];
  const events = [...siteProbes(failures), ...domains].flatMap(eventsOf);
  return failures.length === 0 ? events : [...events, ...injected];
};
