// `attachlab run -`: NDJSON requests on standard input, events as they happen on standard output.
import { createInterface } from 'node:readline';
import { from, lastValueFrom, map, tap } from 'rxjs';
import { canonical } from '../core/canonical.ts';
import type { Scenario } from '../core/scenario.ts';
import type { Topology } from '../core/topology.ts';
import type { Engine } from '../engine/engine.ts';
import { type TaskRequest, throughModel } from '../engine/requests.ts';
import type { Io } from './command.ts';
import { openLineReader } from './streamLine.ts';

async function* requestsIn(input: NodeJS.ReadableStream, topology: Topology): AsyncGenerator<TaskRequest> {
  const read = openLineReader(topology);
  let line = 0;
  for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    line += 1;
    if (text.trim() !== '') yield read(text, line);
  }
}

/** Ends when standard input does. */
export const runStream = async (io: Io, engine: Engine, machine: Scenario, input: NodeJS.ReadableStream): Promise<void> => {
  const events = from(requestsIn(input, machine.topology)).pipe(
    throughModel(engine, machine),
    map((event) => `${canonical(event)}\n`),
    tap(io.out),
  );
  await lastValueFrom(events, { defaultValue: '' });
};
