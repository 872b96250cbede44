// A machine as the model sees it: instances, groups and devices. Attributes that an import cannot know are absent (unknown).
import type { Attributes, Region } from './world.ts';

export interface TopologyIommu {
  readonly id: string;
  /** Name of a driver of the model, e.g. `intel`. */
  readonly driver: string;
  readonly attributes: Attributes;
}

export interface TopologyDevice {
  readonly id: string;
  /** Instance that serves the device; null: none. */
  readonly iommu: string | null;
  readonly attributes: Attributes;
  /** The device's own reserved regions; default: those of its group. */
  readonly regions?: readonly Region[];
}

export interface TopologyGroup {
  readonly id: string;
  /** As sysfs says: DMA, DMA-FQ, identity, ... */
  readonly type: string;
  readonly devices: readonly TopologyDevice[];
  readonly regions: readonly Region[];
}

export interface Topology {
  readonly name: string;
  /** Where it came from, in words: a file, a live machine, by hand. */
  readonly source: string;
  /** Release of the kernel that was running, when known, e.g. `6.12.117`. */
  readonly kernel?: string;
  readonly system: Attributes;
  readonly iommus: readonly TopologyIommu[];
  readonly groups: readonly TopologyGroup[];
}

/** A table of ACPI that was read with a topology. */
export interface FirmwareTable {
  readonly signature: string;
  readonly bytes: number;
  readonly revision: number;
  /** What it has, in words, a structure each. */
  readonly holds: readonly string[];
  /** Attributes that were read from it, and of how many parts. */
  readonly taken: Readonly<Record<string, number>>;
}
