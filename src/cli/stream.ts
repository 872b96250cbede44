// `attachlab run -`: NDJSON requests on standard input, events as they happen on standard output.
import { createInterface } from 'node:readline';
import { from, lastValueFrom, map, tap } from 'rxjs';
import { canonical } from '../core/canonical.ts';
import { Failure } from '../core/failure.ts';
import type { Request, Scenario, Verb } from '../core/scenario.ts';
import type { Engine } from '../engine/engine.ts';
import { type TaskRequest, throughModel } from '../engine/requests.ts';
import type { Io } from './command.ts';

interface Line {
  readonly verb: Verb;
  readonly target?: string | number;
  readonly container?: string;
  readonly task?: string;
  readonly iova?: number;
  readonly size?: number;
  readonly pageTable?: string;
}

/** `{"verb":"attach","target":"5","container":"c0"}`: one request a line. */
const parseLine = (text: string, line: number): TaskRequest => {
  const place = { file: 'standard input', line };
  let found: Line;
  try {
    found = JSON.parse(text) as Line;
  } catch {
    throw new Failure('bad-usage', `expected a JSON object, found ${text.slice(0, 40)}`, place);
  }
  if (typeof found?.verb !== 'string')
    throw new Failure('bad-usage', 'expected {"verb": ..., "target": ..., "container": ...}; found no verb', place);
  const { verb, iova, size, pageTable } = found;
  const mapping = verb === 'map' || verb === 'unmap' ? { iova: iova ?? 0x1000000, size: size ?? 4096 } : {};
  const request: Request = {
    verb,
    target: found.target === undefined ? null : String(found.target),
    ...mapping,
    ...(pageTable === undefined ? {} : { pageTable }),
    place,
  };
  return { container: found.container ?? 'c0', request, ...(found.task === undefined ? {} : { task: found.task }) };
};

async function* requestsIn(input: NodeJS.ReadableStream): AsyncGenerator<TaskRequest> {
  let line = 0;
  for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    line += 1;
    if (text.trim() !== '') yield parseLine(text, line);
  }
}

/** Ends when standard input does. */
export const runStream = async (io: Io, engine: Engine, machine: Scenario, input: NodeJS.ReadableStream): Promise<void> => {
  const events = from(requestsIn(input)).pipe(
    throughModel(engine, machine),
    map((event) => `${canonical(event)}\n`),
    tap(io.out),
  );
  await lastValueFrom(events, { defaultValue: '' });
};
