// Recordings of real kernels, one archive each as a recorder saves it, and parts of them: one phase of the recorder's program.
import { readdirSync } from 'node:fs';
import type { Event } from '../../src/core/events.ts';
import type { ProgramCall } from '../../src/recordings/kernel/programCalls.ts';
import { RecordedRun, type RecordingFacts } from '../../src/recordings/kernel/recordedRun.ts';
import { factsOf, type ReadRecording, readRecording } from '../../src/recordings/readRecording.ts';
import { openRecording, type Recording } from '../../src/recordings/trace/recording.ts';
import type { Token } from '../../src/recordings/trace/token.ts';

const folder = 'test/recordings/recorded';
const ending = '.tar.gz';
export const profiles = ['6.1.y', '6.12.y'];

export const recordedNames: readonly string[] = readdirSync(folder)
  .filter((file) => file.endsWith(ending))
  .map((file) => file.slice(0, -ending.length))
  .sort();

export const recordedFile = (name: string): string => `${folder}/${name}${ending}`;

/** Without some of its parts, as where nobody saved them. */
export const without = (recording: Recording, parts: readonly string[]): Recording => ({
  ...recording,
  text: (part) => (parts.includes(part) ? undefined : recording.text(part)),
});

export const readRecorded = async (
  name: string,
  hidden: readonly string[] = [],
  release?: string,
): Promise<ReadRecording & { readonly events: readonly Event[] }> => {
  const events: Event[] = [];
  const recording = without(await openRecording(recordedFile(name)), hidden);
  const read = await readRecording(recording, { profiles, ...(release ? { release } : {}) }, (event) => events.push(event));
  return { ...read, events };
};

/** The tokens and calls of one phase. */
export interface Phase {
  readonly facts: RecordingFacts;
  readonly tokens: readonly Token[];
  readonly calls: readonly ProgramCall[];
}

export const phaseOf = async (name: string, phase: string): Promise<Phase> => {
  const recording = await openRecording(recordedFile(name));
  const { facts } = factsOf(recording, { profiles });
  const calls = facts.calls!.filter((call) => call.phase === phase);
  const from = Math.min(...calls.map(({ start }) => start)) - 1000;
  const to = Math.max(...calls.map(({ end }) => end)) + 1000;
  const tokens: Token[] = [];
  const trace = await recording.trace();
  for await (const some of trace.tokens)
    tokens.push(...some.filter((token) => token.kind === 'line' && token.time >= from && token.time <= to));
  return { facts: { ...facts, calls }, tokens, calls };
};

export const eventsOfPhase = ({ facts }: Phase, tokens: readonly Token[]): Event[] => {
  const events: Event[] = [];
  const run = new RecordedRun(facts, (event) => events.push(event));
  for (const token of tokens) run.take(token);
  run.finish();
  return events;
};
