// What a machine's topology says of the attributes that rows read, and which line of its snapshot or log says it.
import type { Path, Value } from '../core/conditions.ts';
import type { Evidence } from '../core/explanation.ts';
import type { Column } from '../core/rows.ts';
import { type Inputs, logLine, type Subject, snapshotLine } from './inputs.ts';
import type { KnownRead } from './judge.ts';

/** Kernel drivers that leave DMA to others (driver_managed_dma), and those that user space takes devices with. */
const manageThemselves = /^(vfio|pci-stub$|pcieport$|shpchp$)/;

/** A member that an ordinary driver of the kernel has: it counts as a user of the group's default domain. */
export const kernelUser = ({ group }: Subject) =>
  group.devices.find(({ attributes: { boundDriver } }) => typeof boundDriver === 'string' && !manageThemselves.test(boundDriver));

/** type1 and iommufd: 6.1 is content with one device of the group, 6.12 wants all; a topology knows it of the machine. */
const isolated = ({ topology }: Inputs): Value | undefined => topology?.system['isolatedMsi'];

/** At SET_IOMMU a container is new: no mapping can be in the way, and no group is listed. */
const newContainer =
  (value: Value) =>
  (_inputs: Inputs, _subject: Subject, call: string): Value | undefined =>
    call === 'VFIO_SET_IOMMU' ? value : undefined;

const only = <T>(values: readonly T[]): T | undefined => (new Set(values).size === 1 ? values[0] : undefined);

const soleDriver = ({ topology }: Inputs): Value | undefined => only((topology?.iommus ?? []).map(({ driver }) => driver));
const soleInstance = ({ topology }: Inputs): Value | undefined => only((topology?.iommus ?? []).map(({ id }) => id));

/** A container of groups without an IOMMU needs such a group. */
const noIommu = ({ topology }: Inputs): Value | undefined =>
  topology?.groups.every(({ devices }) => devices.every(({ iommu }) => iommu !== null)) ? false : undefined;

const derived: Readonly<Record<Path, (inputs: Inputs, subject: Subject, call: string) => Value | undefined>> = {
  'user.isolated': isolated,
  'user.deviceClaim': (_inputs, _subject, call) => call === 'VFIO_DEVICE_BIND_IOMMUFD' || call === 'VFIO_GROUP_GET_DEVICE_FD',
  // That no driver of the kernel has it says nothing of other users.
  'group.ownerCount': (_inputs, subject) => (kernelUser(subject) ? 1 : undefined),
  'group.owner': (_inputs, subject) => (kernelUser(subject) ? null : undefined),
  'group.noiommu': (_inputs, { iommu }) => (iommu === null ? undefined : false),
  'group.devices': (_inputs, { group }) => group.devices.length,
  'user.apertureConflict': newContainer(false),
  'user.reservedConflict': newContainer(false),
  'user.listed': newContainer(false),
  'container.noiommu': noIommu,
  'device.iommu': (_inputs, { device }) => device.iommu,
  'device.driver': (_inputs, { iommu }) => iommu?.driver ?? null,
  'domain.driver': soleDriver,
  'domain.iommu': soleInstance,
};

/** Ids that are left: the topology has how many there are and how many are in use. */
const idsLeft = ({ iommu }: Subject): Value | undefined => {
  const { domainIds, domainIdsUsed } = iommu?.attributes ?? {};
  return typeof domainIds === 'number' && typeof domainIdsUsed === 'number' ? domainIds - domainIdsUsed : undefined;
};

export const readMachine =
  (inputs: Inputs, subject: Subject, call: string): KnownRead =>
  (path) => {
    const own = derived[path];
    if (own) return own(inputs, subject, call);
    if (path === 'iommu.domainIdsFree') return idsLeft(subject);
    const [root, attribute] = path.split('.') as [string, string];
    if (root === 'system') return inputs.topology?.system[attribute];
    if (root === 'device') return subject.device.attributes[attribute];
    return root === 'iommu' && subject.iommu !== null ? subject.iommu.attributes[attribute] : undefined;
  };

const remapping = /Enabled IRQ remapping|Interrupt remapping enabled|No interrupt remapping support|ITS@0x/;

/** Attributes of an Intel instance that are in its capability register; the others are in the extended one. */
const inCap: readonly string[] = ['agaw', 'mgaw', 'domainIds', 'fl5lp', 'superpages'];

const group = (id: string): string => `/sys/kernel/iommu_groups/${id}`;
const pci = (id: string): string => `/sys/bus/pci/devices/${id}`;

/** Where an attribute comes from; for a snapshot, and for a reader who has the machine. */
export const placeOf = (path: Path, subject: Subject | null, _column: Column): string => {
  const [root, attribute = ''] = path.split('.');
  const device = subject?.device.id ?? '<device>';
  if (root === 'system' && attribute !== 'isolatedMsi') {
    const [module, name] =
      attribute === 'iommufdAllowUnsafeInterrupts' ? ['iommufd', 'allow_unsafe_interrupts'] : type1Parameter(attribute);
    return `/sys/module/${module}/parameters/${name}`;
  }
  if (path === 'device.requireDirect' || path === 'device.rmrrLocked') return `${group(subject?.group.id ?? '<group>')}/reserved_regions`;
  if (path === 'device.iommu' || path === 'device.driver' || path.endsWith('.noiommu')) return `${pci(device)}/iommu`;
  if (path === 'domain.iommu' || path === 'domain.driver') return `/sys/class/iommu/${subject?.iommu?.id ?? '<instance>'}`;
  if (path === 'device.boundDriver' || root === 'group') return `${pci((subject && kernelUser(subject)?.id) ?? device)}/driver`;
  if (attribute === 'pciClass' || attribute === 'isBridge') return `${pci(device)}/class`;
  if (root === 'iommu' || root === 'device') return instancePlace(subject, attribute);
  return 'dmesg';
};

const type1Parameter = (attribute: string): [string, string] => [
  'vfio_iommu_type1',
  attribute.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
];

const instancePlace = (subject: Subject | null, attribute: string): string => {
  if (subject?.iommu?.driver !== 'intel') return 'dmesg';
  const file = /^domainIds(Free|Used)$/.test(attribute) ? 'domains_used' : inCap.includes(attribute) ? 'cap' : 'ecap';
  return `/sys/class/iommu/${subject.iommu.id}/intel-iommu/${file}`;
};

/** The line in which a driver says what its instance can do; by the device that the instance hangs below. */
const logForm = (inputs: Inputs, subject: Subject, path: Path): RegExp => {
  if (!/^(iommu|device)\./.test(path) || path === 'device.isolatedMsi') return remapping;
  const link = inputs.snapshot?.lines.link(`/sys/class/iommu/${subject.iommu?.id}`) ?? '';
  const parent = link.split('/').at(-3);
  return parent === undefined ? /(?!)/ : new RegExp(`\\b${parent.replace(/[^\w]/g, '\\$&')}: `);
};

const shown = (found: Value | undefined): string => (found === null ? 'none' : String(found));

/** One line for what a read was. */
export const evidenceOf = (inputs: Inputs, subject: Subject, path: Path, found: Value | undefined, column: Column): Evidence => {
  const place = placeOf(path, subject, column);
  // Of several devices only a table of the firmware tells which one a region is for.
  const byTable = place.endsWith('reserved_regions') && subject.device.regions ? ", by firmware's table" : '';
  const whose = /^(system|user)\./.test(path) ? '' : ` (group ${subject.group.id}, ${subject.device.id}${byTable})`;
  const words = `${path} is ${shown(found)}${whose}`;
  const direct = place.endsWith('reserved_regions') && found === true ? / direct$/ : /^/;
  const line = place === 'dmesg' ? logLine(inputs, words, logForm(inputs, subject, path)) : snapshotLine(inputs, place, words, direct);
  return line ?? { words, where: inputs.snapshot?.file ?? null, text: place === 'dmesg' ? null : `no line ${place}` };
};

/** What a domain that was made for the machine's only instance of a driver cannot mismatch; null: there are several, or none. */
export const onlyInstance = (inputs: Inputs, driver: string, column: Column, subject: Subject): Evidence | null => {
  const all = inputs.topology?.iommus.filter((iommu) => iommu.driver === driver) ?? [];
  if (all.length !== 1) return null;
  const words = `${all[0]!.id} is the only ${driver} instance: every domain was made for it`;
  return (
    snapshotLine(inputs, placeOf('domain.iommu', subject, column), words) ?? { words, where: inputs.snapshot?.file ?? null, text: null }
  );
};
