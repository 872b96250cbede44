// How containers and I/O address spaces change: groups, domain records, mappings, address ranges.
import type { Changes } from '../evolve.ts';
import type { Container, DomainRecord, World } from '../world.ts';
import { without } from './domains.ts';

const containerOf = (world: World, event: { container: string }): Container => world.containers[event.container]!;

const recordOf = (world: World, event: { container: string; record: string }): DomainRecord =>
  containerOf(world, event).records.find((record) => record.id === event.record)!;

export const containerChanges: Changes<
  | 'ContainerOpened'
  | 'ContainerClosed'
  | 'DescriptorOpened'
  | 'DescriptorClosed'
  | 'BackendSet'
  | 'GroupJoined'
  | 'GroupParted'
  | 'RecordListed'
  | 'RecordUnlisted'
  | 'RecordGroupAdded'
  | 'RecordGroupRemoved'
  | 'RecordUsersChanged'
  | 'ValidRangesReplaced'
  | 'RangesReserved'
  | 'RangesDropped'
  | 'MappingAdded'
  | 'MappingRemoved'
  | 'PageTableJoined'
> = {
  ContainerOpened: (world, { container, kind, context, phase }) => {
    const empty = { backend: null, groups: [], records: [], mappings: [], valid: [], reserved: [], attributes: {} };
    world.containers[container] = { id: container, phase, kind, context, ...empty };
  },
  ContainerClosed: (world, event) => {
    containerOf(world, event).phase = event.phase;
  },
  // Descriptors are no part of the world: whoever runs tasks keeps them (files.ts).
  DescriptorOpened: () => {},
  DescriptorClosed: () => {},
  BackendSet: (world, event) => {
    const container = containerOf(world, event);
    container.backend = event.backend;
    container.phase = event.phase;
  },
  GroupJoined: (world, event) => {
    const container = containerOf(world, event);
    container.groups.push(event.group);
    container.phase = event.phase;
    world.groups[event.group]!.container = event.container;
  },
  GroupParted: (world, event) => {
    const container = containerOf(world, event);
    container.groups = container.groups.filter((group) => group !== event.group);
    container.phase = event.phase;
    world.groups[event.group]!.container = null;
  },
  RecordListed: (world, event) => {
    const container = containerOf(world, event);
    const record = { ...event.record, groups: [...event.record.groups] };
    if (event.at === 'head') container.records.unshift(record);
    else container.records.push(record);
  },
  RecordUnlisted: (world, event) => {
    const container = containerOf(world, event);
    container.records = container.records.filter((record) => record.id !== event.record);
  },
  RecordGroupAdded: (world, event) => {
    recordOf(world, event).groups.push(event.group);
  },
  RecordGroupRemoved: (world, event) => {
    const record = recordOf(world, event);
    record.groups = record.groups.filter((group) => group !== event.group);
  },
  RecordUsersChanged: (world, event) => {
    recordOf(world, event).users = event.users;
  },
  ValidRangesReplaced: (world, event) => {
    containerOf(world, event).valid = event.valid.map((range) => ({ ...range }));
  },
  RangesReserved: (world, event) => {
    containerOf(world, event).reserved.push(...event.reserved.map((range) => ({ ...range })));
  },
  RangesDropped: (world, event) => {
    const container = containerOf(world, event);
    container.reserved = container.reserved.filter((range) => range.owner !== event.owner);
  },
  MappingAdded: (world, event) => {
    containerOf(world, event).mappings.push({ iova: event.iova, size: event.size });
  },
  MappingRemoved: (world, event) => {
    const container = containerOf(world, event);
    container.mappings = without(container.mappings, event.iova, event.size);
  },
  PageTableJoined: (world, event) => {
    const group = world.groups[event.group]!;
    group.pageTable = event.pageTable;
    group.attachedDevices = [...event.devices];
  },
};
