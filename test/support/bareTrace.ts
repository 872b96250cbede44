// A trace as a recording of its own, with nothing saved beside it: as a watch sees it.
import type { Event } from '../../src/core/events.ts';
import { readRecording } from '../../src/recordings/readRecording.ts';
import { readTrace } from '../../src/recordings/trace/readTrace.ts';
import type { Recording } from '../../src/recordings/trace/recording.ts';
import { traceTextOf } from './longTrace.ts';
import { profiles } from './recorded.ts';
import { inPieces } from './traces.ts';

const bare = (name: string, bytes: AsyncIterable<Uint8Array>): Recording => ({
  name,
  parts: new Map(),
  trace: () => readTrace({ name, bytes }),
  text: () => undefined,
  bytes: () => undefined,
});

export const recordBytes = async (name: string, bytes: AsyncIterable<Uint8Array>, listen: (event: Event) => void): Promise<void> => {
  await readRecording(bare(name, bytes), { profiles }, listen);
};

export const bareEvents = async (name: string): Promise<Event[]> => {
  const events: Event[] = [];
  await recordBytes(name, inPieces(Buffer.from(await traceTextOf(name))), (event) => events.push(event));
  return events;
};
