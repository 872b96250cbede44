// A history as a user names it: the id of a stored run, or a recording on disk or on standard input, which is read without being kept.
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import type { Event } from '../core/events.ts';
import { Failure } from '../core/failure.ts';
import type { Probe } from '../core/finding.ts';
import { recordedProbe } from '../detect/recordedProbe.ts';
import { probeOf } from '../engine/probe.ts';
import { engineFor } from '../engine/recipe.ts';
import { profileTable } from '../kernels/build.ts';
import { type ReadRecording, readRecording } from '../recordings/readRecording.ts';
import { openRecording, type Recording } from '../recordings/trace/recording.ts';
import type { Io } from './command.ts';
import { resolverFor } from './recipes.ts';
import { modelOf } from './runs.ts';
import { hasRuns, withRuns } from './storePath.ts';
import { machineOf } from './topologies.ts';
import { wholeText } from './wholeText.ts';

/** NAME@N, as an event of a run or a line of a trace is named; null of any other form. */
export const placeOf = (given: string): { name: string; at: number } | null => {
  const found = /^(.+)@([1-9]\d*)$/.exec(given);
  return found && { name: found[1]!, at: Number(found[2]) };
};

/** What may be given beside a recording; each stands before what its own folder says. */
export interface RecordingFlags {
  readonly topology?: string;
  readonly dmesg?: string;
  readonly calls?: string;
  readonly probes?: string;
  readonly store?: string;
}

export interface History {
  /** Id of a stored run; a recording's name. */
  readonly name: string;
  readonly events: readonly Event[];
  /** What can be asked about its world: of the model, or of the recording itself. */
  readonly probe: Probe;
  /** What is known of a recording that was read just now. */
  readonly read: ReadRecording | null;
}

export const profiles = (): string[] => [...profileTable.keys()];

const flagOf = { 'dmesg.txt': 'dmesg', 'calls.jsonl': 'calls', 'kprobe_events.txt': 'probes' } as const;

/** `-` is standard input. */
const openAt = async (path: string, flags: RecordingFlags): Promise<Recording> => {
  const opened = await openRecording(path === '-' ? { name: 'stdin', bytes: process.stdin } : path);
  const given = new Map<string, string>();
  for (const [part, flag] of Object.entries(flagOf)) {
    const file = flags[flag];
    if (file !== undefined) given.set(part, await wholeText(file));
  }
  return { ...opened, text: (part) => given.get(part) ?? opened.text(part) };
};

/** The options of every command that takes a recording. */
export const withRecordingOptions = (command: Command): Command =>
  command
    .option('--topology <file>', "a recording's machine: topology or snapshot")
    .option('--dmesg <file>', 'its kernel log')
    .option('--calls <file>', "the program's own log of its calls, plain or gzip as any of these")
    .option('--probes <file>', 'its probe definitions, as kprobe_events lists them')
    .option('--store <file>', 'store of runs');

export const readAt = async (path: string, flags: RecordingFlags, listen: (event: Event) => void): Promise<ReadRecording> => {
  const topology = flags.topology === undefined ? {} : { topology: machineOf(flags.topology) };
  return readRecording(await openAt(path, flags), { profiles: profiles(), ...topology }, listen);
};

const isRecorded = (events: readonly Event[]): boolean => events[0]?.type === 'RunStarted' && events[0].recorded !== undefined;

/** Whether it is the id of a run that is kept. */
export const isStored = async (io: Io, id: string, { store }: RecordingFlags): Promise<boolean> =>
  hasRuns(io, store) && withRuns(io, store, (runs) => runs.streams().some((stream) => stream.id === id));

const stored = async (io: Io, id: string, store: string | undefined): Promise<History | null> => {
  if (!(await isStored(io, id, { ...(store && { store }) }))) return null;
  return withRuns(io, store, async (runs) => {
    const events = [...runs.read(id)];
    const model = modelOf(runs, id);
    const probe = isRecorded(events) ? recordedProbe : probeOf(engineFor(model, await resolverFor([model])));
    return { name: id, events, probe, read: null };
  });
};

/** `unknown-name` for what is neither. */
export const historyOf = async (io: Io, name: string, flags: RecordingFlags): Promise<History> => {
  const run = await stored(io, name, flags.store);
  if (run) return run;
  if (name !== '-' && !existsSync(name)) {
    const hint = 'Run `attachlab list` for the runs that are kept, or give a recording: a trace, or a folder with trace.txt.';
    throw new Failure('unknown-name', `expected a stored run or a recording, found no ${name}`, undefined, hint);
  }
  const events: Event[] = [];
  const read = await readAt(name, flags, (event) => events.push(event));
  return { name: read.facts.name, events, probe: recordedProbe, read };
};
