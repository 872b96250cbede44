// Objects of iommufd by address: contexts, address spaces, bound devices; what binding and unbinding change.
import { type FunctionHandler, release } from './coreFunctions.ts';
import type { Recorder } from './recorder.ts';
import type { Entered } from './seen.ts';
import type { Thread } from './thread.ts';

const contextOf = (recorder: Recorder, thread: Thread, pointer: string): string => {
  const id = thread.named ?? recorder.containerAt('iommufd', pointer) ?? recorder.freeContainer('f');
  recorder.nameContainer('iommufd', pointer, id);
  return id;
};

export const binds: FunctionHandler = {
  entered: (recorder, thread, { values }) => {
    thread.container = contextOf(recorder, thread, values.iommufd!);
  },
  left: (recorder, thread, { entered, result }) => {
    thread.container = null;
    if (result?.kind === 'pointer' && entered.values.device !== undefined) recorder.devices.set(result.pointer, entered.values.device);
  },
};

export const unbinds: FunctionHandler = {
  entered: (recorder, thread, seen) => {
    const device = boundDevice(recorder, seen);
    const group = recorder.groupOf(device ?? '');
    recorder.devices.delete(seen.values['bound-device'] ?? '');
    if (device === undefined || group === null) return;
    release(recorder, thread, group);
    thread.unbound = device;
  },
};

/** Address spaces are named within their context; an IOAS and the table inside it have two addresses. */
export const spaceOf = (recorder: Recorder, thread: Thread, values: Entered['values']): string => {
  const pointer = values['address-space']!;
  const known = recorder.containerAt('ioas', pointer);
  if (known !== undefined) return known;
  const context = contextOf(recorder, thread, values.iommufd ?? 'unknown');
  const count = Object.values(recorder.world.containers).filter((space) => space.context === context).length;
  const id = `${context}.i${count}`;
  recorder.nameContainer('ioas', pointer, id);
  recorder.openContainer(thread, id, 'ioas', context);
  return id;
};

export const boundDevice = (recorder: Recorder, { values }: Entered): string | undefined =>
  recorder.devices.get(values['bound-device'] ?? '');
export const boundGroup = (recorder: Recorder, seen: Entered): string | null => recorder.groupOf(boundDevice(recorder, seen) ?? '');
