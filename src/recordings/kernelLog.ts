// What a kernel log (dmesg) says of the IOMMUs that sysfs does not: feature words of SMMUs, the order in which groups grew,
// interrupt remapping. Lines are searched, not parsed, so dmesg, `dmesg -T`, journalctl and /dev/kmsg formats all do.

export interface SmmuWords {
  readonly ias: number;
  readonly oas: number;
  readonly features: number;
}

export interface KernelLog {
  /** The first line of the boot is there, so that a message that is missing was not printed. */
  readonly complete: boolean;
  /** What follows `Linux version`. */
  readonly version: string | undefined;
  /** As uname names it. */
  readonly architecture: 'x86_64' | 'aarch64' | undefined;
  /** Position of a device's last `Adding to iommu group`, e.g. `0000:05:01.0 11`. */
  readonly joins: ReadonlyMap<string, number>;
  /** By platform device, e.g. arm-smmu-v3.0.auto. */
  readonly smmus: ReadonlyMap<string, SmmuWords>;
  /** By virtio device, e.g. virtio0. */
  readonly virtio: ReadonlyMap<string, { readonly inputBits?: number; readonly pageMask?: bigint }>;
  /** Capability registers of Intel's instances, e.g. of dmar0; printed since before 6.1 when a unit is set up. */
  readonly vtd: ReadonlyMap<string, { readonly cap: bigint; readonly ecap: bigint }>;
  /** The first word of AMD's extended features. */
  readonly amdFeatures: bigint | undefined;
  /** Interrupt remapping as the kernel printed it; undefined: it printed nothing about it. */
  readonly isolated: boolean | undefined;
  /** A GICv3 ITS took up its work. */
  readonly its: boolean;
  readonly hypervisorRemaps: boolean;
  readonly scalableModeOff: boolean;
}

const banner = /(?:^|[\];:] ?)Linux version (\S.*)$/;
const join = /(\S{1,80}): Adding to iommu group (\d+)/;
const smmu = /arm-smmu-v3 (\S+): ias (\d+)-bit, oas (\d+)-bit \(features (0x[0-9a-f]+)\)/;
const virtioBits = /virtio_iommu (\S+): input address: (\d+) bits/;
const virtioMask = /virtio_iommu (\S+): page mask: (0x[0-9a-f]+)/;
const vtd = /DMAR: (dmar\d+): reg_base_addr [0-9a-f]+ ver \S+ cap ([0-9a-f]{1,16}) ecap ([0-9a-f]{1,16})/;
const amd = /AMD-Vi: Extended features \((0x[0-9a-f]{1,16})[,)]/;
/** Printed by these architectures alone, near the first line. */
const x86 = /BIOS-provided physical RAM map/;
const arm64 = /Booting Linux on physical CPU 0x[0-9a-f]+ \[0x/;
const remapsNow = /Enabled IRQ remapping in \S+ mode|AMD-Vi: Interrupt remapping enabled/;
/** type1 itself found no isolation when it was asked to attach. */
const refused = /No interrupt remapping support\./;
const its = /\bITS@0x/;
const hyperv = /Hyper-V|Xen version/;
/** 6.1, only in a guest with caching mode. */
const legacyMode = /VT-d Scalable Mode not enabled/;

const all = [banner, join, smmu, vtd, amd, virtioBits, virtioMask, x86, arm64, remapsNow, refused, its, hyperv, legacyMode];

/** Whether a snapshot needs to keep the line. */
export const saysSomething = (line: string): boolean => all.some((form) => form.test(line.slice(0, longestLine)));

type Draft = { -readonly [key in keyof KernelLog]: KernelLog[key] } & {
  joins: Map<string, number>;
  smmus: Map<string, SmmuWords>;
  virtio: Map<string, { inputBits?: number; pageMask?: bigint }>;
  vtd: Map<string, { cap: bigint; ecap: bigint }>;
};

const empty = (): Draft => ({
  complete: false,
  version: undefined,
  architecture: undefined,
  joins: new Map(),
  smmus: new Map(),
  virtio: new Map(),
  vtd: new Map(),
  amdFeatures: undefined,
  isolated: undefined,
  its: false,
  hypervisorRemaps: false,
  scalableModeOff: false,
});

/** printk's own lines are about this long at most; a search in a longer one could take for ever. */
const longestLine = 2048;

export const parseKernelLog = (text: string): KernelLog => {
  const log = empty();
  text.split('\n').forEach((given, index) => {
    const line = given.slice(0, longestLine);
    readMachine(log, line);
    readInstances(log, line);
    const joined = join.exec(line);
    if (joined) log.joins.set(`${joined[1]} ${joined[2]}`, index);
  });
  return log;
};

const readMachine = (log: Draft, line: string): void => {
  const version = banner.exec(line)?.[1];
  if (version !== undefined) {
    log.complete = true;
    log.version ??= version.trim();
  }
  if (x86.test(line)) log.architecture = 'x86_64';
  if (arm64.test(line)) log.architecture = 'aarch64';
  if (its.test(line)) log.its = true;
  if (hyperv.test(line)) log.hypervisorRemaps = true;
  if (legacyMode.test(line)) log.scalableModeOff = true;
  if (refused.test(line)) log.isolated = false;
  else if (remapsNow.test(line)) log.isolated ??= true;
};

const readInstances = (log: Draft, line: string): void => {
  const words = smmu.exec(line);
  if (words) log.smmus.set(words[1]!, { ias: Number(words[2]), oas: Number(words[3]), features: Number(words[4]) });
  const registers = vtd.exec(line);
  if (registers) log.vtd.set(registers[1]!, { cap: BigInt(`0x${registers[2]}`), ecap: BigInt(`0x${registers[3]}`) });
  const features = amd.exec(line)?.[1];
  if (features !== undefined) log.amdFeatures = BigInt(features);
  const bits = virtioBits.exec(line);
  if (bits) log.virtio.set(bits[1]!, { ...log.virtio.get(bits[1]!), inputBits: Number(bits[2]) });
  const mask = virtioMask.exec(line);
  if (mask) log.virtio.set(mask[1]!, { ...log.virtio.get(mask[1]!), pageMask: BigInt(mask[2]!) });
};
