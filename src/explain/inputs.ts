// What a user gave beside the errno, each optional: a machine, its snapshot's lines, a kernel log. And whose groups are meant.

import type { Evidence } from '../core/explanation.ts';
import type { Topology, TopologyDevice, TopologyGroup, TopologyIommu } from '../core/topology.ts';
import type { Snapshot } from '../recordings/snapshotLines.ts';

export interface KernelLogInput {
  readonly file: string;
  readonly lines: readonly string[];
  /** From the first line of the boot on. */
  readonly complete: boolean;
}

export interface Inputs {
  readonly topology: Topology | null;
  readonly snapshot: { readonly file: string; readonly lines: Snapshot } | null;
  readonly log: KernelLogInput | null;
  /** Null: the groups that have a device of a VFIO driver, or all. */
  readonly group: string | null;
}

/** A device that the call may have been about, in its group. */
export interface Subject {
  readonly group: TopologyGroup;
  readonly device: TopologyDevice;
  readonly iommu: TopologyIommu | null;
}

const forUserSpace = (device: TopologyDevice): boolean => /^vfio|^pci-stub$/.test(String(device.attributes['boundDriver'] ?? ''));

const meant = (topology: Topology, group: string | null): readonly TopologyGroup[] => {
  if (group !== null) return topology.groups.filter(({ id }) => id === group);
  const given = topology.groups.filter(({ devices }) => devices.some(forUserSpace));
  return given.length > 0 ? given : topology.groups;
};

export const subjectsOf = ({ topology, group }: Inputs): Subject[] =>
  topology === null
    ? []
    : meant(topology, group).flatMap((found) =>
        found.devices.map((device) => ({
          group: found,
          device,
          iommu: topology.iommus.find(({ id }) => id === device.iommu) ?? null,
        })),
      );

/** The first line of a file of the snapshot that fits. */
export const snapshotLine = ({ snapshot }: Inputs, path: string, words: string, fits: RegExp = /^/): Evidence | null => {
  const found = snapshot?.lines.lines(path)?.find(({ content }) => fits.test(content));
  if (found) return { words, where: `${snapshot!.file}:${found.line}`, text: found.text };
  const link = snapshot?.lines.linkLine(path);
  return link ? { words, where: `${snapshot!.file}:${link.line}`, text: link.text } : null;
};

export const logLine = ({ log }: Inputs, words: string, fits: RegExp): Evidence | null => {
  const index = log?.lines.findIndex((line) => fits.test(line)) ?? -1;
  return index < 0 ? null : { words, where: `${log!.file}:${index + 1}`, text: log!.lines[index]! };
};
