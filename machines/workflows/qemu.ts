// What QEMU does alike above every kind of container: one lock around all, guest memory in every container of the address space.
import { createMachine } from 'xstate';
import { end, rowStep, step } from '../../src/core/workflow.ts';

/** A call of a kernel workflow, as a name and the registers that it gets. */
export type KernelCall = readonly [workflow: string, ...registers: string[]];

/** Realizing, unrealizing and memory changes run under the one big lock, so that scans of one process never overlap. */
export const lockQemu = (next: string) => ({
  space: step(['addressSpace'], { OK: 'lock' }),
  lock: step(['lock', 'qemu.bql', 'space'], { OK: next }),
});
export const unlockQemu = { unlock: step(['unlock', 'qemu.bql', 'space'], { OK: 'done' }), done: end('OK') };
export const unlockQemuFailed = { unlockFailed: step(['unlock', 'qemu.bql', 'space'], { OK: 'failed' }), failed: end('errno') };

/** Every range of guest memory into the container in `container`. */
export const replay = (map: KernelCall, next: string, fail: string) => ({
  memory: step(['nextMemory'], { OK: 'map', NONE: next }),
  map: step(['call', ...map], { OK: 'memory', 'errno.*': fail }),
});

/**
 * Memory that comes while the guest runs: into each container; a failure ends QEMU (facts: userspace-callers 2.4). Its retry after
 * EBUSY is left out, which neither kernel says.
 */
export const qemuMap = (id: string, kind: string, map: KernelCall) =>
  createMachine({
    id,
    initial: 'space',
    states: {
      ...lockQemu('place'),
      place: step(['placeMemory'], { OK: 'exists' }),
      exists: rowStep('guest-memory-exists', 'add', 'unlockFailed'),
      add: step(['change', 'guest-memory-added'], { OK: 'next' }),
      next: step(['oldestContainer', kind], { OK: 'map', NONE: 'unlock' }),
      map: step(['call', ...map], { OK: 'next', 'errno.*': 'abort' }, { undo: 'nothing: QEMU aborts, its files close' }),
      abort: step(['abort'], { OK: 'unlockFailed' }),
      ...unlockQemu,
      ...unlockQemuFailed,
    },
  });

/** Memory that goes: out of each container; a failure is only printed. */
export const qemuUnmap = (id: string, kind: string, unmap: KernelCall) =>
  createMachine({
    id,
    initial: 'space',
    states: {
      ...lockQemu('place'),
      place: step(['placeMemory'], { OK: 'remove' }),
      remove: step(['change', 'guest-memory-removed'], { OK: 'next' }),
      next: step(['oldestContainer', kind], { OK: 'unmap', NONE: 'unlock' }),
      unmap: step(['call', ...unmap], { OK: 'next', 'errno.*': 'next' }, { drops: true }),
      ...unlockQemu,
    },
  });
