// Processes of a snapshot that hold files of VFIO or iommufd, with their limit of locked memory: lines of /proc/PID that
// `attachlab probes --snapshot` collects.
import type { Snapshot } from './snapshotLines.ts';

export interface HeldFile {
  readonly descriptor: number;
  readonly target: string;
  readonly line: number;
  readonly text: string;
}

export interface Holder {
  readonly pid: number;
  readonly comm: string | null;
  /** By descriptor. */
  readonly files: readonly HeldFile[];
  /** Null in it: no limit. */
  readonly limit: { readonly bytes: number | null; readonly line: number; readonly text: string } | null;
  /** Bytes locked or pinned; null: the snapshot does not say. */
  readonly locked: number | null;
}

/** By process id. */
export const holdersOf = (snapshot: Snapshot): Holder[] =>
  snapshot
    .children('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => holderOf(snapshot, Number(name)))
    .filter(({ files }) => files.length > 0)
    .sort((a, b) => a.pid - b.pid);

const holderOf = (snapshot: Snapshot, pid: number): Holder => ({
  pid,
  comm: snapshot.value(`/proc/${pid}/comm`) ?? null,
  files: filesOf(snapshot, pid),
  limit: limitOf(snapshot, pid),
  locked: lockedBy(snapshot, pid),
});

const filesOf = (snapshot: Snapshot, pid: number): HeldFile[] =>
  snapshot
    .children(`/proc/${pid}/fd`)
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const path = `/proc/${pid}/fd/${name}`;
      const target = snapshot.link(path);
      return target === undefined ? [] : [{ descriptor: Number(name), target, ...snapshot.linkLine(path)! }];
    })
    .sort((a, b) => a.descriptor - b.descriptor)
    .map(({ descriptor, target, line, text }) => ({ descriptor, target, line, text }));

/** `Max locked memory         8388608              8388608              bytes`: the soft limit counts. */
const limitOf = (snapshot: Snapshot, pid: number): Holder['limit'] => {
  const found = snapshot.lines(`/proc/${pid}/limits`)?.find(({ content }) => content.startsWith('Max locked memory'));
  const soft = /^Max locked memory\s+(\d+|unlimited)\s/.exec(found?.content ?? '')?.[1];
  return found && soft ? { bytes: soft === 'unlimited' ? null : Number(soft), line: found.line, text: found.text } : null;
};

/** type1 counts what it pins as locked, iommufd as pinned. */
const lockedBy = (snapshot: Snapshot, pid: number): number | null => {
  const lines = snapshot.lines(`/proc/${pid}/status`)?.map(({ content }) => content) ?? [];
  const kibibytes = lines
    .flatMap((content) => Number(/^Vm(?:Lck|Pin):\s+(\d+) kB$/.exec(content)?.[1] ?? Number.NaN))
    .filter(Number.isFinite);
  return kibibytes.length === 0 ? null : Math.max(...kibibytes) * 1024;
};
