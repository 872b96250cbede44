// AMD's extended feature word, decoded into the attributes that the AMD rows read. Bits: amd/amd_iommu_types.h, the same in 6.1 and 6.12.
import type { Attributes } from '../core/world.ts';
import { took } from './acpi/firmware.ts';
import { known } from './known.ts';
import { releaseOf, type Words } from './machine.ts';
import type { Snapshot } from './snapshotLines.ts';

const bits = (word: bigint, low: number, width: number): number => Number((word >> BigInt(low)) & ((1n << BigInt(width)) - 1n));
const hexadecimal = (text: string): bigint | undefined => (/^[0-9a-f]{1,16}$/i.test(text) ? BigInt(`0x${text}`) : undefined);

/** sysfs has both words: amd_iommu_show_features() prints the second one first in 6.1, last in 6.12; series between were not read. */
const place = (version: string | undefined): number | undefined => {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(releaseOf(version) ?? '') ?? [];
  const series = major === undefined ? Number.NaN : Number(major) * 1000 + Number(minor);
  if (series <= 6001) return 1;
  return series >= 6012 ? 0 : undefined;
};

/** All instances are used with what every one of them has: the kernel's log and each instance's file print this one word, IVRS has it too. */
export const amdFeatures = (snapshot: Snapshot, folder: string, { log, version, firmware }: Words): bigint | undefined => {
  const at = place(version);
  const words = snapshot.value(`${folder}/amd-iommu/features`)?.split(':');
  const read = log.amdFeatures ?? (at === undefined || words?.length !== 2 ? undefined : hexadecimal(words[at]!));
  const table = firmware.find(({ features }) => features !== undefined);
  if (read === undefined && table) took(table, 'features');
  return read ?? table?.features;
};

export const amdInstance = (features: bigint | undefined): Attributes =>
  known({ hdSupport: features === undefined ? undefined : bits(features, 52, 1) === 1 });

/** `amd_iommu=pgtbl_v2`, or the last of both words, where the hardware has guest tables that DMA may use (iommu_init_pci() in 6.12). */
const tableMode = (features: bigint | undefined, commandLine: string | undefined): string | undefined => {
  if (commandLine === undefined) return undefined;
  const words = [...commandLine.matchAll(/(?:^|\s)amd_iommu=(\S*)/g)].flatMap((found) => found[1]!.split(','));
  if (
    words
      .filter((word) => /^pgtbl_v[12]/.test(word))
      .at(-1)
      ?.startsWith('pgtbl_v2') !== true
  )
    return 'v1';
  if (features === undefined) return undefined;
  return bits(features, 4, 1) === 1 && bits(features, 48, 1) === 1 ? 'v2' : 'v1';
};

const fiveLevels = 1;

/** Five levels also need the processor to have them, which nothing here tells. */
export const amdSystem = (features: bigint | undefined, commandLine: string | undefined): Attributes =>
  known({
    amdPgtableMode: tableMode(features, commandLine),
    amdGuestLevels: features === undefined || bits(features, 12, 2) === fiveLevels ? undefined : 4,
    amdMaxGlx: features === undefined ? undefined : bits(features, 14, 2),
  });
