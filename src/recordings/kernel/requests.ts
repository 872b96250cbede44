// Where a request of a recording begins and ends: as the program's log says, else by its system calls, else by the outermost function.
import { resultOf } from './decode.ts';
import type { ProgramCall } from './programCalls.ts';
import type { Recorder } from './recorder.ts';
import type { Thread } from './thread.ts';

/** Calls that change who is attached where. Others are no requests. */
const verbs: Readonly<Record<string, string>> = {
  VFIO_GROUP_SET_CONTAINER: 'set-container',
  VFIO_GROUP_UNSET_CONTAINER: 'unset-container',
  VFIO_SET_IOMMU: 'set-iommu',
  VFIO_IOMMU_MAP_DMA: 'map',
  VFIO_IOMMU_UNMAP_DMA: 'unmap',
  VFIO_DEVICE_BIND_IOMMUFD: 'bind',
  VFIO_DEVICE_ATTACH_IOMMUFD_PT: 'attach',
  VFIO_DEVICE_DETACH_IOMMUFD_PT: 'detach',
  IOMMU_HWPT_ALLOC: 'make-page-table',
  IOMMU_IOAS_MAP: 'map',
  IOMMU_IOAS_UNMAP: 'unmap',
  IOMMU_DESTROY: 'destroy-page-table',
  close_group: 'close',
  close_container: 'close',
  close_device: 'close',
  close_device_cdev: 'close',
  close_iommufd: 'close',
};

/** Numbers of include/uapi/linux/vfio.h and iommufd.h: type ';', base 100 and 128. */
const ioctls: Readonly<Record<number, string>> = {
  15206: 'VFIO_SET_IOMMU',
  15208: 'VFIO_GROUP_SET_CONTAINER',
  15209: 'VFIO_GROUP_UNSET_CONTAINER',
  15217: 'VFIO_IOMMU_MAP_DMA',
  15218: 'VFIO_IOMMU_UNMAP_DMA',
  15222: 'VFIO_DEVICE_BIND_IOMMUFD',
  15223: 'VFIO_DEVICE_ATTACH_IOMMUFD_PT',
  15224: 'VFIO_DEVICE_DETACH_IOMMUFD_PT',
  15232: 'IOMMU_DESTROY',
  15237: 'IOMMU_IOAS_MAP',
  15238: 'IOMMU_IOAS_UNMAP',
  15241: 'IOMMU_HWPT_ALLOC',
};

/** Functions under which everything of one call happens, where nothing else says which call it is. */
const outermost: Readonly<Record<string, string>> = {
  vfio_container_attach_group: 'VFIO_GROUP_SET_CONTAINER',
  iommufd_device_bind: 'VFIO_DEVICE_BIND_IOMMUFD',
  iommufd_device_attach: 'VFIO_DEVICE_ATTACH_IOMMUFD_PT',
  iommufd_device_replace: 'VFIO_DEVICE_ATTACH_IOMMUFD_PT',
  iommufd_hwpt_paging_alloc: 'IOMMU_HWPT_ALLOC',
};

/** Functions with which a call begins whose end no function shows: it lasts until its thread begins another one. */
const openEnded: Readonly<Record<string, string>> = {
  vfio_iommu_type1_open: 'VFIO_SET_IOMMU',
  vfio_iommu_type1_attach_group: 'VFIO_SET_IOMMU',
  vfio_iommu_type1_detach_group: 'VFIO_GROUP_UNSET_CONTAINER',
  iommu_group_release_dma_owner: 'VFIO_GROUP_UNSET_CONTAINER',
};

/** What a system call gave back: an errno, or anything else for success. */
const systemCallResult = (text: string): string => {
  const result = resultOf(text, 'errno');
  return result?.kind === 'errno' ? result.errno : 'OK';
};

/** Whether a call of this name is a request of a recording. */
export const isRequest = (call: string): boolean => call in verbs;

interface Begun {
  readonly call: string;
  /** Of a call without an end of its own: what it has come to so far. */
  result?: string;
  readonly verb: string;
  readonly target: string | null;
}

export class Requests {
  readonly #recorder: Recorder;
  readonly #open = new Map<Thread, Begun>();
  readonly #hasLog: boolean;
  #hasSystemCalls = false;

  constructor(recorder: Recorder, hasLog: boolean) {
    this.#recorder = recorder;
    this.#hasLog = hasLog;
  }

  #begin(thread: Thread, call: string, target: string | null): void {
    const verb = verbs[call];
    if (verb === undefined || this.#open.has(thread)) return;
    const { task } = thread;
    this.#open.set(thread, { call, verb, target });
    this.#recorder.emit({ type: 'RequestStarted', task, request: this.#recorder.world.tasks[task]!.request, verb, target });
    this.#recorder.emit({ type: 'CallStarted', task, call, counts: false });
  }

  #end(thread: Thread, call: string | null, result: string): void {
    const begun = this.#open.get(thread);
    if (!begun || (call !== null && begun.call !== call)) return;
    this.#open.delete(thread);
    const { task } = thread;
    const { verb, target } = begun;
    this.#recorder.emit({ type: 'CallEnded', task, call: begun.call, result, allocations: null });
    this.#recorder.emit({ type: 'RequestEnded', task, request: this.#recorder.world.tasks[task]!.request, verb, target, result });
  }

  isOpen(thread: Thread): boolean {
    return this.#open.has(thread);
  }

  forget(thread: Thread): void {
    this.#open.delete(thread);
  }

  programBegins(thread: Thread, { op, container, device, group }: ProgramCall): void {
    thread.named = container;
    this.#begin(thread, op, device ?? group);
  }

  programEnds(thread: Thread, call: ProgramCall): void {
    if (call.errno === null) this.#mapped(thread, call);
    if (call.op === 'close_container') this.#closed(thread);
    this.#end(thread, call.op, call.errno ?? 'OK');
    thread.named = null;
    thread.mapped = null;
  }

  /** Groups keep a container whose descriptor is closed. */
  #closed({ task, named: container }: Thread): void {
    const found = container === null ? undefined : this.#recorder.world.containers[container];
    if (!found || found.groups.length > 0 || found.phase === 'closed') return;
    this.#recorder.emit({ type: 'ContainerClosed', task, container: found.id, phase: 'closed' });
  }

  /** What the program says it mapped, else what the kernel's own events show of it. */
  #mapped({ task, named: container, mapped }: Thread, { op, argument }: ProgramCall): void {
    const [, iova, size] = /iova=(0x[0-9a-f]+) size=(0x[0-9a-f]+)/.exec(argument) ?? [];
    const range = iova === undefined ? mapped : { iova: Number(iova), size: Number(size) };
    if (container === null || range === null || !this.#recorder.world.containers[container]) return;
    if (op === 'VFIO_IOMMU_MAP_DMA') this.#recorder.emit({ type: 'MappingAdded', task, container, ...range });
    if (op === 'VFIO_IOMMU_UNMAP_DMA') this.#recorder.emit({ type: 'MappingRemoved', task, container, ...range });
  }

  /** `(fd: 5, cmd: 3b67, arg: ...)` and `-> 0x0`, as tracefs prints the system call. */
  systemCall(thread: Thread, text: string): void {
    if (this.#hasLog) return;
    this.#hasSystemCalls = true;
    const result = /-> (0x[0-9a-f]+)/.exec(text)?.[1];
    const command = /cmd: (?:0x)?([0-9a-f]+)/.exec(text)?.[1];
    const begun = this.#open.get(thread);
    if (begun?.result !== undefined) this.#end(thread, null, begun.result);
    if (result !== undefined) this.#end(thread, null, systemCallResult(result));
    else if (command !== undefined) this.#begin(thread, ioctls[Number.parseInt(command, 16)] ?? '', null);
  }

  entered(thread: Thread, name: string, group: string | undefined): void {
    if (this.#hasLog) return;
    const begun = this.#open.get(thread);
    const call = outermost[name] ?? openEnded[name];
    if (call === undefined || (begun && !this.#isOver(begun, call, group))) return;
    if (begun) this.#end(thread, null, begun.result!);
    // A system call that is a request says itself where it begins; what a closed descriptor leaves behind is none.
    if (this.#hasSystemCalls && openEnded[name] !== 'VFIO_GROUP_UNSET_CONTAINER') return;
    this.#begin(thread, call, call === 'VFIO_GROUP_UNSET_CONTAINER' ? (group ?? null) : null);
    if (name in openEnded) Object.assign(this.#open.get(thread)!, { result: 'OK' });
  }

  /** Groups of one container are attached in one call, and leave it each in a call of its own. */
  #isOver(begun: Begun, call: string, group: string | undefined): boolean {
    if (begun.result === undefined) return false;
    return call !== begun.call || (call === 'VFIO_GROUP_UNSET_CONTAINER' && group !== begun.target);
  }

  left(thread: Thread, name: string, result: string): void {
    if (this.#hasLog) return;
    const begun = this.#open.get(thread);
    if (begun?.result !== undefined && openEnded[name] === 'VFIO_SET_IOMMU' && /^E[A-Z]+$/.test(result)) begun.result = result;
    if (!this.#hasSystemCalls && outermost[name] !== undefined) this.#end(thread, outermost[name]!, result);
  }

  finish(): void {
    for (const [thread, { result }] of this.#open) if (result !== undefined) this.#end(thread, null, result);
  }
}
