// IORT, Arm's table: SMMUs, which ids of a PCI root complex go to which of them, and memory that stays mapped for ids (RMR).
import {
  iort,
  iortHead,
  iortMapping,
  iortMappingSize,
  iortMemory,
  iortRange,
  iortRangeSize,
  iortRootComplex,
  iortSmmu,
  iortSmmuV3,
  iortSmmuV3Own,
} from './layouts.ts';
import type { Structure, Table } from './table.ts';

interface Mapping {
  readonly input: number;
  /** Ids less one. */
  readonly count: number;
  readonly output: number;
  /** Offset of the node that takes them. */
  readonly node: number;
  /** Whatever comes in, one id goes out. */
  readonly isSingle: boolean;
}

export interface IortNode {
  readonly at: number;
  readonly type: number;
  readonly mappings: readonly Mapping[];
}

export interface IortSmmu {
  readonly at: number;
  readonly version: 2 | 3;
  readonly base: number;
  /** Whether firmware says that table walks are coherent; the driver believes it rather than the register. */
  readonly coherent: boolean | undefined;
  /** Flags that the hardware updates in tables by itself, believed in the same way: 1 access, 2 access and dirty. */
  readonly updates: number;
}

export interface IortRootComplex extends IortNode {
  readonly segment: number;
  readonly ats: boolean;
}

export interface IortMemory extends IortNode {
  /** May be remapped once a driver takes the device over. */
  readonly relaxable: boolean;
  readonly ranges: readonly { readonly start: number; readonly end: number }[];
}

export interface Iort {
  readonly nodes: ReadonlyMap<number, IortNode>;
  readonly smmus: readonly IortSmmu[];
  readonly roots: readonly IortRootComplex[];
  /** Empty before revision 5: the kernel takes no RMR from older tables. */
  readonly memory: readonly IortMemory[];
}

const nodeTypes = { named: 1, root: 2, smmu: 3, smmuV3: 4, memory: 6 } as const;

/** So many bytes of records within a node. */
const within = (table: Table, part: Structure, at: number, size: number, what: string): void => {
  if (part.start + at + size > part.end)
    throw table.fault(part.start, `${what} within the node of ${part.end - part.start} bytes`, `an end at ${at + size}`);
};

/** Of an SMMUv3 the mapping of its own interrupts is none of what it passes on (iort_get_id_mapping_index()). */
const ownMapping = (table: Table, part: Structure): number => {
  const { revision } = table.fields(iortHead, part);
  if (part.type !== nodeTypes.smmuV3 || revision < 1) return -1;
  const { flags, event, pri, error, sync } = table.fields(iortSmmuV3, part);
  const isValid = revision < 5 ? [event, pri, error, sync].includes(0) : (flags & 0b10000) !== 0;
  return isValid ? table.fields(iortSmmuV3Own, part).mapping : -1;
};

const mappingsOf = (table: Table, part: Structure): Mapping[] => {
  const { mappings, mappingsAt } = table.fields(iortHead, part);
  if (mappings === 0 || mappingsAt === 0) return [];
  within(table, part, mappingsAt, mappings * iortMappingSize, `${mappings} id mappings`);
  const own = ownMapping(table, part);
  const starts = Array.from({ length: mappings }, (_, index) => part.start + mappingsAt + index * iortMappingSize);
  return starts.flatMap((start, index) => {
    const { flags, ...rest } = table.fields(iortMapping, { start, end: part.end });
    return index === own ? [] : { ...rest, isSingle: (flags & 1) === 1 };
  });
};

const smmuOf = (table: Table, part: Structure): IortSmmu => {
  const { base } = table.fields(iortSmmu, part);
  if (part.type === nodeTypes.smmu) return { at: part.start, version: 2, base, coherent: undefined, updates: 0 };
  const { flags } = table.fields(iortSmmuV3, part);
  return { at: part.start, version: 3, base, coherent: (flags & 1) === 1, updates: (flags >> 1) & 3 };
};

const rangesOf = (table: Table, part: Structure): { flags: number; ranges: { start: number; end: number }[] } => {
  const { flags, ranges, rangesAt } = table.fields(iortMemory, part);
  within(table, part, rangesAt, ranges * iortRangeSize, `${ranges} ranges of memory`);
  const starts = Array.from({ length: ranges }, (_, index) => part.start + rangesAt + index * iortRangeSize);
  const read = starts.map((start) => table.fields(iortRange, { start, end: part.end })).filter(({ size }) => size > 0);
  return { flags, ranges: read.map(({ base, size }) => ({ start: base, end: base + size - 1 })) };
};

/** Every reference names a node; a ring of nodes is caught where ids are followed. */
const demandNodes = (table: Table, nodes: ReadonlyMap<number, IortNode>): void => {
  for (const { at, mappings } of nodes.values())
    for (const { node } of mappings)
      if (!nodes.has(node))
        throw table.fault(at, 'id mappings that name nodes of the table', `one that names offset 0x${node.toString(16)}`);
};

const firstRevisionWithMemory = 5;

export const readIort = (table: Table): Iort => {
  const { nodes: count, first } = table.fields(iort, table.from(0));
  const structures = table.structures(iortHead, table.from(first), count);
  if (structures.length < count) throw table.fault(table.size, `${count} nodes`, `the end of the table after ${structures.length}`);
  const nodes = new Map(structures.map((part) => [part.start, { at: part.start, type: part.type, mappings: mappingsOf(table, part) }]));
  demandNodes(table, nodes);
  const those = (...types: readonly number[]): Structure[] => structures.filter(({ type }) => types.includes(type));
  const roots = those(nodeTypes.root).map((part) => {
    const { ats, segment } = table.fields(iortRootComplex, part);
    return { ...nodes.get(part.start)!, segment, ats: (ats & 1) === 1 };
  });
  const memory = those(nodeTypes.memory).map((part) => {
    const { flags, ranges } = rangesOf(table, part);
    return { ...nodes.get(part.start)!, relaxable: (flags & 1) === 1, ranges };
  });
  const smmus = those(nodeTypes.smmu, nodeTypes.smmuV3).map((part) => smmuOf(table, part));
  return { nodes, smmus, roots, memory: table.revision < firstRevisionWithMemory ? [] : memory };
};

/** A single mapping counts only where an endpoint's own node has it. */
const single: readonly number[] = [nodeTypes.named, nodeTypes.root];

/** What takes the id; an id that is the last of one range may be the first of another, and that one wins (iort_id_map()). */
const taking = ({ type, mappings }: IortNode, id: number): Mapping | undefined => {
  let last: Mapping | undefined;
  for (const mapping of mappings) {
    if (mapping.isSingle) {
      if (single.includes(type)) return mapping;
      continue;
    }
    const offset = id - mapping.input;
    if (offset < 0 || offset > mapping.count || (last && offset !== 0)) continue;
    if (mapping.count === 0 || offset < mapping.count) return mapping;
    last = mapping;
  }
  return last;
};

/** The SMMU that an id of a node ends at, and the stream id that it has there. */
export const streamOf = ({ nodes }: Iort, from: IortNode, id: number): { readonly smmu: number; readonly stream: number } | undefined => {
  let node: IortNode | undefined = from;
  let stream = id;
  for (let steps = 0; node !== undefined && steps < nodes.size; steps++) {
    if (node.type === nodeTypes.smmu || node.type === nodeTypes.smmuV3) return { smmu: node.at, stream };
    const mapping = taking(node, stream);
    if (mapping === undefined) return undefined;
    stream = mapping.isSingle ? mapping.output : mapping.output + (stream - mapping.input);
    node = nodes.get(mapping.node);
  }
  return undefined;
};

/** Whether memory stays mapped for a stream id of an SMMU. */
export const keptFor = ({ mappings }: IortMemory, smmu: number, stream: number): boolean =>
  mappings.some(({ node, output, count }) => node === smmu && stream >= output && stream <= output + count);
