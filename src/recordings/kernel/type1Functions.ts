// What VFIO's containers and the type1 backend do, function by function: groups join and leave, attaches search, backends come and go.
import { begins, refused, skips, tried, tries } from './attempts.ts';
import { type FunctionHandler, isOk } from './coreFunctions.ts';
import { domainNamed } from './domainNames.ts';
import type { Recorder } from './recorder.ts';
import type { Entered, Left } from './seen.ts';
import { recordDomain } from './switches.ts';
import { type Attempt, newAttempt, type Thread } from './thread.ts';

/** The container that a thread's program names, or the one that the address belongs to. */
const containerAt = (recorder: Recorder, thread: Thread, pointer: string): string => {
  const id = thread.named ?? recorder.containerAt('vfio', pointer) ?? recorder.freeContainer('c');
  recorder.nameContainer('vfio', pointer, id);
  recorder.openContainer(thread, id, 'vfio');
  return id;
};

const joins: FunctionHandler = {
  entered: (recorder, thread, { values }) => {
    thread.container = containerAt(recorder, thread, values.container!);
    thread.joining = null;
  },
  left: (recorder, thread, { result }) => {
    const { container, joining: group } = thread;
    Object.assign(thread, { container: null, joining: null });
    if (!isOk(result) || group === null || container === null || recorder.world.groups[group]!.container === container) return;
    const { phase } = recorder.world.containers[container]!;
    recorder.emit({ type: 'GroupJoined', task: thread.task, container, group, phase: phase === 'empty' ? 'waiting' : 'ready' });
  },
};

/** A backend's address: its container is the one that is being set up, else the one that the group is in. */
const containerOf = (recorder: Recorder, thread: Thread, { values }: Entered): string => {
  const pointer = values.container!;
  const { group } = values;
  const joined = group === undefined ? null : (recorder.world.groups[group]?.container ?? null);
  const known = recorder.containerAt('type1', pointer);
  // Of a trace without claims a container has no groups before its backend is set: the backend's address is then the better name.
  const isBare = thread.container !== null && recorder.world.containers[thread.container]?.backend === null;
  const id = (isBare ? known : undefined) ?? thread.container ?? known ?? thread.named ?? joined ?? recorder.freeContainer('c');
  recorder.openContainer(thread, id, 'vfio');
  recorder.nameContainer('type1', pointer, id);
  if (recorder.world.containers[id]!.backend === null)
    recorder.emit({ type: 'BackendSet', task: thread.task, container: id, backend: 'type1', phase: 'ready' });
  return id;
};

const attaches: FunctionHandler = {
  entered: (recorder, thread, seen) => {
    const group = seen.values.group!;
    const container = containerOf(recorder, thread, seen);
    thread.attempt = newAttempt(container, group);
    const frame = { workflow: 'type1Attach', state: 'recorded', registers: { container, group } };
    begins(recorder, thread, frame);
  },
  left: (recorder, thread, { result }) => {
    const { attempt, task } = thread;
    if (!attempt) return;
    if (isOk(result)) settled(recorder, thread);
    const outcome = result?.kind === 'errno' ? `errno.${result.errno}` : 'OK';
    recorder.emit({ type: 'FrameLeft', task, workflow: 'type1Attach', outcome });
    thread.attempt = null;
  },
};

/** Where iommu_attach_group() is not in the trace, the group's devices say which domain it came to. */
const broughtTo = (recorder: Recorder, { group, joined, fresh }: Attempt): string | null => {
  const domains = new Set(recorder.world.groups[group]?.devices.map((id) => recorder.world.devices[id]?.domain));
  const [domain = null] = domains;
  return joined ?? (domains.size === 1 && domain !== fresh ? domain : null);
};

const settled = (recorder: Recorder, thread: Thread): void => {
  const { attempt, task } = thread;
  const { container, group, fresh } = attempt!;
  const joined = broughtTo(recorder, attempt!);
  const isListed = recorder.world.containers[container]!.records.some(({ domain }) => domain === joined);
  if (isListed) recorder.emit({ type: 'RecordGroupAdded', task, container, record: joined!, group });
  else if (fresh !== null) {
    skips(recorder, thread);
    const record = { domain: fresh, groups: [group], coherent: false, automatic: true, id: fresh, users: 1 };
    recorder.emit({ type: 'RecordListed', task, container, record, at: 'head' });
  }
};

const attachesGroup: FunctionHandler = {
  entered: (recorder, thread, { values, place }) => {
    thread.attachesForUser = true;
    tries(recorder, thread, domainNamed(recorder, thread, place, values.domain!, values.group ?? null));
  },
  left: (recorder, thread, seen) => groupAttached(recorder, thread, seen),
};

const groupAttached = (recorder: Recorder, thread: Thread, { entered, result, place }: Left & { entered: Entered }): void => {
  const { group, domain: pointer } = entered.values;
  thread.attachesForUser = false;
  const domain = domainNamed(recorder, thread, place, pointer!, group ?? null);
  if (isOk(result) && group !== undefined && domain !== null) recordDomain(recorder, thread, group, domain);
  if (result?.kind === 'errno') refused(recorder, thread, { function: entered.function, errno: result.errno, device: null, domain });
  tried(recorder, thread, result?.kind === 'errno' ? result.errno : null);
  thread.refusal = null;
};

const detaches: FunctionHandler = {
  entered: (recorder, thread, { values }) => {
    const container = recorder.containerAt('type1', values.container);
    const records = container === undefined ? [] : recorder.world.containers[container]!.records;
    const record = records.find(({ groups }) => groups.includes(values.group!));
    if (record && container !== undefined)
      recorder.emit({ type: 'RecordGroupRemoved', task: thread.task, container, record: record.id, group: values.group! });
  },
};

const releasesBackend: FunctionHandler = {
  entered: (recorder, thread, { values }) => {
    const container = recorder.containerAt('type1', values.container);
    recorder.forgetContainer('type1', values.container!);
    if (container === undefined || recorder.world.containers[container]!.backend === null) return;
    for (const { iova, size } of [...recorder.world.containers[container]!.mappings])
      recorder.emit({ type: 'MappingRemoved', task: thread.task, container, iova, size });
    recorder.emit({ type: 'BackendSet', task: thread.task, container, backend: null, phase: 'empty' });
  },
};

export const type1Functions: Readonly<Record<string, FunctionHandler>> = {
  vfio_container_attach_group: joins,
  vfio_iommu_type1_attach_group: attaches,
  vfio_iommu_type1_detach_group: detaches,
  vfio_iommu_type1_release: releasesBackend,
  iommu_attach_group: attachesGroup,
};
