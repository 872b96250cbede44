// How attributes change: only through rows, each change with the row's id.
import type { Value } from '../conditions.ts';
import type { Kind } from '../events.ts';
import type { Changes } from '../evolve.ts';
import type { Attributes, World } from '../world.ts';

const none = (): void => {};

/** The attributes of the part that a row changes. */
export const attributesOf = (world: World, part: Kind, id: string): Attributes => {
  switch (part) {
    case 'device':
      return world.devices[id]!.attributes;
    case 'domain':
      return world.domains[id]!.attributes;
    case 'iommu':
      return world.iommus[id]!.attributes;
    case 'group':
      return world.groups[id]!.attributes;
    case 'container':
      return world.containers[id]!.attributes;
    case 'system':
      return world.system.attributes;
  }
};

/** Counters by name drop a name at zero, so that equal states are equal values. */
const withKey = (counters: Value | undefined, key: string, value: Value): Value => {
  const next: Record<string, number> = { ...(typeof counters === 'object' && counters !== null ? counters : {}) };
  if (value === 0 || value === null) delete next[key];
  else next[key] = Number(value);
  return next;
};

const setPool = (world: World, event: { part: Kind; id: string; pool: string; left: number; phase: string }): void => {
  attributesOf(world, event.part, event.id)[event.pool] = event.left;
  if (event.part === 'iommu') world.iommus[event.id]!.phase = event.phase;
};

export const rowChanges: Changes<
  | 'CheckPassed'
  | 'CheckRefused'
  | 'MemoryAllocated'
  | 'AllocationFailed'
  | 'IdTaken'
  | 'IdGiven'
  | 'AttributeChanged'
  | 'ApiFailed'
  | 'CandidateConsidered'
  | 'KernelPrinted'
> = {
  CheckPassed: none,
  CheckRefused: none,
  MemoryAllocated: (world, event) => {
    if (event.n !== null) world.tasks[event.task]!.allocations = event.n;
  },
  AllocationFailed: (world, event) => {
    if (event.n !== null) world.tasks[event.task]!.allocations = event.n;
  },
  IdTaken: setPool,
  IdGiven: setPool,
  AttributeChanged: (world, event) => {
    const attributes = attributesOf(world, event.part, event.id);
    attributes[event.attribute] = event.key === null ? event.value : withKey(attributes[event.attribute], event.key, event.value);
  },
  ApiFailed: (world, event) => {
    if (event.sticky && event.on !== null && world.iommus[event.on])
      world.iommus[event.on]!.attributes[`failed ${event.api}`] = event.later ?? event.errno;
  },
  CandidateConsidered: none,
  KernelPrinted: none,
};
