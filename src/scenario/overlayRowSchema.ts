// What an overlay file may say of one row: what changes of one that is there, or the whole of a new one.
import * as v from 'valibot';
import { errnoNames } from '../core/errnos.ts';
import { classes, plausibilities } from '../core/rows.ts';
import { changes, conditionSchema, path } from './overlayConditions.ts';
import {
  choice,
  count,
  didYouMean,
  expecting,
  flag,
  found,
  list,
  mapping,
  maybe,
  oneOf,
  type Schema,
  said,
  text,
  titled,
} from './schemaParts.ts';
import { isMapping } from './source.ts';

export const noBlank = /^\S+$/;
export const idPattern = /^[^\s]+$/;
export const errnoWords = 'an errno such as EINVAL, or 0 for a failure that is passed over';

const errnoPattern = new RegExp(`^(${errnoNames.map((name) => (name.startsWith('E') ? `-?${name}` : name)).join('|')})$`);
const noErrno = ({ input }: v.BaseIssue<unknown>): string =>
  `expected ${errnoWords}, found ${found(input)}${typeof input === 'string' ? didYouMean(input.replace(/^-/, ''), errnoNames) : ''}`;

export const errno: Schema<string | number> = v.union(
  [v.pipe(v.number(), v.value(0, noErrno)), v.pipe(v.string(), v.regex(errnoPattern, noErrno))],
  noErrno,
);
export const errnos = list('a list of errnos', errno);

/** One of two shapes, of which the second is a mapping or a list: a failure speaks of the one that is meant. */
export const either = <A, B>(plain: Schema<A>, structured: Schema<B>): Schema<A | B> =>
  choice(
    [plain, structured] as readonly Schema<A | B>[],
    (input) => (isMapping(input) || Array.isArray(input) ? structured : plain) as Schema<A | B>,
  );

const errnoOrList: Schema<string | number | (string | number)[]> = either(errno, errnos);
const rowClass = oneOf('a class of refusals', classes);
export const rowId = text('the id of a row', idPattern);
export const words = text('words');

const printed = mapping('a message', {
  level: said('As the kernel names it: pr_err, dev_warn, WARN, ...', text('a print level')),
  text: said('The message; <x> stands for a value.', text('a message')),
});
const none: Schema<'none'> = v.literal('none', expecting('none, or a level and a text'));

const undo = either(v.picklist(['reverse', 'none'], expecting('reverse, none, or a list of changes')), changes);
const failure = oneOf('what a failure does', ['errno', 'ignored', 'next']);
const tries: Schema<1 | 2> = v.picklist([1, 2], expecting('1 or 2'));

export const before = said('Stands before this row.', rowId);
export const after = said('Stands after this row.', rowId);
const unreachable = v.union([v.literal(false), text('why no run reaches it')], expecting('why no run reaches the row, or false'));

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
        either(v.literal('always', expecting('always, or a condition')), conditionSchema),
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
    remove: maybe(said('The row goes.', v.literal(true, expecting('true')))),
  }),
);

const times = v.union([count('how often it runs', 0), path], expecting('a number, or the path of an attribute that holds one'));

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

export type RowFile = v.InferOutput<typeof row>;
export type RowChangeFile = v.InferOutput<typeof rowChange>;
