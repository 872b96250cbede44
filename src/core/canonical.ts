// Canonical JSON: keys sorted by code unit at every level, so that equal values are equal bytes. It is on the path of every
// appended event: the sorted order is found once for each shape of object, the quoted form once for each short string.
import { assert } from '../core/failure.ts';

/** One key of a shape, with the text that introduces its value. */
interface Field {
  readonly key: string;
  readonly text: string;
}

/** A step in the tree of key sequences seen so far; two objects made alike walk the same path. */
interface ShapeNode {
  readonly next: Map<string, ShapeNode>;
  lastKey: string | null;
  last: ShapeNode | null;
  fields: readonly Field[] | null;
}

/** Records keyed by ids of a run have no shape worth keeping: beyond these limits keys are sorted each time. */
const widestShape = 24;
const mostShapes = 20_000;
const mostQuoted = 10_000;
const longestQuoted = 64;

const quotedStrings = new Map<string, string>();
const newNode = (): ShapeNode => ({ next: new Map(), lastKey: null, last: null, fields: null });
const root = newNode();
let shapes = 0;

/** Texts of objects that do not change any more. */
export type Known = ReadonlyMap<object, string>;

/** The text of a JSON value. `undefined` properties are left out; what JSON cannot say is an error of the caller. */
export const canonical = (value: unknown): string => textOf(value, null);

/** The same; the text of an object inside it that is `known` is taken from there. */
export const canonicalKnowing = (value: unknown, known: Known): string => textOf(value, known);

const textOf = (value: unknown, known: Known | null): string => {
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (value === null) return 'null';
  assert(typeof value === 'object', `a ${typeof value} cannot be stored as JSON`);
  return Array.isArray(value) ? arrayText(value, known) : objectText(value as Record<string, unknown>, known);
};

const inner = (value: unknown, known: Known | null): string =>
  (known !== null && typeof value === 'object' && value !== null ? known.get(value) : undefined) ?? textOf(value, known);

const numberText = (value: number): string => {
  assert(Number.isFinite(value), `${value} cannot be stored as JSON`);
  return `${value}`;
};

const arrayText = (values: readonly unknown[], known: Known | null): string => {
  let text = '';
  for (let index = 0; index < values.length; index++) text += (index === 0 ? '[' : ',') + inner(values[index], known);
  return text === '' ? '[]' : `${text}]`;
};

const objectText = (object: Record<string, unknown>, known: Known | null): string => {
  let text = '';
  for (const field of fieldsOf(object)) {
    const value = object[field.key];
    if (value !== undefined) text += (text === '' ? '{' : ',') + field.text + inner(value, known);
  }
  return text === '' ? '{}' : `${text}}`;
};

const quote = (text: string): string => {
  if (text.length > longestQuoted) return JSON.stringify(text);
  let quoted = quotedStrings.get(text);
  if (quoted === undefined) {
    quoted = JSON.stringify(text);
    if (quotedStrings.size < mostQuoted) quotedStrings.set(text, quoted);
  }
  return quoted;
};

const fieldsOf = (object: Record<string, unknown>): readonly Field[] => {
  let node: ShapeNode | null = root;
  let width = 0;
  for (const key in object) {
    width += 1;
    node = width > widestShape ? null : follow(node, key);
    if (node === null) return sortedFields(object);
  }
  node.fields ??= sortedFields(object);
  return node.fields;
};

const follow = (node: ShapeNode, key: string): ShapeNode | null => {
  if (node.lastKey === key) return node.last;
  const next = node.next.get(key) ?? grow(node, key);
  if (next !== null) {
    node.lastKey = key;
    node.last = next;
  }
  return next;
};

const grow = (node: ShapeNode, key: string): ShapeNode | null => {
  if (shapes >= mostShapes) return null;
  shapes += 1;
  const next = newNode();
  node.next.set(key, next);
  return next;
};

const sortedFields = (object: Record<string, unknown>): readonly Field[] =>
  Object.keys(object)
    .sort()
    .map((key) => ({ key, text: `${JSON.stringify(key)}:` }));
