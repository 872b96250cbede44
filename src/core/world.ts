// The world: small plain parts. Events change them (evolve.ts); nothing else does.
import type { Value } from './conditions.ts';
import type { ContainerId, DeviceId, DomainId, GroupId, IommuId, LockId, TaskId } from './ids.ts';

/** What drivers keep: core reads and writes these only through rows. */
export type Attributes = Record<string, Value>;

/** Inclusive range of addresses; bytes. Ends above 2^53 are rounded. */
export interface Range {
  start: number;
  end: number;
}

export interface Region extends Range {
  /** As sysfs names it: msi, direct, direct-relaxable, reserved. */
  type: string;
}

export interface Device {
  id: DeviceId;
  group: GroupId;
  iommu: IommuId | null;
  driver: string;
  phase: string;
  /** The domain that the hardware is on, as far as the driver knows; null while blocked or detached. */
  domain: DomainId | null;
  regions: Region[];
  attributes: Attributes;
}

export interface Group {
  id: GroupId;
  phase: string;
  devices: DeviceId[];
  /** What the core records (`group->domain`); may be a freed domain, or null, when the kernel is wrong. */
  domain: DomainId | null;
  default: DomainId | null;
  blocking: DomainId | null;
  owner: string | null;
  ownerCount: number;
  container: ContainerId | null;
  /** iommufd's view: the page table the group is on, and its attached devices. */
  pageTable: string | null;
  attachedDevices: DeviceId[];
  handle: string | null;
  attributes: Attributes;
}

export interface Mapping {
  iova: number;
  size: number;
}

export interface Domain {
  id: DomainId;
  driver: string;
  /** dma, identity, blocking, unmanaged or nested. */
  type: string;
  static: boolean;
  phase: string;
  parent: DomainId | null;
  mappings: Mapping[];
  attributes: Attributes;
}

export interface Iommu {
  id: IommuId;
  driver: string;
  phase: string;
  attributes: Attributes;
}

/** A type1 domain record (newest first in the list), or an iommufd page table (oldest first). */
export interface DomainRecord {
  domain: DomainId;
  groups: GroupId[];
  /** type1: the coherency flag remembered at step 17; iommufd: whether the domain enforces it. */
  coherent: boolean;
  /** iommufd: page tables made by the search; only those are searched. */
  automatic: boolean;
  /** iommufd object id, e.g. `c0.p0`; equal to the domain for type1. */
  id: string;
  users: number;
}

export interface Reservation extends Range {
  owner: string;
}

export interface Container {
  id: ContainerId;
  phase: string;
  /** vfio: a VFIO container; ioas: an I/O address space of an iommufd context; private: one device's own (vdpa). */
  kind: 'vfio' | 'ioas' | 'private';
  /** The iommufd context, or the container itself: who owns claimed groups. */
  context: string;
  backend: string | null;
  groups: GroupId[];
  records: DomainRecord[];
  mappings: Mapping[];
  /** Valid addresses (type1). */
  valid: Range[];
  reserved: Reservation[];
  attributes: Attributes;
}

export interface Lock {
  holder: TaskId | null;
}

export type Registers = Record<string, string | number | boolean | null>;

/** A position in a workflow machine, or in a driver's path. */
export interface Frame {
  workflow: string;
  state: string;
  registers: Registers;
}

/** A frame in a path: `state` is the row index as text; `done` names the rows to undo, newest last. */
export interface PathFrame extends Frame {
  path: string;
  driver: string;
  row: number;
  done: { row: number; before: Record<string, Value> }[];
  /** The errno that is being unwound; null on the way forward. */
  refusal: string | null;
}

export interface Task {
  id: TaskId;
  phase: string;
  caller: string;
  container: ContainerId;
  /** The iommufd context; the container itself for VFIO. */
  context: string;
  /** Index of the request in progress or next. */
  request: number;
  /** The ioctl in progress, as user space names it. */
  call: string | null;
  /** Memory allocations so far in this call; counted only where a fault plan counts. */
  allocations: number | null;
  stack: (Frame | PathFrame)[];
}

export interface World {
  devices: Record<DeviceId, Device>;
  groups: Record<GroupId, Group>;
  domains: Record<DomainId, Domain>;
  iommus: Record<IommuId, Iommu>;
  containers: Record<ContainerId, Container>;
  locks: Record<LockId, Lock>;
  tasks: Record<TaskId, Task>;
  system: { attributes: Attributes };
}

/** A group before its first domain. */
export const newGroup = (id: GroupId, devices: readonly DeviceId[]): Group => ({
  id,
  phase: 'free',
  devices: [...devices],
  domain: null,
  default: null,
  blocking: null,
  owner: null,
  ownerCount: 0,
  container: null,
  pageTable: null,
  attachedDevices: [],
  handle: null,
  attributes: {},
});

/** A task before its first request. */
export const newTask = (id: TaskId, caller: string, container: ContainerId, context: string = container): Task => ({
  id,
  phase: 'ready',
  caller,
  container,
  context,
  request: 0,
  call: null,
  allocations: null,
  stack: [],
});

export const emptyWorld = (): World => ({
  devices: {},
  groups: {},
  domains: {},
  iommus: {},
  containers: {},
  locks: {},
  tasks: {},
  system: { attributes: {} },
});

export const isPathFrame = (frame: Frame | PathFrame): frame is PathFrame => 'path' in frame;
