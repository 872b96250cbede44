// What a snapshot says of causes that no row has: who holds a group's file, what a process may lock, what is bound to what.
import type { Evidence } from '../core/explanation.ts';
import { type Holder, holdersOf } from '../recordings/processes.ts';
import { type Inputs, snapshotLine, subjectsOf } from './inputs.ts';

interface Observed {
  readonly speaks: 'for' | 'against';
  readonly evidence: Evidence;
}

const name = ({ pid, comm }: Holder): string => `process ${pid}${comm === null ? '' : ` (${comm})`}`;

/** A snapshot that saw any process's files and none of this group's says that nobody holds it. */
export const groupHeld = (inputs: Inputs): Observed | null => {
  if (!inputs.snapshot) return null;
  const holders = holdersOf(inputs.snapshot.lines);
  const wanted = new Set(subjectsOf(inputs).map(({ group }) => `/dev/vfio/${group.id}`));
  for (const holder of holders) {
    const file = holder.files.find(({ target }) => wanted.has(target));
    if (!file) continue;
    return {
      speaks: 'for',
      evidence: { words: `${name(holder)} has ${file.target} open`, where: `${inputs.snapshot.file}:${file.line}`, text: file.text },
    };
  }
  const [first] = holders;
  if (!first || inputs.group === null) return null;
  const words = `no process has /dev/vfio/${inputs.group} open; others have files of VFIO open`;
  return { speaks: 'against', evidence: { words, where: `${inputs.snapshot.file}:${first.files[0]!.line}`, text: null } };
};

/** Less than half of the limit left: one more copy of what is locked does not fit. */
export const lockedMemory = (inputs: Inputs): Observed | null => {
  if (!inputs.snapshot) return null;
  for (const holder of holdersOf(inputs.snapshot.lines)) {
    const { limit, locked } = holder;
    if (!limit) continue;
    const where = `${inputs.snapshot.file}:${limit.line}`;
    if (limit.bytes === null)
      return { speaks: 'against', evidence: { words: `${name(holder)} may lock without a limit`, where, text: limit.text } };
    if (locked !== null && locked * 2 > limit.bytes) {
      const words = `${name(holder)} has locked ${locked} of ${limit.bytes} bytes`;
      return { speaks: 'for', evidence: { words, where, text: limit.text } };
    }
  }
  return null;
};

/** For one group: a member that no VFIO driver has. */
export const deviceBound = (inputs: Inputs): Observed | null => {
  if (inputs.group === null) return null;
  const bare = subjectsOf(inputs).find(({ device }) => {
    const driver = device.attributes['boundDriver'];
    return driver !== undefined && device.attributes['isBridge'] !== true && !/^vfio/.test(String(driver));
  });
  if (!bare) return null;
  const driver = bare.device.attributes['boundDriver'];
  const words = `${bare.device.id} is bound to ${driver === null ? 'no driver' : driver}`;
  const line = snapshotLine(inputs, `/sys/bus/pci/devices/${bare.device.id}/driver`, words);
  return { speaks: 'for', evidence: line ?? { words, where: inputs.snapshot?.file ?? null, text: null } };
};
