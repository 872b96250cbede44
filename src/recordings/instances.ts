// IOMMU instances of a snapshot: which driver of the model each belongs to, and what sysfs and the kernel log tell of it.
import type { TopologyIommu } from '../core/topology.ts';
import type { Attributes } from '../core/world.ts';
import { type Firmware, took } from './acpi/firmware.ts';
import { amdFeatures, amdInstance } from './amd.ts';
import type { SmmuWords } from './kernelLog.ts';
import { known } from './known.ts';
import type { Words } from './machine.ts';
import { lastOf, type Snapshot } from './snapshotLines.ts';
import { parseRegister, scalableMode, scalableModeAsked, type VtdRegisters, vtdAttributes } from './vtd.ts';

export const classFolder = '/sys/class/iommu';

/** The name says it: the driver passes such a name to iommu_device_sysfs_add(). */
const byName: readonly (readonly [RegExp, string])[] = [
  [/^dmar\d+$/, 'intel'],
  [/^ivhd\d+$/, 'amd'],
  [/^smmu3\.0x/, 'arm-smmu-v3'],
  [/^smmu\.0x/, 'arm-smmu'],
  [/^apple-dart\./, 'apple-dart'],
  [/^s390-iommu\./, 's390'],
];

/** Platform or virtio drivers by the name that sysfs gives them; for instances named like their device. */
const byKernelDriver: Readonly<Record<string, string>> = {
  'arm-smmu-v3': 'arm-smmu-v3',
  'arm-smmu': 'arm-smmu',
  'qcom-iommu': 'qcom_iommu',
  'ipmmu-vmsa': 'ipmmu-vmsa',
  'omap-iommu': 'omap',
  'sprd-iommu': 'sprd',
  'apple-dart': 'apple-dart',
  virtio_iommu: 'virtio-iommu',
};

/** Instances of class iommu, and those that only devices name. */
export const instancesOf = (snapshot: Snapshot, named: readonly string[], words: Words): TopologyIommu[] => {
  const ids = [...new Set([...snapshot.children(classFolder), ...named])].sort(byNumber);
  const drivers = ids.map((id) => driverOf(snapshot, id));
  return ids.map((id, position) => {
    const driver = drivers[position]!;
    const nth = drivers.slice(0, position).filter((other) => other === driver).length;
    const read = attributesOf({ snapshot, id, driver, nth, words });
    return { id, driver, attributes: withFirmware(snapshot, id, read, words.firmware) };
  });
};

/** What firmware's table says of the instance and nothing else does; where something does they must agree. */
const withFirmware = (snapshot: Snapshot, id: string, read: Attributes, firmware: readonly Firmware[]): Attributes => {
  const said = firmware.flatMap((table) => {
    const unit = table.units.find(({ instance }) => instance === id);
    return Object.entries(unit?.attributes ?? {}).map(([name, value]) => ({ table, name, value }));
  });
  for (const { table, name, value } of said) {
    if (!(name in read)) took(table, name);
    else if (read[name] !== value)
      snapshot.note(0, `${table.signature} says ${name} ${value} of ${id}, the kernel ${read[name]}`, '', 'firmware');
  }
  const others = said.filter(({ name }) => !(name in read));
  return { ...read, ...Object.fromEntries(others.map(({ name, value }) => [name, value])) };
};

/** dmar2 before dmar10; addresses have one length, so they sort as text. */
const byNumber = (left: string, right: string): number => {
  const [a, b] = [left, right].map((id) => /^([a-z]+)(\d+)$/.exec(id));
  if (a && b && a[1] === b[1]) return Number(a[2]) - Number(b[2]);
  return left < right ? -1 : left > right ? 1 : 0;
};

export const driverOf = (snapshot: Snapshot, id: string): string => {
  const folder = `${classFolder}/${id}`;
  const kernelDriver = lastOf(snapshot.link(`${folder}/device/driver`) ?? '');
  if (snapshot.has(`${folder}/intel-iommu`)) return 'intel';
  if (snapshot.has(`${folder}/amd-iommu`)) return 'amd';
  const found = byKernelDriver[kernelDriver] ?? byName.find(([form]) => form.test(id))?.[1];
  if (found) return found;
  if (/\/virtio\d+\/iommu\//.test(snapshot.link(folder) ?? '')) return 'virtio-iommu';
  snapshot.noteAt(folder, `no driver of the model is known for instance ${id}${kernelDriver ? ` (kernel driver ${kernelDriver})` : ''}`);
  return 'unknown';
};

interface Subject {
  readonly snapshot: Snapshot;
  readonly id: string;
  readonly driver: string;
  /** How many instances of the driver come before. */
  readonly nth: number;
  readonly words: Words;
}

const attributesOf = (subject: Subject): Attributes => {
  if (subject.driver === 'intel') return intelAttributes(subject);
  if (subject.driver === 'arm-smmu-v3') return smmuAttributes(subject);
  if (subject.driver === 'virtio-iommu') return virtioAttributes(subject);
  if (subject.driver === 'amd') return amdAttributes(subject);
  return { index: numberIn(subject.id) ?? subject.nth };
};

const amdAttributes = ({ snapshot, id, nth, words }: Subject): Attributes => ({
  index: numberIn(id) ?? nth,
  ...amdInstance(amdFeatures(snapshot, `${classFolder}/${id}`, words)),
});

const numberIn = (id: string): number | undefined => {
  const digits = /^[a-z]+(\d+)$/.exec(id)?.[1];
  return digits === undefined ? undefined : Number(digits);
};

/** Both capability registers of an Intel instance, as sysfs has them, or as the kernel printed them. */
const registersOf = (snapshot: Snapshot, id: string, { log }: Words): VtdRegisters | undefined => {
  const [cap, ecap] = ['cap', 'ecap'].map((name) => parseRegister(snapshot.value(`${classFolder}/${id}/intel-iommu/${name}`) ?? ''));
  const printed = log.vtd.get(id);
  if (cap === undefined || ecap === undefined) return printed;
  if (printed && (printed.cap !== cap || printed.ecap !== ecap)) {
    snapshot.noteAt(
      `${classFolder}/${id}/intel-iommu/cap`,
      `the kernel log has other capabilities of ${id}: it is of another machine or boot`,
    );
  }
  return { cap, ecap };
};

/** Ids 0 and 1 are never given out (iommu_init_domains() in 6.1, the same lines in 6.12). */
const reservedDomainIds = 2;

const intelAttributes = ({ snapshot, id, nth, words }: Subject): Attributes => {
  const { log, commandLine } = words;
  const registers = registersOf(snapshot, id, words);
  if (!registers) snapshot.noteAt(`${classFolder}/${id}/intel-iommu/cap`, `capabilities of ${id} are unknown: cap or ecap cannot be read`);
  const asked = scalableModeAsked(commandLine) ?? (log.scalableModeOff ? false : undefined);
  const decoded = registers ? vtdAttributes(registers, scalableMode(registers, asked)) : {};
  const supported = countAt(snapshot, `${classFolder}/${id}/intel-iommu/domains_supported`) ?? (decoded.domainIds as number | undefined);
  return known({
    index: numberIn(id) ?? nth,
    ...decoded,
    domainIds: supported,
    domainIdsFree: supported === undefined ? undefined : supported - reservedDomainIds,
    domainIdsUsed: countAt(snapshot, `${classFolder}/${id}/intel-iommu/domains_used`),
  });
};

/** A decimal number; anything else is noted. */
const countAt = (snapshot: Snapshot, path: string): number | undefined => {
  const text = snapshot.value(path);
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  snapshot.noteAt(path, 'expected a decimal number');
  return undefined;
};

/** The device that the instance hangs below: .../arm-smmu-v3.0.auto/iommu/smmu3.0x..., .../virtio0/iommu/... */
const parentOf = (snapshot: Snapshot, id: string): string => {
  const parts = (snapshot.link(`${classFolder}/${id}`) ?? '').split('/');
  return parts.at(-2) === 'iommu' ? (parts.at(-3) ?? '') : '';
};

/** Bits of the feature word, as ARM_SMMU_FEAT_* in arm-smmu-v3.h of 6.1 and 6.12. */
const smmuFeatures = { twoLevelContextTables: 1, ats: 5, coherency: 8, stage1: 9, stage2: 10, stalls: 11, stallForce: 13, nesting: 19 };

const smmuAttributes = ({ snapshot, id, nth, words: { log } }: Subject): Attributes => {
  const words = log.smmus.get(parentOf(snapshot, id));
  return { index: nth, ...(words ? decodeSmmu(words) : {}) };
};

const decodeSmmu = ({ ias, oas, features }: SmmuWords): Attributes => {
  const flags = Object.entries(smmuFeatures).map(([name, position]) => [name, ((features >>> position) & 1) === 1]);
  return { ias, oas, ...Object.fromEntries(flags) };
};

/** The log has the width, rounded up, of an input range that may end anywhere below it; QEMU's ends there. */
const virtioAttributes = ({ snapshot, id, nth, words: { log } }: Subject): Attributes => {
  const { inputBits, pageMask } = log.virtio.get(parentOf(snapshot, id)) ?? {};
  const inputEnd = inputBits === undefined ? undefined : 2 ** inputBits - 1;
  return known({ index: nth, inputEnd, pgsize: pageMask ? Number(pageMask & -pageMask) : undefined });
};
