// Where the fields of ACPI's IOMMU tables are, in bytes from the start of each structure. Sources: include/acpi/actbl1.h to actbl3.h of
// 6.12; for IVRS also struct ivhd_header and ivmd_header in drivers/iommu/amd/init.c, which have the PCI segment.

/** Offset and size by name. */
export type Layout = Readonly<Record<string, readonly [offset: number, size: 1 | 2 | 4 | 8]>>;

/** Every table begins with this many bytes: signature, length, revision, checksum, and who made it. */
export const headerSize = 36;
export const header = { length: [4, 4], revision: [8, 1], checksum: [9, 1] } as const satisfies Layout;

/** Makers' names and versions: OEM id, OEM table id and revision, creator id and revision. */
export const makerBytes = [10, 36] as const;

export const dmar = { addressWidth: [36, 1], flags: [37, 1] } as const satisfies Layout;
export const dmarStructures = 48;
export const dmarHead = { type: [0, 2], length: [2, 2] } as const satisfies Layout;
export const drhd = { flags: [4, 1], segment: [6, 2], base: [8, 8] } as const satisfies Layout;
export const rmrr = { segment: [6, 2], base: [8, 8], end: [16, 8] } as const satisfies Layout;
/** Root ports that take ATS requests (ATSR), and devices inside the chip that do (SATC). */
export const atsr = { flags: [4, 1], segment: [6, 2] } as const satisfies Layout;
/** By type of structure: where its device scopes begin. */
export const dmarScopes = { 0: 16, 1: 24, 2: 8, 5: 8 } as const;
export const scopeHead = { type: [0, 1], length: [1, 1], bus: [5, 1] } as const satisfies Layout;
export const scopePath = 6;
export const pathStep = { device: [0, 1], function: [1, 1] } as const satisfies Layout;

export const ivrs = { info: [36, 4] } as const satisfies Layout;
export const ivrsStructures = 48;
export const ivrsHead = { type: [0, 1], flags: [1, 1], length: [2, 2], device: [4, 2] } as const satisfies Layout;
export const ivhd = { base: [8, 8], segment: [16, 2] } as const satisfies Layout;
/** The extended feature register; kinds 0x11 and 0x40 have it. */
export const ivhdFeatures = { low: [24, 4], high: [28, 4] } as const satisfies Layout;
/** By type of IVHD: where its device entries begin. */
export const ivhdEntries = { 16: 24, 17: 40, 64: 40 } as const;
export const ivhdEntry = { type: [0, 1], device: [1, 2] } as const satisfies Layout;
/** A device entry with a HID says the length of its last field in its 22nd byte. */
export const hidEntry = { uidLength: [21, 1] } as const satisfies Layout;
export const ivmd = { last: [6, 2], segment: [8, 2], start: [16, 8], size: [24, 8] } as const satisfies Layout;

export const iort = { nodes: [36, 4], first: [40, 4] } as const satisfies Layout;
export const iortHead = { type: [0, 1], length: [1, 2], revision: [3, 1], mappings: [8, 4], mappingsAt: [12, 4] } as const satisfies Layout;
export const iortSmmu = { base: [16, 8] } as const satisfies Layout;
export const iortSmmuV3 = {
  base: [16, 8],
  flags: [24, 4],
  event: [44, 4],
  pri: [48, 4],
  error: [52, 4],
  sync: [56, 4],
} as const satisfies Layout;
/** Which of the mappings is the SMMU's own, for its interrupts; nodes of revision 0 end before. */
export const iortSmmuV3Own = { mapping: [64, 4] } as const satisfies Layout;
export const iortRootComplex = { ats: [24, 4], segment: [28, 4] } as const satisfies Layout;
export const iortMemory = { flags: [16, 4], ranges: [20, 4], rangesAt: [24, 4] } as const satisfies Layout;
export const iortRange = { base: [0, 8], size: [8, 8] } as const satisfies Layout;
export const iortRangeSize = 20;
/** `count` is the number of ids less one. */
export const iortMapping = { input: [0, 4], count: [4, 4], output: [8, 4], node: [12, 4], flags: [16, 4] } as const satisfies Layout;
export const iortMappingSize = 20;

export const viot = { nodes: [36, 2], first: [38, 2] } as const satisfies Layout;
export const viotHead = { type: [0, 1], length: [2, 2] } as const satisfies Layout;
export const viotRange = {
  firstSegment: [8, 2],
  lastSegment: [10, 2],
  first: [12, 2],
  last: [14, 2],
  node: [16, 2],
} as const satisfies Layout;
export const viotPci = { segment: [4, 2], device: [6, 2] } as const satisfies Layout;
