// How fast a trace is read: a hundred million bytes of the text of tracefs, made by repeating a real recording with times that go on,
// against counting its lines and against parsing as many bytes of JSON line by line.
import { execFileSync } from 'node:child_process';
import { closeSync, createReadStream, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { inTimeOrder } from '../../src/recordings/trace/order.ts';
import { readTrace } from '../../src/recordings/trace/readTrace.ts';
import { traceText } from '../support/traces.ts';
import { type Figure, milliseconds, ratio } from './measure.ts';

const size = 100_000_000;

/** The recording again and again, each time some minutes later; `line` makes of each line what is written. */
const write = (file: string, line: (text: string) => string): number => {
  const events = traceText('6.12-x86_64-intel-conc.trace')
    .split('\n')
    .filter((text) => text !== '' && !text.startsWith('#'));
  const descriptor = openSync(file, 'w');
  let written = 0;
  for (let round = 0; written < size; round++) {
    const later = events.map((text) => line(text.replace(/ (\d+)\.(?=\d{6}: )/, (_, seconds) => ` ${Number(seconds) + round * 300}.`)));
    written += writeSync(descriptor, `${later.join('\n')}\n`);
  }
  closeSync(descriptor);
  return written;
};

const cpuSeconds = async (action: () => Promise<void> | void): Promise<number> => {
  const start = process.cpuUsage();
  await action();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
};

const sum = (text: string): number =>
  text
    .trim()
    .split(' ')
    .reduce((total, part) => total + Number(part), 0);

/** CPU seconds of a child, by the shell. Into /dev/null alone grep would stop at the first line. */
const timed = (file: string): number =>
  sum(execFileSync('bash', ['-c', `TIMEFORMAT='%U %S'; { time grep -c . "$0" | cat >/dev/null; } 2>&1`, file]).toString());

const parsed = async (file: string): Promise<void> => {
  for await (const line of createInterface({ input: createReadStream(file) })) JSON.parse(line);
};

interface Taken {
  readonly events: number;
  /** Megabytes of the process at most, beyond what it had. */
  readonly grown: number;
}

const read = async (file: string): Promise<Taken> => {
  const before = process.memoryUsage.rss();
  let most = before;
  const trace = await readTrace(file);
  for await (const _ of inTimeOrder(trace.tokens).tokens) most = Math.max(most, process.memoryUsage.rss());
  return { events: trace.counts().events, grown: Math.round((most - before) / 1e6) };
};

export const traces = async (folder: string): Promise<Figure[]> => {
  const [text, json] = [join(folder, 'trace.txt'), join(folder, 'trace.jsonl')];
  const written = write(text, (line) => line);
  write(json, (line) => JSON.stringify({ type: 'printf', data: line }));
  let taken: Taken = { events: 0, grown: 0 };
  const reading = await cpuSeconds(async () => {
    taken = await read(text);
  });
  const parsing = await cpuSeconds(() => parsed(json));
  const name = `read ${taken.events} events of tracefs in order`;
  const perByte = `${milliseconds(reading)}, ${(written / reading / 1e6).toFixed(0)} MB/s`;
  return [
    { name, found: perByte, against: ratio(reading / parsing, 'parsing JSON'), target: '10 s', met: reading < 10 },
    {
      name: 'the same',
      found: `+${taken.grown} MB`,
      against: ratio(reading / timed(text), 'grep -c'),
      target: '300 MB',
      met: taken.grown < 300,
    },
  ];
};
