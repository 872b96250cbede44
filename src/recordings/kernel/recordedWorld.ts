// The world as a recording begins: the machine's parts as far as its topology says, each group on its default domain.
import type { Topology } from '../../core/topology.ts';
import { emptyWorld, newGroup, type World } from '../../core/world.ts';

/** Undefined: nothing is known of the machine; groups and devices become known as the trace shows them. */
export const recordedWorld = (topology: Topology | undefined): World => {
  const world = emptyWorld();
  if (!topology) return world;
  const drivers = new Map(topology.iommus.map(({ id, driver }) => [id, driver]));
  for (const { id, driver, attributes } of topology.iommus)
    world.iommus[id] = { id, driver, phase: 'ready', attributes: { ...attributes } };
  for (const group of topology.groups) {
    const domain = `g${group.id}.default`;
    const ids = group.devices.map(({ id }) => id);
    world.groups[group.id] = { ...newGroup(group.id, ids), domain, default: domain };
    const driver = drivers.get(group.devices[0]?.iommu ?? '') ?? '';
    const type = group.type.startsWith('identity') ? 'identity' : 'dma';
    const nothing = { static: false, parent: null, mappings: [], attributes: {} };
    world.domains[domain] = { ...nothing, id: domain, driver, type, phase: 'used' };
    for (const { id, iommu, attributes } of group.devices) {
      const own = { id, group: group.id, iommu, regions: [...group.regions], attributes: { ...attributes } };
      world.devices[id] = { ...own, driver: drivers.get(iommu ?? '') ?? '', phase: 'default', domain };
    }
  }
  world.system.attributes = { ...topology.system };
  return world;
};
