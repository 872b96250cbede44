// IORT on the machine of a snapshot, as drivers/acpi/arm64/iort.c of 6.1 and 6.12 applies it.
import type { Attributes, Region } from '../../core/world.ts';
import { classFolder } from '../instances.ts';
import type { Snapshot } from '../snapshotLines.ts';
import { type Firmware, type FirmwareUnit, hexadecimal, saysNothing } from './firmware.ts';
import { type Iort, type IortMemory, type IortSmmu, keptFor, streamOf } from './iort.ts';
import { idOf, type PciFunction } from './pci.ts';
import type { Table } from './table.ts';

/** The driver names its instance by its registers: smmu3.0x000000000c000000. */
const nameOf = ({ version, base }: IortSmmu): string => `smmu${version === 3 ? '3' : ''}.0x${base.toString(16).padStart(16, '0')}`;

const updatesWords: Readonly<Record<number, string>> = { 1: ', updates access flags', 2: ', updates access and dirty flags' };

const flagsWords = ({ coherent, updates }: IortSmmu): string =>
  `${coherent === undefined ? '' : `: ${coherent ? '' : 'not '}coherent`}${updatesWords[updates] ?? ''}`;

const memoryWords = ({ relaxable, ranges }: IortMemory): string =>
  `RMR${relaxable ? ', may be remapped' : ''}: ${ranges.map(({ start, end }) => `${hexadecimal(start)}-${hexadecimal(end)}`).join(', ')}`;

export const armFirmware = (iort: Iort, { size, revision }: Table, snapshot: Snapshot): Firmware => {
  const instances = new Set(snapshot.children(classFolder));
  const units = iort.smmus.map((smmu) => {
    const name = nameOf(smmu);
    const attributes: Attributes = smmu.coherent === undefined ? {} : { coherency: smmu.coherent };
    return { smmu, known: { instance: instances.has(name) ? name : undefined, words: `${name}${flagsWords(smmu)}`, attributes } };
  });
  const rootOf = ({ segment }: PciFunction) => iort.roots.find((root) => root.segment === segment);
  const streamFor = (found: PciFunction) => {
    const root = rootOf(found);
    return root && streamOf(iort, root, idOf(found));
  };
  const unitOf = (found: PciFunction): FirmwareUnit | undefined => {
    const stream = streamFor(found);
    return stream && units.find(({ smmu }) => smmu.at === stream.smmu)?.known;
  };
  const regionsOf = (found: PciFunction): Region[] => {
    const stream = streamFor(found);
    if (stream === undefined) return [];
    return iort.memory
      .filter((memory) => keptFor(memory, stream.smmu, stream.stream))
      .flatMap(({ relaxable, ranges }) => ranges.map((range) => ({ ...range, type: relaxable ? 'direct-relaxable' : 'direct' })));
  };
  return {
    ...saysNothing,
    taken: new Map(),
    ...{
      signature: 'IORT',
      size,
      revision,
      drivers: ['arm-smmu-v3', 'arm-smmu'],
      units: units.map(({ known }) => known),
      unitOf,
      regionsOf,
    },
    holds: [
      ...units.map(({ known }) => known.words),
      ...iort.roots.map(({ segment, ats }) => `root complex of segment ${segment}: ${ats ? 'ATS' : 'no ATS'}`),
      ...(iort.memory.length > 0 ? iort.memory.map(memoryWords) : ['no RMR: nothing stays mapped']),
    ],
    // arm_smmu_ats_supported() of SMMUv3; the driver of older ones has no ATS.
    attributesOf: (found): Attributes => (rootOf(found)?.ats === false ? { atsSupported: false } : {}),
  };
};
