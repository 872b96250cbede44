// A scenario out of a recording as a user names it: RECORDING, RECORDING@LINE for what led to a line of its trace, RECORDING@SESSION.
import { existsSync } from 'node:fs';
import { scenarioFrom } from '../conform/scenarioFrom.ts';
import type { Event } from '../core/events.ts';
import type { Scenario } from '../core/scenario.ts';
import { placeOf, type RecordingFlags, readAt } from './histories.ts';
import { readScenario } from './scenarios.ts';

interface Named {
  readonly recording: string;
  readonly line: number | null;
  readonly session: string | null;
}

/** A path may hold an @ of its own. */
const namedBy = (given: string): Named => {
  if (existsSync(given)) return { recording: given, line: null, session: null };
  const place = placeOf(given);
  if (place) return { recording: place.name, line: place.at, session: null };
  const [, recording = given, session = null] = /^(.+)@([^@/]+)$/.exec(given) ?? [];
  return { recording, line: null, session };
};

export const scenarioAt = async (given: string, flags: RecordingFlags, session: string | null): Promise<Scenario> => {
  const { recording, ...named } = namedBy(given);
  const events: Event[] = [];
  const { facts } = await readAt(recording, flags, (event) => events.push(event));
  return scenarioFrom(events, facts, { line: named.line, session: session ?? named.session });
};

/** What a token was made from: a scenario file, or a place in a recording as `explore --from` takes it. */
export const searchedScenario = async (given: string): Promise<Scenario> => {
  const { recording, line, session } = namedBy(given);
  const isRecorded = (line !== null || session !== null) && existsSync(recording);
  return isRecorded ? scenarioAt(given, {}, null) : readScenario(given);
};
