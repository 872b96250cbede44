// Page tables that Intel IOMMUs walk, from the lines of debugfs in a snapshot: domain id and root for each device
// (formats: drivers/iommu/intel/debugfs.c of 6.1 and 6.12; facts: real-observables 6).
import type { Topology } from '../core/topology.ts';
import { lastOf, type Snapshot } from './snapshotLines.ts';

export interface PageTableUse {
  readonly device: string;
  readonly iommu: string;
  /** Hardware id of the domain, on this instance only; null: the line does not tell. */
  readonly domainId: number | null;
  /** Address of the root, as the line has it; null: the line does not tell. */
  readonly root: string | null;
  readonly line: number;
  readonly text: string;
}

const folder = '/sys/kernel/debug/iommu/intel';

/** One use for each device that either file has; of the PASID tables only the entry that DMA without a PASID goes through. */
export const pageTablesOf = (snapshot: Snapshot, topology: Topology): PageTableUse[] => {
  const uses = new Map(fromTables(snapshot, topology).map((use) => [use.device, use]));
  for (const { device, root, line, text } of fromRoots(snapshot)) {
    const known = uses.get(device);
    const iommu = known?.iommu ?? instanceOf(topology, device);
    if (iommu !== null) uses.set(device, { domainId: null, line, text, ...known, device, iommu, root });
  }
  return [...uses.values()];
};

const instanceOf = (topology: Topology, device: string): string | null =>
  topology.groups.flatMap(({ devices }) => devices).find(({ id }) => id === device)?.iommu ?? null;

/** `B:D.F root context pasid entry`, below a line that names the instance: no segment, so the device is the instance's with that address. */
const fromTables = (snapshot: Snapshot, topology: Topology): PageTableUse[] => {
  let iommu = '';
  return (snapshot.lines(`${folder}/dmar_translation_struct`) ?? []).flatMap(({ content, line, text }) => {
    const named = /^IOMMU (\S+): Root Table Address/.exec(content)?.[1];
    if (named !== undefined) iommu = lastOf(named);
    const entry = entryOf(content);
    const device = entry && behind(topology, iommu, entry.address);
    return entry && device ? [{ device, iommu, domainId: entry.domainId, root: entry.root, line, text }] : [];
  });
};

const behind = (topology: Topology, iommu: string, address: string): string | undefined =>
  topology.groups.flatMap(({ devices }) => devices).find((device) => device.iommu === iommu && device.id.endsWith(`:${address}`))?.id;

const word = '0x([0-9a-f]{16})';
const form = new RegExp(
  `^([0-9a-f]{2}:[0-9a-f]{2}\\.[0-7])\\s+${word}:${word}\\s+${word}:${word}\\s+(-?\\d+)\\s+${word}:${word}:${word}$`,
  'i',
);

interface Entry {
  readonly address: string;
  readonly domainId: number;
  readonly root: string | null;
}

const entryOf = (content: string): Entry | null => {
  const found = form.exec(content);
  if (!found) return null;
  const [, address, , , contextHigh, contextLow, pasid, second, first, zeroth] = found as unknown as string[];
  if (pasid === '-1') return legacy(address!, contextHigh!, contextLow!);
  return pasid === '0' ? scalable(address!, [zeroth!, first!, second!]) : null;
};

const quad = (text: string): bigint => BigInt(`0x${text}`);
const pointer = (text: string): string => `0x${(quad(text) & ~0xfffn).toString(16)}`;

/** Id in bits 8 to 23 of the high word; translation type 2 in bits 2 and 3 of the low one is pass-through, with no table. */
const legacy = (address: string, high: string, low: string): Entry => {
  const passesThrough = ((quad(low) >> 2n) & 3n) === 2n;
  return { address, domainId: Number((quad(high) >> 8n) & 0xffffn), root: passesThrough ? null : pointer(low) };
};

/** Bits 6 to 8 of the first word say which pointer counts: 1 first stage, 2 second stage, 3 nested, 4 pass-through. */
const scalable = (address: string, [zeroth, first, second]: readonly [string, string, string]): Entry => {
  const kind = Number((quad(zeroth) >> 6n) & 7n);
  const root = kind === 1 ? pointer(second) : kind === 2 ? pointer(zeroth) : null;
  return { address, domainId: Number(quad(first) & 0xffffn), root };
};

/** `Device <name> @0x<root>`; 6.12 has a file for each device, and `with pasid <n>` in scalable mode. */
const fromRoots = (snapshot: Snapshot): { device: string; root: string; line: number; text: string }[] => {
  const names = snapshot.children(folder).map((name) => `${folder}/${name}/domain_translation_struct`);
  return [`${folder}/domain_translation_struct`, ...names].flatMap((path) =>
    (snapshot.lines(path) ?? []).flatMap(({ content, line, text }) => {
      const found = /^Device (\S+) (?:with pasid (?:0x)?0+ )?@(0x[0-9a-f]+)/i.exec(content);
      return found ? [{ device: found[1]!, root: `0x${BigInt(found[2]!).toString(16)}`, line, text }] : [];
    }),
  );
};
