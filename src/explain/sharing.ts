// Why a process has as many page tables as it has: what debugfs shows, or bounds from the ids in use; what the model of its kernel
// would have used; and which causes of more remain.
import { Failure } from '../core/failure.ts';
import type { Sharing, SharingCause, SharingDevice } from '../core/sharing.ts';
import type { Topology } from '../core/topology.ts';
import { type PageTableUse, pageTablesOf } from '../recordings/pageTables.ts';
import { type Holder, holdersOf } from '../recordings/processes.ts';
import type { Snapshot } from '../recordings/snapshotLines.ts';
import { type ModelSharing, sharingIn } from './modelSharing.ts';

export interface SharingQuestion {
  readonly topology: Topology;
  readonly snapshot: { readonly file: string; readonly lines: Snapshot };
  /** Profile of the machine's kernel. */
  readonly kernel: string;
  readonly title: string;
  readonly pid: number | null;
}

/** One answer for each process asked about. */
export const sharingOf = (question: SharingQuestion): Sharing[] => {
  const { snapshot, topology, pid } = question;
  const holders = holdersOf(snapshot.lines).filter(
    (holder) => (pid === null || holder.pid === pid) && groupsOf(snapshot.lines, topology, holder).length > 0,
  );
  if (holders.length === 0) {
    const found = pid === null ? 'no process that holds a group or a device' : `process ${pid} holds none`;
    const hint = 'Take one as root on the machine: attachlab probes --snapshot > snapshot.sh; sh snapshot.sh > snapshot.txt';
    throw new Failure(
      'bad-topology',
      `expected a process with a file of VFIO or iommufd in the snapshot, found ${found}`,
      { file: snapshot.file },
      hint,
    );
  }
  const tables = new Map(pageTablesOf(snapshot.lines, topology).map((use) => [use.device, use]));
  return holders.map((holder) => sharing(question, holder, tables));
};

/** Groups whose file, or the file of one of whose devices, the process has open. */
const groupsOf = (lines: Snapshot, topology: Topology, { files }: Holder): string[] => {
  const held = new Set(files.map(({ target }) => target));
  const deviceOpen = (device: string): boolean =>
    lines.children(`/sys/bus/pci/devices/${device}/vfio-dev`).some((name) => held.has(`/dev/vfio/devices/${name}`));
  return topology.groups
    .filter(({ id, devices }) => held.has(`/dev/vfio/${id}`) || devices.some((device) => deviceOpen(device.id)))
    .map(({ id }) => id);
};

const devicesOf = (
  { topology, snapshot }: SharingQuestion,
  groups: readonly string[],
  tables: ReadonlyMap<string, PageTableUse>,
): SharingDevice[] =>
  topology.groups
    .filter(({ id }) => groups.includes(id))
    .flatMap(({ id, devices }) =>
      devices
        .filter(({ attributes }) => attributes['isBridge'] !== true)
        .map(({ id: device, iommu }) => {
          const use = tables.get(device);
          const where = use ? `${snapshot.file}:${use.line}` : null;
          return { device, group: id, iommu, domainId: use?.domainId ?? null, root: use?.root ?? null, where };
        }),
    );

/** A table by its root where that is known; else by an id, which says something on one instance only. */
const keyOf = ({ root, domainId, iommu }: SharingDevice): string | null =>
  root !== null ? root : domainId !== null ? `${iommu} ${domainId}` : null;

const distinct = <T>(values: readonly T[]): number => new Set(values).size;

/** Ids of different instances say nothing of each other: one table may have an id on each. */
const byIds = (devices: readonly SharingDevice[]): Sharing['tables'] => {
  const instances = [...new Set(devices.map(({ iommu }) => iommu))];
  const onEach = instances.map((own) => distinct(devices.filter(({ iommu }) => iommu === own).map(keyOf)));
  const by = instances.length === 1 ? 'domain ids in debugfs' : 'domain ids in debugfs, each of one instance';
  return { least: Math.max(...onEach), most: distinct(devices.map(keyOf)), by };
};

/** No table in sight: at most one for each group, and one for each id in use. */
const bounds = (devices: readonly SharingDevice[], { iommus }: Topology): Sharing['tables'] => {
  const groups = distinct(devices.map(({ group }) => group));
  const least = Math.max(1, distinct(devices.map(keyOf).filter((key) => key !== null)));
  const used = iommus.map(({ attributes }) => attributes['domainIdsUsed']);
  if (!used.every((count) => typeof count === 'number')) return { least, most: groups, by: 'number of groups' };
  const ids = used.reduce((sum, count) => sum + count, 0);
  return { least, most: Math.max(least, Math.min(groups, ids)), by: 'number of groups, and domains_used' };
};

const counted = (devices: readonly SharingDevice[], topology: Topology): Sharing['tables'] => {
  if (devices.some((device) => keyOf(device) === null)) return bounds(devices, topology);
  if (devices.some(({ root }) => root === null)) return byIds(devices);
  const tables = distinct(devices.map(keyOf));
  return { least: tables, most: tables, by: 'roots in debugfs' };
};

type Counts = Pick<Sharing, 'tables' | 'containers' | 'iommufds'>;

/** Why there can be more than one; nothing to explain where there is one. */
const causesOf = ({ tables, containers, iommufds }: Counts, model: ModelSharing, reversed: ModelSharing): SharingCause[] => {
  const [needed, backwards] = [model.classes.length, reversed.classes.length];
  const files = containers + iommufds;
  const causes: readonly (SharingCause | false)[] = [
    needed > 1 && { name: 'needed', words: `one container needs ${needed} page tables on this machine`, shown: true },
    files > 1 && {
      name: 'several-containers',
      words: `it has ${files} files of containers or iommufd open: each has tables of its own`,
      shown: true,
    },
    backwards !== needed && {
      name: 'order',
      words: `attached in the reverse order they need ${backwards}: the order decides`,
      shown: false,
    },
    tables.most > needed && { name: 'failed-join', words: failedJoin, shown: false },
    tables.least !== tables.most && { name: 'unknown', words: 'the snapshot does not tell how many there are', shown: true },
  ];
  return tables.most <= 1 ? [] : causes.filter((cause) => cause !== false);
};

const failedJoin = 'a join that failed (memory, ids) and was taken for "does not fit": nothing of it stays visible';

const sharing = (question: SharingQuestion, holder: Holder, tables: ReadonlyMap<string, PageTableUse>): Sharing => {
  const { topology, snapshot, kernel, title } = question;
  const groups = groupsOf(snapshot.lines, topology, holder);
  const devices = devicesOf(question, groups, tables);
  const opened = (target: string): number => holder.files.filter((file) => file.target === target).length;
  const [containers, iommufds] = [opened('/dev/vfio/vfio'), opened('/dev/iommu')];
  const caller = containers === 0 && iommufds > 0 && kernel.startsWith('6.12') ? 'iommufd-auto' : 'vfio-type1';
  const model = sharingIn(topology, kernel, caller, groups);
  const reversed = sharingIn(topology, kernel, caller, groups.toReversed());
  const found = counted(devices, topology);
  return {
    pid: holder.pid,
    comm: holder.comm,
    devices,
    containers,
    iommufds,
    tables: found,
    needed: model.classes,
    obstacles: model.obstacles,
    causes: causesOf({ tables: found, containers, iommufds }, model, reversed),
    kernel: title,
    recording: `attachlab probes --kernel ${kernel.replace(/\.y.*$/, '')} > record.sh; sh record.sh`,
  };
};
