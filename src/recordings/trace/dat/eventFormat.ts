// The `format` file of an event: where its fields stand in a record, and how it is printed.
import { wordIn } from './cursor.ts';
import type { FormatText } from './draft.ts';

export interface Field {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
  /** Of one number: probes give the size of an element where others give that of the array. */
  readonly width: number;
  readonly signed: boolean;
  /** The data stands elsewhere in the record: this holds its place and length. */
  readonly located: 'no' | 'from the record' | 'from the field';
  /** Elements of a fixed array, else 0. */
  readonly count: number;
  readonly isText: boolean;
}

export interface EventFormat {
  readonly system: string;
  readonly name: string;
  readonly id: number;
  readonly fields: ReadonlyMap<string, Field>;
  /** What follows `print fmt:`. */
  readonly print: string;
}

/** Undefined for what is no format; its records are then unread. */
export const eventFormatOf = ({ system, text }: FormatText): EventFormat | undefined => {
  const name = /^name: (\S+)/m.exec(text)?.[1];
  const id = /^ID: (\d+)/m.exec(text)?.[1];
  if (name === undefined || id === undefined) return undefined;
  const fields = [...text.matchAll(fieldLine)].map(fieldOf);
  const print = /^print fmt: (.*)/ms.exec(text)?.[1]?.trim() ?? '';
  return { system, name, id: Number(id), fields: new Map(fields.map((field) => [field.name, field])), print };
};

const fieldLine = /^\s*field:([^;]+?)\b(\w+)(\[[^\]]*\])?;\s*offset:(\d+);\s*size:(\d+);(?:\s*signed:([01]);)?/gm;

const widths: readonly (readonly [RegExp, number])[] = [
  [/\b(?:char|bool|[usx]8)\b/, 1],
  [/\b(?:short|[usx]16)\b/, 2],
  [/\b[usx]32\b/, 4],
  [/\b[usx]64\b/, 8],
];

const widthOf = (type: string, size: number, count: number): number =>
  count === 0 ? size : (widths.find(([named]) => named.test(type))?.[1] ?? (count > 0 ? size / count : size));

const fieldOf = ([, type, name, array, offset, size, signed]: RegExpExecArray): Field => ({
  name: name!,
  offset: Number(offset),
  size: Number(size),
  width: widthOf(type!, Number(size), countIn(array)),
  signed: signed === '1',
  located: type!.includes('__data_loc') ? 'from the record' : type!.includes('__rel_loc') ? 'from the field' : 'no',
  count: countIn(array),
  isText: /\bchar\b/.test(type!),
});

/** `[4]`; -1 for an array that goes on to the end, 0 for none. */
const countIn = (array: string | undefined): number => (array === undefined ? 0 : Number(/^\[(\d+)\]$/.exec(array)?.[1] ?? -1));

/** A record, and what is needed to read it. */
export interface RecordBytes {
  readonly bytes: Uint8Array;
  readonly bigEndian: boolean;
}

export const numberOf = ({ bytes, bigEndian }: RecordBytes, { offset, width, signed }: Field, index = 0): bigint => {
  const at = offset + index * width;
  if (![1, 2, 4, 8].includes(width) || at + width > bytes.length) throw new RangeError('a field outside of its record');
  const value = wordIn(bytes, at, width, bigEndian);
  return signed ? BigInt.asIntN(width * 8, value) : value;
};

/** The bytes of an array, wherever they stand. */
export const arrayOf = (record: RecordBytes, field: Field): Uint8Array => {
  const { bytes, bigEndian } = record;
  if (field.located === 'no') return bytes.subarray(field.offset, field.size === 0 ? bytes.length : field.offset + field.size);
  const place = Number(wordIn(bytes, field.offset, 4, bigEndian));
  const start = (place & 0xffff) + (field.located === 'from the field' ? field.offset + field.size : 0);
  const length = place >>> 16;
  if (start + length > bytes.length) throw new RangeError('an array outside of its record');
  return bytes.subarray(start, start + length);
};

export const textOf = (record: RecordBytes, field: Field): string => {
  const bytes = arrayOf(record, field);
  const end = bytes.indexOf(0);
  return Buffer.from(end < 0 ? bytes : bytes.subarray(0, end)).toString();
};
