// As much of JSON Schema 2020-12 as the published schemas use: enough to ask whether a file would please an editor.

export interface Schema {
  readonly [keyword: string]: unknown;
}

type Check = (value: unknown, wanted: never, schema: Schema, root: Schema) => boolean;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

const types: Record<string, (value: unknown) => boolean> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
  array: Array.isArray,
  object: isObject,
};

const unnamed = (value: object, schema: Schema): string[] =>
  Object.keys(value).filter((key) => !(key in ((schema.properties as object | undefined) ?? {})));

const checks: Record<string, Check> = {
  type: (value, wanted: string) => types[wanted]!(value),
  const: (value, wanted: unknown) => value === wanted,
  enum: (value, wanted: unknown[]) => wanted.includes(value),
  pattern: (value, wanted: string) => typeof value !== 'string' || new RegExp(wanted, 'u').test(value),
  minimum: (value, wanted: number) => typeof value !== 'number' || value >= wanted,
  minItems: (value, wanted: number) => !Array.isArray(value) || value.length >= wanted,
  maxItems: (value, wanted: number) => !Array.isArray(value) || value.length <= wanted,
  minProperties: (value, wanted: number) => !isObject(value) || Object.keys(value).length >= wanted,
  maxProperties: (value, wanted: number) => !isObject(value) || Object.keys(value).length <= wanted,
  required: (value, wanted: string[]) => !isObject(value) || wanted.every((key) => key in value),
  items: (value, wanted: Schema, _, root) => !Array.isArray(value) || value.every((item) => accepts(wanted, item, root)),
  properties: (value, wanted: Record<string, Schema>, _, root) =>
    !isObject(value) || Object.entries(wanted).every(([key, schema]) => !(key in value) || accepts(schema, value[key], root)),
  propertyNames: (value, wanted: Schema, _, root) => !isObject(value) || Object.keys(value).every((key) => accepts(wanted, key, root)),
  additionalProperties: (value, wanted: Schema | false, schema, root) =>
    !isObject(value) || unnamed(value, schema).every((key) => wanted !== false && accepts(wanted, value[key], root)),
  anyOf: (value, wanted: Schema[], _, root) => wanted.some((schema) => accepts(schema, value, root)),
  $ref: (value, wanted: string, _, root) => accepts((root.$defs as Record<string, Schema>)[wanted.replace('#/$defs/', '')]!, value, root),
};

const remarks = ['$schema', '$defs', 'title', 'description', 'default'];

export const accepts = (schema: Schema, value: unknown, root = schema): boolean =>
  Object.entries(schema).every(([keyword, wanted]) => {
    if (remarks.includes(keyword)) return true;
    const check = checks[keyword];
    if (check === undefined) throw new Error(`the tests do not know the keyword ${keyword}`);
    return check(value, wanted as never, schema, root);
  });

/** Paths of properties that an editor could say nothing about. */
export const undescribed = (schema: unknown, path = '#'): string[] => {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([keyword, part]) => {
    const below = undescribed(part, `${path}/${keyword}`);
    if (keyword !== 'properties') return below;
    const silent = Object.entries(part as Record<string, Schema>).filter(([, { description }]) => typeof description !== 'string');
    return [...silent.map(([key]) => `${path}/${key}`), ...below];
  });
};
