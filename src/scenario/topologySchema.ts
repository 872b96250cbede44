// What a topology file may hold; whether its parts fit together is checked by topologies.ts.
import * as v from 'valibot';
import type { Value } from '../core/conditions.ts';
import { amount, choice, list, mapping, maybe, name, oneOf, type Schema, said, table, text, titled } from './schemaParts.ts';

const noBlank = /^\S+$/;
const valueWords = 'a text, a number, true, false, null, or numbers by name';
/** Names that are no numbers, so that a list is not taken for a table. */
const counterName = /^(?!\d+$)\S+$/;

/** What an attribute may hold. */
export const attributeValue: Schema<Value> = v.union(
  [
    v.string(),
    v.pipe(v.number(), v.finite(`expected ${valueWords}, found a number without end`)),
    v.boolean(),
    v.null(),
    table('numbers by name', v.number(), counterName),
  ],
  `expected ${valueWords}`,
);

export const attributes = table('attributes', said('Value of the attribute.', attributeValue));

const region = titled(
  'Reserved region',
  'A range of addresses that devices of the group must not map or must map as they are.',
  mapping('a reserved region', {
    start: said('First address.', amount('an address')),
    end: said('Last address, inclusive.', amount('an address')),
    type: said('As sysfs names it.', oneOf('a type of region', ['msi', 'direct', 'direct-relaxable', 'reserved'])),
  }),
);

const regions = list('a list of reserved regions', region);

const address = text('an address of a device', noBlank);

const device = titled(
  'Device',
  'A device: its address alone when nothing else is known, or with what is known of it.',
  choice(
    [
      address,
      mapping('a device', {
        id: said('PCI address or device-tree name, as in sysfs.', address),
        iommu: maybe(
          said(
            'Instance that serves the device; null: none. Default: the only one there is.',
            v.nullable(text('an IOMMU instance', noBlank)) as Schema<string | null>,
          ),
        ),
        attributes: maybe(said('What the driver keeps of the device. What is absent is assumed.', attributes)),
        regions: maybe(said("The device's own reserved regions. Default: those of its group.", regions)),
      }),
    ],
    (input) => (typeof input === 'string' ? address : deviceMapping),
  ),
);
