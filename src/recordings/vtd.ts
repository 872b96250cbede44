// VT-d capability registers as sysfs prints them, decoded into the attributes that the Intel rows read.
// Bit positions: intel/iommu.h, cap_*() and ecap_*(), the same in 6.1 and 6.12; the spec's chapter on register descriptions.
import type { Attributes } from '../core/world.ts';
import { known } from './known.ts';

export interface VtdRegisters {
  readonly cap: bigint;
  readonly ecap: bigint;
}

/** The hexadecimal number of a sysfs register file, without 0x. */
export const parseRegister = (text: string): bigint | undefined => (/^[0-9a-f]{1,16}$/i.test(text) ? BigInt(`0x${text}`) : undefined);

const field = (register: bigint, low: number, width: number): number => Number((register >> BigInt(low)) & ((1n << BigInt(width)) - 1n));
const bit = (register: bigint, low: number): boolean => field(register, low, 1) === 1;

export const hasScalableMode = (registers: VtdRegisters): boolean => bit(registers.ecap, 43);

/** 16 to 262144 and more, by a three-bit code. */
const domainIds = (cap: bigint): number => 2 ** (4 + 2 * field(cap, 0, 3));

/** Widths that a table walk may have: bit n stands for 30 + 9n bits of address. */
const walkWidths = ({ cap, ecap }: VtdRegisters, scalable: boolean): number => {
  const firstStage = 0b100 | (bit(cap, 60) ? 0b1000 : 0);
  const secondStage = field(cap, 8, 5);
  if (!scalable || !bit(ecap, 47)) return secondStage;
  return bit(ecap, 46) ? firstStage & secondStage : firstStage;
};

/** The driver asks for 57 bits and takes the next narrower width that exists; undefined: it would not use the instance at all. */
const walkWidth = (registers: VtdRegisters, scalable: boolean): number | undefined => {
  const widths = walkWidths(registers, scalable);
  const level = [3, 2, 1, 0].find((candidate) => (widths >> candidate) & 1);
  return level === undefined ? undefined : 30 + 9 * level;
};

/** Whether the driver uses scalable mode: hardware has it and the kernel was told to. Undefined: the kernel's configuration decides. */
export const scalableMode = (registers: VtdRegisters, asked: boolean | undefined): boolean | undefined =>
  hasScalableMode(registers) ? asked : false;

/** `intel_iommu=...,sm_on`: the last word wins, as in intel_iommu_setup(). */
export const scalableModeAsked = (commandLine: string | undefined): boolean | undefined => {
  const words = [...(commandLine ?? '').matchAll(/(?:^|\s)intel_iommu=(\S*)/g)].flatMap((found) => found[1]!.split(','));
  const last = words.filter((word) => /^sm_(?:on|off)/.test(word)).at(-1);
  return last === undefined ? undefined : last.startsWith('sm_on');
};

/** Attributes whose value depends on scalable mode are left out where the mode is not known and they would differ. */
export const vtdAttributes = (registers: VtdRegisters, scalable: boolean | undefined): Attributes => {
  const { cap, ecap } = registers;
  const modes = scalable === undefined ? [false, true] : [scalable];
  const agaw = new Set(modes.map((mode) => walkWidth(registers, mode)));
  const ssads = new Set(modes.map((mode) => mode && bit(ecap, 45) && bit(ecap, 48)));
  return known({
    agaw: only(agaw),
    mgaw: field(cap, 16, 6) + 1,
    domainIds: domainIds(cap),
    scalableMode: scalable,
    snoopControl: bit(ecap, 7),
    flts: bit(ecap, 47),
    slts: bit(ecap, 46),
    fl5lp: bit(cap, 60),
    ssads: only(ssads),
    nest: bit(ecap, 26),
    srs: bit(ecap, 31),
    eafs: bit(ecap, 34),
    passThrough: bit(ecap, 6),
    superpages: field(cap, 34, 2) > 0,
    deviceTlb: bit(ecap, 2),
    interruptRemapping: bit(ecap, 3),
  });
};

const only = <T>(found: ReadonlySet<T>): T | undefined => (found.size === 1 ? [...found][0] : undefined);
