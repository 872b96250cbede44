// What iommufd does, function by function: page tables are made and tried, devices join and leave them.
import { begins, skips, tried, tries } from './attempts.ts';
import { type FunctionHandler, isOk } from './coreFunctions.ts';
import { domainMade, domainNamed } from './domainNames.ts';
import { binds, boundDevice, boundGroup, spaceOf, unbinds } from './iommufdObjects.ts';
import type { Recorder } from './recorder.ts';
import type { Entered } from './seen.ts';
import { newAttempt, type Thread } from './thread.ts';

const freeTable = (recorder: Recorder, space: string): string => {
  for (let slot = 0; ; slot++) {
    const id = `${space}.p${slot}`;
    const isListed = recorder.world.containers[space]!.records.some((record) => record.id === id);
    if (!isListed && ![...recorder.pageTables.values()].includes(id)) return id;
  }
};

/** The group attaches to the page table that it just made before the function returns its address. */
const makesTable: FunctionHandler = {
  entered: (recorder, thread, seen) => {
    const space = spaceOf(recorder, thread, seen.values);
    const group = boundGroup(recorder, seen) ?? '';
    thread.attempt = newAttempt(space, group);
  },
  left: (recorder, thread, { result }) => {
    const { attempt, task } = thread;
    if (result?.kind === 'pointer' && thread.attaching !== null) skips(recorder, thread);
    thread.attempt = null;
    if (result?.kind !== 'pointer' || !attempt || attempt.fresh === null) return;
    const { container, fresh, group } = attempt;
    const id = recorder.pageTables.get(result.pointer) ?? freeTable(recorder, container);
    recorder.pageTables.set(result.pointer, id);
    const automatic = thread.attaching !== null;
    const record = { domain: fresh, groups: [], coherent: false, automatic, id, users: 1 };
    recorder.emit({ type: 'RecordListed', task, container, record, at: 'tail' });
    if (automatic && group !== '') joined(recorder, thread, thread.attaching!, id);
  },
};

const destroysTable: FunctionHandler = {
  entered: (recorder, _thread, { values }) => {
    recorder.pageTables.delete(values['page-table']!);
  },
};

const joined = (recorder: Recorder, { task }: Thread, device: string, pageTable: string | null): void => {
  const group = recorder.groupOf(device);
  if (group === null) return;
  const found = recorder.world.groups[group]!;
  const others = found.attachedDevices.filter((other) => other !== device);
  const devices = pageTable === null ? others : [...others, device];
  recorder.emit({ type: 'PageTableJoined', task, group, pageTable: devices.length === 0 ? null : (pageTable ?? found.pageTable), devices });
};

/** Its page table is known: the search tries one of its list; it is not: the one that is being made. */
const attachesTable: FunctionHandler = {
  entered: (recorder, thread, seen) => {
    const record = tableAt(recorder, seen);
    if (!record || thread.attempt?.fresh) return;
    thread.attempt = newAttempt(record.container, boundGroup(recorder, seen) ?? '');
    tries(recorder, thread, record.domain);
  },
  left: (recorder, thread, { entered, result }) => {
    const record = tableAt(recorder, entered);
    if (!record || thread.attempt?.fresh) return;
    const errno = result?.kind === 'errno' ? result.errno : null;
    tried(recorder, thread, errno);
    thread.attempt = null;
    const device = boundDevice(recorder, entered);
    if (errno === null && device !== undefined) joined(recorder, thread, device, record.id);
  },
};

const tableAt = (recorder: Recorder, { values }: Entered): { container: string; domain: string; id: string } | null => {
  const id = recorder.pageTables.get(values['page-table'] ?? '');
  for (const { id: container, records } of id === undefined ? [] : Object.values(recorder.world.containers)) {
    const record = records.find((found) => found.id === id);
    if (record) return { container, domain: record.domain, id: record.id };
  }
  return null;
};

/** An attach or a replace of a device, framed as the model's, so that what it tried reads alike. */
const searches = (workflow: string): FunctionHandler => ({
  entered: (recorder, thread, seen) => {
    const device = boundDevice(recorder, seen) ?? null;
    thread.attaching = device;
    const registers = { container: null, group: recorder.groupOf(device ?? ''), device };
    begins(recorder, thread, { workflow, state: 'recorded', registers });
  },
  left: (recorder, thread, { result }) => {
    thread.attaching = null;
    const outcome = result?.kind === 'errno' ? `errno.${result.errno}` : 'OK';
    recorder.emit({ type: 'FrameLeft', task: thread.task, workflow, outcome });
  },
});

const recordOf = (recorder: Recorder, domain: string | null): { container: string; id: string } | null => {
  for (const { id: container, records } of Object.values(recorder.world.containers)) {
    const record = records.find((found) => found.domain === domain);
    if (record) return { container, id: record.id };
  }
  return null;
};

/** Which page table it is shows only in the domain that the group comes to: the compiler drops the argument. */
const replaces: FunctionHandler = {
  left: (recorder, thread, { entered, result }) => {
    const device = boundDevice(recorder, entered);
    const group = recorder.groupOf(device ?? '');
    const record = group === null ? null : recordOf(recorder, recorder.world.groups[group]!.domain);
    if (result?.kind !== 'errno' && device !== undefined && record) joined(recorder, thread, device, record.id);
  },
};

const replacesHandle: FunctionHandler = {
  entered: (recorder, thread, { values, place }) => {
    const domain = domainNamed(recorder, thread, place, values.domain ?? '0x0', values.group ?? null);
    const record = recordOf(recorder, domain);
    if (!record) return;
    thread.attempt = newAttempt(record.container, values.group ?? '');
    tries(recorder, thread, domain);
  },
  left: (recorder, thread, { result }) => {
    tried(recorder, thread, result?.kind === 'errno' ? result.errno : null);
    thread.attempt = null;
  },
};

const leavesTable: FunctionHandler = {
  entered: (recorder, thread, seen) => {
    const device = boundDevice(recorder, seen);
    if (device !== undefined) joined(recorder, thread, device, null);
  },
};

const attachesHandle: FunctionHandler = {
  entered: (_recorder, thread) => {
    thread.attachesForUser = true;
  },
  left: (recorder, thread, { entered, result, place }) => {
    const { group, domain } = entered.values;
    thread.attachesForUser = false;
    if (!isOk(result) || group === undefined || domain === undefined) return;
    domainNamed(recorder, thread, place, domain, group);
  },
};

/** The driver's own operation makes what user space or the search asks for. */
const makesUserDomain: FunctionHandler = {
  left: (recorder, thread, { result, place }) => {
    if (result?.kind === 'pointer') domainMade(recorder, thread, place, result.pointer);
  },
};

export const iommufdFunctions: Readonly<Record<string, FunctionHandler>> = {
  iommufd_device_bind: binds,
  iommufd_device_unbind: unbinds,
  iommufd_device_attach: searches('attachPt'),
  iommufd_device_replace: searches('replacePt'),
  iommufd_device_do_replace: replaces,
  iommufd_hwpt_paging_alloc: makesTable,
  iommufd_hwpt_paging_destroy: destroysTable,
  iommufd_hw_pagetable_attach: attachesTable,
  iommufd_hw_pagetable_detach: leavesTable,
  iommu_attach_group_handle: attachesHandle,
  iommu_replace_group_handle: replacesHandle,
  intel_iommu_domain_alloc_user: makesUserDomain,
  amd_iommu_domain_alloc_user: makesUserDomain,
  arm_smmu_domain_alloc_user: makesUserDomain,
};
