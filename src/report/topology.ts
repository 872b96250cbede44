// A topology as text of at most 75 columns: the machine in one line, then instances, groups and devices, with what is known of each
// and, for the drivers given, which of their attributes the topology leaves open.
import type { Value } from '../core/conditions.ts';
import { printValue } from '../core/conditions.ts';
import { counted } from '../core/counted.ts';
import type { AttributeTable, Driver } from '../core/rows.ts';
import type { FirmwareTable, Topology, TopologyDevice, TopologyGroup, TopologyIommu } from '../core/topology.ts';
import type { Attributes, Region } from '../core/world.ts';
import { columnsMax, cut, takenWords, wrap } from './text.ts';

/** What is needed of a driver to say what is not known. */
export type Declared = Pick<Driver, 'name' | 'attributes'>;

/** Trade names, as kernel logs have them. */
const tradeNames: Readonly<Record<string, string>> = { intel: 'VT-d', amd: 'AMD-Vi', 'arm-smmu-v3': 'SMMUv3', 'arm-smmu': 'SMMU' };

export const printTopology = (topology: Topology, drivers: readonly Declared[] = [], tables: readonly FirmwareTable[] = []): string =>
  [
    ...printMachine(topology, drivers),
    ...tables.flatMap((table) => ['', ...printTable(table)]),
    ...topology.iommus.flatMap((iommu) => ['', ...printInstance(topology, iommu, drivers)]),
    ...topology.groups.flatMap((group) => ['', ...printGroup(group)]),
    '',
  ].join('\n');

const printMachine = (topology: Topology, drivers: readonly Declared[]): string[] => {
  const { name, source, kernel, iommus, groups, system } = topology;
  const devices = groups.reduce((sum, group) => sum + group.devices.length, 0);
  const parts = [
    ...countInstances(iommus),
    counted(groups.length, 'group'),
    counted(devices, 'device'),
    kernel ? `linux ${kernel}` : 'kernel unknown',
  ];
  const used = drivers.filter((driver) => iommus.some((iommu) => iommu.driver === driver.name));
  const declared = Object.assign({}, ...used.map((driver) => driver.attributes.system ?? {})) as AttributeTable;
  return [
    ...lines(`${name}: ${parts.join(', ')}`, ''),
    ...lines(`from ${source}`, '  '),
    ...list('system', known(system)),
    ...list('unknown, assumed', unknown(declared, [system])),
    ...(groups.length > 0 ? lines('devices in group order; their attributes that are known to be false are left out', '  ') : []),
  ];
};

const printTable = (table: FirmwareTable): string[] => [
  ...lines(`ACPI table ${table.signature}: revision ${table.revision}, ${counted(table.bytes, 'byte')}`, ''),
  ...table.holds.flatMap((words) => lines(words, '  ')),
  ...lines(`read from it: ${takenWords(table.taken) || 'nothing that is not known otherwise'}`, '  '),
];

const shortNames = 30;

/** `2 VT-d instances dmar0, dmar1`: instances of a driver together, named while the names are short. */
const countInstances = (iommus: readonly TopologyIommu[]): string[] => {
  if (iommus.length === 0) return ['no IOMMU instance'];
  return [...new Set(iommus.map(({ driver }) => driver))].map((driver) => {
    const ids = iommus.filter((iommu) => iommu.driver === driver).map(({ id }) => id);
    const names = ids.join(', ').length > shortNames ? '' : ` ${ids.join(', ')}`;
    return `${counted(ids.length, `${tradeNames[driver] ?? driver} instance`)}${names}`;
  });
};

const printInstance = (topology: Topology, iommu: TopologyIommu, drivers: readonly Declared[]): string[] => {
  const devices = topology.groups.flatMap((group) => group.devices).filter((device) => device.iommu === iommu.id);
  const declared = drivers.find((driver) => driver.name === iommu.driver)?.attributes;
  const open = unknown(
    declared?.device ?? {},
    devices.map(({ attributes }) => attributes),
  );
  return [
    ...lines(`instance ${iommu.id}: ${iommu.driver}, ${counted(devices.length, 'device')}`, ''),
    ...list('known', known(iommu.attributes)),
    ...list('unknown, assumed', unknown(declared?.iommu ?? {}, [iommu.attributes])),
    ...list('unknown of its devices, assumed', open),
  ];
};

const printGroup = (group: TopologyGroup): string[] => [
  ...lines(`group ${group.id}: ${group.type}, ${counted(group.devices.length, 'device')}`, ''),
  ...list('reserved', group.regions.map(printRegion)),
  ...group.devices.flatMap(printDevice),
];

const printRegion = ({ start, end, type }: Region): string => `${hexadecimal(start)}-${hexadecimal(end)} ${type}`;

const hexadecimal = (address: number): string => `0x${address.toString(16)}`;

const printDevice = (device: TopologyDevice): string[] => {
  const { boundDriver, pciClass, isPci, ...rest } = device.attributes;
  const parts = [
    device.iommu ?? 'no instance',
    ...(pciClass === undefined ? [] : [`class ${printValue(pciClass)}`]),
    ...(isPci === false ? ['not PCI'] : []),
    ...(boundDriver === undefined ? [] : [boundDriver === null ? 'no driver bound' : `driver ${printValue(boundDriver)}`]),
    ...known(Object.fromEntries(Object.entries(rest).filter(([, found]) => found !== false))),
    ...(device.regions ?? []).map(printRegion),
  ];
  return lines(`${device.id}  ${parts.join(', ')}`, '  ');
};

const known = (attributes: Attributes): string[] => Object.entries(attributes).map(([name, found]) => pairKnown(name, found));

/** A blank that lines are not broken at. */
const tied = '\u00a0';

/** What a number counts, where its name reads as if it counted something else. */
const remarks: Readonly<Record<string, string>> = { domainIdsFree: 'before the default domains attach' };

const pair = (name: string, found: Value): string => {
  if (found === true) return name;
  return found === false ? `no${tied}${name}` : `${name}${tied}${printValue(found)}`;
};

const pairKnown = (name: string, found: Value): string =>
  Object.hasOwn(remarks, name) ? `${pair(name, found)}${tied}(${remarks[name]!.replaceAll(' ', tied)})` : pair(name, found);

/** Attributes that some of the parts lack, each with what a run then assumes and may try instead; those that begin empty are no assumption. */
const unknown = (declared: AttributeTable, parts: readonly Attributes[]): string[] =>
  Object.entries(declared)
    .filter(([name, facts]) => facts.default !== null && parts.some((part) => !Object.hasOwn(part, name)))
    .map(([name, { default: assumed, alternatives = [] }]) => pair(name, assumed) + (alternatives.length > 0 ? instead(alternatives) : ''));

const instead = (alternatives: readonly Value[]): string => `${tied}(or${tied}${alternatives.map(printChoice).join(`,${tied}`)})`;

const printChoice = (found: Value): string => (typeof found === 'boolean' ? (found ? 'yes' : 'no') : printValue(found));

const list = (title: string, items: readonly string[]): string[] => (items.length > 0 ? lines(`${title}: ${items.join(', ')}`, '  ') : []);

/** Lines of at most 75 columns, broken at blanks; what follows the first is indented two more, and a word longer than the line is cut. */
const lines = (text: string, indent: string): string[] => {
  const words = text.split(' ').map((word) => cut(word, columnsMax - indent.length - 2));
  return wrap(indent + words.join(' '), `${indent}  `)
    .split('\n')
    .map((line) => line.replaceAll(tied, ' '));
};
