// How domains and devices change.
import type { Changes } from '../evolve.ts';
import type { Mapping } from '../world.ts';

/** Mappings without the given range; a range that covers part of a mapping does not occur (callers refuse it). */
export const without = (mappings: readonly Mapping[], iova: number, size: number): Mapping[] =>
  mappings.filter((mapping) => mapping.iova < iova || mapping.iova >= iova + size);

export const domainChanges: Changes<
  'DomainAllocated' | 'DomainFreed' | 'DomainMapped' | 'DomainUnmapped' | 'DeviceAttached' | 'DeviceLeft' | 'DeviceUnplugged'
> = {
  DomainAllocated: (world, event) => {
    world.domains[event.domain.id] = {
      ...event.domain,
      mappings: [...event.domain.mappings],
      attributes: { ...event.domain.attributes },
    };
  },
  DomainFreed: (world, event) => {
    delete world.domains[event.domain];
    for (const { group, phase } of event.recordedBy) world.groups[group]!.phase = phase;
  },
  DomainMapped: (world, event) => {
    world.domains[event.domain]!.mappings.push({ iova: event.iova, size: event.size });
  },
  DomainUnmapped: (world, event) => {
    const domain = world.domains[event.domain]!;
    domain.mappings = without(domain.mappings, event.iova, event.size);
  },
  DeviceAttached: (world, event) => {
    const device = world.devices[event.device]!;
    device.domain = event.domain;
    device.phase = event.phase;
    world.domains[event.domain]!.phase = event.domainPhase;
  },
  DeviceLeft: (world, event) => {
    const device = world.devices[event.device]!;
    device.domain = null;
    device.phase = event.phase;
    const domain = world.domains[event.domain];
    if (domain && event.domainPhase !== null) domain.phase = event.domainPhase;
  },
  DeviceUnplugged: (world, event) => {
    const device = world.devices[event.device]!;
    device.phase = event.phase;
    device.domain = null;
    device.iommu = null;
    const group = world.groups[event.group]!;
    group.devices = group.devices.filter((id) => id !== event.device);
  },
};
