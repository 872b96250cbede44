// The events of a kept trace, as a recording of its own, and the bare facts of one.
import type { Event } from '../../src/core/events.ts';
import { noDefinitions } from '../../src/recordings/kernel/definitions.ts';
import { RecordedRun, type RecordingFacts } from '../../src/recordings/kernel/recordedRun.ts';
import { inTimeOrder } from '../../src/recordings/trace/order.ts';
import { readTrace } from '../../src/recordings/trace/readTrace.ts';
import { traceFile } from './traces.ts';

export const bareFacts = (name: string): RecordingFacts => ({
  name,
  release: '',
  profile: '6.12.y',
  caller: 'vfio-type1',
  series: '6.12',
  definitions: noDefinitions,
});

export const recordBytes = async (name: string, bytes: AsyncIterable<Uint8Array>, listen: (event: Event) => void): Promise<void> => {
  const trace = await readTrace({ name, bytes });
  const run = new RecordedRun(bareFacts(name), listen);
  for await (const tokens of inTimeOrder(trace.tokens).tokens) for (const token of tokens) run.take(token);
  run.finish();
};

export const recordedEvents = async (name: string): Promise<Event[]> => {
  const trace = await readTrace(traceFile(name));
  const events: Event[] = [];
  const run = new RecordedRun(bareFacts(name), (event) => events.push(event));
  for await (const tokens of inTimeOrder(trace.tokens).tokens) for (const token of tokens) run.take(token);
  run.finish();
  return events;
};
