// The baseline as a file: JSON that people edit to add reasons, refused with line and column where it is not what it should be.
import { Failure, nearest } from '../core/failure.ts';
import type { BaselineEntry } from '../core/lintReport.ts';
import { type Json, type Member, Mismatch, placeIn, readJson } from './jsonPlaces.ts';

const kind = 'lint-baseline';
const version = 1;

const entryKeys = ['fingerprint', 'rule', 'driver', 'op', 'function', 'condition', 'errnos', 'suppressed'];

export const printBaseline = (entries: readonly BaselineEntry[]): string => `${JSON.stringify({ kind, version, entries }, null, 2)}\n`;

const found = (value: Json): string =>
  value.kind === 'text' || value.kind === 'other' ? JSON.stringify(value.value) : value.kind === 'array' ? 'a list' : 'an object';

const expected = (value: Json, what: string): Mismatch => new Mismatch(value.at, `expected ${what}, found ${found(value)}`);

/** The members of an object that may have only these keys. */
const membersOf = (value: Json, what: string, keys: readonly string[]): ReadonlyMap<string, Member> => {
  if (value.kind !== 'object') throw expected(value, what);
  for (const [key, { at }] of value.members) {
    if (keys.includes(key)) continue;
    const near = nearest(key, keys);
    throw new Mismatch(
      at,
      `expected a key of ${what} (${keys.join(', ')}), found "${key}"${near === undefined ? '' : `; did you mean ${near}?`}`,
    );
  }
  return value.members;
};

const needed = (owner: Json, members: ReadonlyMap<string, Member>, key: string): Json => {
  const member = members.get(key);
  if (member === undefined) throw new Mismatch(owner.at, `expected the key "${key}", found none`);
  return member.value;
};

const textIn = (value: Json, what: string, form = /\S/): string => {
  if (value.kind !== 'text' || !form.test(value.value)) throw expected(value, what);
  return value.value;
};

const listIn = (value: Json, what: string): readonly Json[] => {
  if (value.kind !== 'array') throw expected(value, what);
  return value.items;
};

const isDay = (text: string): boolean => {
  const [year, month, day] = text.split('-').map(Number) as [number, number, number];
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && day >= 1 && day <= days;
};

const untilIn = (value: Json | undefined): string | null => {
  if (value === undefined || (value.kind === 'other' && value.value === null)) return null;
  const text = textIn(value, 'a day such as "2027-01-31", or null');
  if (!isDay(text)) throw expected(value, 'a day such as "2027-01-31", or null');
  return text;
};

const suppressedIn = (value: Json | undefined): BaselineEntry['suppressed'] => {
  if (value === undefined || (value.kind === 'other' && value.value === null)) return null;
  const members = membersOf(value, 'a suppression', ['reason', 'until']);
  return {
    reason: textIn(needed(value, members, 'reason'), 'a reason in words'),
    until: untilIn(members.get('until')?.value),
  };
};

/** What is returned in any case has no condition. */
const anyText = /^/;

const entryIn = (value: Json): BaselineEntry => {
  const members = membersOf(value, 'an entry', entryKeys);
  const text = (key: string): string => textIn(needed(value, members, key), `text for "${key}"`);
  return {
    fingerprint: textIn(needed(value, members, 'fingerprint'), '16 hexadecimal digits', /^[0-9a-f]{16}$/),
    rule: text('rule'),
    driver: text('driver'),
    op: text('op'),
    function: text('function'),
    condition: textIn(needed(value, members, 'condition'), 'text for "condition"', anyText),
    errnos: listIn(needed(value, members, 'errnos'), 'a list of errnos').map((errno) => textIn(errno, 'an errno')),
    suppressed: suppressedIn(members.get('suppressed')?.value),
  };
};

const versionIn = (value: Json): void => {
  if (value.kind === 'other' && value.value === version) return;
  const newer = value.kind === 'other' && typeof value.value === 'number' && value.value > version;
  throw expected(value, `version ${version}${newer ? ' or older' : ''}`);
};

const entriesIn = (value: Json): BaselineEntry[] => {
  const members = membersOf(value, 'a baseline', ['kind', 'version', 'entries']);
  textIn(needed(value, members, 'kind'), `"${kind}"`, new RegExp(`^${kind}$`));
  versionIn(needed(value, members, 'version'));
  const items = listIn(needed(value, members, 'entries'), 'a list of entries');
  const entries = items.map(entryIn);
  const twin = entries.findIndex(({ fingerprint }, index) => entries.findIndex((other) => other.fingerprint === fingerprint) < index);
  if (twin >= 0) throw new Mismatch(items[twin]!.at, `expected each fingerprint once, found ${entries[twin]!.fingerprint} again`);
  return entries;
};

/** `file` is its name, for messages. */
export const readBaseline = (text: string, file: string): BaselineEntry[] => {
  try {
    return entriesIn(readJson(text));
  } catch (error) {
    if (error instanceof Mismatch) throw new Failure('bad-baseline', error.message, placeIn(file, text, error.at));
    throw error;
  }
};
