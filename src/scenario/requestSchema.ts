// What a request may look like in a file: a verb alone, a verb with a word, or a verb with keys; made from the table of verbs.
import * as v from 'valibot';
import type { Verb } from '../core/scenario.ts';
import {
  amount,
  choice,
  didYouMean,
  expecting,
  flag,
  found,
  list,
  listed,
  mapping,
  maybe,
  name,
  type Schema,
  said,
  single,
  table,
  text,
  titled,
} from './schemaParts.ts';
import { type Detail, type DetailKey, exampleOf, type VerbFacts, verbNames, verbs } from './verbs.ts';

const option: Schema<string | number | boolean> = v.union(
  [v.string(), v.number(), v.boolean()],
  expecting('a text, a number, true or false'),
);

/** A word of the scenario's own: task, container, context. Slots are named `c0.d0`, so it has no dot. */
export const ownName = (words: string): Schema<string> => text(words, /^[A-Za-z][\w-]*$/);

/** One made by hand, or a slot of an address space: p0, c0.p1. */
const pageTable = text('the name of a page table', /^[A-Za-z][\w.-]*$/);

const detailKeys: Readonly<Record<DetailKey, Schema<unknown>>> = {
  group: said('Number of the group.', name('the number of a group')),
  device: said('Address of the device.', text('the address of a device', /^\S+$/)),
  task: said('Task to kill.', ownName('a task')),
  name: said('Name for the page table, chosen here.', pageTable),
  iova: said('First address: 0x1000000, 16M.', amount('an address')),
  size: said('Bytes: 4096, 64K, 1G.', amount('a size')),
  'page-table': said('Page table by name. Default: the search of the caller.', pageTable),
  parent: said('Page table that the new one is nested in.', pageTable),
  nested: said('It is nested in its parent. Default: true where there is a parent.', flag('true or false')),
  container: said("Container or address space, where it is not the task's own.", ownName('the name of a container')),
  with: said('Flags that checks read as user.NAME, e.g. badPointer: true.', table('flags of a request', option)),
};

const detailSchema = (verb: Verb, { keys, needs = [] }: VerbFacts): Schema<Detail> => {
  const entries = keys.map((key) => [key, needs.includes(key) ? detailKeys[key] : maybe(detailKeys[key])]);
  return mapping(`the request ${verb}`, Object.fromEntries(entries) as v.ObjectEntries) as unknown as Schema<Detail>;
};

export type RequestValue = string | number | null | Detail;

const verbSchema = (verb: Verb, facts: VerbFacts): Schema<RequestValue> => {
  const detail = detailSchema(verb, facts);
  const bare = facts.bare === 'target' ? name('a group or a device') : facts.bare && detailKeys[facts.bare];
  const alone = v.null(expecting(`the request ${verb} without a value, or with keys`));
  const options = [...(bare ? [bare] : []), ...(facts.alone ? [alone] : []), detail];
  return choice(options, (input) => {
    if (typeof input === 'object' && input !== null) return detail;
    return (input === null && facts.alone ? alone : bare) ?? alone;
  }) as Schema<RequestValue>;
};

const aloneNames = verbNames.filter((verb) => verbs[verb].alone);
const aloneSchema = v.picklist(aloneNames, (issue) => {
  const verb = verbNames.find((known) => known === issue.input);
  if (verb) return `expected ${verb} with what it is about, e.g. \`- ${verb}: ${exampleOf(verb)}\`, found nothing behind it`;
  return `expected a request (${listed(verbNames)}), found ${found(issue.input)}${didYouMean(issue.input, verbNames)}`;
});

const verbMapping = single(
  'a request',
  mapping(
    'a request',
    Object.fromEntries(verbNames.map((verb) => [verb, maybe(said(verbs[verb].words, verbSchema(verb, verbs[verb])))])),
  ) as unknown as Schema<Record<string, RequestValue>>,
);

export const requestSchema = titled(
  'Request',
  'One request of the task: a verb and what it is about.',
  choice([aloneSchema as Schema<Verb>, verbMapping], (input) => (typeof input === 'object' && input !== null ? verbMapping : aloneSchema)),
);

export type RequestFile = Verb | Readonly<Record<string, RequestValue>>;

export const scriptSchema = list('a list of requests', requestSchema) as Schema<RequestFile[]>;
