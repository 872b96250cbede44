// The live audit of one trace, from its bytes to what is told: tokens wait a moment for others of an earlier time, and no longer.
import { Subject } from 'rxjs';
import type { Event } from '../core/events.ts';
import { Failure } from '../core/failure.ts';
import type { Detector } from '../core/finding.ts';
import type { Notice } from '../detect/live.ts';
import { recordedProbe } from '../detect/recordedProbe.ts';
import { watchLive } from '../detect/watch.ts';
import { RecordedRun, type RecordingFacts } from '../recordings/kernel/recordedRun.ts';
import { finishRun } from '../recordings/readRecording.ts';
import type { Trace } from '../recordings/trace/account.ts';
import { openOrder, orderWindow } from '../recordings/trace/order.ts';
import { readTrace } from '../recordings/trace/readTrace.ts';
import type { Token } from '../recordings/trace/token.ts';
import { withPauses } from './pauses.ts';

export interface Watching {
  readonly facts: RecordingFacts;
  readonly detectors: readonly Detector[];
  readonly now: () => Date;
  readonly notice: (notice: Notice) => void;
  /** So many tokens were taken, and what they say was told. */
  readonly moment: (tokens: number) => void;
}

/** Milliseconds that a token waits at least for those of an earlier time; at most twice as long, where few come. */
const moment = 150;

const none: readonly Token[] = [];

const watchTokens = async (trace: Trace, { facts, detectors, now, notice, moment: told }: Watching): Promise<void> => {
  const events = new Subject<Event>();
  events.pipe(watchLive(detectors, recordedProbe)).subscribe(notice);
  const run = new RecordedRun(facts, (event) => events.next(event));
  const order = openOrder();
  const take = (kept: number): void => {
    const tokens = order.take(kept);
    for (const token of tokens) run.take(token);
    told(tokens.length);
  };
  let since = now().getTime();
  let fresh = 0;
  for await (const tokens of withPauses(trace.tokens, moment, none)) {
    for (const token of tokens) order.add(token);
    fresh += tokens.length;
    const time = now().getTime();
    const isDue = time - since >= moment;
    take(isDue ? Math.min(fresh, orderWindow) : orderWindow);
    if (!isDue) continue;
    since = time;
    fresh = 0;
  }
  take(0);
  finishRun(run, order.summary());
  told(0);
};

/** The lines that were read. Ended before anything came: none; a stream that ends by itself with nothing in it is no trace. */
export const watchBytes = async (
  name: string,
  bytes: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
  watching: Watching,
): Promise<number> => {
  let trace: Trace;
  try {
    trace = await readTrace({ name, bytes });
  } catch (error) {
    if (signal.aborted && error instanceof Failure) return 0;
    throw error;
  }
  await watchTokens(trace, watching);
  return trace.counts().lines;
};
