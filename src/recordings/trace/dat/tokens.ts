// The tokens of a trace.dat: the buffers of its CPUs merged by time, each record printed as tracefs prints it.
import type { Token, TokenStream } from '../token.ts';
import { numberIn } from './cursor.ts';
import type { TraceFile } from './draft.ts';
import { type EventFormat, eventFormatOf } from './eventFormat.ts';
import { type Printer, printerOf } from './printer.ts';
import { type Raw, type RawRecord, recordsOf } from './ringBuffer.ts';
import { symbolsOf } from './symbols.ts';

/** So many tokens at a time. */
const atOnce = 1024;

/** `line` is the number of the record in the order of time, from 1. */
export async function* datTokens(file: TraceFile): TokenStream {
  const tokenOf = newReader(file);
  let line = 0;
  let some: Token[] = file.notRead.map((what) => ({ kind: 'unread', line: 0, text: what, why: 'not read from a trace.dat' }));
  for (const raw of merged(file.cpus.map((data) => recordsOf(file, data)))) {
    line += 1;
    some.push(tokenOf(raw, line));
    if (some.length < atOnce) continue;
    yield some;
    some = [];
  }
  yield some;
}

interface Waiting {
  readonly raw: Raw;
  readonly rest: Iterator<Raw>;
}

/** Of equal times the CPU that comes first in the file. */
function* merged(buffers: readonly Iterable<Raw>[]): Generator<Raw> {
  const waiting: Waiting[] = [];
  const add = (rest: Iterator<Raw>): void => {
    const { done, value: raw } = rest.next();
    if (done) return;
    let place = waiting.length;
    while (place > 0 && waiting[place - 1]!.raw.time < raw.time) place--;
    waiting.splice(place, 0, { raw, rest });
  };
  for (const buffer of buffers.toReversed()) add(buffer[Symbol.iterator]());
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    yield next.raw;
    add(next.rest);
  }
}

const newReader = (file: TraceFile): ((raw: Raw, line: number) => Token) => {
  const events = new Events(file);
  const comms = commsOf(file.cmdlines);
  const time = clockOf(file);
  const read = (record: RawRecord, line: number): Token => {
    const found = events.print(record.bytes);
    if (typeof found === 'string') return { kind: 'unread', line, text: '', why: found };
    const { printed, pid } = found;
    return { kind: 'line', line, time: time(record.time), cpu: record.cpu, pid, comm: comms.get(pid) ?? '<...>', ...printed };
  };
  return (raw, line) => {
    if ('bytes' in raw) return read(raw, line);
    if ('lost' in raw) return { kind: 'lost', line, cpu: raw.cpu, count: raw.lost };
    return { kind: 'unread', line, text: '', why: `CPU ${raw.cpu}: ${raw.why}` };
  };
};

/** Formats parsed at their first record: a file has a thousand and uses ten. */
class Events {
  readonly #bigEndian: boolean;
  readonly #formats: ReadonlyMap<number, EventFormat>;
  readonly #printers = new Map<number, Printer | string>();
  readonly #symbols: ReturnType<typeof symbolsOf>;

  constructor({ formats, bigEndian, kallsyms }: TraceFile) {
    this.#bigEndian = bigEndian;
    this.#formats = new Map(formats.flatMap((text) => eventFormatOf(text) ?? []).map((format) => [format.id, format]));
    this.#symbols = symbolsOf(kallsyms);
  }

  /** Common to all events are the type in the first two bytes and the pid in the fifth to eighth. */
  print(bytes: Uint8Array): { printed: ReturnType<Printer>; pid: number } | string {
    if (bytes.length < 8) return `a record of ${bytes.length} bytes`;
    const id = numberIn(bytes, 0, 2, this.#bigEndian);
    const printer = this.#printer(id);
    if (typeof printer === 'string') return printer;
    try {
      return { printed: printer({ bytes, bigEndian: this.#bigEndian }), pid: numberIn(bytes, 4, 4, this.#bigEndian) | 0 };
    } catch (error) {
      if (error instanceof RangeError) return `a record of ${this.#formats.get(id)!.name} that does not fit its format`;
      throw error;
    }
  }

  #printer(id: number): Printer | string {
    const known = this.#printers.get(id);
    if (known !== undefined) return known;
    const format = this.#formats.get(id);
    const printer = format ? this.#compiled(format) : `an event of the unknown type ${id}`;
    this.#printers.set(id, printer);
    return printer;
  }

  #compiled(format: EventFormat): Printer | string {
    try {
      return printerOf(format, this.#symbols);
    } catch {
      return `${format.system}:${format.name}, whose format is not understood`;
    }
  }
}

/** `PID COMM` a line; the idle task has no entry. */
const commsOf = (cmdlines: string): ReadonlyMap<number, string> => {
  const comms = new Map([[0, '<idle>']]);
  for (const text of cmdlines.split('\n')) {
    const found = /^(\d+) (.*)$/.exec(text);
    if (found) comms.set(Number(found[1]), found[2]!);
  }
  return comms;
};

const clockOf = ({ tsc, timeOffset }: TraceFile): ((time: bigint) => number) => {
  if (tsc === undefined) return (time) => Number(time) + timeOffset;
  const [multiplier, shift] = [BigInt(tsc.multiplier), BigInt(tsc.shift & 63)];
  return (time) => Number((time * multiplier) >> shift) + timeOffset;
};
