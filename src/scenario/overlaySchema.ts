// What an overlay file may hold; whether the rows, drivers and callers that it names are there is checked when it is laid over a profile.
import * as v from 'valibot';
import { errnoNames } from '../core/errnos.ts';
import { classes } from '../core/rows.ts';
import { conditionSchema } from './overlayConditions.ts';
import { after, before, either, errno, errnos, errnoWords, idPattern, noBlank, row, rowChange, words } from './overlayRowSchema.ts';
import { choice, expecting, list, mapping, maybe, oneOf, type Schema, said, table, text, titled } from './schemaParts.ts';
import { attributeValue } from './topologySchema.ts';

const rule: Schema<'any' | (string | number)[]> = either(v.literal('any', expecting('any, or a list of errnos')), errnos);

const addition = mapping('an added row', {
  driver: said('The driver that gets the row.', text('the name of a driver', noBlank)),
  path: said('The path: attach, allocate, map, ...', text('the name of a path', noBlank)),
  before: maybe(before),
  after: maybe(after),
  row: said('The row.', row),
});

const attribute = mapping('an attribute', {
  default: said('What a run assumes when the topology does not say.', attributeValue),
  words: said('What it is, in words.', words),
  alternatives: maybe(said('Other values worth trying.', list('a list of values', attributeValue))),
});
const attributes = mapping('attributes by part', {
  device: maybe(said('What it keeps on devices.', table('attributes', attribute))),
  iommu: maybe(said('What it keeps on IOMMU instances.', table('attributes', attribute))),
  domain: maybe(said('What it keeps on domains.', table('attributes', attribute))),
  system: maybe(said('What it keeps for the whole machine.', table('attributes', attribute))),
});

const rowChanges = table('row ids as keys', rowChange, idPattern, 'the id of a row');

const driver = titled(
  'Driver',
  'A driver that no tree has: another one under a new name, or rows as data.',
  mapping('a driver', {
    like: maybe(said('The driver that it starts from.', text('the name of a driver', noBlank))),
    files: maybe(said('Its source file.', words)),
    operations: maybe(said('Its attach ops.', list('a list of functions', words))),
    attributes: maybe(said('What it keeps on device, iommu, domain and system.', attributes)),
    blocking: maybe(
      said(
        'static: costs nothing; own: a domain of its own; stand-in: an unmanaged one.',
        oneOf('a way to block', ['static', 'own', 'stand-in']),
      ),
    ),
    enforcesCoherency: maybe(
      said(
        'When its domains can enforce coherency; false: never.',
        either(v.literal(false, expecting('false, or a condition')), conditionSchema),
      ),
    ),
    msi: maybe(
      said('Whether the MSI window is hardware, or software that needs a cookie.', oneOf('a kind of MSI window', ['hardware', 'software'])),
    ),
    paths: maybe(
      said('Rows by path; a path given here replaces that of the driver it is like.', table('paths', list('a list of rows', row))),
    ),
    rows: maybe(said('Changes of rows that hold for this driver only.', rowChanges)),
    sharing: maybe(said('When two devices can share a domain, in words.', words)),
    note: maybe(said('What else is to be said.', words)),
  }),
);

const api = mapping('a kernel API', {
  errnos: maybe(said('The errnos that it can give.', errnos)),
  sticky: maybe(
    said(
      'What it gives for ever once it failed; false: a failure does not stay.',
      choice([v.literal(false), errno] as readonly Schema<string | number | false>[], (input) =>
        input === false ? v.literal(false) : errno,
      ),
    ),
  ),
});

const keyOf = (names: readonly string[]): RegExp => new RegExp(`^(${names.join('|')})$`);

const contract = mapping('a contract', {
  name: maybe(said('Its name in reports.', text('a name', noBlank))),
  words: maybe(said('The rule, in words.', words)),
  classes: maybe(
    said('Errno that drivers return for each class.', table('classes', errno, keyOf(classes), `a class: ${classes.join(', ')}`)),
  ),
  continue: maybe(said('What a search goes on at: any, or a list.', rule)),
  apis: maybe(
    said('What an errno of a kernel API becomes on its way out of a driver.', table('errnos', errno, keyOf(errnoNames), errnoWords)),
  ),
});

export const overlaySchema = titled(
  'Overlay',
  'What a patch changes in the rows, rules and drivers of a profile.',
  mapping('an overlay', {
    $schema: maybe(said('The JSON Schema of this file, for editors.', text('the address of a schema'))),
    from: said('The profile that it lies over, e.g. 6.12.y.', text('the name of a profile', noBlank)),
    name: maybe(said('Short name. Default: the name of the file.', text('a name'))),
    title: maybe(said('One line on what it tries.', text('a title'))),
    continue: maybe(said('What callers that search go on at, by caller.', table('callers', rule))),
    contract: maybe(said('Errno contract, by name or as tables.', either(text('the name of a contract', noBlank), contract))),
    rows: maybe(said('Changed rows by id.', rowChanges)),
    add: maybe(said('Rows more.', list('a list of added rows', addition))),
    attributes: maybe(said('Attributes more, by driver.', table('drivers', attributes))),
    drivers: maybe(said('Drivers more, by name.', table('drivers', driver))),
    apis: maybe(said('Changed kernel APIs by id.', table('kernel APIs', api))),
  }),
);

export type OverlayFile = v.InferOutput<typeof overlaySchema>;
