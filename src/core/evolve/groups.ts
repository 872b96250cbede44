// How groups change: recorded domain, ownership, kernel drivers.
import type { Changes } from '../evolve.ts';

export const groupChanges: Changes<
  'GroupDomainRecorded' | 'BlockingDomainKept' | 'GroupClaimed' | 'GroupReleased' | 'DriverBound' | 'DriverUnbound' | 'HandleStored'
> = {
  GroupDomainRecorded: (world, event) => {
    const group = world.groups[event.group]!;
    group.domain = event.domain;
    group.phase = event.phase;
  },
  BlockingDomainKept: (world, event) => {
    world.groups[event.group]!.blocking = event.domain;
  },
  GroupClaimed: (world, event) => {
    const group = world.groups[event.group]!;
    group.owner = event.owner;
    group.ownerCount = event.count;
    group.phase = event.phase;
  },
  GroupReleased: (world, event) => {
    const group = world.groups[event.group]!;
    if (event.count === 0) group.owner = null;
    group.ownerCount = event.count;
    group.phase = event.phase;
  },
  DriverBound: (world, event) => {
    const group = world.groups[event.group]!;
    group.ownerCount = event.count;
    group.phase = event.phase;
  },
  DriverUnbound: (world, event) => {
    const group = world.groups[event.group]!;
    group.ownerCount = event.count;
    group.phase = event.phase;
  },
  HandleStored: (world, event) => {
    world.groups[event.group]!.handle = event.handle;
  },
};
