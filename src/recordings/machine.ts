// What holds for the whole machine: kernel release, module parameters, interrupt isolation.
import type { TopologyIommu } from '../core/topology.ts';
import type { Attributes } from '../core/world.ts';
import type { Firmware } from './acpi/firmware.ts';
import type { KernelLog } from './kernelLog.ts';
import { known } from './known.ts';
import type { Snapshot } from './snapshotLines.ts';

/** Texts that belong to the snapshot; each may also be a line of it. */
export interface Words {
  readonly commandLine: string | undefined;
  /** `uname -a`, /proc/version or the log's first line. */
  readonly version: string | undefined;
  readonly log: KernelLog;
  /** Tables of ACPI that were read. */
  readonly firmware: readonly Firmware[];
}

const longestVersion = 1000;

/** Debian's release may end in an ABI number (6.1.0-56-amd64); the version that was built stands behind the build number. */
export const releaseOf = (given: string | undefined): string | undefined => {
  const version = (given ?? '').slice(0, longestVersion);
  return /#\d+ .*\bDebian (\d+\.\d+\.\d+)/.exec(version)?.[1] ?? /^(?:Linux \S+ )?(\d+\.\d+(?:\.\d+)?)/.exec(version)?.[1];
};

export const systemAttributes = (snapshot: Snapshot, words: Words, iommus: readonly TopologyIommu[]): Attributes => {
  const architecture = architectureOf(snapshot, words);
  return known({
    architecture,
    pageSize: architecture === 'x86_64' ? 4096 : undefined,
    allowUnsafeInterrupts: parameter(snapshot, 'vfio_iommu_type1', 'allow_unsafe_interrupts', flag),
    disableHugepages: parameter(snapshot, 'vfio_iommu_type1', 'disable_hugepages', flag),
    dmaEntryLimit: parameter(snapshot, 'vfio_iommu_type1', 'dma_entry_limit', count),
    iommufdAllowUnsafeInterrupts: parameter(snapshot, 'iommufd', 'allow_unsafe_interrupts', flag),
    isolatedMsi: isolatedMsi(words, architecture, iommus),
  });
};

const architectureOf = (snapshot: Snapshot, { version, log }: Words): string | undefined => {
  const said =
    /^\w+$/.exec(snapshot.value('/proc/sys/kernel/arch') ?? '')?.[0] ??
    / (x86_64|aarch64|s390x|riscv64) GNU\/Linux/.exec(version ?? '')?.[1];
  return said ?? log.architecture;
};

const flag = (text: string): boolean | undefined => (text === 'Y' ? true : text === 'N' ? false : undefined);
const count = (text: string): number | undefined => (/^\d{1,10}$/.test(text) ? Number(text) : undefined);

const parameter = <T>(snapshot: Snapshot, module: string, name: string, parse: (text: string) => T | undefined): T | undefined => {
  const path = `/sys/module/${module}/parameters/${name}`;
  const text = snapshot.value(path);
  if (text === undefined) return undefined;
  const parsed = parse(text);
  if (parsed === undefined) snapshot.noteAt(path, `not a value of ${name}`);
  return parsed;
};

/**
 * Whether a device's interrupts are isolated, where the machine says so. In order of weight: type1's own refusal or the message that
 * remapping is on; switched off by hand; hardware or firmware that lacks it (intel_prepare_irq_remapping() wants it from every unit and
 * from DMAR); by architecture; an x86 log that is complete and silent. Undefined otherwise.
 */
const isolatedMsi = (
  { commandLine, log, firmware }: Words,
  architecture: string | undefined,
  iommus: readonly TopologyIommu[],
): boolean | undefined => {
  if (log.isolated !== undefined) return log.isolated;
  if (switchedOff(commandLine)) return false;
  if (iommus.some(({ attributes }) => attributes.interruptRemapping === false)) return false;
  if (firmware.some(({ interruptRemapping }) => interruptRemapping === false)) return false;
  if (architecture === 's390x' || log.its) return true;
  return architecture === 'x86_64' && log.complete && !log.hypervisorRemaps ? false : undefined;
};

/** `nointremap`, or the last of on and off in `intremap=`. */
const switchedOff = (commandLine: string | undefined): boolean => {
  const words = (commandLine ?? '').split(/\s+/).flatMap((word) => {
    if (word === 'nointremap') return 'off';
    return word.startsWith('intremap=') ? word.slice('intremap='.length).split(',') : [];
  });
  return words.filter((word) => word === 'on' || word === 'off').at(-1) === 'off';
};
