// How what only recordings have changes the world: a device becomes known, and its group with it; what is not seen any
// more is forgotten; what a trace shows changes nothing.
import type { Changes } from '../evolve.ts';
import { newGroup } from '../world.ts';

/** `c0.d1` is of c0. */
const isOf = (container: string, domain: string): boolean => domain.slice(0, domain.lastIndexOf('.')) === container;

const none = (): void => {};

export const recordingChanges: Changes<
  'FunctionEntered' | 'FunctionLeft' | 'MarkRead' | 'GroupAdded' | 'DeviceAdded' | 'TaskForgotten' | 'ContainerForgotten' | 'RecordingGap'
> = {
  FunctionEntered: none,
  FunctionLeft: none,
  MarkRead: none,
  GroupAdded: (world, { group }) => {
    world.groups[group] ??= newGroup(group, []);
  },
  DeviceAdded: (world, { device, group, iommu, driver, phase }) => {
    world.groups[group] ??= newGroup(group, []);
    const { devices } = world.groups[group];
    if (!devices.includes(device)) devices.push(device);
    world.devices[device] = { id: device, group, iommu, driver, phase, domain: null, regions: [], attributes: {} };
  },
  TaskForgotten: (world, { task }) => {
    delete world.tasks[task];
  },
  ContainerForgotten: (world, { container }) => {
    delete world.containers[container];
    for (const id of Object.keys(world.domains)) if (isOf(container, id)) delete world.domains[id];
    for (const { attributes } of Object.values(world.groups))
      for (const name of Object.keys(attributes)) if (name.startsWith(`tried ${container}.d`)) delete attributes[name];
  },
  RecordingGap: none,
};
