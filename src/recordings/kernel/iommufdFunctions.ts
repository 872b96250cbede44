// What iommufd does, function by function: devices are bound, page tables made and tried, devices join and leave them.
import { tried, tries } from './attempts.ts';
import { type FunctionHandler, isOk } from './coreFunctions.ts';
import { domainMade, domainNamed } from './domainNames.ts';
import type { Recorder, Thread } from './recorder.ts';
import type { Entered } from './seen.ts';

const contextOf = (recorder: Recorder, thread: Thread, pointer: string): string => {
  const id = thread.named ?? recorder.containers.get(pointer) ?? recorder.freeContainer('f');
  recorder.containers.set(pointer, id);
  return id;
};

const binds: FunctionHandler = {
  entered: (recorder, thread, { values }) => {
    thread.container = contextOf(recorder, thread, values.iommufd!);
  },
  left: (recorder, thread, { entered, result }) => {
    thread.container = null;
    if (result?.kind === 'pointer' && entered.values.device !== undefined) recorder.devices.set(result.pointer, entered.values.device);
  },
};

const unbinds: FunctionHandler = {
  entered: (recorder, _thread, { values }) => {
    recorder.devices.delete(values['bound-device']!);
  },
};

/** Address spaces are named within their context; an IOAS and the table inside it have two addresses. */
const spaceOf = (recorder: Recorder, thread: Thread, values: Entered['values']): string => {
  const pointer = values['address-space']!;
  const known = recorder.containers.get(pointer);
  if (known !== undefined) return known;
  const context = contextOf(recorder, thread, values.iommufd ?? 'unknown');
  const count = Object.values(recorder.world.containers).filter((space) => space.context === context).length;
  const id = `${context}.i${count}`;
  recorder.containers.set(pointer, id);
  recorder.openContainer(thread, id, 'ioas', context);
  return id;
};

const boundDevice = (recorder: Recorder, { values }: Entered): string | undefined => recorder.devices.get(values['bound-device'] ?? '');
const boundGroup = (recorder: Recorder, seen: Entered): string | null => recorder.groupOf(boundDevice(recorder, seen) ?? '');

const freeTable = (recorder: Recorder, space: string): string => {
  for (let slot = 0; ; slot++) {
    const id = `${space}.p${slot}`;
    const isUsed = [...recorder.pageTables.values()].includes(id);
    if (!isUsed) return id;
  }
};

/** The group attaches to the page table that it just made before the function returns its address. */
const makesTable: FunctionHandler = {
  entered: (recorder, thread, seen) => {
    const space = spaceOf(recorder, thread, seen.values);
    const group = boundGroup(recorder, seen) ?? '';
    thread.attempt = { container: space, group, fresh: null, joined: null, trying: null };
  },
  left: (recorder, thread, { result }) => {
    const { attempt, task } = thread;
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
    thread.attempt = { container: record.container, group: boundGroup(recorder, seen) ?? '', fresh: null, joined: null, trying: null };
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

const searches: FunctionHandler = {
  entered: (recorder, thread, seen) => {
    thread.attaching = boundDevice(recorder, seen) ?? null;
  },
  left: (_recorder, thread) => {
    thread.attaching = null;
  },
};

const replaces: FunctionHandler = {
  entered: (recorder, thread, seen) => {
    const record = tableAt(recorder, seen);
    if (!record) return;
    thread.attempt = { container: record.container, group: boundGroup(recorder, seen) ?? '', fresh: null, joined: null, trying: null };
    tries(recorder, thread, record.domain);
  },
  left: attachesTable.left!,
};

const leavesTable: FunctionHandler = {
  entered: (recorder, thread, seen) => {
    const device = boundDevice(recorder, seen);
    if (device !== undefined) joined(recorder, thread, device, null);
  },
};

const attachesHandle: FunctionHandler = {
  left: (recorder, thread, { entered, result, place }) => {
    const { group, domain } = entered.values;
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
  iommufd_device_attach: searches,
  iommufd_device_replace: searches,
  iommufd_device_do_replace: replaces,
  iommufd_hwpt_paging_alloc: makesTable,
  iommufd_hwpt_paging_destroy: destroysTable,
  iommufd_hw_pagetable_attach: attachesTable,
  iommufd_hw_pagetable_detach: leavesTable,
  iommu_attach_group_handle: attachesHandle,
  intel_iommu_domain_alloc_user: makesUserDomain,
  amd_iommu_domain_alloc_user: makesUserDomain,
  arm_smmu_domain_alloc_user: makesUserDomain,
};
