// What a topology file may hold; whether its parts fit together is checked by topologies.ts.
import * as v from 'valibot';
import type { Value } from '../core/conditions.ts';
import { amount, choice, expecting, list, mapping, maybe, name, oneOf, type Schema, said, table, text, titled } from './schemaParts.ts';
import { isMapping } from './source.ts';

const noBlank = /^\S+$/;
const valueWords = 'a text, a number, true, false, null, or numbers by name';
/** Names that are no numbers, so that a list is not taken for a table. */
const counterName = /^(?!\d+$)\S+$/;

const counters = table('numbers by name', v.number(expecting('a number')), counterName);
const scalar: Schema<string | number | boolean | null> = v.union(
  [v.string(), v.pipe(v.number(), v.finite(`expected ${valueWords}, found a number without end`)), v.boolean(), v.null()],
  expecting(valueWords),
);

/** What an attribute may hold. */
export const attributeValue: Schema<Value> = choice([scalar, counters], (input) => (isMapping(input) ? counters : scalar));

export const attributes = table('attributes', said('Value of the attribute.', attributeValue));

const region = titled(
  'Reserved region',
  'A range of addresses that user space must not map, or that the kernel maps by itself.',
  mapping('a reserved region', {
    start: said('First address.', amount('an address')),
    end: said('Last address, inclusive.', amount('an address')),
    type: said('As sysfs names it.', oneOf('a type of region', ['msi', 'direct', 'direct-relaxable', 'reserved'])),
  }),
);

const regions = list('a list of reserved regions', region);
const address = text('the address of a device', noBlank);
const instance: Schema<string | null> = v.nullable(text('an IOMMU instance', noBlank));

const deviceMapping = mapping('a device', {
  id: said('PCI address or device-tree name, as in sysfs.', address),
  iommu: maybe(said('Instance that serves the device; null: none. Default: the only one there is.', instance)),
  attributes: maybe(said('What is known of the device; what is absent is assumed.', attributes)),
  regions: maybe(said("The device's own reserved regions. Default: those of its group.", regions)),
});

const device = titled(
  'Device',
  'A device: only its address, or a mapping with what is known of it.',
  choice([address, deviceMapping], (input) => (typeof input === 'string' ? address : deviceMapping)),
);

const group = titled(
  'Group',
  'A group of devices that can only be attached together.',
  mapping('a group', {
    id: said('Number of the group.', name('the number of a group')),
    type: maybe(
      said('Type of the default domain as sysfs says it: DMA, DMA-FQ, identity. Default: DMA.', text('a type of default domain')),
    ),
    devices: said('The devices of the group, in their order.', list('a list of devices', device)),
    regions: maybe(said('Reserved regions that hold for every device of the group.', regions)),
  }),
);

const iommu = titled(
  'IOMMU instance',
  'One IOMMU: a remapping unit, an SMMU, ...',
  mapping('an IOMMU instance', {
    id: said('Name as the kernel prints it, e.g. dmar0.', text('the name of an instance', noBlank)),
    driver: said('Driver of the model, e.g. intel or arm-smmu-v3.', text('the name of a driver', noBlank)),
    attributes: maybe(said('What is known of the instance; what is absent is assumed.', attributes)),
  }),
);

export const topologySchema = titled(
  'Topology',
  'A machine as the model sees it: IOMMU instances, groups and devices.',
  mapping('a topology', {
    $schema: maybe(said('The JSON Schema of this file, for editors.', text('the address of a schema'))),
    name: maybe(said('Short name of the machine. Default: the name of the file.', text('a name'))),
    source: maybe(said('Where this came from, in words. Default: the file.', text('where the topology came from'))),
    kernel: maybe(said('Release of the kernel that was running, e.g. "6.12.117".', text('a release such as "6.12.117", in quotes'))),
    system: maybe(said('What is known of the whole machine, e.g. isolatedMsi.', attributes)),
    iommus: maybe(said('IOMMU instances.', list('a list of IOMMU instances', iommu))),
    groups: said('Groups with their devices.', list('a list of groups', group)),
  }),
);

export type TopologyFile = v.InferOutput<typeof topologySchema>;
