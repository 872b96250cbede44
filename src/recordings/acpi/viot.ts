// VIOT, the table of virtual machines: which PCI functions each virtio-iommu serves.

import type { Ids } from './ivrs.ts';
import { viot, viotHead, viotPci, viotRange } from './layouts.ts';
import type { Structure, Table } from './table.ts';

export interface ViotRange extends Ids {
  readonly firstSegment: number;
  readonly lastSegment: number;
  /** Offset of the node of the IOMMU. */
  readonly node: number;
}

export interface Viot {
  readonly ranges: readonly ViotRange[];
  /** By offset: the PCI function that each IOMMU is; those that are no PCI function are left out. */
  readonly iommus: ReadonlyMap<number, { readonly segment: number; readonly device: number }>;
}

const types = { range: 1, pci: 3 } as const;

export const readViot = (table: Table): Viot => {
  const { nodes, first } = table.fields(viot, table.from(0));
  const structures = table.structures(viotHead, table.from(first), nodes);
  if (structures.length < nodes) throw table.fault(table.size, `${nodes} nodes`, `the end of the table after ${structures.length}`);
  const those = (type: number): Structure[] => structures.filter((part) => part.type === type);
  return {
    ranges: those(types.range).map((part) => table.fields(viotRange, part)),
    iommus: new Map(those(types.pci).map((part) => [part.start, table.fields(viotPci, part)])),
  };
};
