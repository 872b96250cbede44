// Events as one line each, for replay, show and diff: what happened, in the kernel's words, without how control moved.

import { printValue, type Value } from '../core/conditions.ts';
import { controlFlow, type Event, type EventType } from '../core/events.ts';
import { columnsMax, errnoText, hex, sizeText } from './text.ts';

/** How control moved, and what succeeds all the time; shown on request. */
export const shownInFull: ReadonlySet<EventType> = new Set([...controlFlow, 'CheckPassed', 'MemoryAllocated', 'LockTaken', 'LockReleased']);

const values = (seen: Record<string, Value>): string =>
  Object.entries(seen)
    .map(([path, value]) => `${path}=${printValue(value)}`)
    .join(' ');

const range = ({ iova, size }: { iova: number; size: number }): string => `${hex(iova)}+${sizeText(size)}`;

const on = (domain: string | null): string => (domain === null ? 'no domain' : domain);

const words: { readonly [T in EventType]?: (event: Extract<Event, { type: T }>) => string } = {
  RunStarted: (event) => `run of ${event.scenario} under ${event.caller} on ${event.kernel}`,
  RequestStarted: (event) => `request ${event.request + 1}: ${event.verb}${event.target === null ? '' : ` ${event.target}`}`,
  RequestEnded: (event) => `request ${event.request + 1} ends: ${errnoText(event.result)}`,
  CallStarted: (event) => `${event.call}`,
  CallEnded: (event) => `${event.call} = ${errnoText(event.result)}`,
  TaskBlocked: (event) => `waits for ${event.lock}, held by ${event.holder}`,
  TaskKilled: (event) => `${event.task} is killed`,
  TaskEnded: (event) => `${event.task} ends`,
  TaskStarted: (event) => `${event.task} starts on ${event.container}`,
  FrameEntered: (event) => `> ${event.frame.workflow}`,
  FrameLeft: (event) => `< ${event.workflow} ${event.outcome}`,
  StepTaken: (event) =>
    `${event.workflow}.${event.from}: ${event.outcome} -> ${event.to}${event.scanned ? ` (${event.scanned === 'next' ? 'try the next' : 'stop'})` : ''}`,
  LockTaken: (event) => `takes ${event.lock}`,
  LockReleased: (event) => `releases ${event.lock}`,
  CheckPassed: (event) => `${event.row} passes: ${values(event.values)}`,
  CheckRefused: (event) =>
    `${event.row} refuses ${event.device ?? ''} on ${on(event.domain)}: -${event.errno} (${event.class}) ${values(event.values)}`,
  MemoryAllocated: (event) => `allocates at ${event.site}`,
  AllocationFailed: (event) => `allocation fails at ${event.site} ${event.gfp}${event.n === null ? '' : ` n=${event.n}`}: ${event.outcome}`,
  IdTaken: (event) => `takes ${event.pool} of ${event.id}: ${event.left} left`,
  IdGiven: (event) => `gives ${event.pool} of ${event.id} back: ${event.left} left`,
  AttributeChanged: (event) =>
    `${event.part} ${event.id}.${event.attribute}${event.key === null ? '' : `[${event.key}]`} = ${printValue(event.value)}`,
  ApiFailed: (event) =>
    `${event.api}${event.on ? ` on ${event.on}` : ''} gives -${event.errno}${event.later ? `, then -${event.later}` : ''}${event.sticky ? ' from now on' : ''}`,
  CandidateConsidered: (event) =>
    `candidate ${event.domain} for group ${event.group}: ${event.tried ? 'tried' : 'skipped'}, ${event.because}`,
  KernelPrinted: (event) => `${event.level}: ${event.device ? `${event.device}: ` : ''}${event.text}`,
  DomainAllocated: (event) => `domain ${event.domain.id} is allocated (${event.domain.driver}, ${event.domain.type})`,
  DomainFreed: (event) =>
    `domain ${event.domain} is freed${event.recordedBy.length > 0 ? ` while group ${event.recordedBy.map(({ group }) => group).join(', ')} records it` : ''}`,
  DomainMapped: (event) => `${range(event)} is mapped into ${event.domain}`,
  DomainUnmapped: (event) => `${range(event)} is unmapped from ${event.domain}`,
  DeviceAttached: (event) => `${event.device} is on ${event.domain} (${event.phase})`,
  DeviceLeft: (event) => `${event.device} leaves ${event.domain}`,
  DeviceUnplugged: (event) => `${event.device} leaves group ${event.group}`,
  GroupDomainRecorded: (event) => `group ${event.group} records ${on(event.domain)} (${event.phase})`,
  BlockingDomainKept: (event) => `group ${event.group} keeps ${event.domain} as its blocking domain`,
  GroupClaimed: (event) => `group ${event.group} is owned by ${event.owner} (${event.count})`,
  GroupReleased: (event) => `group ${event.group} is released (${event.count} left, ${event.phase})`,
  DriverBound: (event) => `a kernel driver binds in group ${event.group} (${event.count})`,
  DriverUnbound: (event) => `a kernel driver unbinds in group ${event.group} (${event.count} left)`,
  ContainerOpened: (event) => `${event.container} is opened (${event.kind})`,
  ContainerClosed: (event) => `${event.container} is closed`,
  DescriptorOpened: (event) => `${event.task} has a descriptor of ${event.container} too`,
  DescriptorClosed: (event) => `${event.task} closes its descriptor of ${event.container}, others have it open`,
  BackendSet: (event) => `${event.container} ${event.backend === null ? 'gives up its backend' : `has backend ${event.backend}`}`,
  GroupJoined: (event) => `group ${event.group} joins ${event.container}`,
  GroupParted: (event) => `group ${event.group} leaves ${event.container}`,
  RecordListed: (event) =>
    `${event.container} lists ${event.record.id}${event.record.groups.length > 0 ? ` for group ${event.record.groups.join(', ')}` : ''}`,
  RecordUnlisted: (event) => `${event.container} drops ${event.record}`,
  RecordGroupAdded: (event) => `group ${event.group} shares ${event.record}`,
  RecordGroupRemoved: (event) => `group ${event.group} leaves ${event.record}`,
  RecordUsersChanged: (event) => `${event.record} has ${event.users} users`,
  ValidRangesReplaced: (event) =>
    `${event.container} may map ${event.valid.map(({ start, end }) => `${hex(start)}-${hex(end)}`).join(', ') || 'nothing'}`,
  RangesReserved: (event) =>
    `${event.container} reserves ${event.reserved.map(({ start, end }) => `${hex(start)}-${hex(end)}`).join(', ')}`,
  RangesDropped: (event) => `${event.container} drops the ranges of ${event.owner}`,
  MappingAdded: (event) => `${event.container} maps ${range(event)}`,
  MappingRemoved: (event) => `${event.container} unmaps ${range(event)}`,
  PageTableJoined: (event) => `group ${event.group} is on ${event.pageTable ?? 'no page table'}`,
  FunctionEntered: (event) => `${event.function}(${Object.values(event.arguments).join(', ')})`,
  FunctionLeft: (event) => `${event.function} = ${errnoText(event.result)}`,
  MarkRead: (event) => `a mark: ${event.part} ${event.attribute} ${event.value === null ? 'as by itself' : printValue(event.value)}`,
  GroupAdded: (event) => `group ${event.group} is there`,
  DeviceAdded: (event) => `${event.device} is in group ${event.group}`,
  TaskForgotten: (event) => `${event.task} was not seen for long: nothing is kept of it`,
  ContainerForgotten: (event) => `${event.container} was not seen for long: nothing is kept of it`,
  RecordingGap: (event) => `line ${event.line}: ${event.text}`,
  HandleStored: (event) => `group ${event.group} ${event.handle === null ? 'drops its handle' : `stores handle ${event.handle}`}`,
};

/** What an event says, on one line; null for one without words of its own. */
export const eventWords = (event: Event): string => (words[event.type] as ((event: Event) => string) | undefined)?.(event) ?? event.type;

/** `#12 t0  ...`, cut at 75 columns. */
export const eventLine = (at: number, event: Event, withTask: boolean): string => {
  const who = withTask && 'task' in event ? `${event.task} ` : '';
  const line = `${`#${at}`.padEnd(6)} ${who}${eventWords(event)}`;
  return line.length <= columnsMax ? line : `${line.slice(0, columnsMax - 3)}...`;
};
