// What a recording of a run would show, in its order: system calls, entry and return of the functions that one probes, tracepoints, messages,
// which allocation is the n-th (facts: real-observables 1 to 4; failnth-intel-6.12), and what lockdep says of locks. Nothing that only the
// model sees.
import type { Event, EventOf } from '../../src/core/events.ts';
import { type Frame, isPathFrame, type PathFrame } from '../../src/core/world.ts';

/** Workflows that are a probed function, and what its arguments tell (real-observables 2.2). */
const probed: Readonly<Record<string, readonly string[]>> = {
  attachGroup: ['group', 'domain'],
  attachGroupHandle: ['group', 'domain'],
  replaceGroupHandle: ['group', 'domain'],
  detachGroup: ['group', 'domain'],
  claimOwner: ['group'],
  releaseOwner: ['group'],
  allocateDomain: ['group'],
  freeDomain: ['domain'],
  type1Attach: ['group', 'container'],
  type1Detach: ['group', 'container'],
  attachPt: ['device'],
  replacePt: ['device'],
  detachDevice: ['device'],
  // System calls whose arguments, descriptors, say on what they are made.
  setContainer: ['group', 'container'],
  unsetContainer: ['group'],
  closeGroup: ['group'],
  compatSetContainer: ['group', 'container'],
  compatUnset: ['group'],
  compatCloseGroup: ['group'],
  getDeviceFd: ['device'],
  bindDevice: ['device'],
  unbindDevice: ['device'],
  detachPt: ['device'],
  destroyPageTable: ['pageTable'],
  mapDma: ['container', 'iova', 'size'],
  unmapDma: ['container', 'iova', 'size'],
  ioasMap: ['container', 'iova', 'size'],
  ioasUnmap: ['container', 'iova', 'size'],
  compatMap: ['container', 'iova', 'size'],
  compatUnmap: ['container', 'iova', 'size'],
};

/** Driver ops with a tracepoint or probe of their own; `map` and `unmap` name no domain. */
const ops: Readonly<Record<string, readonly string[]>> = {
  attach: ['device', 'domain'],
  map: ['iova', 'size'],
  unmap: ['iova', 'size'],
};

const argumentsOf = (frame: Frame | PathFrame): readonly string[] | undefined =>
  isPathFrame(frame) ? ops[frame.path] : probed[frame.workflow];

const entered = ({ frame }: EventOf<'FrameEntered'>): string[] => {
  const names = argumentsOf(frame);
  return names ? [`${frame.workflow}(${names.map((name) => frame.registers[name]).join(' ')})`] : [];
};

/** A driver's op is left under its own name and that of the driver. */
const left = ({ workflow, outcome }: EventOf<'FrameLeft'>): string[] => {
  const isSeen = workflow in probed || workflow.split('.')[1]! in ops;
  return isSeen ? [`${workflow} = ${outcome}`] : [];
};

/** What CONFIG_PROVE_LOCKING prints: a lock given back that is not held, and one that is held on the way back to user space. */
class Lockdep {
  readonly #held = new Set<string>();

  line(event: Event): string[] {
    switch (event.type) {
      case 'LockTaken':
        this.#held.add(event.lock);
        return [];
      case 'LockReleased':
        return this.#held.delete(event.lock) ? [] : [`bad unlock balance: ${event.lock}`];
      case 'CallEnded':
      case 'RequestEnded':
        // No call of the kernel gives back QEMU's own lock, of which QEMU asserts the same.
        return [...this.#held]
          .filter((lock) => event.type === 'RequestEnded' || !lock.startsWith('qemu.'))
          .map((lock) => `lock held when returning to user space: ${lock}`);
      default:
        return [];
    }
  }
}

const line = (event: Event): string[] => {
  switch (event.type) {
    case 'FrameEntered':
      return entered(event);
    case 'FrameLeft':
      return left(event);
    case 'CallStarted':
      return [`sys ${event.call}`];
    case 'CallEnded':
      return [`sys ${event.call} -> ${event.result}`];
    case 'MemoryAllocated':
    case 'AllocationFailed':
      return [`allocation at ${event.site}`];
    case 'KernelPrinted':
      return [`${event.row} prints`];
    case 'DeviceLeft':
      return [`detach_device_from_domain ${event.device}`];
    case 'DeviceUnplugged':
      return [`remove_device_from_group ${event.group} ${event.device}`];
    default:
      return [];
  }
};

/** Of each task by itself: which of two tasks was earlier is the schedule's. */
export const recorded = (events: readonly Event[]): string[] => {
  const byTask = Map.groupBy(
    events.filter((event) => 'task' in event),
    ({ task }) => task,
  );
  return [...byTask].map(([task, list]) => {
    const lockdep = new Lockdep();
    return `${task} records ${list.flatMap((event) => [...line(event), ...lockdep.line(event)]).join(', ')}`;
  });
};
