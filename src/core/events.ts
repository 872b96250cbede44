// Every event a run can record: one past-tense union. Events carry the new state (phases included), so a fold needs no machine.
import type { Path, Value } from './conditions.ts';
import type { ContainerId, DeviceId, DomainId, GroupId, LockId, TaskId } from './ids.ts';
import type { Class, Errno, Plausible } from './rows.ts';
import type { Domain, DomainRecord, Frame, PathFrame, Range, Registers, Reservation, World } from './world.ts';

/** The first event of a run: the machine after boot, and which model it is. */
type RunEvents = {
  type: 'RunStarted';
  scenario: string;
  kernel: string;
  caller: string;
  /** The kernel's caller that a user-space caller stands on. */
  above?: string;
  model: string;
  /** The real kernel's release, where this is a recording of one: `kernel` is then the profile nearest to it, `model` says nothing. */
  recorded?: string;
  world: World;
};

type RequestEvents =
  | { type: 'RequestStarted'; task: TaskId; request: number; verb: string; target: string | null }
  | { type: 'RequestEnded'; task: TaskId; request: number; verb: string; target: string | null; result: Errno | 'OK' }
  | { type: 'CallStarted'; task: TaskId; call: string; counts: boolean }
  | { type: 'CallEnded'; task: TaskId; call: string; result: Errno | 'OK'; allocations: number | null }
  /** A task that a request stream names for the first time. */
  | { type: 'TaskStarted'; task: TaskId; caller: string; container: ContainerId }
  | { type: 'TaskKilled'; task: TaskId }
  | { type: 'TaskEnded'; task: TaskId }
  | { type: 'TaskBlocked'; task: TaskId; lock: LockId; holder: TaskId };

type FrameEvents =
  | { type: 'FrameEntered'; task: TaskId; frame: Frame | PathFrame }
  | { type: 'FrameLeft'; task: TaskId; workflow: string; outcome: string }
  | {
      type: 'StepTaken';
      task: TaskId;
      workflow: string;
      from: string;
      outcome: string;
      to: string;
      registers?: Registers;
      /** In a search: what the caller made of an errno of a candidate. */
      scanned?: 'next' | 'stop';
    }
  | { type: 'RegistersSet'; task: TaskId; registers: Registers }
  | { type: 'RowPassed'; task: TaskId; row: number; done: { row: number; before: Record<string, Value> } | null }
  | { type: 'RowUnwound'; task: TaskId }
  | { type: 'PathRefused'; task: TaskId; errno: Errno };

type LockEvents = { type: 'LockTaken'; task: TaskId; lock: LockId } | { type: 'LockReleased'; task: TaskId; lock: LockId };

type RowEvents =
  | { type: 'CheckPassed'; task: TaskId; row: string; device: DeviceId | null; domain: DomainId | null; values: Record<Path, Value> }
  | {
      type: 'CheckRefused';
      task: TaskId;
      row: string;
      device: DeviceId | null;
      domain: DomainId | null;
      errno: Errno;
      class: Class;
      values: Record<Path, Value>;
    }
  | { type: 'MemoryAllocated'; task: TaskId; row: string; site: string; n: number | null }
  | {
      type: 'AllocationFailed';
      task: TaskId;
      row: string;
      site: string;
      n: number | null;
      gfp: string;
      plausible: Plausible;
      device: DeviceId | null;
      domain: DomainId | null;
      /** What the kernel makes of it: an errno, `ignored`, or `tried again`. */
      outcome: string;
    }
  | { type: 'IdTaken'; task: TaskId; row: string; part: Kind; id: string; pool: string; left: number; phase: string }
  | { type: 'IdGiven'; task: TaskId; row: string; part: Kind; id: string; pool: string; left: number; phase: string }
  | { type: 'AttributeChanged'; task: TaskId; row: string; part: Kind; id: string; attribute: string; key: string | null; value: Value }
  /** Sticky: every later call fails too, with errno `later` where that is another one. */
  | { type: 'ApiFailed'; task: TaskId; row: string; api: string; errno: Errno; on: string | null; sticky: boolean; later?: Errno }
  /** A candidate domain that the caller did not even try, or that it tries now. */
  | { type: 'CandidateConsidered'; task: TaskId; container: ContainerId; group: GroupId; domain: DomainId; tried: boolean; because: string }
  | { type: 'KernelPrinted'; task: TaskId; row: string; level: string; text: string; device: DeviceId | null };

/** Parts that rows may change. */
export type Kind = 'device' | 'domain' | 'iommu' | 'group' | 'container' | 'system';

type DomainEvents =
  | { type: 'DomainAllocated'; task: TaskId; domain: Domain }
  | { type: 'DomainFreed'; task: TaskId; domain: DomainId; recordedBy: { group: GroupId; phase: string }[] }
  | { type: 'DomainMapped'; task: TaskId; domain: DomainId; iova: number; size: number }
  | { type: 'DomainUnmapped'; task: TaskId; domain: DomainId; iova: number; size: number }
  | { type: 'DeviceAttached'; task: TaskId; device: DeviceId; domain: DomainId; phase: string; domainPhase: string }
  | { type: 'DeviceLeft'; task: TaskId; device: DeviceId; domain: DomainId; phase: string; domainPhase: string | null }
  | { type: 'DeviceUnplugged'; task: TaskId; device: DeviceId; group: GroupId; phase: string };

type GroupEvents =
  | { type: 'GroupDomainRecorded'; task: TaskId; group: GroupId; domain: DomainId | null; phase: string }
  | { type: 'BlockingDomainKept'; task: TaskId; group: GroupId; domain: DomainId }
  | { type: 'GroupClaimed'; task: TaskId; group: GroupId; owner: string; count: number; phase: string }
  | { type: 'GroupReleased'; task: TaskId; group: GroupId; count: number; phase: string }
  | { type: 'DriverBound'; task: TaskId; group: GroupId; count: number; phase: string }
  | { type: 'DriverUnbound'; task: TaskId; group: GroupId; count: number; phase: string }
  | { type: 'HandleStored'; task: TaskId; group: GroupId; handle: string | null };

type ContainerEvents =
  | { type: 'ContainerOpened'; task: TaskId; container: ContainerId; kind: 'vfio' | 'ioas' | 'private'; context: string; phase: string }
  | { type: 'ContainerClosed'; task: TaskId; container: ContainerId; phase: string }
  /** A task gets a descriptor of a file that another has open; closes it while another has it. */
  | { type: 'DescriptorOpened'; task: TaskId; container: ContainerId }
  | { type: 'DescriptorClosed'; task: TaskId; container: ContainerId }
  | { type: 'BackendSet'; task: TaskId; container: ContainerId; backend: string | null; phase: string }
  | { type: 'GroupJoined'; task: TaskId; container: ContainerId; group: GroupId; phase: string }
  | { type: 'GroupParted'; task: TaskId; container: ContainerId; group: GroupId; phase: string }
  | { type: 'RecordListed'; task: TaskId; container: ContainerId; record: DomainRecord; at: 'head' | 'tail' }
  | { type: 'RecordUnlisted'; task: TaskId; container: ContainerId; record: string }
  | { type: 'RecordGroupAdded'; task: TaskId; container: ContainerId; record: string; group: GroupId }
  | { type: 'RecordGroupRemoved'; task: TaskId; container: ContainerId; record: string; group: GroupId }
  | { type: 'RecordUsersChanged'; task: TaskId; container: ContainerId; record: string; users: number }
  | { type: 'ValidRangesReplaced'; task: TaskId; container: ContainerId; valid: Range[] }
  | { type: 'RangesReserved'; task: TaskId; container: ContainerId; reserved: Reservation[] }
  | { type: 'RangesDropped'; task: TaskId; container: ContainerId; owner: string }
  | { type: 'MappingAdded'; task: TaskId; container: ContainerId; iova: number; size: number }
  | { type: 'MappingRemoved'; task: TaskId; container: ContainerId; iova: number; size: number }
  | { type: 'PageTableJoined'; task: TaskId; group: GroupId; pageTable: string | null; devices: DeviceId[] };

/** What only a recording of a real kernel has: what its trace shows as it stands, with stable names, and where it shows nothing. */
type RecordingEvents =
  /** `time` is nanoseconds of the trace's clock, `line` the trace's own; `arguments` are those with a meaning, by role, as stable names. */
  | { type: 'FunctionEntered'; task: TaskId; function: string; line: number; time: number; arguments: Record<string, string> }
  /** `result`: `OK`, an errno, the name of a domain, a number; `void` where the function gives nothing back or nobody looked. */
  | { type: 'FunctionLeft'; task: TaskId; function: string; line: number; time: number; result: string }
  | { type: 'GroupAdded'; group: GroupId }
  /** A line that somebody wrote into the trace: an attribute of `device/...`, `group/...` or `system` from here on; null: as by itself. */
  | { type: 'MarkRead'; line: number; time: number; part: string; attribute: string; value: Value }
  | { type: 'DeviceAdded'; device: DeviceId; group: GroupId; iommu: string | null; driver: string; phase: string }
  /** Events that are missing or that nobody can read: `count` of them, null where that is not known either. */
  /** A thread, or a container that nothing is in, was not seen for so long that nothing more is kept of it, nor of the container's domains. */
  | { type: 'TaskForgotten'; task: TaskId }
  | { type: 'ContainerForgotten'; container: ContainerId }
  | { type: 'RecordingGap'; what: string; line: number; count: number | null; text: string };

export type Event =
  | RecordingEvents
  | RunEvents
  | RequestEvents
  | FrameEvents
  | LockEvents
  | RowEvents
  | DomainEvents
  | GroupEvents
  | ContainerEvents;

export type EventType = Event['type'];
/** How control moved, not what happened. */
export const controlFlow: readonly EventType[] = [
  'StepTaken',
  'FrameEntered',
  'FrameLeft',
  'RegistersSet',
  'RowPassed',
  'RowUnwound',
  'PathRefused',
];
export type EventOf<T extends EventType> = Extract<Event, { type: T }>;
