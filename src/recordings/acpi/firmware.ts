// What a firmware table says of the machine in a snapshot, the same for every vendor's: who serves whom, what stays mapped, what is switched off.
import type { Attributes, Region } from '../../core/world.ts';
import type { PciFunction } from './pci.ts';
import type { Signature } from './table.ts';

export interface FirmwareUnit {
  /** The instance of the snapshot that it is; undefined: none is known. */
  readonly instance: string | undefined;
  /** As a kernel log would name it, and how many functions it names. */
  readonly words: string;
  readonly attributes: Attributes;
}

export interface Firmware {
  readonly signature: Signature;
  readonly size: number;
  readonly revision: number;
  /** Drivers of the instances that it describes. */
  readonly drivers: readonly string[];
  readonly units: readonly FirmwareUnit[];
  /** Its structures, in words. */
  readonly holds: readonly string[];
  readonly unitOf: (found: PciFunction) => FirmwareUnit | undefined;
  /** Regions that the kernel keeps mapped for a function, direct and direct-relaxable; undefined: the table has no such. */
  readonly regionsOf: ((found: PciFunction) => readonly Region[]) | undefined;
  /** Those that some kernels add by themselves. */
  readonly addedTo: (found: PciFunction) => readonly Region[];
  readonly attributesOf: (found: PciFunction) => Attributes;
  /** Of the machine: false where the table says that interrupts cannot be remapped. */
  readonly interruptRemapping: boolean | undefined;
  /** AMD's extended feature word. */
  readonly features: bigint | undefined;
  /** Attributes that were taken from it, and of how many parts. */
  readonly taken: Map<string, number>;
}

/** What most tables have nothing of. */
export const saysNothing = {
  regionsOf: undefined,
  addedTo: () => [],
  attributesOf: () => ({}),
  interruptRemapping: undefined,
  features: undefined,
} as const;

export const took = ({ taken }: Firmware, attribute: string): void => void taken.set(attribute, (taken.get(attribute) ?? 0) + 1);

export const hexadecimal = (address: number): string => `0x${address.toString(16)}`;

/** `0000:00:02.0`. */
export const pciName = (segment: number, id: number): string => {
  const [domain, bus, device] = [segment.toString(16).padStart(4, '0'), hex2(id >> 8), hex2((id >> 3) & 0x1f)];
  return `${domain}:${bus}:${device}.${id & 7}`;
};

const hex2 = (number: number): string => number.toString(16).padStart(2, '0');

const shown = 4;

/** The first few names, and how many there are beyond. */
export const someOf = (names: readonly string[]): string =>
  names.length > shown ? `${names.slice(0, shown).join(', ')} and ${names.length - shown} more` : names.join(', ');
