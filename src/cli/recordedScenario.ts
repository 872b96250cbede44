// A scenario out of a recording as a user names it: RECORDING, or RECORDING@LINE for what led to a line of its trace.
import { existsSync } from 'node:fs';
import { scenarioFrom } from '../conform/scenarioFrom.ts';
import type { Event } from '../core/events.ts';
import type { Scenario } from '../core/scenario.ts';
import { placeOf, type RecordingFlags, readAt } from './histories.ts';

export const scenarioAt = async (given: string, flags: RecordingFlags, session: string | null): Promise<Scenario> => {
  // A path may hold an @ of its own.
  const place = existsSync(given) ? null : placeOf(given);
  const events: Event[] = [];
  const { facts } = await readAt(place?.name ?? given, flags, (event) => events.push(event));
  return scenarioFrom(events, facts, { session, line: place?.at ?? null });
};
