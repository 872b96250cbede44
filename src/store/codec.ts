// The text form of a stream, to mail, keep and compare: a header line, then one line for each event, readable alone:
// {"v":1,"number":12,"type":"LockTaken",...}. What comes in is checked here, line by line, and nowhere later.

import { canonical } from '../core/canonical.ts';
import { assert, Failure, type Place } from '../core/failure.ts';
import { jsonErrorColumn } from './jsonError.ts';
import type { PlainEvent } from './store.ts';
import { currentVersion, type Upcasters, upcast, upcasters } from './upcast.ts';

export { canonical } from '../core/canonical.ts';

const formatName = 'attachlab-events';
const formatVersion = 1;

/** Throws a Failure when `value` is no event. */
export type Validate<E> = (value: unknown) => E;

/** The first line. The count tells a whole file from one that was cut off. */
export interface ExportHeader {
  readonly format: typeof formatName;
  readonly version: number;
  readonly stream: string;
  readonly events: number;
}

/** The lines of an export, without line ends; `count` is how many events there are. */
export function* exportLines(stream: string, count: number, events: Iterable<PlainEvent>, table: Upcasters = upcasters): Generator<string> {
  const header: ExportHeader = { format: formatName, version: formatVersion, stream, events: count };
  yield JSON.stringify(header);
  const v = currentVersion(table);
  let number = 0;
  for (const event of events) yield eventLine(v, ++number, event);
}

/** `v`, `number` and `type` come first for the reader's sake; the rest is canonical, so equal events are equal lines. */
const eventLine = (v: number, number: number, { type, ...rest }: PlainEvent): string => {
  assert(!('v' in rest || 'number' in rest), `an event ${type} with a field v or number cannot be exported`);
  const others = canonical(rest);
  return `{"v":${v},"number":${number},"type":${JSON.stringify(type)}${others === '{}' ? '}' : `,${others.slice(1)}`}`;
};

/** A line of a file, for messages. */
interface Line {
  readonly place: Place;
  readonly text: string;
}

/**
 * Reads an export: the header at once, the events as they are taken. `file` names it in messages. Throws `bad-event` at the first line
 * that is not as it should be; a consumer that must not keep half an import takes all events before it appends.
 */
export const readExport = <E extends PlainEvent>(
  file: string,
  lines: Iterable<string>,
  validate: Validate<E>,
  table: Upcasters = upcasters,
): { readonly header: ExportHeader; readonly events: Generator<E> } => {
  const rest = numbered(file, lines);
  const first = rest.next();
  if (first.done) throw new Failure('bad-event', `expected ${headerWords}, found an empty file`, { file });
  const header = readHeader(first.value);
  return { header, events: readEvents(file, header, rest, validate, table) };
};

/** Lines with their places; empty ones, such as after the last line end, are passed over. */
function* numbered(file: string, lines: Iterable<string>): Generator<Line> {
  let line = 0;
  for (const text of lines) {
    line += 1;
    if (text.trim() !== '') yield { place: { file, line }, text };
  }
}

const headerWords = `a header line {"format":"${formatName}","version":${formatVersion},"stream":...,"events":...}`;

const readHeader = ({ place, text }: Line): ExportHeader => {
  const header = objectFrom({ place, text }, headerWords);
  if (header.format !== formatName) throw found(place, headerWords, `format ${JSON.stringify(header.format)}`);
  if (header.version !== formatVersion) throw found(place, `format version ${formatVersion}`, JSON.stringify(header.version));
  if (typeof header.stream !== 'string') throw found(place, 'a stream name', JSON.stringify(header.stream));
  if (!isCount(header.events)) throw found(place, 'a number of events', JSON.stringify(header.events));
  return { format: formatName, version: formatVersion, stream: header.stream, events: header.events };
};

function* readEvents<E extends PlainEvent>(
  file: string,
  header: ExportHeader,
  lines: Iterable<Line>,
  validate: Validate<E>,
  table: Upcasters,
): Generator<E> {
  let number = 0;
  for (const line of lines) {
    number += 1;
    if (number > header.events) throw found(line.place, `the end after ${header.events} events`, 'another line');
    yield readEvent(line, number, validate, table);
  }
  if (number < header.events) throw found({ file }, `${header.events} events`, `${number}: the end is missing`);
}

const readEvent = <E>(line: Line, expected: number, validate: Validate<E>, table: Upcasters): E => {
  const { v, number, ...event } = objectFrom(line, 'an event');
  const current = currentVersion(table);
  if (!isCount(v) || v < 1 || v > current) throw found(line.place, `"v" from 1 to ${current}`, JSON.stringify(v));
  if (number !== expected) throw found(line.place, `"number" ${expected}`, JSON.stringify(number));
  if (typeof event.type !== 'string') throw found(line.place, '"type", the name of an event', JSON.stringify(event.type));
  return placed(line.place, () => validate(upcast(event as Record<string, unknown> & PlainEvent, v, table)));
};

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

const objectFrom = (line: Line, expected: string): Record<string, unknown> => {
  const value = parse(line, expected);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw found(line.place, expected, line.text.slice(0, 40));
  return value as Record<string, unknown>;
};

const parse = ({ place, text }: Line, expected: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    const column = jsonErrorColumn(text, String(error));
    const near = text.slice(column - 1, column + 19);
    throw found({ ...place, column }, expected, near === '' ? 'the end of the line' : `${near}, which is not JSON here`);
  }
};

const found = (place: Place, expected: string, what: string | undefined): Failure =>
  new Failure('bad-event', `expected ${expected}, found ${what ?? 'nothing'}`, place);

/** A validator does not know where its value came from. */
const placed = <T>(place: Place, action: () => T): T => {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof Failure) || error.place !== undefined) throw error;
    throw new Failure(error.code, error.message.slice(0, error.message.lastIndexOf('\n')), place);
  }
};
