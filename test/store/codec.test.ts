// Exports: their exact lines, that they read back as they were, and what is said of every line that is not as it should be.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/core/failure.ts';
import { exportLines, readExport } from '../../src/store/codec.ts';
import type { PlainEvent } from '../../src/store/store.ts';
import type { Upcasters } from '../../src/store/upcast.ts';
import { refusal } from './refusal.ts';

const seed = Number(process.env.SEED ?? 20_240_501);

const anyEvent = (value: unknown): PlainEvent => value as PlainEvent;

const taken = { type: 'LockTaken', task: 't0', lock: 'group.mutex/5' };
const ended = { type: 'CallEnded', result: 'OK', allocations: null, call: 'VFIO_SET_IOMMU', n: 3 };
const header = '{"format":"attachlab-events","version":1,"stream":"s","events":2}';
const lines = [
  header,
  '{"v":1,"number":1,"type":"LockTaken","lock":"group.mutex/5","task":"t0"}',
  '{"v":1,"number":2,"type":"CallEnded","allocations":null,"call":"VFIO_SET_IOMMU","n":3,"result":"OK"}',
];

const imported = (text: readonly string[], validate = anyEvent, table: Upcasters = []): PlainEvent[] => [
  ...readExport('run.ndjson', text, validate, table).events,
];

describe('an export', () => {
  it('is a header and a line for each event', () => {
    expect([...exportLines('s', 2, [taken, ended])]).toEqual(lines);
    expect([...exportLines('s', 1, [{ type: 'TaskEnded' }])].at(-1)).toBe('{"v":1,"number":1,"type":"TaskEnded"}');
  });

  it('reads back as it was, line ends and empty lines at the end allowed', () => {
    const { header: read, events } = readExport('run.ndjson', [...lines, ''], anyEvent);
    expect(read).toEqual({ format: 'attachlab-events', version: 1, stream: 's', events: 2 });
    expect([...events]).toEqual([taken, ended]);
    expect(imported(lines.map((line) => `${line}\r`))).toEqual([taken, ended]);
  });

  it('of no events is a header', () => {
    expect(imported([...exportLines('s', 0, [])])).toEqual([]);
  });

  it.each(['v', 'number'])('cannot say an event that has a field %s of its own', (field) => {
    expect(refusal(() => [...exportLines('s', 1, [{ type: 'X', [field]: 1 } as PlainEvent])])).toBe(
      'model-error: an event X with a field v or number cannot be exported',
    );
  });

  it(`of generated events reads back as it was, seed ${seed}`, () => {
    const plain = fc
      .dictionary(fc.string(), fc.jsonValue({ noUnicodeString: false }))
      .filter((event) => !('v' in event || 'number' in event));
    const event = fc.tuple(fc.string(), plain).map(([type, rest]) => ({ ...rest, type }));
    const readsBack = (stream: string, events: readonly PlainEvent[]) => {
      const text = [...exportLines(stream, events.length, events)];
      expect(text.every((line) => !line.includes('\n'))).toBe(true);
      expect(imported(text)).toEqual(JSON.parse(JSON.stringify(events)));
    };
    fc.assert(fc.property(fc.string(), fc.array(event, { maxLength: 5 }), readsBack), { seed, numRuns: 500 });
  });
});

describe('an import is refused', () => {
  const [, one, two] = lines as [string, string, string];
  const wantsHeader = 'expected a header line {"format":"attachlab-events","version":1,"stream":...,"events":...}, found';
  const rows: readonly (readonly [why: string, text: readonly string[], message: string])[] = [
    ['empty', [], `run.ndjson: ${wantsHeader} an empty file`],
    ['blank', ['', ' '], `run.ndjson: ${wantsHeader} an empty file`],
    ['no header', [one, two], `run.ndjson:1: ${wantsHeader} format undefined`],
    ['another kind of file', ['hello'], `run.ndjson:1:1: ${wantsHeader} hello, which is not JSON here`],
    ['a newer format', [header.replace('"version":1', '"version":2')], 'run.ndjson:1: expected format version 1, found 2'],
    ['no stream', [header.replace('"s"', '7')], 'run.ndjson:1: expected a stream name, found 7'],
    ['no count', [header.replace('"events":2', '"events":-2')], 'run.ndjson:1: expected a number of events, found -2'],
    ['a missing end', [header, one], 'run.ndjson: expected 2 events, found 1: the end is missing'],
    ['too many lines', [...lines, two], 'run.ndjson:4: expected the end after 2 events, found another line'],
    ['a line cut off', [header, one.slice(0, 40)], 'run.ndjson:2:41: expected an event, found the end of the line'],
    [
      'a word without quotes',
      [header, one.replace('"t0"', 'group5')],
      'run.ndjson:2:68: expected an event, found group5}, which is not JSON here',
    ],
    ['a list', [header, '[1]'], 'run.ndjson:2: expected an event, found [1]'],
    ['null', [header, '', 'null'], 'run.ndjson:3: expected an event, found null'],
    ['no event version', [header, '{"number":1,"type":"X"}'], 'run.ndjson:2: expected "v" from 1 to 1, found nothing'],
    ['a newer event version', [header, one.replace('"v":1', '"v":2')], 'run.ndjson:2: expected "v" from 1 to 1, found 2'],
    ['event version 0', [header, one.replace('"v":1', '"v":0')], 'run.ndjson:2: expected "v" from 1 to 1, found 0'],
    ['a line lost', [header, two], 'run.ndjson:2: expected "number" 1, found 2'],
    ['lines swapped', [header, one, one], 'run.ndjson:3: expected "number" 2, found 1'],
    ['no type', [header, '{"v":1,"number":1,"type":7}'], 'run.ndjson:2: expected "type", the name of an event, found 7'],
  ];
  it.each(rows)('%s', (_, text, message) => {
    expect(refusal(() => imported(text))).toBe(`bad-event: ${message}`);
  });

  it('where the validator says so, with the place that the validator does not know', () => {
    const lists = (value: unknown): PlainEvent => {
      const event = value as PlainEvent;
      if (event.type !== 'LockTaken') throw new Failure('bad-event', `expected LockTaken, found ${event.type}`);
      return event;
    };
    expect(refusal(() => imported(lines, lists))).toBe('bad-event: run.ndjson:3: expected LockTaken, found CallEnded');
    expect([...readExport('run.ndjson', [header.replace('2', '1'), lines[1]!], lists).events]).toEqual([taken]);
  });
});

describe('the column of a JSON error', () => {
  const rows: readonly (readonly [text: string, column: number])[] = [
    ['x', 1],
    ['{"a":x}', 6],
    ['{"a": tru}', 7],
    ['{"a":1 x}', 8],
    ['{"a":1,}', 8],
    ['{"a":}', 6],
    ['{"a":[1,,2]}', 9],
    ['{"a":[1,]}', 9],
    ['{"a":[[],,]}', 10],
    ['{"a":"b', 8],
    ['{"a":', 6],
    ['{"a":"\\x"}', 8],
    ['{"a":{},"b":[],"c":"{[,","d":nul}', 30],
    ['{"a":1}}', 8],
    ['{"a":"\u007f\u0085 \\u00e4","b":x}', 22],
  ];
  it.each(rows)('%s is %i', (text, column) => {
    expect(refusal(() => imported([header, text]))).toMatch(new RegExp(`^bad-event: run.ndjson:2:${column}: expected an event, found `));
  });
});
