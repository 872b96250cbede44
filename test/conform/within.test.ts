// Traces that lack a part of what the program's log has: cut, overwritten, or of another clock. None of it is a difference.
import { expect, it } from 'vitest';
import { conform } from '../../src/conform/conform.ts';
import type { Event } from '../../src/core/events.ts';
import { RecordedRun, type RecordingFacts } from '../../src/recordings/kernel/recordedRun.ts';
import { factsOf, finishRun } from '../../src/recordings/readRecording.ts';
import { openRecording } from '../../src/recordings/trace/recording.ts';
import type { Token } from '../../src/recordings/trace/token.ts';
import { profiles, recordedFile } from '../support/recorded.ts';

const read = async (name: string): Promise<{ facts: RecordingFacts; tokens: Token[] }> => {
  const recording = await openRecording(recordedFile(name));
  const tokens: Token[] = [];
  for await (const some of (await recording.trace()).tokens) tokens.push(...some);
  return { facts: factsOf(recording, { profiles }).facts, tokens };
};

const eventsOf = (facts: RecordingFacts, tokens: readonly Token[]): Event[] => {
  const events: Event[] = [];
  const run = new RecordedRun(facts, (event) => events.push(event));
  for (const token of tokens) run.take(token);
  finishRun(run, { backwards: 0, firstBackwards: null, moved: 0 });
  return events;
};

const later = (tokens: readonly Token[], seconds: number): Token[] =>
  tokens.map((token) => (token.kind === 'line' ? { ...token, time: token.time + seconds * 1e9 } : token));

/** A share of the trace that is left, from its beginning or its end. */
const cut = (tokens: readonly Token[], from: number, to: number): Token[] => tokens.slice(tokens.length * from, tokens.length * to);

const byTrace = "calls of the program's log are left out: the trace begins later or ends earlier";
const byClock = "calls of the program's log are left out: most show nothing in the trace, as its clock";

it.each([
  { name: '6.12-x86_64-intel-basic', made: 'the first half', change: (all: Token[]) => cut(all, 0, 0.5), compared: 166, why: byTrace },
  { name: '6.12-x86_64-intel-basic', made: 'the second half', change: (all: Token[]) => cut(all, 0.5, 1), compared: 112, why: byTrace },
  { name: '6.1-x86_64-intel-conc', made: 'three tenths', change: (all: Token[]) => cut(all, 0, 0.3), compared: 91, why: byTrace },
  {
    name: '6.12custom-x86_64-intel-iommufd',
    made: 'eight tenths',
    change: (all: Token[]) => cut(all, 0, 0.8),
    compared: 151,
    why: byTrace,
  },
  { name: '6.12-x86_64-intel-basic', made: 'another clock', change: (all: Token[]) => later(all, 1000), compared: 0, why: byClock },
])('$name, $made: nothing differs, and what is not compared is said', async ({ name, change, compared, why }) => {
  const { facts, tokens } = await read(name);
  const found = conform(eventsOf(facts, change(tokens)), facts);
  expect(found.sessions.flatMap(({ mismatch }) => mismatch ?? [])).toEqual([]);
  expect(found.leftOut).toContain(why);
  expect(found.compared).toBe(compared);
});

it('arguments that are numbered are read without the definitions, too', async () => {
  const { facts, tokens } = await read('6.12-x86_64-intel-basic');
  const { calls: _, ...alone } = { ...facts, definitions: new Map() };
  expect(conform(eventsOf(alone, tokens), alone).sessions.flatMap(({ mismatch }) => mismatch ?? [])).toEqual([]);
});
