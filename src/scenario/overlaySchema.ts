// What an overlay file may hold; whether the rows, drivers and callers that it names are there is checked when it is laid over a profile.
import * as v from 'valibot';
import { classes, plausibilities } from '../core/rows.ts';
import { changes, conditionSchema, path } from './overlayConditions.ts';
import { choice, count, flag, list, mapping, maybe, oneOf, type Schema, said, table, text, titled } from './schemaParts.ts';
import { isMapping } from './source.ts';
import { attributeValue } from './topologySchema.ts';

const noBlank = /^\S+$/;
const idPattern = /^[^\s]+$/;
const errnoWords = 'an errno such as EINVAL, or 0 for a failure that is passed over';
const errno: Schema<string | number> = v.union(
  [
    v.pipe(v.number(), v.value(0, `expected ${errnoWords}`)),
    text(errnoWords, /^(-?E[A-Z0-9]+(:\w+)?|0|NULL|[a-z]+(-[a-z]+)*-errno|oops|positive)$/),
  ],
  `expected ${errnoWords}`,
);
const errnos = list('a list of errnos', errno);

/** One of two shapes, of which the second is a mapping or a list: a failure speaks of the one that is meant. */
const either = <A, B>(plain: Schema<A>, structured: Schema<B>): Schema<A | B> =>
  choice(
    [plain, structured] as readonly Schema<A | B>[],
    (input) => (isMapping(input) || Array.isArray(input) ? structured : plain) as Schema<A | B>,
  );

const errnoOrList: Schema<string | number | (string | number)[]> = either(errno, errnos);
const rule: Schema<'any' | (string | number)[]> = either(v.literal('any', 'expected any, or a list of errnos'), errnos);
const rowClass = oneOf('a class of refusals', classes);
const rowId = text('the id of a row', idPattern);
const words = text('words');

const printed = mapping('a message', {
  level: said('As the kernel names it: pr_err, dev_warn, WARN, ...', text('a print level')),
  text: said('The message; <x> stands for a value.', text('a message')),
});
const none: Schema<'none'> = v.literal('none', 'expected none, or a level and a text');

const undo = either(v.picklist(['reverse', 'none'], 'expected reverse, none, or a list of changes'), changes);
const failure = oneOf('what a failure does', ['errno', 'ignored', 'next']);
const tries: Schema<1 | 2> = v.picklist([1, 2], 'expected 1 or 2');

const before = said('Stands before this row.', rowId);
const after = said('Stands after this row.', rowId);
const unreachable = v.union([v.literal(false), text('why no run reaches it')], 'expected why no run reaches the row, or false');

export const rowChange = titled(
  'Changed row',
  'What changes of a row of the profile; what is absent stays.',
  mapping('a changed row', {
    errno: maybe(said('Errno of the refusal.', errnoOrList)),
    class: maybe(said('What the refusal means.', rowClass)),
    refuses: maybe(said('Of a check: when it refuses.', conditionSchema)),
    when: maybe(
      said(
        'Of any other row: when it applies; always: whatever the values.',
        either(v.literal('always', 'expected always, or a condition'), conditionSchema),
      ),
    ),
    words: maybe(said('The condition in words.', words)),
    note: maybe(said('What else is to be said.', words)),
    cite: maybe(said('Function and lines of the patch.', words)),
    prints: maybe(said('The message on this path; none: it prints nothing.', either(none, printed))),
    undo: maybe(said('What happens to it when a later row refuses.', undo)),
    failure: maybe(said('What a failure does: gives the errno, is ignored, or leads to the next row.', failure)),
    masks: maybe(said("The errno replaces the callee's own.", flag('true or false'))),
    tries: maybe(said('How often the allocation is tried.', tries)),
    unreachable: maybe(said('Why no run reaches it; false: one can.', unreachable)),
    before: maybe(before),
    after: maybe(after),
    remove: maybe(said('The row goes.', v.literal(true, 'expected true'))),
  }),
);

const times = v.union([count('how often it runs', 0), path], 'expected a number, or the path of an attribute that holds one');

/** All kinds in one mapping: what a kind lacks is refused beside it, with a message of its own. */
export const row = titled(
  'Row',
  'One check, allocation, take, effect or call in a path.',
  mapping('a row', {
    id: said('Its name, unique in the driver.', rowId),
    kind: said('What it is.', oneOf('a kind of row', ['check', 'alloc', 'take', 'effect', 'call'])),
    words: said('What refuses, or what happens, in words.', words),
    class: maybe(said('What the refusal means.', rowClass)),
    errno: maybe(said('Errno of the refusal.', errnoOrList)),
    refuses: maybe(said('check: when it refuses.', conditionSchema)),
    when: maybe(said('Not check: when it applies.', conditionSchema)),
    site: maybe(said('alloc: function and line, as a fault names it.', words)),
    what: maybe(said('alloc: what is allocated.', words)),
    gfp: maybe(said('alloc: GFP flags. Default: GFP_KERNEL.', words)),
    plausible: maybe(said('alloc: how it can come to fail. Default: small-sleeping.', oneOf('a plausibility', plausibilities))),
    tries: maybe(said('alloc: how often it is tried.', tries)),
    failure: maybe(said('alloc, call: what a failure does.', failure)),
    times: maybe(said('alloc: how often it runs.', times)),
    pool: maybe(said('take: the attribute that counts what is free.', path)),
    changes: maybe(said('effect: attributes that change.', changes)),
    undo: maybe(said('take, effect: what happens to it when a later row refuses.', undo)),
    api: maybe(said('call: id of a kernel API.', rowId)),
    path: maybe(said('call: another path of the driver.', text('the name of a path', noBlank))),
    masks: maybe(said("call: the errno replaces the callee's own.", flag('true or false'))),
    cite: maybe(said('Function and lines of the patch.', words)),
    prints: maybe(said('The message on this path.', printed)),
    unreachable: maybe(said('Why no run reaches it.', words)),
    note: maybe(said('What else is to be said.', words)),
  }),
);

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
  device: maybe(table('attributes', attribute)),
  iommu: maybe(table('attributes', attribute)),
  domain: maybe(table('attributes', attribute)),
  system: maybe(table('attributes', attribute)),
});

const rowChanges = table('row ids', rowChange, idPattern);

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
        either(v.literal(false, 'expected false, or a condition'), conditionSchema),
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
      v.union([v.literal(false), errno], `expected false, or ${errnoWords}`),
    ),
  ),
});

const contract = mapping('a contract', {
  name: maybe(said('Its name in reports.', text('a name', noBlank))),
  words: maybe(said('The rule, in words.', words)),
  classes: maybe(said('Errno that drivers return for each class.', table('classes', errno))),
  continue: maybe(said('What a search goes on at: any, or a list.', rule)),
  apis: maybe(said('What an errno of a kernel API becomes on its way out of a driver.', table('errnos', errno))),
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
export type RowFile = v.InferOutput<typeof row>;
export type RowChangeFile = v.InferOutput<typeof rowChange>;
