// The system calls of a run in their order, the phases they fall into, the files they need, and the allocations that failed in them.
import type { Event, EventOf } from '../core/events.ts';
import type { FailedAllocation, GroupOfMachine, OpenedFile, Phase, UserCall } from '../core/reproduction.ts';
import type { Request, Scenario, TaskScript } from '../core/scenario.ts';
import type { Topology } from '../core/topology.ts';

/** A call with the numbers of its first and last event. */
export type TimedCall = UserCall & { readonly from: number; readonly to: number };

const groupOf = ({ groups }: Topology, target: string | null): string | null =>
  groups.find(({ id, devices }) => id === target || devices.some((device) => device.id === target))?.id ?? null;

/** The device whose file user space holds: as the model chooses it, the last of a group that is no bridge. */
const deviceOf = ({ groups }: Topology, target: string | null): string | null => {
  const found = groups.find(({ id }) => id === target);
  if (!found) return groupOf({ groups } as Topology, target) === null ? null : target;
  return (found.devices.findLast(({ attributes }) => attributes['isBridge'] !== true) ?? found.devices.at(-1))?.id ?? null;
};

const rangeOf = ({ iova, size }: Request): UserCall['range'] => (iova === undefined ? null : { iova, size: size ?? 4096 });

/** What the program arms fail-nth for; opening and closing it leaves alone. */
const isIoctl = ({ call }: { readonly call: string }): boolean => /^(VFIO|IOMMU)_/.test(call);

/** Nested page tables need data of their vendor; other options than this one are not user space's. */
const isPlain = ({ options = {} }: Request): boolean => Object.keys(options).every((name) => name === 'domain.dirtyTracking');

const isByHand = (call: string, request: Request, files: boolean): boolean =>
  !files || !(isIoctl({ call }) || call === 'close') || (call === 'IOMMU_HWPT_ALLOC' && !isPlain(request));

/** Whether a task holds files of VFIO or iommufd: a vDPA device is another matter. */
export type HoldsFiles = (task: TaskScript) => boolean;

const callOf = (
  scenario: Scenario,
  script: TaskScript,
  number: number,
  call: string,
  files: boolean,
): Omit<UserCall, 'result' | 'fault'> => {
  const request = script.requests[number]!;
  const { verb, target, container = script.container, pageTable = null, options = {} } = request;
  return {
    task: script.id,
    request: number + 1,
    call,
    words: target === null ? verb : `${verb} ${target}`,
    group: groupOf(scenario.topology, target),
    device: deviceOf(scenario.topology, target),
    container,
    context: script.context ?? script.container,
    pageTable,
    options,
    range: rangeOf(request),
    byHand: isByHand(call, request, files),
  };
};

interface Open {
  readonly call: Omit<UserCall, 'result' | 'fault'>;
  readonly from: number;
  faults: number;
}

/** What is in progress of each task while a history is read. */
interface Progress {
  request: number;
  /** The request that closes files was told of: it is one call of the program, whatever the kernel's side does. */
  closed: boolean;
  open: Open | null;
}

const openCall = (
  scenario: Scenario,
  { task, call }: EventOf<'CallStarted'>,
  { request }: Progress,
  from: number,
  holdsFiles: HoldsFiles,
): Open | null => {
  const script = scenario.tasks.find(({ id }) => id === task);
  // What the exit path of a task calls is no request: the program's own teardown does it.
  const asked = script?.requests[request];
  const name = asked?.verb === 'close' ? 'close' : call;
  return script && asked ? { call: callOf(scenario, script, request, name, holdsFiles(script)), from, faults: 0 } : null;
};

/** Calls that requests of the scenario made, by the order of their beginnings. */
export const callsOf = (scenario: Scenario, events: readonly Event[], holdsFiles: HoldsFiles): TimedCall[] => {
  const tasks = new Map<string, Progress>();
  const calls: TimedCall[] = [];
  let faults = 0;
  const end = (progress: Progress, to: number, result: string): void => {
    if (!progress.open) return;
    const { call, from, faults: failed } = progress.open;
    calls.push({ ...call, from, to, result, fault: failed > 0 && isIoctl(call) && !call.byHand ? faults++ : null });
    progress.closed = call.call === 'close';
    progress.open = null;
  };
  events.forEach((event, index) => {
    if (!('task' in event)) return;
    const progress = tasks.get(event.task) ?? { request: 0, closed: false, open: null };
    tasks.set(event.task, progress);
    if (event.type === 'RequestStarted') Object.assign(progress, { request: event.request, closed: false });
    if (event.type === 'CallStarted' && !progress.closed) progress.open = openCall(scenario, event, progress, index, holdsFiles);
    if (event.type === 'AllocationFailed' && progress.open) progress.open.faults += 1;
    if (event.type === 'CallEnded') end(progress, index, event.result);
  });
  for (const progress of tasks.values()) end(progress, events.length, 'not ended');
  return calls.sort((a, b) => a.from - b.from);
};

/** Calls that overlap fall into one phase: only a call that began after all earlier ones had ended opens a new one. */
export const phasesOf = (calls: readonly TimedCall[]): Phase[] => {
  const phases: UserCall[][] = [];
  let end = -1;
  for (const { from, to, ...call } of calls) {
    if (from > end || phases.length === 0) phases.push([]);
    phases.at(-1)!.push(call);
    end = Math.max(end, to);
  }
  return phases;
};

/** Failed allocations, each with its number among those of its call; a site may name its caller too: `function:line (caller)`. */
export const failuresOf = (events: readonly Event[]): FailedAllocation[] => {
  const tasks = new Map<string, { request: number; call: string; n: number }>();
  const found: FailedAllocation[] = [];
  for (const event of events) {
    if (!('task' in event)) continue;
    const now = tasks.get(event.task) ?? { request: 0, call: '', n: 0 };
    tasks.set(event.task, now);
    if (event.type === 'RequestStarted') now.request = event.request;
    if (event.type === 'CallStarted') Object.assign(now, { call: event.call, n: 0 });
    if (event.type === 'MemoryAllocated' || event.type === 'AllocationFailed') now.n += 1;
    if (event.type !== 'AllocationFailed') continue;
    const [, name, line] = /^([^:\s]+)(?::(\d+))?/.exec(event.site)!;
    found.push({
      task: event.task,
      request: now.request + 1,
      call: now.call,
      function: name!,
      line: line === undefined ? null : Number(line),
      gfp: event.gfp,
      device: event.device,
      domain: event.domain,
      outcome: event.outcome,
      n: now.n,
    });
  }
  return found;
};

export const usesIommufd = ({ call }: UserCall): boolean => call.startsWith('IOMMU_') || call.startsWith('VFIO_DEVICE_');
export const usesContainer = ({ call }: UserCall): boolean => call.startsWith('VFIO_') && !call.startsWith('VFIO_DEVICE_');

/** Files to open: first those that a user names on the command line, then what every machine has. */
export const filesOf = (calls: readonly UserCall[], groups: readonly GroupOfMachine[]): OpenedFile[] => {
  const files = new Map<string, OpenedFile>();
  const add = (kind: OpenedFile['kind'], id: string | null, path: string): void => {
    if (id !== null && !files.has(`${kind} ${id}`)) files.set(`${kind} ${id}`, { kind, id, path });
  };
  const known = new Set(groups.flatMap(({ devices }) => devices.map(({ id }) => id)));
  const vfio = calls.filter(usesContainer);
  const iommufd = calls.filter(usesIommufd);
  for (const { group } of vfio) add('group', group, `/dev/vfio/${group}`);
  for (const { device } of iommufd) if (device !== null && known.has(device)) add('device', device, '/dev/vfio/devices/vfioN');
  for (const { container } of vfio) add('container', container, '/dev/vfio/vfio');
  for (const { context } of iommufd) add('iommufd', context, '/dev/iommu');
  return [...files.values()];
};
