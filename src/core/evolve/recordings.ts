// How what only recordings have changes the world: a device becomes known, and its group with it; what a trace shows changes nothing.
import type { Changes } from '../evolve.ts';
import { newGroup } from '../world.ts';

const none = (): void => {};

export const recordingChanges: Changes<'FunctionEntered' | 'FunctionLeft' | 'GroupAdded' | 'DeviceAdded' | 'RecordingGap'> = {
  FunctionEntered: none,
  FunctionLeft: none,
  GroupAdded: (world, { group }) => {
    world.groups[group] ??= newGroup(group, []);
  },
  DeviceAdded: (world, { device, group, iommu, driver, phase }) => {
    world.groups[group] ??= newGroup(group, []);
    const { devices } = world.groups[group];
    if (!devices.includes(device)) devices.push(device);
    world.devices[device] = { id: device, group, iommu, driver, phase, domain: null, regions: [], attributes: {} };
  },
  RecordingGap: none,
};
