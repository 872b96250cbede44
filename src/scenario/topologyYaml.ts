// Prints a topology as the YAML that is read back to the same topology.
import { Document, isCollection, isMap, isPair, isSeq, Scalar, visit } from 'yaml';
import type { Topology, TopologyDevice, TopologyGroup } from '../core/topology.ts';
import type { Attributes, Region } from '../core/world.ts';

/** `comment`: lines to print above. */
export const printTopologyYaml = (topology: Topology, comment?: string): string => printYaml(topologyMapping(topology), comment);

/** The topology in the shape of its file. */
export const topologyMapping = ({ name, source, kernel, system, iommus, groups }: Topology): Record<string, unknown> => ({
  name,
  source,
  ...(kernel === undefined ? {} : { kernel }),
  ...optional('system', system),
  iommus: iommus.map(({ id, driver, attributes }) => ({ id, driver, ...optional('attributes', attributes) })),
  groups: groups.map(groupMapping),
});

const optional = (key: string, attributes: Attributes): Record<string, Attributes> =>
  Object.keys(attributes).length === 0 ? {} : { [key]: attributes };

const groupMapping = ({ id, type, devices, regions }: TopologyGroup): Record<string, unknown> => ({
  id: plainNumber(id),
  type,
  devices: devices.map(deviceMapping),
  ...(regions.length === 0 ? {} : { regions: regions.map(regionMapping) }),
});

/** Group numbers are printed without quotes. */
export const plainNumber = (id: string): string | number => (/^\d+$/.test(id) && String(Number(id)) === id ? Number(id) : id);

const deviceMapping = ({ id, iommu, attributes, regions }: TopologyDevice): Record<string, unknown> => ({
  id,
  iommu,
  ...optional('attributes', attributes),
  ...(regions === undefined ? {} : { regions: regions.map(regionMapping) }),
});

const regionMapping = ({ start, end, type }: Region): Record<string, unknown> => ({
  start: hexadecimal(start),
  end: hexadecimal(end),
  type,
});

/** A number that YAML prints with 0x. */
export const hexadecimal = (address: number): Scalar => {
  const scalar = new Scalar(address);
  scalar.format = 'HEX';
  return scalar;
};

const columns = 100;

/** Small innermost collections take one line; an entry of a list with one key needs no braces. */
export const printYaml = (value: unknown, comment?: string): string => {
  const document = new Document(value, { aliasDuplicateObjects: false });
  if (comment !== undefined) document.commentBefore = comment.replaceAll(/^/gm, ' ');
  visit(document, {
    Collection: (_, node, path) => {
      const alone = isSeq(path.at(-1)) && isMap(node) && node.items.length === 1;
      node.flow = !alone && isSmall(node);
    },
  });
  return document.toString({ lineWidth: columns, flowCollectionPadding: false });
};

const isSmall = (node: unknown): boolean => {
  if (!isMap(node) && !isSeq(node)) return false;
  return JSON.stringify(node).length < columns - 20 && !node.items.some(holdsMore);
};

/** An item of a list or a pair of a mapping whose value has parts of its own. */
const holdsMore = (item: unknown): boolean => {
  const value = isPair(item) ? item.value : item;
  return isCollection(value) && value.items.length > 0;
};
