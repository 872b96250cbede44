// VIOT on the machine of a snapshot, as drivers/acpi/viot.c of 6.1 and 6.12 applies it.
import { type Firmware, pciName, saysNothing } from './firmware.ts';
import { idOf } from './pci.ts';
import type { Table } from './table.ts';
import type { Viot } from './viot.ts';

export const virtioFirmware = ({ ranges, iommus }: Viot, { size, revision }: Table): Firmware => {
  const units = new Map(
    [...iommus].map(([node, { segment, device }]) => {
      const instance = pciName(segment, device);
      const own = ranges.filter((range) => range.node === node);
      const words = own.map(
        ({ firstSegment, lastSegment, first, last }) => `${pciName(firstSegment, first)} to ${pciName(lastSegment, last)}`,
      );
      return [node, { instance, words: `${instance}: ${words.join(', ') || 'no function'}`, attributes: {} }] as const;
    }),
  );
  return {
    ...saysNothing,
    taken: new Map(),
    ...{ signature: 'VIOT', size, revision, drivers: ['virtio-iommu'], units: [...units.values()] },
    holds: [...units.values()].map(({ words }) => words),
    unitOf: (found) => {
      const isIn = ({ firstSegment, lastSegment, first, last }: Viot['ranges'][number]): boolean =>
        found.segment >= firstSegment && found.segment <= lastSegment && idOf(found) >= first && idOf(found) <= last;
      const range = ranges.find(isIn);
      return range && units.get(range.node);
    },
  };
};
