// The fields of every event as data, for checking events that come from outside. The type below keeps the table and the union together.
import type { EventOf, EventType } from './events.ts';

/** `text?` and its like may be null; `texts` is a list of them; a `map` is an object of anything; `optional` fields may be absent. */
export type FieldKind =
  | 'text'
  | 'text?'
  | 'number'
  | 'number?'
  | 'flag'
  | 'texts'
  | 'list'
  | 'map'
  | 'map?'
  | 'any'
  | 'optional map'
  | 'optional text';

type Shape<T extends EventType> = { readonly [K in Exclude<keyof EventOf<T>, 'type'>]-?: FieldKind };
export type EventShapes = { readonly [T in EventType]: Shape<T> };

const task = { task: 'text' } as const;
const grouped = { ...task, group: 'text' } as const;
const contained = { ...task, container: 'text' } as const;
const recorded = { ...contained, record: 'text' } as const;
const requested = { ...task, request: 'number', verb: 'text', target: 'text?' } as const;
const range = { iova: 'number', size: 'number' } as const;
const verdict = { ...task, row: 'text', device: 'text?', domain: 'text?' } as const;
const pool = { ...task, row: 'text', part: 'text', id: 'text', pool: 'text', left: 'number', phase: 'text' } as const;
const owned = { ...grouped, count: 'number', phase: 'text' } as const;
const seen = { ...task, function: 'text', line: 'number', time: 'number' } as const;

export const eventShapes: EventShapes = {
  RunStarted: {
    scenario: 'text',
    kernel: 'text',
    caller: 'text',
    above: 'optional text',
    model: 'text',
    recorded: 'optional text',
    world: 'map',
  },
  RequestStarted: requested,
  RequestEnded: { ...requested, result: 'text' },
  CallStarted: { ...task, call: 'text', counts: 'flag' },
  CallEnded: { ...task, call: 'text', result: 'text', allocations: 'number?' },
  TaskStarted: { ...contained, caller: 'text' },
  TaskKilled: task,
  TaskEnded: task,
  TaskBlocked: { ...task, lock: 'text', holder: 'text' },
  FrameEntered: { ...task, frame: 'map' },
  FrameLeft: { ...task, workflow: 'text', outcome: 'text' },
  StepTaken: { ...task, workflow: 'text', from: 'text', outcome: 'text', to: 'text', registers: 'optional map', scanned: 'optional text' },
  RegistersSet: { ...task, registers: 'map' },
  RowPassed: { ...task, row: 'number', done: 'map?' },
  RowUnwound: task,
  PathRefused: { ...task, errno: 'text' },
  LockTaken: { ...task, lock: 'text' },
  LockReleased: { ...task, lock: 'text' },
  CheckPassed: { ...verdict, values: 'map' },
  CheckRefused: { ...verdict, errno: 'text', class: 'text', values: 'map' },
  MemoryAllocated: { ...task, row: 'text', site: 'text', n: 'number?' },
  AllocationFailed: { ...verdict, site: 'text', n: 'number?', gfp: 'text', plausible: 'text', outcome: 'text' },
  IdTaken: pool,
  IdGiven: pool,
  AttributeChanged: { ...task, row: 'text', part: 'text', id: 'text', attribute: 'text', key: 'text?', value: 'any' },
  ApiFailed: { ...task, row: 'text', api: 'text', errno: 'text', on: 'text?', sticky: 'flag', later: 'optional text' },
  CandidateConsidered: { ...contained, group: 'text', domain: 'text', tried: 'flag', because: 'text' },
  KernelPrinted: { ...task, row: 'text', level: 'text', text: 'text', device: 'text?' },
  DomainAllocated: { ...task, domain: 'map' },
  DomainFreed: { ...task, domain: 'text', recordedBy: 'list' },
  DomainMapped: { ...task, domain: 'text', ...range },
  DomainUnmapped: { ...task, domain: 'text', ...range },
  DeviceAttached: { ...task, device: 'text', domain: 'text', phase: 'text', domainPhase: 'text' },
  DeviceLeft: { ...task, device: 'text', domain: 'text', phase: 'text', domainPhase: 'text?' },
  DeviceUnplugged: { ...task, device: 'text', group: 'text', phase: 'text' },
  GroupDomainRecorded: { ...grouped, domain: 'text?', phase: 'text' },
  BlockingDomainKept: { ...grouped, domain: 'text' },
  GroupClaimed: { ...owned, owner: 'text' },
  GroupReleased: owned,
  DriverBound: owned,
  DriverUnbound: owned,
  HandleStored: { ...grouped, handle: 'text?' },
  ContainerOpened: { ...contained, kind: 'text', context: 'text', phase: 'text' },
  ContainerClosed: { ...contained, phase: 'text' },
  DescriptorOpened: contained,
  DescriptorClosed: contained,
  BackendSet: { ...contained, backend: 'text?', phase: 'text' },
  GroupJoined: { ...contained, group: 'text', phase: 'text' },
  GroupParted: { ...contained, group: 'text', phase: 'text' },
  RecordListed: { ...contained, record: 'map', at: 'text' },
  RecordUnlisted: recorded,
  RecordGroupAdded: { ...recorded, group: 'text' },
  RecordGroupRemoved: { ...recorded, group: 'text' },
  RecordUsersChanged: { ...recorded, users: 'number' },
  ValidRangesReplaced: { ...contained, valid: 'list' },
  RangesReserved: { ...contained, reserved: 'list' },
  RangesDropped: { ...contained, owner: 'text' },
  MappingAdded: { ...contained, ...range },
  MappingRemoved: { ...contained, ...range },
  FunctionEntered: { ...seen, arguments: 'map' },
  FunctionLeft: { ...seen, result: 'text' },
  GroupAdded: { group: 'text' },
  MarkRead: { line: 'number', time: 'number', part: 'text', attribute: 'text', value: 'any' },
  DeviceAdded: { device: 'text', group: 'text', iommu: 'text?', driver: 'text', phase: 'text' },
  TaskForgotten: task,
  ContainerForgotten: { container: 'text' },
  RecordingGap: { what: 'text', line: 'number', count: 'number?', text: 'text' },
  PageTableJoined: { ...grouped, pageTable: 'text?', devices: 'texts' },
};
