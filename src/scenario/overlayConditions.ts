// Conditions and attribute changes as an overlay file writes them: the combinators of the core, by name.
import * as v from 'valibot';
import type { Condition, Operand } from '../core/conditions.ts';
import type { Change } from '../core/rows.ts';
import { choice, expecting, list, mapping, type Schema, said, text, titled } from './schemaParts.ts';
import { isMapping } from './source.ts';
import { attributeValue } from './topologySchema.ts';

const parts = 'device, iommu, domain, group, container, system, mapping or user';
const pathPattern = /^(device|iommu|domain|group|container|system|mapping|user)(\.\w+)+(\[[\w.]+\])?$/;
const pathWords = `an attribute path such as domain.iommu, beginning with ${parts}`;
export const path: Schema<string> = said(
  'An attribute path; a counter by name is written domain.instances[iommu.id].',
  text(pathWords, pathPattern),
);

const operandWords = `${pathWords}; a number, true, false, null; or {value: a text}`;
const constant = mapping('a constant', { value: said('A text is written like this, for a bare one is a path.', attributeValue) });
const scalar: Schema<number | boolean | null> = v.union([v.number(), v.boolean(), v.null()], expecting(operandWords));

export const operand: Schema<Operand> = titled(
  'Operand',
  'A path, a number, true, false, null, or a constant.',
  choice([path, constant, scalar], (input) => (typeof input === 'string' ? path : isMapping(input) ? constant : scalar)) as Schema<Operand>,
);

const two = 'two operands, as a list';
const pair = v.pipe(
  list(two, operand),
  v.minLength(2, `expected ${two}, found fewer`),
  v.maxLength(2, `expected ${two}, found more`),
) as Schema<Operand[]>;

/** A condition as written; `has` is short for a `not` of `lacks`. */
export type ConditionFile = Readonly<Record<string, unknown>>;

/** The getter breaks the circle of conditions that hold conditions. */
const condition: Schema<ConditionFile> = v.lazy((input) =>
  input === undefined ? anyShape : shapeOf(input),
) as unknown as Schema<ConditionFile>;

const conditions = list('a list of conditions', condition);

const shapes = {
  equal: mapping('a condition', { equal: said('Both are the same.', pair) }),
  differ: mapping('a condition', { differ: said('They are not the same.', pair) }),
  below: mapping('a condition', { below: said('The first number is the smaller one.', pair) }),
  lacks: mapping('a condition', { lacks: said('The attribute is null, false, zero or empty.', path) }),
  has: mapping('a condition', { has: said('The attribute is not null, false, zero or empty.', path) }),
  all: mapping('a condition', { all: said('Every one holds.', conditions) }),
  any: mapping('a condition', { any: said('At least one holds.', conditions) }),
  not: mapping('a condition', { not: said('It does not hold.', condition) }),
} as const;

const names = Object.keys(shapes) as (keyof typeof shapes)[];
const anyShape = v.union(Object.values(shapes)) as unknown as Schema<ConditionFile>;

const everyName = v.strictObject(Object.fromEntries(names.map((name) => [name, v.optional(v.unknown())])), 'expected a condition');

/** The key that is there decides; a mapping with none that is known is refused by the table of all. */
const shapeOf = (input: unknown): Schema<ConditionFile> => {
  const key = isMapping(input) ? names.find((name) => name in input) : undefined;
  if (key !== undefined) return shapes[key] as unknown as Schema<ConditionFile>;
  const message = `expected a condition with one of the keys ${names.join(', ')}`;
  return v.pipe(
    mapping('a condition', everyName.entries) as v.GenericSchema,
    v.check(() => false, message),
  ) as unknown as Schema<ConditionFile>;
};

export const conditionSchema: Schema<ConditionFile> = titled('Condition', 'When it holds, over attribute paths.', condition);

/** The condition that the file means. */
export const conditionOf = (file: ConditionFile): Condition => {
  if ('has' in file) return { not: { lacks: file.has as string } };
  if ('not' in file) return { not: conditionOf(file.not as ConditionFile) };
  if ('all' in file) return { all: (file.all as ConditionFile[]).map(conditionOf) };
  if ('any' in file) return { any: (file.any as ConditionFile[]).map(conditionOf) };
  return file as Condition;
};

const set = mapping('a change', { set: said('The attribute that changes.', path), to: said('Its new value.', operand) });
const add = mapping('a change', {
  add: said('The counter that changes.', path),
  by: said('By how much; negative: downwards.', v.number(expecting('a number'))),
});
const give = mapping('a change', { give: said('The pool that one id goes back to.', path) });

/** One change of an attribute. */
const change: Schema<Change> = choice([set, add, give] as readonly Schema<unknown>[], (input) =>
  isMapping(input) && 'add' in input ? add : isMapping(input) && 'give' in input ? give : set,
) as Schema<Change>;

export const changes: Schema<Change[]> = list('a list of changes', change);
