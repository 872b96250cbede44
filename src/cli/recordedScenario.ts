// A scenario out of a recording as a user names it: RECORDING, or RECORDING@LINE for what led to a line of its trace.
import { existsSync } from 'node:fs';
import { scenarioFrom } from '../conform/scenarioFrom.ts';
import type { Event } from '../core/events.ts';
import type { Scenario } from '../core/scenario.ts';
import { type RecordingFlags, readAt } from './histories.ts';

/** A path may hold an @ of its own. */
const placeOf = (given: string): { path: string; line: number | null } => {
  const found = /^(.+)@([1-9]\d*)$/.exec(given);
  return found && !existsSync(given) ? { path: found[1]!, line: Number(found[2]) } : { path: given, line: null };
};

export const scenarioAt = async (given: string, flags: RecordingFlags, session: string | null): Promise<Scenario> => {
  const { path, line } = placeOf(given);
  const events: Event[] = [];
  const { facts } = await readAt(path, flags, (event) => events.push(event));
  return scenarioFrom(events, facts, { session, line });
};
