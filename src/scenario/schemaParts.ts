// The small pieces that the schemas are made of: each says in its own words what it expects, so that a failure needs no translation.
import * as v from 'valibot';
import { Failure, nearest } from '../core/failure.ts';
import { sizePattern } from './sizes.ts';
import type { Kind, Source, Step } from './source.ts';

export type Schema<T> = v.GenericSchema<unknown, T>;

type Issue = v.BaseIssue<unknown>;

export const found = (input: unknown): string => {
  if (input === undefined) return 'none';
  if (input === null) return 'nothing';
  if (typeof input === 'string') return JSON.stringify(input);
  if (typeof input !== 'object') return String(input);
  return Array.isArray(input) ? 'a list' : 'a mapping';
};

/** The message of a schema that is made without the pieces below. */
export const expecting =
  (words: string) =>
  (issue: Issue): string =>
    `expected ${words}, found ${found(issue.input)}`;

/** What editors show for a key. */
export const said = <T>(description: string, schema: Schema<T>): Schema<T> => v.pipe(schema, v.description(description));

export const titled = <T>(title: string, description: string, schema: Schema<T>): Schema<T> =>
  v.pipe(schema, v.title(title), v.description(description));

export const text = (words: string, pattern = /^[^\n]+$/): Schema<string> =>
  v.pipe(v.string(expecting(words)), v.regex(pattern, expecting(words)));

/** A name that may be written as a number: group 5. */
export const name = (words: string): Schema<string | number> =>
  v.union(
    [v.pipe(v.number(expecting(words)), v.integer(expecting(words)), v.minValue(0, expecting(words))), text(words, /^\S+$/)],
    expecting(words),
  );

export const flag = (words: string): Schema<boolean> => v.boolean(expecting(words));

export const oneOf = <const T extends string>(words: string, options: readonly T[]): Schema<T> =>
  v.picklist(
    options,
    (issue) => `expected ${words}: ${options.join(', ')}; found ${found(issue.input)}${didYouMean(issue.input, options)}`,
  );

export const count = (words: string, least: number): Schema<number> =>
  v.pipe(v.number(expecting(words)), v.integer(expecting(words)), v.minValue(least, expecting(words)));

/** A size or an address: a number, or text as in sizes.ts. */
export const amount = (words: string): Schema<string | number> =>
  v.union(
    [
      v.pipe(v.number(expecting(words)), v.integer(expecting(words)), v.minValue(0, expecting(words))),
      v.pipe(v.string(expecting(words)), v.regex(sizePattern, expecting(words))),
    ],
    expecting(words),
  );

export const list = <T>(words: string, item: Schema<T>): Schema<T[]> => v.array(item, expecting(words));

/** What keys that a file chooses look like. */
export const wordPattern = /^[A-Za-z$_][\w$.-]*$/;

/** Keys that the file chooses, e.g. attribute names. */
export const table = <T>(
  words: string,
  value: Schema<T>,
  pattern = wordPattern,
  keyWords = `a key of ${words}`,
): Schema<Record<string, T>> => {
  const record = v.record(v.pipe(v.string(), v.regex(pattern, expecting(keyWords))), value, expecting(words));
  const noList = v.never(expecting(words));
  // A list would be taken for a mapping with numbers as keys.
  return v.lazy((input): Schema<Record<string, T>> => (Array.isArray(input) ? noList : record));
};

type Entries = Readonly<Record<string, v.GenericSchema>>;

/** A key that may be missing. */
export const maybe = <T>(schema: Schema<T>): v.OptionalSchema<Schema<T>, undefined> => v.optional(schema);

/** A mapping with these keys and no others. */
export const mapping = <const E extends v.ObjectEntries>(
  words: string,
  entries: E,
): v.StrictObjectSchema<E, (issue: v.StrictObjectIssue) => string> =>
  v.strictObject(entries, (issue) => mappingMessage(words, entries, issue));

const mappingMessage = (words: string, entries: Entries, issue: v.StrictObjectIssue): string => {
  const owner = issue.path?.[0]?.input;
  if (issue.path === undefined || Array.isArray(owner)) return `expected ${words}, found ${found(owner ?? issue.input)}`;
  if (issue.expected !== 'never') return `expected the key ${issue.expected} in ${words}, found ${listed(Object.keys(owner as object))}`;
  const keys = Object.keys(entries);
  return `expected a key of ${words} (${keys.join(', ')}), found ${found(issue.input)}${didYouMean(issue.input, keys)}`;
};

export const didYouMean = (word: unknown, names: readonly string[]): string => {
  const near = typeof word === 'string' ? nearest(word, names) : undefined;
  return near === undefined ? '' : `; did you mean ${near}?`;
};

/** Did you mean, and what there is: `; did you mean t0? Known: t0, t1`. */
export const suggestion = (word: string, names: readonly string[], lists = `known: ${listed(names)}`): string => {
  const near = didYouMean(word, names);
  return near === '' ? `; ${lists}` : `${near} ${lists[0]!.toUpperCase()}${lists.slice(1)}`;
};

/** Names in their own order, cut where nobody would read on. */
export const listed = (names: readonly string[], most = 40): string => {
  if (names.length === 0) return 'none';
  return names.slice(0, most).join(', ') + (names.length > most ? ` and ${names.length - most} more` : '');
};

/** Exactly one key. */
export const single = <T extends Record<string, unknown>>(words: string, schema: Schema<T>): Schema<T> => {
  const message = (issue: Issue): string => `expected ${words} with one key, found ${listed(Object.keys(issue.input as object))}`;
  return v.pipe(schema, v.minEntries<T, 1, typeof message>(1, message), v.maxEntries<T, 1, typeof message>(1, message));
};

/** One of several shapes: what is there decides which one is meant, so that a failure speaks of that one only. */
export const choice = <const T extends readonly Schema<unknown>[]>(
  options: T,
  pick: (input: unknown) => T[number],
): Schema<v.InferOutput<T[number]>> => {
  const union = v.union([...options]);
  // The JSON Schema is made from what the getter gives for no input at all.
  return v.lazy((input) => (input === undefined ? union : pick(input))) as unknown as Schema<v.InferOutput<T[number]>>;
};

/** The value as the schema types it; the first mistake is refused at its place. */
export const checked = <T>(schema: Schema<T>, source: Source, kind: Kind): T => {
  const result = v.safeParse(schema, source.value);
  if (result.success) return result.output;
  const issue = result.issues.find(isUnknownKey) ?? result.issues[0];
  const path = (issue.path ?? []).map(({ key }) => key as Step);
  throw new Failure(kind.code, issue.message, source.place(path, issue.path?.at(-1)?.origin === 'key' ? 'key' : 'value'));
};

/** A misspelt key is also a missing one: the former explains the latter. */
const isUnknownKey = (issue: Issue): boolean => issue.type === 'strict_object' && issue.expected === 'never';
