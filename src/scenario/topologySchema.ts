// What a topology file may hold; names that a run cannot check are left to the reader of the checked value.
import type * as v from 'valibot';
import type { Value } from '../core/conditions.ts';
import { amount, choice, list, mapping, maybe, name, oneOf, type Schema, said, table, text, titled } from './schemaParts.ts';
import { isMapping } from './source.ts';
import { counters, nothing, number, truth } from './valueSchemas.ts';

const id = /^\S+$/;

/** What an attribute may hold. */
export const attributeValue: Schema<Value> = choice([text('a text', /^[^]*$/), number, truth, nothing, counters], (input) => {
  if (typeof input === 'string') return text('a text', /^[^]*$/);
  if (typeof input === 'number') return number;
  if (typeof input === 'boolean') return truth;
  return input === null ? nothing : counters;
});

export const attributes = table('attributes', said('The value of the attribute.', attributeValue));
